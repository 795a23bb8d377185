"""Which action on a payment, from where, by whom, to where. Pure. The clock's moments are in `timers.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.acquiring.rules.payment import ENDS, PAID, AcquirerPayment, Context, Status
from chalicelib.shared.errors import Conflict
from chalicelib.shared.state_machine import STAYS, Among, Change, InvalidTransition, Table, Transition, telling

PaymentChange = Change[AcquirerPayment]


class PaymentNotInThisStatus(InvalidTransition):
    code = "payment_not_in_this_status"
    title = "The payment does not allow that now."


class NothingDisputed(Conflict):
    code = "chargeback_not_open"
    title = "No such chargeback of the payment is open."
    fix = "Tell of its opening first; what is decided stays so."


def _has_something_back(payment: AcquirerPayment, context: Context, actor: str, now: datetime) -> bool:
    return payment.refundable_minor > 0


_in: Final = Among[Status]()
_WAITS: Final = _in("requested", "authorised")
_BANK: Final = frozenset({"bank"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[AcquirerPayment, Context](
    kind="acquirer_payment",
    error=PaymentNotInThisStatus,
    ends=ENDS,
    payload=telling("bank_id", "order_id", "channel_id", "buyer_id", "supplier_id", "currency"),
    transitions=(
        # What is told too late is cancelled at the acquirer, and moves nothing here.
        Transition("authorise", _in("requested"), _BANK, _in("authorised", "cancelled")),
        Transition("authorise", ENDS, _BANK, STAYS),
        # What is captured is booked, whatever was told before; what its order does not take goes back whole.
        Transition("capture", _WAITS | PAID | ENDS, _BANK, PAID),
        Transition("fail", _WAITS, _BANK, _in("failed")),
        Transition("cancel", _WAITS, frozenset({"buyer", "bank", "clock"}), _in("cancelled")),
        Transition("expire", _WAITS, _CLOCK, _in("expired")),
        Transition("refund", PAID, frozenset({"supplier", "officer"}), STAYS, _has_something_back),
        Transition("follow_refund", PAID, _CLOCK, PAID),
        Transition("dispute", PAID, _BANK, STAYS),
        Transition("decide_dispute", PAID, _BANK, STAYS),
    ),
)
