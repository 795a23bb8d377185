"""What a member owes because of a group, or may have to: one line for each share of a call, claim of another member, and loan it stands for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from chalicelib.guarantees.rules.call import Call
from chalicelib.guarantees.rules.loan_facts import guarantor_of
from chalicelib.guarantees.rules.member_claim import ENDS, MemberClaim
from chalicelib.guarantees.rules.obligations import worst_of_call, worst_of_loan
from chalicelib.loans.rules.loan import OWING, Context, Loan
from chalicelib.loans.rules.position import position_on
from chalicelib.shared.money import Money


class ObligationView(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation. `due` is to be paid by `due_at`; `at_most` is what it may come to if everybody else fails.

    `share`: of a call, `id` is the call's. `claim`: what another member is owed, `id` is the claim's. `guarantee`: of a loan that is not
    called, `id` is the loan's and `until` the last day of the guarantee period.
    """

    kind: Literal["share", "claim", "guarantee"]
    id: str
    group_id: str
    loan_id: str
    seat: int
    status: str
    due: Money
    at_most: Money
    due_at: datetime | None = None
    until: date | None = None


def of_call(call: Call, member_id: str) -> ObligationView | None:
    """None where the member is the debtor, or nothing of its share is left."""
    share = call.share_of(member_id)
    if share is None or not (share.due_minor or call.is_open):
        return None
    return ObligationView(
        kind="share",
        id=call.id,
        group_id=call.group_id,
        loan_id=call.loan_id,
        seat=share.seat,
        status=share.status,
        due=Money.of(share.due_minor, call.currency),
        at_most=Money.of(max(share.due_minor, worst_of_call(call, share.seat)), call.currency),
        due_at=call.due_at(share),
    )


def of_claim(claim: MemberClaim) -> ObligationView | None:
    """None where the claim has ended."""
    if claim.status in ENDS:
        return None
    left = Money.of(claim.remaining_minor, claim.currency)
    return ObligationView(
        kind="claim",
        id=claim.id,
        group_id=claim.group_id,
        loan_id=claim.loan_id,
        seat=claim.debtor.seat,
        status=claim.status,
        due=left if claim.payable_at else Money.of(0, claim.currency),
        at_most=left,
        due_at=claim.due_at,
    )


def of_loan(loan: Loan, context: Context, member_id: str, on: date) -> ObligationView | None:
    """None where the member does not stand for the loan, nothing is owed of it, or a call says what is to be paid."""
    guarantor = guarantor_of(loan, member_id)
    if guarantor is None or loan.guarantee is None or loan.status not in OWING or loan.call or loan.folded_on is None:
        return None
    owed = position_on(loan, context.product, on).payoff_minor
    return ObligationView(
        kind="guarantee",
        id=loan.id,
        group_id=loan.guarantee.group_id,
        loan_id=loan.id,
        seat=guarantor.seat,
        status=loan.status,
        due=Money.of(0, loan.currency),
        at_most=Money.of(worst_of_loan(loan.guarantee, guarantor.seat, owed), loan.currency),
        until=loan.guaranteed_until,
    )
