"""Every deadline of a credit line, whose it is, and what comes of it when it passes. Pure.

A deadline is met iff `now < due_at`; each was worked out and kept by the change that began it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.credit.rules import line_handling
from chalicelib.credit.rules.line import Line
from chalicelib.credit.rules.line_transitions import TABLE
from chalicelib.credit.rules.procedure import Context
from chalicelib.shared.periods import end_of_business_date
from chalicelib.shared.state_machine import StateMachine, Timer, kept

_LIVE: Final = frozenset({"active", "frozen"})
_FROZEN: Final = frozenset({"frozen"})


_activation = kept("due_at")


def _freeze_end(line: Line, context: Context) -> datetime | None:
    return min((freeze.until for freeze in line.freezes if freeze.until), default=None)


def _statement(line: Line, context: Context) -> datetime | None:
    return end_of_business_date(line.statement_on) if line.statement_on else None


def _renewal(line: Line, context: Context) -> datetime | None:
    return None if line.renewal_offered_at else line.renewal_at


def _end(line: Line, context: Context) -> datetime | None:
    return None if line.has_expired else line.expires_at


def _repayment(line: Line, context: Context) -> datetime | None:
    return line.due_at if line.has_expired else None


MACHINE: Final = StateMachine[Line, Context](
    table=TABLE,
    timers=(
        Timer(
            "activation",
            frozenset({"awaiting_activation"}),
            _activation,
            "bank",
            "chased_then_closed",
            line_handling.chase,
        ),
        Timer("freeze", _FROZEN, _freeze_end, "officer", "released", line_handling.let_freeze_end),
        Timer("statement", _LIVE, _statement, "platform", "statement_issued", line_handling.issue_statement),
        Timer("renewal", _LIVE, _renewal, "platform", "renewal_offered", line_handling.offer_renewal),
        Timer("end", _LIVE, _end, "borrower", "closed_or_frozen_until_repaid", line_handling.expire),
        Timer("repayment", _FROZEN, _repayment, "borrower", "closed_once_repaid", line_handling.close_if_repaid),
    ),
)
