"""What buyers and suppliers do with claims: file, negotiate, settle, send back, appeal. One read and one transaction each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, Final, ParamSpec

from msgspec.structs import replace

from chalicelib.claims.aggregate import CLAIMS
from chalicelib.claims.records import REPOSITORY
from chalicelib.claims.rules import (
    appealing,
    eligibility,
    evidence_phase,
    files,
    negotiation,
    representing,
    settlement_agreement,
)
from chalicelib.claims.rules.claim import Claim
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.transitions import Actor, ClaimChange
from chalicelib.claims.views import requests
from chalicelib.orders import aggregate as orders_aggregate
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules.order import Order, Side
from chalicelib.shared import ids, policies
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotAllowed, NotFound, RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

P = ParamSpec("P")
Rule = Callable[Concatenate[Claim, Context, Side, datetime, P], ClaimChange]

FUNDED: Final = frozenset({"accept-offer", "settle", "acknowledge-return", "appeal", "decide-appeal"})
"""Actions that may make money payable: what the supplier's own money holds is read for them."""


class OtherCurrency(RuleViolation):
    code = "other_currency"
    title = "The order is in another currency."
    fix = "Send the amount in the order's currency."


def by_party(
    claim_id: str, request: RequestContext, action: str, rule: Rule[P], *more: P.args, **named: P.kwargs
) -> StoredResponse:
    """An action of buyer or supplier, as a rule decides."""

    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        return rule(was, context, side_of(actor), request.now, *more, **named)

    return CLAIMS.execute(claim_id, request, action, decide, funded=action in FUNDED)


def side_of(actor: Actor) -> Side:
    assert actor != "officer", "the table lets only parties do this"
    return actor


def file(order_id: str, body: requests.ClaimRequest, request: RequestContext) -> StoredResponse:
    """A claim on a covered order: what can be reserved of its ceiling is, and the order's clock stands still."""
    order = _caught_up(order_id, request)
    actor = ORDERS.actor_of(order, request.caller) if order else None
    if order is None or actor is None:
        raise NotFound(say("There is no order {order_id!r:.60}.", order_id=order_id))
    if actor != "buyer":
        raise NotAllowed("Only the buyer of an order claims on it.", fix="Answer the buyer's claim with an offer.")
    in_force, terms = policy_for(order), orders_aggregate.pinned(order)
    policy = in_force.read_as(ClaimPolicy)
    going_on = orders_claims.resume_timers(order, terms, request.now)
    if error := eligibility.why_not(body.reason, going_on, terms, policy, request.now):
        raise error
    filed = negotiation.file(
        order,
        reason=body.reason,
        lines=tuple(body.lines),
        requested_minor=amount_of(body.amount, order.terms.currency),
        statement=body.statement,
        policy=in_force.hash,
        now=request.now,
        carried=files.carried(_earlier(order, body), policy),
    )
    filed = replace(filed, state=representing.represented(filed.state, "buyer", request.caller.actor))
    return CLAIMS.create(filed, Context(order=order, terms=terms, policy=policy), request, "buyer")


def edit(claim_id: str, body: requests.EditRequest, request: RequestContext) -> StoredResponse:
    def rule(was: Claim, context: Context, side: Side, now: datetime) -> ClaimChange:
        minor = amount_of(body.amount, was.currency) if body.amount else None
        return negotiation.edit(was, context, side, now, minor, body.statement)

    return by_party(claim_id, request, "edit", rule)


def offer(claim_id: str, body: requests.OfferRequest, request: RequestContext) -> StoredResponse:
    def rule(was: Claim, context: Context, side: Side, now: datetime) -> ClaimChange:
        offer_id = ids.derived_id("off", request.entry_id)
        return negotiation.offer(was, context, side, now, offer_id, body.kind, _minor(body.amount, was), body.note)

    return by_party(claim_id, request, "offer", rule)


def accept_offer(claim_id: str, offer_id: str, request: RequestContext) -> StoredResponse:
    """Agreed: money is owed at once, goods come back first, a remedy has its own time."""
    return by_party(claim_id, request, "accept-offer", settlement_agreement.accept, offer_id)


def decline_offer(claim_id: str, offer_id: str, request: RequestContext) -> StoredResponse:
    return by_party(claim_id, request, "decline-offer", negotiation.decline, offer_id)


def settle(claim_id: str, body: requests.SettleRequest, request: RequestContext) -> StoredResponse:
    """Agreed with the second signature."""

    def rule(was: Claim, context: Context, side: Side, now: datetime) -> ClaimChange:
        return settlement_agreement.sign(was, context, side, now, body.kind, _minor(body.amount, was), body.note)

    return by_party(claim_id, request, "settle", rule)


def escalate(claim_id: str, request: RequestContext) -> StoredResponse:
    return by_party(claim_id, request, "escalate", negotiation.escalate)


def withdraw(claim_id: str, request: RequestContext) -> StoredResponse:
    return by_party(claim_id, request, "withdraw", negotiation.withdraw)


def agree_to_shipment(claim_id: str, body: requests.ShipmentRequest, request: RequestContext) -> StoredResponse:
    """Goods that the buyer claims on may leave; supplier and buyer hear what becomes of the claim."""
    return by_party(claim_id, request, "agree-to-shipment", negotiation.agree_to_shipment, body.claim)


def complete_evidence(claim_id: str, request: RequestContext) -> StoredResponse:
    return by_party(claim_id, request, "complete-evidence", evidence_phase.complete_evidence)


def ship_return(claim_id: str, body: requests.ReturnRequest, request: RequestContext) -> StoredResponse:
    tracking = f"{body.carrier} {body.tracking_number}"
    return by_party(claim_id, request, "ship-return", settlement_agreement.ship_return, tracking)


def acknowledge_return(claim_id: str, body: requests.ReturnedRequest, request: RequestContext) -> StoredResponse:
    return by_party(claim_id, request, "acknowledge-return", settlement_agreement.acknowledge_return, body.condition)


def confirm_remedy(claim_id: str, request: RequestContext) -> StoredResponse:
    return by_party(claim_id, request, "confirm-remedy", settlement_agreement.confirm_remedy)


def appeal(claim_id: str, body: requests.AppealRequest, request: RequestContext) -> StoredResponse:
    """Another officer decides; what the supplier concedes is paid at once."""

    def rule(was: Claim, context: Context, side: Side, now: datetime) -> ClaimChange:
        concedes = amount_of(body.concedes, was.currency, param="concedes", least=0) if body.concedes else 0
        return appealing.appeal(was, context, side, now, body.grounds, concedes)

    return by_party(claim_id, request, "appeal", rule)


def policy_for(order: Order) -> policies.Policy:
    """What applied when the order was agreed: later versions change nothing about it."""
    return policies.in_force("claims", business_date(order.agreed_at or order.created_at))


def _caught_up(order_id: str, request: RequestContext) -> Order | None:
    """The order as it stands now; claims on it that have run out are ended first, for they held its clock and its ceiling."""
    loaded = ORDERS.catch_up(order_id, request.now)
    if loaded and loaded.state.open_claims:
        CLAIMS.catch_up(loaded.state.open_claims[0].claim_id, request.now)
        loaded = ORDERS.catch_up(order_id, request.now)
    return loaded.state if loaded else None


def _earlier(order: Order, body: requests.ClaimRequest) -> list[Claim]:
    """Claims about the same that ended undecided. Read only where there are any."""
    names = negotiation.undecided(order, body.reason, tuple(body.lines))
    claims = REPOSITORY.load_all(names) if names else {}
    return [claims[name] for name in names if name in claims]


def amount_of(money: Money, currency: str, *, param: str = "amount", least: int = 1) -> int:
    """Minor units of an amount that has to be in the order's currency, and above zero unless said otherwise."""
    if money.currency != currency:
        raise OtherCurrency(say("The order is in {currency}.", currency=currency), param=f"{param}.currency")
    return money.minor(param=f"{param}.amount", least=least)


def _minor(money: Money | None, claim: Claim) -> int:
    return amount_of(money, claim.currency) if money else 0
