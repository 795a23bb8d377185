"""Rescues: a guarantor lends the debtor an instalment that is due, before default, and the debtor owes it that."""

from __future__ import annotations

from datetime import datetime

from chalicelib.guarantees.aggregate.member_claims import MEMBER_CLAIMS, context_of
from chalicelib.guarantees.rules import member_claim_handling as handling
from chalicelib.guarantees.rules import rescue
from chalicelib.guarantees.rules.member_claim import (
    Context,
    Kind,
    MemberClaim,
    Party,
    id_of_repayment,
    offer_ids,
)
from chalicelib.guarantees.rules.member_claim_transitions import MemberClaimChange
from chalicelib.guarantees.service.member_claims import adjust
from chalicelib.guarantees.views.member_claims import RescueRequest
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.loan import Loan, Repayment
from chalicelib.loans.rules.position import Position, position_on
from chalicelib.shared import policies
from chalicelib.shared.commit import StoredResponse, idempotent, retry_on_conflict
from chalicelib.shared.errors import NotFound, WriteConflict
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.texts import say


def offer(loan_id: str, body: RescueRequest, request: RequestContext) -> StoredResponse:
    """By a guarantor of the loan: it lends the oldest instalment that is due and unpaid, up to an amount.

    NotFound for anybody else; LoanNotInService, NothingDue, RescueOffered, OtherCurrency and TooManyOffers say why not.
    """
    return idempotent(request, lambda: _offer(loan_id, body, request))


def _offer(loan_id: str, body: RescueRequest, request: RequestContext) -> StoredResponse:
    now = request.now
    loaded = LOANS.load(loan_id, now)
    creditor = rescue.guarantor(loaded.state, request.caller.member_id) if loaded else None
    if loaded is None or creditor is None:
        raise NotFound(say("There is no loan {loan_id!r:.60}.", loan_id=loan_id))
    loan = LOANS.preview_at(loaded, now).state
    rescue.require_before_default(loan)
    minor = rescue.amount_of(body.money, loan.currency)
    instalment = rescue.instalment_due(position_on(loan, loaded.context.product, business_date(now)))
    names = offer_ids(loan.id, instalment)
    known = MEMBER_CLAIMS.load_many(names, now)
    current = {name: MEMBER_CLAIMS.preview_at(each, now).state for name, each in known.items()}
    policy = _policy(now)
    context = context_of(policy)
    claim = rescue.claim(
        rescue.next_offer(names, current), "rescue", loan, creditor, minor, policy, now, instalment=instalment
    )
    return MEMBER_CLAIMS.create(handling.offered(claim, context), context, request, "creditor")


@retry_on_conflict
def follow(loan_id: str, now: datetime) -> None:
    """Bring what the debtor owes guarantors in line with what the bank says they have paid without a call."""
    loaded = LOANS.load(loan_id, now)
    if loaded is None or loaded.state.guarantee is None:
        return
    loan = loaded.state
    payments = rescue.paid_by_guarantors(loan)
    claims = _claims_of(position_on(loan, loaded.context.product, business_date(now)), loan.id, payments)
    lent = {(claim.bank_ref, claim.kind): claim for claim in claims if claim.bank_ref}
    offers = [claim for claim in claims if claim.status == "offered"]
    for payment in payments:
        claim = lent.get((payment.bank_ref, "rescue"))
        offered = next((each for each in offers if each.creditor.seat == payment.seat), None)
        if claim:
            _keep_in_line(loan, payment, claim, lent.get((payment.bank_ref, "restitution")), now)
        elif payment.kept_minor and offered:
            offers.remove(offered)
            _lend(offered.id, payment, now)
        elif payment.kept_minor:
            _create(loan, payment, "rescue", payment.kept_minor, now)
    if loan.status not in rescue.BEFORE_DEFAULT:
        for each in offers:
            _end_offer(each.id, now)


def _claims_of(position: Position, loan_id: str, payments: list[Repayment]) -> list[MemberClaim]:
    """Every claim there can be that no call has made: of offers for instalments that have been due, whichever schedule has them, and of payments.
    Consistent reads.
    """
    due = {portion.number for portion in position.portions if portion.due_on <= position.on}
    names = [name for number in sorted(due) for name in offer_ids(loan_id, number)]
    kinds: tuple[Kind, ...] = ("rescue", "restitution")
    names += [id_of_repayment(loan_id, payment.bank_ref, kind) for payment in payments for kind in kinds]
    return list(MEMBER_CLAIMS.repository.load_all(names).values())


def _keep_in_line(
    loan: Loan, payment: Repayment, claim: MemberClaim, restitution: MemberClaim | None, now: datetime
) -> None:
    """Where the bank takes a payment back, less is owed; and what the debtor had paid for it is owed back."""
    adjust(claim, max(0, payment.kept_minor - claim.paid_minor), is_payable=True, now=now)
    beyond = max(0, claim.paid_minor - payment.kept_minor)
    if restitution:
        adjust(restitution, max(0, beyond - restitution.paid_minor), is_payable=True, now=now)
    elif beyond:
        _create(loan, payment, "restitution", beyond, now)


def _create(loan: Loan, payment: Repayment, kind: Kind, minor: int, now: datetime) -> None:
    policy = _policy(now)
    context, creditor = context_of(policy), _member(loan, payment.seat)
    name = id_of_repayment(loan.id, payment.bank_ref, kind)
    claim = rescue.claim(name, kind, loan, creditor, minor, policy, now, bank_ref=payment.bank_ref)
    change = handling.lent_at_once(claim, context)
    MEMBER_CLAIMS.create(change, context, _own(now))


def _lend(claim_id: str, payment: Repayment, now: datetime) -> None:
    def decide(was: MemberClaim, context: Context) -> MemberClaimChange | None:
        if was.status == "offered":
            return handling.lend(was, payment.kept_minor, payment.bank_ref, context, now)
        return None  # it ended as the payment arrived: the next look finds none, and makes a claim of its own

    if MEMBER_CLAIMS.apply(claim_id, _own(now), decide) is None:
        raise WriteConflict("The offer has just ended.")


def _end_offer(claim_id: str, now: datetime) -> None:
    MEMBER_CLAIMS.apply(
        claim_id,
        _own(now),
        lambda was, context: handling.end_offer(was, "defaulted", now) if was.status == "offered" else None,
    )


def _member(loan: Loan, seat: int) -> Party:
    assert loan.guarantee is not None, f"{loan.id} has guarantors"
    return next(Party(seat, each.member_id) for each in loan.guarantee.guarantors if each.seat == seat)


def _policy(now: datetime) -> str:
    return policies.in_force("member-claims", business_date(now)).hash


def _own(now: datetime) -> RequestContext:
    return RequestContext(caller=CLOCK, now=now, request_id="rescue")
