"""An order under protection: the buyer proposes the terms, the supplier accepts exactly that version of them."""

from parties import BUYER_ID, SUPPLIER_ID, buyer, supplier
from quote import TERMS
from surety_client.generated.models import OrderView


def agreed() -> OrderView:
    proposed = buyer.orders.create({"buyer_id": BUYER_ID, "supplier_id": SUPPLIER_ID, "terms": TERMS})
    return supplier.orders.accept(proposed.id, {"version": proposed.version})


if __name__ == "__main__":
    order = agreed()
    print(f"order {order.status}; reserved for it: {order.cover.reserved.amount} {order.cover.reserved.currency}")
