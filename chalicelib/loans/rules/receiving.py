"""Money that a bank reports for a loan: payments in any order and of any size, those it takes back, what it has charged. Pure.

The bank's word stands: where its figure is another than ours the books follow it and the entry tells of the difference.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.loans.rules import mirror, reports
from chalicelib.loans.rules.calls import require_call
from chalicelib.loans.rules.events import Charged, RecoveryReceived, RepaymentReceived, RepaymentReversed
from chalicelib.loans.rules.folding import with_room
from chalicelib.loans.rules.loan import (
    FOR_THE_DEBTOR,
    NO_SEAT,
    Charge,
    ChargeKind,
    Context,
    GuarantorSum,
    Loan,
    Repayment,
    Split,
    TooManyFacts,
)
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.standing import Difference, worked_out
from chalicelib.loans.rules.transitions import TABLE, LoanChange
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say

_RECOVERY: Final = "recovery:"
"""Before the reference of a recovery: the bank may call a repayment the same."""


class RepaymentNotKnown(Conflict):
    code = "repayment_not_known"
    title = "The loan has no such repayment that could be reversed."
    fix = "Name the bank_ref of a repayment of this loan."


class ReversedTooMuch(RuleViolation):
    code = "reversed_too_much"
    title = "So much of that repayment is not there."
    fix = "Reverse at most `remaining_minor`."


class SeatNotGuarantor(RuleViolation):
    code = "seat_is_no_guarantor"
    title = "No guarantor of the loan has that seat."
    fix = "Report it as repayment.received with payer.seat, one of `seats`."


class SplitTooLarge(RuleViolation):
    code = "split_exceeds_the_amount"
    title = "The parts of the payment are more than the payment."
    fix = "Let the parts add up to the amount at most."


def receive_repayment(was: Loan, context: Context, event: RepaymentReceived, bank_id: str, now: datetime) -> LoanChange:
    """A payment, in whatever order and of whatever size. What nothing is owed for is surplus."""
    TABLE.require("repayment.received", was, "bank", context, now)
    split = event.split.of(event.amount) if event.split else None
    if split and split.surplus_minor < 0:
        raise SplitTooLarge("The parts are more than the amount.", param="data.split", amount_minor=event.amount)
    payment = _paid_for(was, event)
    if was.written_off_on:
        return _recovered(was, context, "repayment.received", event, payment, now)
    return _received(was, context, "repayment.received", event, payment, now, split, event.outstanding_after)


def receive_recovery(was: Loan, context: Context, event: RecoveryReceived, bank_id: str, now: datetime) -> LoanChange:
    """Money for a loan in default goes to what is owed; for one that was written off it stands by itself."""
    TABLE.require("recovery.received", was, "bank", context, now)
    payment = _recovered_for(was, event)
    if was.written_off_on:
        return _recovered(was, context, "recovery.received", event, payment, now)
    return _received(was, context, "recovery.received", event, payment, now)


def reverse_repayment(was: Loan, context: Context, event: RepaymentReversed, bank_id: str, now: datetime) -> LoanChange:
    """The bank takes back a payment, or part of it: the loan stands as if that had never come."""
    TABLE.require("repayment.reversed", was, "bank", context, now)
    reports.require_currency(was, event.currency)
    name = event.original_bank_ref.casefold()
    names = (name, f"{_RECOVERY}{name}")
    paid = next((each for each in was.repayments if each.bank_ref.casefold() in names and each.kept_minor), None)
    if paid is None or was.written_off_on:
        raise RepaymentNotKnown(
            say("There is no repayment {original_bank_ref!r:.60}.", original_bank_ref=event.original_bank_ref)
        )
    if event.amount > paid.kept_minor:
        raise ReversedTooMuch("More is taken back than is left.", remaining_minor=paid.kept_minor)
    must_have_room(paid.reversals, 4, TooManyFacts)
    after = paid.with_reversal(event.bank_ref, event.amount)
    loan = replace(was, repayments=tuple(after if each is paid else each for each in was.repayments))
    return worked_out(
        was,
        loan,
        "repayment.reversed",
        context,
        now,
        payload={
            "amount_minor": event.amount,
            "value_on": paid.value_on,
            "original_bank_ref": event.original_bank_ref,
            "bank_ref": event.bank_ref,
            "reason": event.reason,
            "was_repaid_on_time": was.repaid_on_time,
        },
    )


def _charge(kind: ChargeKind, was: Loan, context: Context, event: Charged, bank_id: str, now: datetime) -> LoanChange:
    """What the bank says the loan has borne on some days takes the place of what we have for them."""
    name, today = f"{kind}.charged", business_date(now)
    TABLE.require(name, was, "bank", context, now)
    reports.require_currency(was, event.currency)
    reports.require_value_date(was, context, event.to_on, now)
    if event.from_on >= event.to_on or (was.folded_on and event.from_on < was.folded_on):
        raise reports.ValueDateTooFarBack(
            "Those days cannot be told any more.", param="data.from", earliest=f"{was.folded_on}"
        )
    loan = with_room(was, context, today)
    start, end = (position_on(was, context.product, day) for day in (event.from_on, event.to_on))
    borne = {"interest": end.borne_interest_minor - start.borne_interest_minor}
    borne["penalty"] = end.borne_penalty_minor - start.borne_penalty_minor
    over = event.amount - borne[kind]
    if over:
        loan = replace(loan, charges=(*loan.charges, Charge(kind=kind, until_on=event.to_on, over_minor=over)))
    if loan.call:
        loan = replace(loan, call=replace(loan.call, charged_until=max(loan.call.charged_until, event.to_on)))
    periods = sum(1 for each in end.portions if event.from_on < each.until_on and each.from_on < event.to_on)
    return worked_out(
        was,
        loan,
        name,
        context,
        now,
        payload={
            "amount_minor": event.amount,
            "from_on": event.from_on,
            "to_on": event.to_on,
            "bank_ref": event.bank_ref,
        },
        differences=reports.differing(kind, borne[kind], event.amount, periods),
    )


charge_interest = partial(_charge, "interest")
charge_penalty = partial(_charge, "penalty")


def _received(
    was: Loan,
    context: Context,
    name: str,
    event: RepaymentReceived | RecoveryReceived,
    payment: Repayment,
    now: datetime,
    split: Split | None = None,
    outstanding_after: int | None = None,
) -> LoanChange:
    reports.require_currency(was, event.currency)
    reports.require_value_date(was, context, event.business_date, now)
    loan = with_room(was, context, business_date(now))
    today = business_date(now)
    differences: list[Difference] = []
    if split:
        own = replace(loan, repayments=(*loan.repayments, payment))
        ours = position_on(own, context.product, today).splits[payment.bank_ref]
        differences += reports.different_split(ours, split, len(loan.portions))
    loan = replace(loan, repayments=(*loan.repayments, replace(payment, split=split)))
    if outstanding_after is not None:
        left = position_on(loan, context.product, today).principal_minor
        differences += reports.differing("outstanding", left, outstanding_after, 0)
    return worked_out(
        was,
        loan,
        name,
        context,
        now,
        payload={
            "amount_minor": event.amount,
            "value_on": event.business_date,
            "bank_ref": event.bank_ref,
            **_payer(payment),
        },
        differences=differences,
    )


def _paid_for(was: Loan, event: RepaymentReceived) -> Repayment:
    """A payment of the debtor or of another for it. A guarantor's is on the call that runs, unless the bank names one: AnotherCall, SeatNotGuarantor."""
    payer, seat = event.payer.kind, event.payer.seat
    blank = Repayment(bank_ref=event.bank_ref, value_on=event.business_date, amount_minor=event.amount, payer=payer)
    if payer != "guarantor" or was.guarantee is None:
        return blank
    if seat not in was.guarantee.seats:
        raise SeatNotGuarantor("The payment names no guarantor.", param="data.payer.seat", seats=was.guarantee.seats)
    if event.call_id:
        require_call(was, event.call_id)
    running = was.call.call_id if was.call else ""
    return replace(blank, seat=seat or NO_SEAT, call_id=event.call_id or running)


def _recovered_for(was: Loan, event: RecoveryReceived) -> Repayment:
    if event.source == "guarantor" and was.guarantee:
        raise SeatNotGuarantor("A recovery names no seat.", param="data.source", seats=was.guarantee.seats)
    return Repayment(
        bank_ref=f"{_RECOVERY}{event.bank_ref}",
        value_on=event.business_date,
        amount_minor=event.amount,
        payer=event.source,
    )


def _recovered(
    was: Loan,
    context: Context,
    name: str,
    event: RepaymentReceived | RecoveryReceived,
    payment: Repayment,
    now: datetime,
) -> LoanChange:
    """What comes in after a loan was written off. The claims on its guarantors survive that, so their shares and the debtor's debt are less by it."""
    reports.require_currency(was, event.currency)
    reports.require_value_date(was, context, event.business_date, now)
    return worked_out(
        was,
        _with_late(was, payment),
        name,
        context,
        now,
        payload={"amount_minor": event.amount, "bank_ref": event.bank_ref, **_payer(payment)},
        book=lambda loan, position: mirror.recovered(loan, event.amount),
    )


def _with_late(was: Loan, payment: Repayment) -> Loan:
    if payment.payer not in FOR_THE_DEBTOR:
        return replace(was, late_minor=was.late_minor + payment.amount_minor)
    running = was.call.call_id if was.call else ""
    sums = {(each.call_id, each.seat): each.minor for each in was.late_sums}
    key = (running if payment.call_id == running else "", payment.seat)
    sums[key] = sums.get(key, 0) + payment.amount_minor
    late = tuple(GuarantorSum(seat=seat, minor=minor, call_id=call) for (call, seat), minor in sorted(sums.items()))
    return replace(was, late_sums=late)


def _payer(payment: Repayment) -> dict[str, Any]:
    of_call = {"seat": payment.seat, "call_id": payment.call_id} if payment.seat else {}
    return {"payer": payment.payer, **of_call}
