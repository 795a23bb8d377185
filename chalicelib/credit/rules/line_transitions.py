"""Which action on a credit line, from where, by whom, to where. Pure. The clock's moments are in `line_timers.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.credit.rules.line import ENDS, STATUSES, Line, Status, in_use
from chalicelib.credit.rules.procedure import Context
from chalicelib.shared.errors import DomainError
from chalicelib.shared.state_machine import STAYS, Among, Change, InvalidTransition, Table, Transition, telling

LineChange = Change[Line]


class LineNotInThisStatus(InvalidTransition):
    code = "credit_line_not_in_this_status"
    title = "The credit line does not allow that now."


def _is_repaid(line: Line, context: Context, actor: str, now: datetime) -> bool:
    return not line.position.is_drawn


def _is_owed(line: Line, context: Context, now: datetime) -> DomainError | None:
    return in_use(line) if line.status not in ENDS and line.position.is_drawn else None


def _is_officers(line: Line, context: Context, actor: str, now: datetime) -> bool:
    return line.is_frozen_by("officer")


def _is_banks(line: Line, context: Context, actor: str, now: datetime) -> bool:
    return line.is_frozen_by("bank")


def _may_be_renewed(line: Line, context: Context, actor: str, now: datetime) -> bool:
    return line.renewal_offered_at is not None and line.renewal_requested_at is None and not line.has_expired


_in: Final = Among[Status]()
_LIVE: Final = _in("active", "frozen")
_OPEN: Final = frozenset(STATUSES) - ENDS
_CLOCK: Final = frozenset({"clock"})
_BANK: Final = frozenset({"bank"})
_BORROWER: Final = frozenset({"borrower"})
_OFFICER: Final = frozenset({"officer"})

TABLE: Final = Table[Line, Context](
    kind="line",
    error=LineNotInThisStatus,
    ends=ENDS,
    payload=telling("member_id", "bank_id", "currency"),
    transitions=(
        Transition("activate", _in("awaiting_activation"), _BANK, _in("active")),
        Transition("chase", _in("awaiting_activation"), _CLOCK, STAYS),
        Transition("lapse", _in("awaiting_activation"), _CLOCK, _in("closed")),
        Transition("freeze", _LIVE, _OFFICER | _BANK, _in("frozen")),
        Transition("release", _in("frozen"), _OFFICER, _LIVE, _is_officers),
        Transition("release", _in("frozen"), _BANK, _LIVE, _is_banks),
        Transition("release", _in("frozen"), _CLOCK, _LIVE),
        Transition("change", _LIVE, _BANK, _LIVE),
        Transition("card.charged", _LIVE, _BANK, STAYS),
        Transition("issue_statement", _LIVE, _CLOCK, STAYS),
        Transition("offer_renewal", _LIVE, _CLOCK, STAYS),
        Transition("renew", _LIVE, _BORROWER, STAYS, _may_be_renewed),
        Transition("expire", _LIVE, _CLOCK, _in("frozen", "closed")),
        Transition("look_again", _in("frozen"), _CLOCK, STAYS),
        Transition("close", _OPEN, _BORROWER | _OFFICER | _BANK, _in("closed"), _is_repaid, _is_owed),
        Transition("close", _in("frozen"), _CLOCK, _in("closed"), _is_repaid),
    ),
)
