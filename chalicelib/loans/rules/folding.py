"""Keeping a loan small: facts that no bank may change any more go into the portions that it begins with. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from chalicelib.loans.rules import loan as rules
from chalicelib.loans.rules.interest import Bearing
from chalicelib.loans.rules.position import position_on
from chalicelib.shared.bounds import must_have_room

_LISTS: Final = {"repayments": rules.MOST_REPAYMENTS, "changes": rules.MOST_CHANGES, "charges": rules.MOST_CHARGES}


def with_room(loan: rules.Loan, context: rules.Context, today: date) -> rules.Loan:
    """The same loan with room for one more fact of each kind. TooManyFacts where all of them are of the last 30 days."""
    if any(len(getattr(loan, name)) >= most for name, most in _LISTS.items()):
        loan = folded(loan, context, today - timedelta(days=context.policy.backdated_days + 1))
    for name, most in _LISTS.items():
        must_have_room(getattr(loan, name), most, rules.TooManyFacts)
    return loan


def folded(loan: rules.Loan, context: rules.Context, until: date) -> rules.Loan:
    """The same loan, beginning on a later day: whatever comes after it comes out the same."""
    if loan.folded_on is None or until <= loan.folded_on:
        return loan
    position = position_on(loan, context.product, until)
    portions = _settled_together(position.portions, until, position.bearing)
    must_have_room(len(portions) - 1, rules.MOST_PORTIONS, rules.TooManyFacts)
    over = replace(loan, repayments=tuple(each for each in loan.repayments if each.value_on <= until))
    return replace(
        loan,
        folded_on=until,
        portions=tuple(portions),
        worst_dpd=position.worst_dpd,
        repayments=tuple(each for each in loan.repayments if each.value_on > until),
        receivables_folded_minor=over.receivables_paid_minor,
        surplus_folded_minor=position.surplus_minor,
        helped_folded_on=max(over.helped_on, default=None),
        punctual_folded=position.punctual,
        guarantor_sums=_guarantor_sums(over),
        changes=tuple(each for each in loan.changes if each.on > until),
        charges=tuple(each for each in loan.charges if each.until_on > until),
    )


def _guarantor_sums(over: rules.Loan) -> tuple[rules.GuarantorSum, ...]:
    """What each seat has paid by payments that are over: of the call that runs, and of all before it together."""
    running = over.call.call_id if over.call else ""
    sums: Counter[tuple[str, int]] = Counter()
    for each in over.guarantor_payments:
        sums[running if each.call_id == running else "", each.seat] += each.minor
    return tuple(
        rules.GuarantorSum(seat=seat, minor=minor, call_id=call) for (call, seat), minor in sorted(sums.items())
    )


def _settled_together(portions: Sequence[rules.Portion], until: date, bearing: Bearing) -> list[rules.Portion]:
    """One portion for all that are over and paid, which bear nothing any more."""
    over = [each for each in portions if _is_settled(each, until, bearing)]
    rest = [each for each in portions if not _is_settled(each, until, bearing)]
    if len(over) < 2:
        return list(portions)
    last = over[-1]
    interest = sum(max(bearing.interest_minor(each), each.interest_paid_minor) for each in over)
    penalty = sum(max(bearing.penalty_minor(each), each.penalty_paid_minor) for each in over)
    whole = rules.Portion(
        number=last.number,
        from_on=last.due_on,
        until_on=last.due_on,
        due_on=last.due_on,
        principal_minor=sum(each.principal_minor for each in over),
        interest_minor=0,
        fee_minor=sum(each.fee_minor for each in over),
        balance_minor=0,
        principal_paid_minor=sum(each.principal_paid_minor for each in over),
        interest_paid_minor=interest,
        fee_paid_minor=sum(each.fee_paid_minor for each in over),
        penalty_paid_minor=penalty,
        charged_interest_minor=interest,
        charged_penalty_minor=penalty,
    )
    return sorted([whole, *rest], key=lambda each: each.due_on)


def _is_settled(portion: rules.Portion, until: date, bearing: Bearing) -> bool:
    is_over = portion.due_on <= until and portion.until_on <= until
    unpaid = portion.unpaid_principal_minor + portion.unpaid_fee_minor
    return is_over and not (unpaid + bearing.unpaid_interest_minor(portion) + bearing.unpaid_penalty_minor(portion))
