"""Calls on the guarantors of a loan in default: what the bank asks for, takes back and confirms, and how it ends for the loan. Pure.

The loan keeps what the bank certified and what was paid, seat by seat; who is to pay which share, and who has claims against whom, is worked
out of that by the slice `guarantees`. It ends a call that nobody can pay with `exhaust`, and a settled loan with `clear_claims`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.loans.rules.events import AboutCall, CallRequested
from chalicelib.loans.rules.loan import CertifiedCall, Context, Loan
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.reports import differing, require_currency, require_value_date
from chalicelib.loans.rules.standing import worked_out
from chalicelib.loans.rules.transitions import TABLE, LoanChange
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say


class NotGuaranteed(Conflict):
    code = "loan_not_guaranteed"
    title = "Nobody stands for the loan."
    fix = "Ask the debtor, or report what is recovered."


class GuaranteeOver(Conflict):
    code = "guarantee_period_over"
    title = "The guarantee period of the loan is over."
    fix = "A call is requested until `guaranteed_until`; the guarantors are free since."


class CallsPaused(Conflict):
    code = "calls_paused"
    title = "The debtor has a hardship pause: its guarantors are not called upon."
    fix = "Request the call when the pause is over, or end it with hardship.ended."


class NothingCertified(RuleViolation):
    code = "nothing_certified"
    title = "A call is for what is owed, and nothing is certified."
    fix = "Certify principal, interest and penalty of the cut-off."


class AnotherCall(Conflict):
    code = "another_call_runs"
    title = "That is not the call on the loan's guarantors."
    fix = "Name the call_id of the call that was requested."


class CallUnpaid(Conflict):
    code = "call_not_paid"
    title = "The loan still owes something, so the guarantors have not settled it."
    fix = "Report what was paid, and interest and penalty as they were charged; then confirm the call."


def request(was: Loan, context: Context, event: CallRequested, bank_id: str, now: datetime) -> LoanChange:
    """The bank asks the guarantors for what is owed. Its figures stand; where they are not ours the entry tells of the difference."""
    TABLE.require("call.requested", was, "bank", context, now)
    require_currency(was, event.currency)
    require_value_date(was, context, event.cut_off, now)
    today = business_date(now)
    if was.guaranteed_until is None:
        raise NotGuaranteed(say("{id} has no guarantors.", id=was.id))
    if today > was.guaranteed_until:
        raise GuaranteeOver(
            say("It ended on {guaranteed_until}.", guaranteed_until=was.guaranteed_until),
            guaranteed_until=f"{was.guaranteed_until}",
        )
    if position_on(was, context.product, today).is_paused:
        raise CallsPaused(say("{id} is paused today.", id=was.id))
    ours, periods = position_on(was, context.product, event.cut_off), len(was.portions)
    call = CertifiedCall(
        call_id=event.call_id,
        requested_ref=event.bank_ref,
        requested_on=today,
        cut_off=event.cut_off,
        principal_minor=event.principal,
        interest_minor=event.interest,
        penalty_minor=event.penalty,
        ours_minor=ours.payoff_minor,
        charged_until=event.cut_off,
    )
    if not call.certified_minor:
        raise NothingCertified("All three amounts are nothing.", param="data.principal")
    differences = (
        *differing("principal", ours.principal_minor, event.principal, 0),
        *differing("interest", ours.interest_minor, event.interest, periods),
        *differing("penalty", ours.penalty_minor, event.penalty, periods),
    )
    return worked_out(
        was,
        replace(was, call=call, call_ids=(*was.call_ids, call.call_id)[-4:]),
        "call.requested",
        context,
        now,
        payload={
            **_named(call, event.bank_ref),
            "cut_off": call.cut_off,
            "certified": {
                "principal_minor": call.principal_minor,
                "interest_minor": call.interest_minor,
                "penalty_minor": call.penalty_minor,
            },
            "ours_minor": call.ours_minor,
        },
        differences=differences,
    )


def withdraw(was: Loan, context: Context, event: AboutCall, bank_id: str, now: datetime) -> LoanChange:
    """The bank asks the guarantors no more: the loan is in default as before, and the bank gives back what they paid."""
    TABLE.require("call.withdrawn", was, "bank", context, now)
    call = _running(was, event)
    loan = replace(was, call=None, withdrawn_calls=(*was.withdrawn_calls, call.requested_ref)[-4:])
    return worked_out(was, loan, "call.withdrawn", context, now, payload=_named(call, event.bank_ref))


def confirm(was: Loan, context: Context, event: AboutCall, bank_id: str, now: datetime) -> LoanChange | None:
    """The bank has all that it asked for. Nothing to do where the loan is settled already."""
    TABLE.require("call.confirmed", was, "bank", context, now)
    call = _running(was, event)
    if was.status == "settled_by_guarantors":
        return None
    owed = position_on(was, context.product, business_date(now)).payoff_minor
    if owed:
        raise CallUnpaid("Something is owed.", remaining_minor=owed)
    loan = replace(was, call=replace(call, outcome="confirmed"))
    return worked_out(was, loan, "call.confirmed", context, now, payload=_named(call, event.bank_ref))


def exhaust(was: Loan, context: Context, now: datetime) -> LoanChange:
    """No guarantor is left who could pay: the rest is the bank's to recover."""
    call = was.call
    assert call is not None, "the table has no other call"
    loan = replace(was, call=replace(call, outcome="exhausted"))
    return worked_out(was, loan, "exhaust_call", context, now, payload=_named(call))


def clear_claims(was: Loan, now: datetime) -> LoanChange:
    """The guarantors have no claims any more, against the debtor or one another."""
    call = was.call
    assert call is not None, "guarantors have settled it"
    return TABLE.change(was, "clear_claims", now, event="claims_cleared", payload=_named(call), status="closed")


def require_call(was: Loan, call_id: str) -> None:
    """AnotherCall where a payment is for a call that was never requested: no share would be less for it."""
    running = (was.call.call_id,) if was.call else ()
    paid_on = (each.call_id for each in was.guarantor_payments)
    if call_id not in (*running, *was.call_ids, *paid_on):
        raise _another(was, call_id)


def _running(was: Loan, event: AboutCall) -> CertifiedCall:
    """AnotherCall where the bank names one that is not the loan's."""
    call = was.call
    if call is None or call.call_id != event.call_id:
        raise _another(was, event.call_id)
    return call


def _another(was: Loan, call_id: str) -> AnotherCall:
    running = was.call.call_id if was.call else ""
    return AnotherCall(
        say("The call {call_id!r:.60} does not run.", call_id=call_id), param="data.call_id", call_id=running
    )


def _named(call: CertifiedCall, bank_ref: str = "") -> dict[str, Any]:
    named = {"call_id": call.call_id, "requested_ref": call.requested_ref}
    return {**named, "bank_ref": bank_ref} if bank_ref else named
