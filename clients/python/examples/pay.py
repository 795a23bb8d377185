"""The buyer pays the bank, and the bank tells of it. In the sandbox the bank says what it is told to say."""

from order import agreed
from parties import buyer, officer
from surety_client.generated.models import OrderView
from surety_client.waiting import until


def paid() -> OrderView:
    order = agreed()
    payment = {
        "order_id": order.id,
        "bank_ref": f"R-{order.id[-8:]}",
        "seq": 1,
        "account": "TA-USD-01",
        "value_date": order.created_at.date().isoformat(),
        "money": {"amount": "20.00", "currency": "USD"},
    }
    officer().sandbox.banks_events("boc", {"type": "payment.received", "data": payment})
    until(lambda: buyer.orders.money(order.id).payments)
    return buyer.orders.get(order.id)


if __name__ == "__main__":
    order = paid()
    print(f"order {order.status}; covered: {order.cover.active.amount} of {order.cover.cap.amount}")
