"""Looking at claims: one, lists, timelines, decisions, drafts, and what a claim would meet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from msgspec.structs import replace

from chalicelib.claims import records
from chalicelib.claims.aggregate import CLAIMS
from chalicelib.claims.rules import cases, eligibility, evidence, negotiation
from chalicelib.claims.rules.claim import ENDS, Claim
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.timers import MACHINE
from chalicelib.claims.rules.transitions import Actor
from chalicelib.claims.rules.verdict import draft as claims_draft
from chalicelib.claims.rules.verdict import outlook
from chalicelib.claims.service.commands import amount_of, policy_for
from chalicelib.claims.views.claim import ClaimView
from chalicelib.claims.views.decision import DecisionsView, DraftView, SimulationView, decision_view
from chalicelib.claims.views.requests import ClaimsQuery, SimulationRequest
from chalicelib.claims.views.verdict import verdict_view
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.orders import aggregate as orders_aggregate
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.shared import fx, pages, periods, timelines
from chalicelib.shared.errors import DomainError
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry

claim = partial(CLAIMS.shown, ClaimView)


def timeline(claim_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Journal entries, oldest first; what the other side keeps to itself is not among them."""
    loaded, actor = CLAIMS.kept(claim_id, request)
    state = loaded.state

    def tell(entry: Entry) -> TimelineEntry | None:
        side = state.side_of(entry.by.member_id)
        return timelines.entry(entry, side, state.currency, actor) if is_told(entry, actor) else None

    return ledger_timelines.timeline(state, query, request, tell)


def listed(query: ClaimsQuery, request: RequestContext) -> Page[ClaimView]:
    """A member's claims on one side, the newest orders' first; for officers also those of a status, closed ones among them, or an officer's
    work, the earliest due first."""
    member_id = request.caller.member_id or query.member_id or ""
    if query.member_id not in (None, member_id) or (query.reviewer and not request.caller.is_officer):
        return Page(items=[])
    of = f"claims:{query.as_}:{query.status}:{query.member_id}:{query.reviewer}"
    return CLAIMS.page(
        _places(query, member_id, request, of),
        query,
        request,
        of,
        keep=lambda state: query.status in (None, state.status) and query.reviewer in (None, state.reviewer),
    )


def disputed_usd_minor(supplier_id: str) -> int:
    """What is claimed of a supplier at present, in US cents at the table rates of when it was. For slices above."""
    claims = records.REPOSITORY.load_all(records.ids_of(supplier_id, "supplier", None)).values()
    return sum(
        fx.quote(each.currency, periods.business_date(each.filed_at)).convert(each.requested_minor)
        for each in claims
        if each.is_open
    )


def decisions(claim_id: str, request: RequestContext) -> DecisionsView:
    """Every determination with its case, computed again."""
    loaded, _ = CLAIMS.read(claim_id, request)
    state, policy = loaded.state, loaded.context.policy
    items = [decision_view(each, state, policy) for each in state.decisions]
    return DecisionsView(claim_id=claim_id, version=state.version, items=items)


def draft(claim_id: str, request: RequestContext) -> DraftView:
    """What the rules would decide now, for the officer who decides."""
    loaded, _ = CLAIMS.read(claim_id, request)
    state, policy = loaded.state, loaded.context.policy
    case = cases.case_of(state, loaded.context)
    return DraftView(
        claim_id=claim_id,
        version=state.version,
        case=case,
        draft=verdict_view(claims_draft.draft(case, policy), claims_draft.arithmetic(case, policy), state.currency),
        officers_needed=2 if case.requested_usd_minor >= policy.two_officers_from_usd_minor else 1,
    )


def simulate(body: SimulationRequest, request: RequestContext) -> SimulationView:
    """What a claim would meet if it were filed now. Nothing is reserved and nobody is told."""
    order = ORDERS.read(body.order_id, request)[0].state
    in_force, terms = policy_for(order), orders_aggregate.pinned(order)
    policy = in_force.read_as(ClaimPolicy)
    going_on = orders_claims.resume_timers(order, terms, request.now)
    minor = amount_of(body.amount, order.terms.currency)
    window = eligibility.window(body.reason, going_on, terms, policy)
    error = eligibility.why_not(body.reason, going_on, terms, policy, request.now)
    filed: Claim | None = None
    context = Context(order=order, terms=terms, policy=policy)
    if error is None:
        try:
            filed, context = _as_if(context, body, minor, in_force.hash, request)
        except DomainError as refused:
            error = refused
    least, most = _range(filed, context, body) if filed else (0, 0)
    usd = cases.requested_usd_minor(order, minor)
    sent = [("buyer", code) for code in body.evidence]
    checklist = evidence.checklist(body.reason, sent, usd, policy)  # type: ignore[arg-type]

    def money(amount_minor: int) -> Money:
        return Money.of(amount_minor, order.terms.currency)

    return SimulationView(
        order_id=order.id,
        reason=body.reason,
        eligible=filed is not None,
        why_not=error.said if error else None,
        why_not_code=error.code if error else None,
        opens_at=window.opens_at,
        window_ends_at=window.ends_at,
        requested=money(minor),
        cap=money(order.cover.cap_minor if order.cover else 0),
        ceiling_left=money(order.ceiling_left_minor),
        would_reserve=money(min(minor, order.ceiling_left_minor) if filed else 0),
        least=money(least),
        most=money(most),
        required_evidence=checklist,
        missing_evidence=[
            item.code for item in checklist if item.party == "buyer" and item.level == "required" and not item.satisfied
        ],
        deadlines=MACHINE.deadlines(filed, context) if filed else [],
    )


def is_told(entry: Entry, actor: Actor) -> bool:
    """Whether a party hears of an entry: not of the other side's files before they are handed in for both, nor of officers' matters."""
    payload = entry.event.payload
    if "private" in payload:
        return actor == "officer"
    if "visibility" not in payload or actor == "officer" or payload.get("of") == actor:
        return True
    return entry.event.kind == "claim.evidence_submitted" and payload["visibility"] == "both"


def _as_if(
    context: Context, body: SimulationRequest, minor: int, policy: str, request: RequestContext
) -> tuple[Claim, Context]:
    """The claim as it would be filed, or the refusal it would meet."""
    order = context.order
    filed = negotiation.file(
        order,
        reason=body.reason,
        lines=tuple(body.lines),
        requested_minor=minor,
        statement="",
        policy=policy,
        now=request.now,
    )
    return filed.state, CLAIMS.carry(context, filed)


def _range(claim: Claim, context: Context, body: SimulationRequest) -> tuple[int, int]:
    sent = tuple(("buyer", code) for code in body.evidence)
    case = replace(cases.case_of(claim, context), evidence=sent, buyer_silent=not sent)
    return outlook.likely_range(case, context.policy)


def _places(query: ClaimsQuery, member_id: str, request: RequestContext, of: str) -> Iterator[tuple[Any, str]]:
    """Of a member, else those that ended so, else all that wait for something."""
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    if not member_id and query.status not in ENDS:
        return pages.by_due(records.waiting, after)
    ids = records.ids_of(member_id, query.as_, after) if member_id else records.ids_ended(str(query.status), after)
    return ((claim_id, claim_id) for claim_id in ids)
