"""What a loan, its group and the group's other calls say of one call. Pure.

What is owed under a call is what the bank certified, moved by whatever became known since: what accrued until the last day for which the bank
has charged, and what others than the guarantors and the pool paid, be its value date before the cut-off or after.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, datetime

from chalicelib.credit.rules.products import Product
from chalicelib.groups.rules.guarantee import Guarantor
from chalicelib.guarantees.rules.call import Call, Facts
from chalicelib.loans.rules.loan import NO_SEAT, Loan, Repayment
from chalicelib.loans.rules.position import position_on
from chalicelib.shared import ids


def call_id_of(loan_id: str, requested_ref: str) -> str:
    """The one call of a bank's request."""
    return ids.derived_id("gcl", loan_id, requested_ref)


def facts_of(
    call: Call,
    loan: Loan,
    product: Product,
    others: Iterable[Call] = (),
    in_default: AbstractSet[int] = frozenset(),
    *,
    open_claims: int = 0,
) -> Facts:
    """The facts of now. `others` are the group's other calls; those opened first take of the members' caps first."""
    certified = loan.call if loan.call and call_id_of(loan.id, loan.call.requested_ref) == call.id else None
    accrued_until = max(call.accrued_until, certified.charged_until) if certified else call.accrued_until
    rivals = sorted(others, key=_order)
    return Facts(
        loan_version=loan.version,
        accrued_until=accrued_until,
        owed_minor=_owed(call, accrued_until, loan, product),
        paid={seat: minor for seat, minor in loan.paid_by_seat(call.call_ref).items() if seat != NO_SEAT},
        pool_minor=loan.paid_by_seat().get(NO_SEAT, 0),
        pauses=loan.pauses,
        is_withdrawn=any(call_id_of(loan.id, ref) == call.id for ref in loan.withdrawn_calls),
        is_confirmed=certified is not None and certified.outcome == "confirmed",
        in_default=in_default,
        earlier=tuple(each.takes for each in rivals if _order(each) < _order(call)),
        later=tuple(each.paid for each in rivals if _order(each) > _order(call)),
        open_claims=open_claims,
    )


def _owed(call: Call, accrued_until: date, loan: Loan, product: Product) -> int:
    """What is owed under the call with what accrued until a day; below nothing, the debtor paid so much too much.

    Where older facts of the loan are folded the day is that of the fold.
    """
    day = max(accrued_until, loan.folded_on or accrued_until)
    position = position_on(loan, product, day)
    guaranteed = sum(
        each.minor for each in loan.guarantor_sums if each.seat == NO_SEAT or each.call_id == call.call_ref
    )
    guaranteed += sum(
        each.kept_minor for each in loan.repayments if each.value_on <= day and _is_for_the_debtor(each, call)
    )
    later = sum(
        each.kept_minor for each in loan.repayments if each.value_on > day and not _is_for_the_debtor(each, call)
    )
    later += loan.late_minor
    later += sum(each.minor for each in loan.late_sums if each.seat != NO_SEAT and each.call_id != call.call_ref)
    since = position.payoff_minor + guaranteed - position.surplus_minor - later - call.certified.ours_minor
    return call.certified.minor + since


def _is_for_the_debtor(repayment: Repayment, call: Call) -> bool:
    """Whether it came from a guarantor on this call, or from the pool: it pays what is owed under the call, and does not lower it."""
    if repayment.payer == "pool":
        return True
    return repayment.payer == "guarantor" and repayment.call_id == call.call_ref


def _order(call: Call) -> tuple[datetime, str]:
    return call.created_at, call.id


def guarantor_of(loan: Loan, member_id: str) -> Guarantor | None:
    """The member as a guarantor of the loan, where it is one."""
    terms = loan.guarantee
    return next((each for each in terms.guarantors if each.member_id == member_id), None) if terms else None
