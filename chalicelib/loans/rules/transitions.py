"""Which action on a loan, from where, by whom, to where. Pure. The clock's moments are in `timers.py`.

What a bank reports names the event it comes with. Every event of credit.md 10.2 that concerns a loan has a row, and in a status that its
rows do not name it is refused, so that it waits in suspense for an officer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.credit.rules.effects import disburse, release, repay, reverse
from chalicelib.loans.rules.loan import ENDS, OWING, Context, Loan, Status
from chalicelib.shared.state_machine import STAYS, Change, Effect, InvalidTransition, Table, Transition

LoanChange = Change[Loan]


class NotInThisStatus(InvalidTransition):
    code = "loan_not_in_this_status"
    title = "The loan does not allow that now."


def _no_hardship_asked(loan: Loan, context: Context, actor: str, now: datetime) -> bool:
    return loan.hardship is None


def _none_proposed(loan: Loan, context: Context, actor: str, now: datetime) -> bool:
    return loan.restructuring is None


def _is_unsigned(loan: Loan, context: Context, actor: str, now: datetime) -> bool:
    return loan.restructuring is not None and not loan.restructuring.signed_by


def _is_unapproved(loan: Loan, context: Context, actor: str, now: datetime) -> bool:
    """From its approval on the draw is the bank's."""
    return loan.approved_at is None


def moves(was: Loan, loan: Loan) -> tuple[Effect, ...]:
    """What a change does to the line that the loan was drawn on and to the exposure of its firm."""
    of = (loan.line_id, loan.member_id)
    if was.pending_minor:
        if loan.pending_minor:
            return ()
        return (disburse if loan.value_on else release)(*of, was.pending_minor)
    more = loan.outstanding_minor - was.outstanding_minor
    if more > 0:
        return reverse(*of, more, revolves=loan.revolves)
    return repay(*of, -more, revolves=loan.revolves) if more else ()


def _in(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


_REQUESTED: Final = _in("draw_requested")
_SERVICED: Final = _in("current", "in_arrears", "paused")
_DONE: Final = _in("repaid", "closed")
_CLOCK: Final = frozenset({"clock"})
_BANK: Final = frozenset({"bank"})
_BORROWER: Final = frozenset({"borrower"})
_PROPOSERS: Final = frozenset({"borrower", "officer"})

TABLE: Final = Table[Loan, Context](
    kind="loan",
    error=NotInThisStatus,
    ends=ENDS,
    effects=moves,
    payload=lambda was, loan: {
        "from": was.status,
        "to": loan.status,
        "currency": loan.currency,
        "member_id": loan.member_id,
        "bank_id": loan.bank_id,
        "line_id": loan.line_id,
    },
    transitions=(
        Transition("cancel", _REQUESTED, _BORROWER | _CLOCK, _in("draw_closed"), _is_unapproved),
        Transition("lapse", _REQUESTED, _CLOCK, _in("draw_closed")),
        Transition("draw.approved", _REQUESTED, _BANK, STAYS),
        Transition("draw.failed", _REQUESTED, _BANK, _in("draw_closed")),
        Transition("draw.disbursed", _REQUESTED, _BANK, _in("current", "in_arrears")),
        Transition("remind", _in("current"), _CLOCK, STAYS),
        Transition("fall_into_arrears", _in("current"), _CLOCK, _in("in_arrears")),
        Transition("begin_pause", _in("current", "in_arrears"), _CLOCK, _in("paused")),
        Transition("end_pause", _in("paused"), _CLOCK, _in("current", "in_arrears")),
        Transition("schedule.changed", OWING, _BANK, OWING),
        Transition("repayment.received", OWING, _BANK, OWING | _in("repaid")),
        Transition("repayment.received", _DONE, _BANK, STAYS),
        Transition("repayment.reversed", OWING, _BANK, OWING),
        Transition("repayment.reversed", _in("repaid"), _BANK, OWING | _in("repaid")),
        Transition("repayment.reversed", _in("closed"), _BANK, OWING | _in("closed")),
        Transition("interest.charged", OWING, _BANK, OWING | _in("repaid")),
        Transition("penalty.charged", OWING, _BANK, OWING | _in("repaid")),
        Transition("loan.overdue", OWING, _BANK, STAYS),
        Transition("loan.cured", _SERVICED, _BANK, STAYS),
        Transition("hardship.granted", _SERVICED, _BANK, _SERVICED),
        Transition("hardship.ended", _SERVICED, _BANK, _SERVICED),
        Transition("default.declared", _in("in_arrears"), _BANK, _in("defaulted")),
        Transition("default.revoked", _in("defaulted"), _BANK, _SERVICED),
        Transition("recovery.received", _in("defaulted"), _BANK, _in("defaulted", "repaid")),
        Transition("recovery.received", _in("written_off"), _BANK, STAYS),
        Transition("loan.written_off", _in("defaulted"), _BANK, _in("written_off")),
        Transition("loan.closed", _in("repaid", "written_off"), _BANK, _in("closed")),
        Transition("request-hardship", _in("current", "in_arrears"), _BORROWER, STAYS, _no_hardship_asked),
        Transition("lapse_hardship_request", OWING, _CLOCK, STAYS),
        Transition("propose-restructuring", _in("current", "in_arrears"), _PROPOSERS, STAYS, _none_proposed),
        Transition("sign-restructuring", _in("current", "in_arrears"), _BORROWER, STAYS, _is_unsigned),
        Transition("lapse_restructuring", OWING | _DONE | _in("written_off"), _CLOCK, STAYS),
    ),
)
