"""When an order can be paid by card or wallet. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.orders.rules.order import Order
from chalicelib.quotes.rules.methods import Method, MethodNotOffered, Policy
from chalicelib.shared.bounds import NoRoom
from chalicelib.shared.errors import Conflict
from chalicelib.shared.periods import wire
from chalicelib.shared.texts import say, term

MOST_OF_ORDER: Final = 20


class TooManyPayments(NoRoom):
    code = "too_many_payment_attempts"
    title = "So often the payment of an order is not begun."
    fix = "Order anew, with a new quote."


class OrderNotPayable(Conflict):
    code = "order_not_payable"
    title = "The order cannot be paid so now."
    fix = "Orders of a channel are paid while they wait for it, and before their quote's end; other orders by bank transfer (`pay_to`)."


def must_be_payable(order: Order, method_id: str, policy: Policy, now: datetime) -> Method:
    """The method. OrderNotPayable, MethodNotOffered."""
    if order.channel is None:
        raise OrderNotPayable(say("It is no order of a channel."))
    if order.status not in ("agreed", "part_funded") or now >= order.channel.authorise_by:
        raise OrderNotPayable(
            say(
                "The order is {status}; its quote ends at {at}.",
                status=term("status", order.status),
                at=wire(order.channel.authorise_by),
            ),
            order_status=order.status,
            authorise_by=order.channel.authorise_by,
        )
    if method_id not in order.channel.methods:
        raise MethodNotOffered(
            say("The order's terms do not name {method_id!r:.40}.", method_id=method_id),
            param="method",
            methods=list(order.channel.methods),
        )
    return policy.method(method_id, order.terms.currency)
