"""The supplier ships, the goods arrive, the buyer has received them: each a step that is on record."""

from parties import buyer, supplier
from pay import paid
from surety_client.generated.models import OrderView

GOODS = {
    "carrier": "DHL",
    "tracking_number": "JD014600003828",
    "documents": [{"kind": "air_waybill", "reference": "020-1234 5675"}],
}


def received() -> OrderView:
    order = paid()
    supplier.orders.ship(order.id, GOODS)
    supplier.orders.deliver(order.id, {"reference": "POD-88121"})
    return buyer.orders.receive(order.id)


if __name__ == "__main__":
    order = received()
    print(f"order {order.status}; allowed now: {', '.join(order.allowed_actions) or 'nothing'}")
    print([entry.kind for entry in buyer.orders.timeline(order.id)][-1])
