"""Which action on a case, from where, by whom, to where. Pure. The clock's moments are in `timers.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.cases.rules.case import ENDS, Case, Context, Status
from chalicelib.shared.state_machine import Among, Change, InvalidTransition, Table, Transition, telling

CaseChange = Change[Case]


class NotInThisStatus(InvalidTransition):
    code = "case_not_in_this_status"
    title = "The case does not allow that now."


def _is_in_charge(case: Case, context: Context, actor: str, now: datetime) -> bool:
    """What was escalated is for supervisors only."""
    return actor == "supervisor" or not case.is_escalated


def _is_first_line(case: Case, context: Context, actor: str, now: datetime) -> bool:
    return not case.is_escalated


_in: Final = Among[Status]()
_OURS: Final = _in("open", "escalated")
"""We have to answer."""
_LIVE: Final = _OURS | _in("waiting_for_customer")
_CLOCK: Final = frozenset({"clock"})
_CUSTOMER: Final = frozenset({"customer"})
_OFFICERS: Final = frozenset({"officer", "supervisor"})
_LENDER: Final = frozenset({"lender"})

TABLE: Final = Table[Case, Context](
    kind="case",
    error=NotInThisStatus,
    ends=ENDS,
    payload=telling("customer_id"),
    transitions=(
        Transition("reply", _LIVE, _CUSTOMER, _OURS),
        Transition("reply", _LIVE, _OFFICERS, _LIVE, _is_in_charge),
        Transition("reply", _LIVE, _LENDER, _LIVE),
        Transition("assign", _LIVE, _OFFICERS, _LIVE, _is_in_charge),
        Transition("escalate", _in("waiting_for_customer"), _CUSTOMER, _in("escalated"), _is_first_line),
        Transition("escalate", _in("open", "waiting_for_customer"), _OFFICERS, _in("escalated"), _is_first_line),
        Transition("escalate", _in("open"), _CLOCK, _in("escalated")),
        Transition("resolve", _LIVE, _OFFICERS, _in("resolved"), _is_in_charge),
        Transition("resolve", _in("waiting_for_customer", "escalated"), _CLOCK, _in("resolved")),
        Transition("reopen", _in("resolved"), _CUSTOMER | _OFFICERS, _OURS),
        Transition("close", _in("resolved"), _CLOCK, _in("closed")),
    ),
)
