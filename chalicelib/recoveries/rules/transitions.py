"""Which action on a recovery, from where, by whom, to where. Pure.

The clock's moments are in `timers.py`. Money that has come is taken in every status: it is never refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.recoveries.rules.recovery import ASKED, ENDS, STATUSES, Context, Recovery, Status
from chalicelib.shared.state_machine import Among, Change, InvalidTransition, Table, Transition, telling

Actor = Literal["supplier", "officer"]
RecoveryChange = Change[Recovery]


class NotInThisState(InvalidTransition):
    code = "recovery_not_in_this_state"
    title = "The recovery does not allow that now."


def write_off_from(recovery: Recovery, context: Context) -> datetime:
    """From when an officer may give the rest up."""
    return recovery.created_at + timedelta(days=context.policy.write_off_after_days)


def _is_left(recovery: Recovery, context: Context, actor: str, now: datetime) -> bool:
    return recovery.remaining_minor > 0


def _is_proposed(recovery: Recovery, context: Context, actor: str, now: datetime) -> bool:
    return recovery.proposed is not None


def _is_hopeless(recovery: Recovery, context: Context, actor: str, now: datetime) -> bool:
    return now >= write_off_from(recovery, context)


_in: Final = Among[Status]()
_LIVE: Final = frozenset(STATUSES) - ENDS
_CLOCK: Final = frozenset({"clock"})
_BANK: Final = frozenset({"bank"})
_SUPPLIER: Final = frozenset({"supplier"})
_OFFICER: Final = frozenset({"officer"})

TABLE: Final = Table[Recovery, Context](
    kind="recovery",
    error=NotInThisState,
    ends=ENDS,
    payload=telling("currency"),
    transitions=(
        Transition("demand", _in("open"), _CLOCK, _in("demanded")),
        Transition("debit.settled", _LIVE, _BANK, _LIVE | _in("debited", "recovered")),
        Transition("debit.settled", ENDS, _BANK, ENDS),
        Transition("debit.charged_back", _LIVE, _BANK, _LIVE),
        Transition("debit.charged_back", ENDS, _BANK, ENDS | _in("demanded")),
        Transition("debit.given_up", _in("demanded"), _BANK | _CLOCK, _in("setoff")),
        Transition("debit.given_up", _LIVE - _in("demanded"), _BANK, _LIVE),
        Transition("debit.given_up", ENDS, _BANK, ENDS),
        Transition("set_off", _LIVE, _CLOCK, _LIVE | _in("recovered")),
        Transition("suspend", _in("setoff"), _CLOCK, _in("suspended")),
        Transition("instalments", ASKED, _SUPPLIER, ASKED, _is_left),
        Transition("accept-instalments", ASKED, _OFFICER, _in("instalments"), _is_proposed),
        Transition("let_plan_lapse", ASKED, _CLOCK, ASKED, _is_proposed),
        Transition("call", _in("instalments"), _CLOCK, _in("instalments")),
        Transition("end_plan", _in("instalments"), _CLOCK, _in("setoff", "suspended")),
        Transition("receipts", _LIVE | _in("written_off"), _OFFICER, _LIVE | _in("written_off", "recovered"), _is_left),
        Transition("write-off", _in("suspended"), _OFFICER, _in("written_off"), _is_hopeless),
    ),
)
