"""A month of a seller's deposit: opened, set after the first trading day, decided anew on the 6th, each step explained."""

from uuid import uuid4

from parties import URL, officer
from surety_client import Surety
from surety_client.waiting import until

admin = officer()
name = f"linen-{uuid4().hex[:8]}"
seller = admin.members.create({"external_ref": name, "name": "Linen House", "country": "CN"})
shop = Surety.in_sandbox(URL, "member", seller.id)
shop.deposits.open(seller.id)
at = admin.sandbox.clock().now.isoformat()
parties = {"supplier_ref": name, "supplier_country": "CN", "buyer_country": "CN", "category": "bed_bath_table"}
instants = {"ordered_at": at, "paid_at": at, "delivered_at": at}
trade = {**parties, **instants, "currency": "CNY", "amount": "18.00", "status": "completed"}
admin.trades.create({"items": [{**trade, "trade_id": f"{name}-{n}", "buyer_ref": f"b-{n}"} for n in range(40)]})
admin.move_clock(hours=24)
due = until(lambda: (seen := shop.deposits.get(seller.id)).requirement.base.amount != "0.00" and seen)
print(f"{due.status}: {due.requirement.total.amount} {due.currency} required")
coming = shop.deposits.simulation(seller.id)
admin.move_clock(to=coming.cut_off_at)
admin.move_clock(hours=24)
decided = shop.deposits.get_adjustments(seller.id, coming.period)
print(f"{coming.period}: {decided.orders} orders come to {decided.base.amount}")
for line in shop.deposits.statements(seller.id):
    print(f"  {line.text}")
