"""Which action on a loan, from where, by whom, to where. Pure. The clock's moments are in `timers.py`.

What a bank reports names the event it comes with. Every event of credit.md 10.2 that concerns a loan has a row, and in a status that its
rows do not name it is refused, so that it waits in suspense for an officer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from chalicelib.credit.rules.effects import disburse, release, repay, reverse
from chalicelib.groups.rules.position import MoveInGroup
from chalicelib.loans.rules.loan import ENDS, OWING, Context, Loan, Status
from chalicelib.shared.errors import Conflict
from chalicelib.shared.state_machine import STAYS, Among, Change, Effect, InvalidTransition, Table, Transition
from chalicelib.shared.texts import say

LoanChange = Change[Loan]


class NotInThisStatus(InvalidTransition):
    code = "loan_not_in_this_status"
    title = "The loan does not allow that now."


class NothingProposed(Conflict):
    code = "no_restructuring_proposed"
    title = "No other schedule is proposed."
    fix = "Propose one: POST /v1/loans/{loan_id}/restructurings."


class NothingToConsentTo(Conflict):
    code = "no_consent_asked"
    title = "The guarantor is not asked to consent."
    fix = "A schedule that is not `heavier` binds without a consent, and each guarantor consents once."


def _no_hardship_asked(loan: Loan, context: Context, actor: str, now: datetime) -> bool:
    return loan.hardship is None


def _none_proposed(loan: Loan, context: Context, actor: str, now: datetime) -> bool:
    return loan.restructuring is None


def _is_unsigned(loan: Loan, context: Context, actor: str, now: datetime) -> bool:
    return loan.restructuring is not None and not loan.restructuring.signed_by


def _never(loan: Loan, context: Context, actor: str, now: datetime) -> bool:
    """A guarantor consents once."""
    return False


def _nothing_proposed(loan: Loan, context: Context, now: datetime) -> NothingProposed | None:
    if loan.restructuring is not None or loan.status not in _RUNNING:
        return None
    return NothingProposed(say("Nothing is proposed for {id}.", id=loan.id))


def _asks_guarantors(loan: Loan, context: Context, actor: str, now: datetime) -> bool:
    return bool(loan.unconsented)


def _nothing_to_consent_to(loan: Loan, context: Context, now: datetime) -> NothingToConsentTo | None:
    if loan.restructuring is None or loan.status not in _RUNNING:
        return None
    return NothingToConsentTo(
        say("You have consented, or are not asked to."), heavier=loan.restructuring.heavier is not None
    )


def _is_unapproved(loan: Loan, context: Context, actor: str, now: datetime) -> bool:
    """From its approval on the draw is the bank's."""
    return loan.approved_at is None


def moves(was: Loan, loan: Loan) -> tuple[Effect, ...]:
    """What a change does to the line that the loan was drawn on, to the exposure of its firm, and to the group that stands for it."""
    return (*_line_and_exposure(was, loan), *_group(was, loan))


def _line_and_exposure(was: Loan, loan: Loan) -> tuple[Effect, ...]:
    of = (loan.line_id, loan.member_id)
    if was.pending_minor:
        if loan.pending_minor:
            return ()
        return (disburse if loan.value_on else release)(*of, was.pending_minor)
    more = loan.outstanding_minor - was.outstanding_minor
    if more > 0:
        return reverse(*of, more, revolves=loan.revolves)
    return repay(*of, -more, revolves=loan.revolves) if more else ()


def _group(was: Loan, loan: Loan) -> tuple[Effect, ...]:
    if loan.guarantee is None:
        return ()
    extended = loan.guaranteed_until if loan.guaranteed_until != was.guaranteed_until else None
    grown = {
        "pending_minor": loan.pending_minor - was.pending_minor,
        "outstanding_minor": loan.outstanding_minor - was.outstanding_minor,
        "loans": loan.is_open - was.is_open,
        "punctual": loan.punctual - was.punctual,
    }
    if not (extended or any(grown.values())):
        return ()
    terms = loan.guarantee
    return (MoveInGroup(group_id=terms.group_id, seat=terms.seat, guaranteed_until=extended, **grown),)


def in_group(loan: Loan) -> dict[str, Any]:
    """Which group stands for a loan, and the debtor's seat there."""
    return {"group_id": loan.guarantee.group_id, "seat": loan.guarantee.seat} if loan.guarantee else {}


_in: Final = Among[Status]()
_REQUESTED: Final = _in("draw_requested")
_SERVICED: Final = _in("current", "in_arrears", "paused")
_CALLED: Final = _in("called")
_RECOVERED: Final = _in("in_recovery")
_SETTLED: Final = _in("settled_by_guarantors")
_RUNNING: Final = _in("current", "in_arrears")
_DONE: Final = _in("repaid", "closed") | _SETTLED
_PAID: Final = _in("repaid") | _SETTLED
_SCHEDULED: Final = OWING - _CALLED - _RECOVERED
"""What is asked of guarantors is not rescheduled: the call has to be withdrawn first."""
_CLOCK: Final = frozenset({"clock"})
_BANK: Final = frozenset({"bank"})
_GUARANTOR: Final = frozenset({"guarantor"})
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
        **in_group(loan),
    },
    transitions=(
        Transition("cancel", _REQUESTED, _BORROWER | _CLOCK, _in("draw_closed"), _is_unapproved),
        Transition("lapse", _REQUESTED, _CLOCK, _in("draw_closed")),
        Transition("draw.approved", _REQUESTED, _BANK, STAYS),
        Transition("draw.failed", _REQUESTED, _BANK, _in("draw_closed")),
        Transition("draw.disbursed", _REQUESTED, _BANK, _in("current", "in_arrears")),
        Transition("remind", _in("current"), _CLOCK, STAYS),
        Transition("remind_late", _in("in_arrears"), _CLOCK, STAYS),
        Transition("remind_group", _in("current"), _CLOCK, STAYS),
        Transition("tell_group", _in("in_arrears"), _CLOCK, STAYS),
        Transition("count_instalment", _in("current"), _CLOCK, STAYS),
        Transition("tell_period", _SERVICED | _in("defaulted"), _CLOCK, STAYS),
        Transition("fall_into_arrears", _in("current"), _CLOCK, _in("in_arrears")),
        Transition("begin_pause", _in("current", "in_arrears"), _CLOCK, _in("paused")),
        Transition("end_pause", _in("paused"), _CLOCK, _in("current", "in_arrears")),
        Transition("schedule.changed", _SCHEDULED, _BANK, _SCHEDULED),
        Transition("repayment.received", OWING, _BANK, OWING | _PAID),
        Transition("repayment.received", _DONE | _in("written_off"), _BANK, STAYS),
        Transition("repayment.reversed", OWING, _BANK, OWING | _PAID),
        Transition("repayment.reversed", _PAID, _BANK, OWING | _PAID),
        Transition("repayment.reversed", _in("closed"), _BANK, OWING | _in("closed")),
        Transition("interest.charged", OWING, _BANK, OWING | _PAID),
        Transition("penalty.charged", OWING, _BANK, OWING | _PAID),
        Transition("loan.overdue", OWING, _BANK, STAYS),
        Transition("loan.cured", _SERVICED, _BANK, STAYS),
        Transition("hardship.granted", _SERVICED, _BANK, _SERVICED),
        Transition("hardship.granted", _CALLED, _BANK, STAYS),
        Transition("hardship.ended", _SERVICED, _BANK, _SERVICED),
        Transition("hardship.ended", _CALLED, _BANK, STAYS),
        Transition("default.declared", _in("in_arrears"), _BANK, _in("defaulted")),
        Transition("default.revoked", _in("defaulted"), _BANK, _SERVICED),
        Transition("call.requested", _in("defaulted"), _BANK, _CALLED),
        Transition("call.confirmed", _CALLED, _BANK, _SETTLED),
        Transition("call.confirmed", _SETTLED, _BANK, STAYS),
        Transition("call.withdrawn", _CALLED, _BANK, _in("defaulted", "repaid")),
        Transition("exhaust_call", _CALLED, _CLOCK, _RECOVERED | _SETTLED),
        Transition("clear_claims", _SETTLED, _CLOCK, _in("closed")),
        Transition("recovery.received", _in("defaulted") | _CALLED | _RECOVERED, _BANK, OWING | _PAID),
        Transition("recovery.received", _in("written_off") | _SETTLED, _BANK, STAYS),
        Transition("loan.written_off", _in("defaulted") | _RECOVERED, _BANK, _in("written_off")),
        Transition("loan.closed", _in("repaid", "written_off"), _BANK, _in("closed")),
        Transition("loan.closed", _SETTLED, _BANK, STAYS),
        Transition("request-hardship", _in("current", "in_arrears"), _BORROWER, STAYS, _no_hardship_asked),
        Transition("lapse_hardship_request", OWING, _CLOCK, STAYS),
        Transition("propose-restructuring", _RUNNING, _PROPOSERS, STAYS, _none_proposed),
        Transition("sign-restructuring", _RUNNING, _BORROWER, STAYS, _is_unsigned, _nothing_proposed),
        Transition("consent-restructuring", _RUNNING, _GUARANTOR, STAYS, _asks_guarantors, _nothing_to_consent_to),
        Transition("consent-restructuring", _RUNNING, frozenset({"guarantor_consented"}), STAYS, _never),
        Transition("lapse_restructuring", OWING | _DONE | _in("written_off"), _CLOCK, STAYS),
    ),
)
