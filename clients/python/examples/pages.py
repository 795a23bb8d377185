"""Everything there is, page after page: the client asks for the next page when the one before is used up."""

from collections import Counter

from parties import buyer, officer

admin = officer()
orders = Counter(order.status for order in buyer.orders.list(as_="buyer", limit=2))
print(f"{orders.total()} orders of the buyer: {dict(orders)}")
suppliers = [supplier.id for page in admin.suppliers.list(limit=1).pages() for supplier in page.items]
assert len(suppliers) == len(set(suppliers))
print(f"{len(suppliers)} suppliers, one on each page")
