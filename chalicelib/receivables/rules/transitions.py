"""Which action on a receivable, from where, by whom, to where. Pure. The clock's moments are in `timers.py`."""

from __future__ import annotations

from typing import Final

from chalicelib.receivables.rules.receivable import ENDS, Context, Receivable, Status
from chalicelib.shared.state_machine import Among, Change, InvalidTransition, Table, Transition

ReceivableChange = Change[Receivable]


class ReceivableNotInThisStatus(InvalidTransition):
    code = "receivable_not_in_this_status"
    title = "The receivable does not allow that now."
    fix = "Choose one of allowed_actions; what is pledged is free again when its loan is repaid."


_in: Final = Among[Status]()
_CLOCK: Final = frozenset({"clock"})
_SUPPLIER: Final = frozenset({"supplier"})
_BUYER: Final = frozenset({"buyer"})

TABLE: Final = Table[Receivable, Context](
    kind="receivable",
    error=ReceivableNotInThisStatus,
    ends=ENDS,
    payload=lambda was, receivable: {
        "supplier_id": receivable.supplier_id,
        "buyer_id": receivable.buyer_id,
        "currency": receivable.currency,
    },
    transitions=(
        Transition("confirm", _in("presented"), _BUYER, _in("confirmed")),
        Transition("decline", _in("presented"), _BUYER, _in("declined")),
        Transition("withdraw", _in("presented", "confirmed"), _SUPPLIER, _in("lapsed")),
        Transition("lapse", _in("presented", "confirmed", "pledged"), _CLOCK, _in("lapsed")),
        Transition("pledge", _in("confirmed"), _CLOCK, _in("pledged")),
        Transition("free", _in("pledged"), _CLOCK, _in("confirmed")),
        Transition("pay", _in("pledged"), _CLOCK, _in("pledged", "paid_out")),
    ),
)
