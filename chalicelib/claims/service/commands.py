"""What buyers and suppliers do with claims: file, negotiate, settle, send back, appeal.

A use-case loads the claim with its order and everything that has fallen due, lets the rules decide, and carries the step out.
"""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib.claims import records
from chalicelib.claims.rules import agreeing, appealing, eligibility, files, negotiation, proving, representing
from chalicelib.claims.rules import claim as claims_claim
from chalicelib.claims.rules.claim import Claim
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.step import Dossier
from chalicelib.claims.service.settling import carry_out, decide, party, policy_for, settled
from chalicelib.claims.views.asked import (
    AppealAsked,
    ClaimAsked,
    EditAsked,
    OfferAsked,
    ReturnAsked,
    ReturnedAsked,
    SettleAsked,
    ShipmentAsked,
)
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.aggregate import pinned as orders_pinned
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules.order import Order
from chalicelib.shared import ids
from chalicelib.shared.commit import Answer
from chalicelib.shared.money import Money
from chalicelib.shared.refusal import NotAllowed, NotFound, Unfit
from chalicelib.shared.request import Request


class OtherCurrency(Unfit):
    code = "other_currency"
    title = "The order is in another currency."
    fix = "Send the amount in the order's currency."


def file(order_id: str, asked: ClaimAsked, request: Request) -> Answer:
    """A claim on a covered order: what can be reserved of its ceiling is, and the order's clock stands still."""
    order = _settled_order(order_id, request)
    side = order.side_of(request.caller.member_id) if order else None
    if order is None or side is None or (order.status == "draft" and side != order.created_by):
        raise NotFound(f"There is no order {order_id!r:.60}.")
    if side != "buyer":
        raise NotAllowed("Only the buyer of an order claims on it.", fix="Answer the buyer's claim with an offer.")
    found, terms = policy_for(order), orders_pinned(order)
    policy = found.read_as(ClaimPolicy)
    going_on = orders_claims.resumed(order, terms, request.now)
    if refusal := eligibility.why_not(asked.reason, going_on, terms, policy, request.now):
        raise refusal
    step = negotiation.file(
        claims_claim.id_of(order_id, len(order.claims) + 1),
        order,
        reason=asked.reason,
        lines=tuple(asked.lines),
        requested_minor=amount_of(asked.amount, order.terms.currency),
        statement=asked.statement,
        policy=found.hash,
        now=request.now,
        carried=files.carried(_earlier(order, asked), policy),
    )
    step = replace(step, claim=representing.represented(step.claim, "buyer", request.caller.actor))
    was = Dossier(claim=step.claim, order=order, terms=terms, policy=policy)
    return carry_out(step, was, request, "buyer", status=201)


def edit(claim_id: str, asked: EditAsked, request: Request) -> Answer:
    dossier, _ = party(claim_id, request, only="buyer")
    minor = amount_of(asked.amount, dossier.claim.currency) if asked.amount else None
    return decide(dossier, lambda now: negotiation.edit(now, minor, asked.statement, request.now), request, "buyer")


def offer(claim_id: str, asked: OfferAsked, request: Request) -> Answer:
    dossier, side = party(claim_id, request)
    claim, minor = dossier.claim, _minor(asked.amount, dossier)
    name = ids.named("off", request.entry_id)
    step = negotiation.offer(claim, side, name, asked.kind, minor, asked.note, dossier.policy, request.now)
    return carry_out(step, dossier, request, side)


def accept_offer(claim_id: str, offer_id: str, request: Request) -> Answer:
    """Agreed: money is owed at once, goods come back first, a remedy has its own time."""
    dossier, side = party(claim_id, request)
    claim, made = negotiation.accept(dossier.claim, side, offer_id, dossier.policy, request.now)
    return decide(
        dossier,
        lambda now: agreeing.agree(now, made, request.now, offers=claim.offers, by=side),
        request,
        side,
    )


def decline_offer(claim_id: str, offer_id: str, request: Request) -> Answer:
    dossier, side = party(claim_id, request)
    step = negotiation.decline(dossier.claim, side, offer_id, dossier.policy, request.now)
    return carry_out(step, dossier, request, side)


def settle(claim_id: str, asked: SettleAsked, request: Request) -> Answer:
    """Sign a settlement; with both signatures it binds."""
    dossier, side = party(claim_id, request)
    minor = _minor(asked.amount, dossier)
    made = negotiation.sign(dossier.claim, side, asked.kind, minor, asked.note, dossier.policy, request.now)
    return decide(dossier, lambda now: agreeing.signed(now, made, side, request.now), request, side)


def escalate(claim_id: str, request: Request) -> Answer:
    dossier, side = party(claim_id, request)
    return carry_out(negotiation.escalate(dossier.claim, side, dossier.policy, request.now), dossier, request, side)


def withdraw(claim_id: str, request: Request) -> Answer:
    dossier, _ = party(claim_id, request, only="buyer")
    return carry_out(negotiation.withdraw(dossier, request.now), dossier, request, "buyer")


def agree_to_shipment(claim_id: str, asked: ShipmentAsked, request: Request) -> Answer:
    """Goods that the buyer claims on may leave; supplier and buyer hear what becomes of the claim."""
    dossier, _ = party(claim_id, request, only="buyer")
    return carry_out(negotiation.agree_to_shipment(dossier, asked.claim, request.now), dossier, request, "buyer")


def complete_evidence(claim_id: str, request: Request) -> Answer:
    dossier, side = party(claim_id, request)
    return carry_out(proving.complete_evidence(dossier, side, request.now), dossier, request, side)


def ship_return(claim_id: str, asked: ReturnAsked, request: Request) -> Answer:
    dossier, _ = party(claim_id, request, only="buyer")
    tracking = f"{asked.carrier} {asked.tracking_number}"
    return carry_out(agreeing.ship_return(dossier, tracking, request.now), dossier, request, "buyer")


def acknowledge_return(claim_id: str, asked: ReturnedAsked, request: Request) -> Answer:
    dossier, _ = party(claim_id, request, only="supplier")
    return decide(
        dossier, lambda now: agreeing.acknowledge_return(now, asked.condition, request.now), request, "supplier"
    )


def confirm_remedy(claim_id: str, request: Request) -> Answer:
    dossier, side = party(claim_id, request)
    return carry_out(agreeing.confirm_remedy(dossier, side, request.now), dossier, request, side)


def appeal(claim_id: str, asked: AppealAsked, request: Request) -> Answer:
    """Another officer decides; what the supplier concedes is paid at once."""
    dossier, side = party(claim_id, request)
    concedes = amount_of(asked.concedes, dossier.claim.currency, param="concedes", least=0) if asked.concedes else 0
    return decide(
        dossier,
        lambda now: appealing.appeal(now, side, asked.grounds, request.now, concedes_minor=concedes),
        request,
        side,
    )


def _settled_order(order_id: str, request: Request) -> Order | None:
    """The order as it stands now; claims on it that have run out are ended first, for they held its clock and its ceiling."""
    loaded = ORDERS.catch_up(order_id, request.now)
    for mark in loaded.state.open_claims if loaded else ():
        settled(mark.claim_id, request.now)
        loaded = None
    loaded = loaded or ORDERS.catch_up(order_id, request.now)
    return loaded.state if loaded else None


def _earlier(order: Order, asked: ClaimAsked) -> list[Claim]:
    """Claims about the same that ended undecided. Read only where there are any."""
    names = negotiation.undecided(order, asked.reason, tuple(asked.lines))
    found = records.load_many(names) if names else {}
    return [found[name] for name in names if name in found]


def amount_of(asked: Money, currency: str, *, param: str = "amount", least: int = 1) -> int:
    """Minor units of an amount that has to be in the order's currency, and above zero unless said otherwise."""
    if asked.currency != currency:
        raise OtherCurrency(f"The order is in {currency}.", param=f"{param}.currency")
    return asked.minor(param=f"{param}.amount", least=least)


def _minor(asked: Money | None, dossier: Dossier) -> int:
    return amount_of(asked, dossier.claim.currency) if asked else 0
