"""Which action on a call, from where, by whom, to where. Pure. The clock's moments are in `call_timers.py`.

`recompute` is whatever follows from facts of the loan, which banks tell of. A call that is closed opens again where money is taken back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.guarantees.rules import apportioning
from chalicelib.guarantees.rules.call import ENDS, STATUSES, Call, Context, Status
from chalicelib.shared.state_machine import STAYS, Among, Change, InvalidTransition, Table, Transition

CallChange = Change[Call]


class CallNotInThisStatus(InvalidTransition):
    code = "guarantee_call_not_in_this_status"
    title = "The call does not allow that now."


def _may_be_objected_to(call: Call, context: Context, actor: str, now: datetime) -> bool:
    return any(share.notices and not share.failed_at for share in call.shares)


def _is_objected_to(call: Call, context: Context, actor: str, now: datetime) -> bool:
    return any(each.outcome in (None, "undecided") for share in call.shares for each in share.objections)


def _is_overdue(call: Call, context: Context, actor: str, now: datetime) -> bool:
    return any(share.status == "overdue" for share in call.shares)


_in: Final = Among[Status]()
_OPENED: Final = _in("opened")
_RUNNING: Final = _in("noticed", "partly_paid")
_OVER: Final = _in("paid", "exhausted", "withdrawn")
_OFFICER: Final = frozenset({"officer"})
_GUARANTOR: Final = frozenset({"guarantor"})
_BANK: Final = frozenset({"bank"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[Call, Context](
    kind="guarantee_call",
    error=CallNotInThisStatus,
    ends=ENDS,
    payload=lambda was, call: {"from": was.status, "to": call.status, **apportioning.payload(was, call)},
    transitions=(
        Transition("notice", _OPENED, _OFFICER | _CLOCK, _OPENED | _RUNNING | _in("paid")),
        Transition("escalate", _OPENED, _CLOCK, STAYS),
        Transition("object", _RUNNING, _GUARANTOR, STAYS, _may_be_objected_to),
        Transition("decide", _RUNNING, _OFFICER, _RUNNING | _in("paid"), _is_objected_to),
        Transition("leave_undecided", _RUNNING, _CLOCK, STAYS),
        Transition("fall_overdue", _RUNNING, _CLOCK, STAYS),
        Transition("fail", _RUNNING, _OFFICER | _CLOCK, _RUNNING, _is_overdue),
        Transition("recompute", _OPENED, _BANK, _OPENED | _in("paid", "withdrawn")),
        Transition("recompute", _RUNNING, _BANK, _RUNNING | _in("paid", "withdrawn")),
        Transition("recompute", _OVER, _BANK, _OPENED | _RUNNING | _OVER),
        Transition("recompute", ENDS, _BANK, _OPENED | _RUNNING | ENDS),
        Transition("exhaust", _RUNNING, _CLOCK, _in("exhausted")),
        Transition("ask_refunds", frozenset(STATUSES), _CLOCK, STAYS),
        Transition("look", _OVER, _CLOCK, STAYS),
        Transition("close", _OVER, _CLOCK, _in("closed")),
    ),
)
