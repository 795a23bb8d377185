"""Claims between members: what their sides and officers do, what a bank reports was paid for one, how they are looked at."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from chalicelib.banks.service import references as banks_references
from chalicelib.guarantees.aggregate.member_claims import MEMBER_CLAIMS
from chalicelib.guarantees.records import member_claims as records
from chalicelib.guarantees.rules import member_claim_handling as handling
from chalicelib.guarantees.rules.member_claim import Context, MemberClaim
from chalicelib.guarantees.rules.member_claim_transitions import MemberClaimChange
from chalicelib.guarantees.views import member_claims
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import pages
from chalicelib.shared.commit import Joined, StoredResponse
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.pages import Page
from chalicelib.shared.request import CLOCK, RequestContext


def waive(claim_id: str, request: RequestContext) -> StoredResponse:
    return MEMBER_CLAIMS.execute(
        claim_id, request, "waive", lambda was, context, actor: handling.waive(was, request.now)
    )


def withdraw(claim_id: str, request: RequestContext) -> StoredResponse:
    return MEMBER_CLAIMS.execute(
        claim_id, request, "withdraw", lambda was, context, actor: handling.withdraw(was, request.now)
    )


def dispute(claim_id: str, body: member_claims.DisputeRequest, request: RequestContext) -> StoredResponse:
    return MEMBER_CLAIMS.execute(
        claim_id,
        request,
        "dispute",
        lambda was, context, actor: handling.dispute(was, body.text, context, request.now),
    )


def decide_dispute(claim_id: str, body: member_claims.DecideDisputeRequest, request: RequestContext) -> StoredResponse:
    return MEMBER_CLAIMS.execute(
        claim_id,
        request,
        "decide-dispute",
        lambda was, context, actor: handling.decide_dispute(
            was, body.decision, body.text, request.caller.sub, context, request.now
        ),
    )


def receive(
    claim_id: str,
    bank_id: str,
    bank_ref: str,
    minor: int,
    currency: str,
    request: RequestContext,
    joined: Joined | None = None,
) -> StoredResponse:
    """A bank says that a transfer came which names the claim. NotFound and what the rule refuses are the inbox's to deal with."""

    def decide(was: MemberClaim, context: Context) -> MemberClaimChange:
        return handling.receive(was, bank_id, bank_ref, minor, currency, context, request.now)

    return banks_references.receive(
        MEMBER_CLAIMS, claim_id, bank_id, bank_ref, minor, currency, request, decide, joined
    )


def adjust(seen: MemberClaim, owed_minor: int, *, is_payable: bool, now: datetime) -> None:
    """So much is still owed, as far as was known when `seen` was read. WriteConflict where something was paid since."""

    def decide(was: MemberClaim, context: Context) -> MemberClaimChange | None:
        if was.paid_minor != seen.paid_minor:
            raise WriteConflict("Somebody has paid in between.")
        return handling.adjust(was, owed_minor, is_payable=is_payable, context=context, now=now)

    MEMBER_CLAIMS.apply(seen.id, RequestContext(caller=CLOCK, now=now, request_id="between members"), decide)


member_claim = partial(MEMBER_CLAIMS.shown, member_claims.MemberClaimView)
timeline = partial(ledger_timelines.of_aggregate, MEMBER_CLAIMS, currency=lambda state: state.currency)


def listed(query: member_claims.MemberClaimsQuery, request: RequestContext) -> Page[member_claims.MemberClaimView]:
    """A member's own, on the side it asks for; an officer's of a member or of a loan."""
    member_id = request.caller.member_id or query.member_id or ""
    of = f"member-claims:{member_id}:{query.as_}:{query.status}:{query.loan_id}"
    after = str(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    if query.member_id not in (None, member_id):
        return Page(items=[])
    index, value = (f"by_{query.as_}", member_id) if member_id else ("by_loan", query.loan_id or "")
    places = ((name, name) for name in records.ids(index, value, after)) if value else iter(())
    return MEMBER_CLAIMS.page(
        places,
        query,
        request,
        of,
        keep=lambda state: query.status in (None, state.status) and query.loan_id in (None, state.loan_id),
    )
