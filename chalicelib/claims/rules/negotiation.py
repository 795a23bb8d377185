"""Between buyer and supplier: file, ask otherwise, offer, accept, decline, settle, give up, call an officer. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.claims.rules.changing import change, end
from chalicelib.claims.rules.claim import NO_MONEY, Claim, File, Kind, Offer, Settlement, id_of
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.reasons import Reason
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules.claims import OrderPart
from chalicelib.orders.rules.order import MOST_CLAIMS, Claimed, Order, Side
from chalicelib.shared import bounds
from chalicelib.shared.bounds import NoRoom
from chalicelib.shared.errors import Conflict, NotFound, RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.money import Money
from chalicelib.shared.periods import wire
from chalicelib.shared.state_machine import Change
from chalicelib.shared.texts import say, term


class TooManyClaims(NoRoom):
    code = "too_many_claims"
    title = "An order holds no more claims."
    fix = "Ask for more in a claim that is open (edit), for all lines together; or write to the platform."


class AlreadyClaimed(Conflict):
    code = "already_claimed"
    title = "There is a claim for that reason and those lines already."
    fix = "Go on with that claim, or claim another reason or other lines."


class NothingLeftToClaim(Conflict):
    code = "nothing_left_to_claim"
    title = "Nothing of the order's cover is left for another claim."
    fix = "Wait until a claim before it frees some of the cover, or settle with the supplier directly."


class UnknownLine(RuleViolation):
    code = "unknown_line"
    title = "The order has no such line."
    fix = "Name lines of the order, or none for all of them."


class AmountDoesNotFit(RuleViolation):
    code = "amount_does_not_fit"
    title = "That amount does not fit the claim."
    fix = "Send an amount above zero, in the order's currency, and at most `maximum`; none for an offer without money."


class OfferGone(Conflict):
    code = "offer_not_open"
    title = "That offer cannot be answered any more."
    fix = "Read the claim: offers that are open are listed with the instant they expire at."


class OtherText(Conflict):
    code = "settlement_differs"
    title = "The other side has signed another settlement."
    fix = "Send exactly what the other side has signed, or wait for it to sign yours."


def file(
    order: Order,
    *,
    reason: Reason,
    lines: tuple[int, ...],
    requested_minor: int,
    statement: str,
    policy: str,
    now: datetime,
    carried: tuple[File, ...] = (),
) -> ClaimChange:
    """A new claim, with what was `carried` over from those about the same that ended undecided. As much as there is of the ceiling is reserved for it; the order's clock stands still while it is open.

    That the reason fits and that it is in time has been seen to: see `eligibility.why_not`.
    """
    lines = _must_be_lines(order, lines)
    _must_be_new(order, reason, lines)
    bounds.must_have_room(order.claims, MOST_CLAIMS, TooManyClaims)
    if order.ceiling_left_minor == 0:
        raise NothingLeftToClaim(say("Of {id} everything covered is reserved for claims or paid to them.", id=order.id))
    asked_minor, claim_id = min(requested_minor, order.terms.total_minor), id_of(order.id, len(order.claims) + 1)
    claimed = Claimed(claim_id=claim_id, reason=reason, lines=lines, requested_minor=asked_minor)
    held = orders_claims.attach_claim(order, claimed, now)
    reserved = held.open_claims[-1].reserved_minor
    claim = Claim(
        id=claim_id,
        order_id=order.id,
        buyer_id=order.buyer_id,
        supplier_id=order.supplier_id,
        currency=order.terms.currency,
        reason=reason,
        lines=lines,
        requested_minor=asked_minor,
        statement=statement,
        policy=policy,
        status="negotiating",
        version=1,
        filed_at=now,
        updated_at=now,
        partially_reserved_from_minor=requested_minor if reserved < requested_minor else 0,
        files=carried,
    )
    payload: dict[str, Any] = {
        "to": claim.status,
        "reason": reason,
        "lines": lines,
        "requested_minor": asked_minor,
        "reserved_minor": reserved,
    }
    if held.channel:
        payload["channel_id"] = held.channel.channel_id
    if carried:
        payload["carried"] = [file.id for file in carried if file.visibility == "both"]
    return Change(state=claim, event=Event("claim.filed", payload, policy=policy), at=now, also=(held,))


def edit(
    was: Claim, context: Context, side: Side, now: datetime, requested_minor: int | None, statement: str | None
) -> ClaimChange:
    """Ask for another amount or say it otherwise, while no offer is open. The timers go on as they were."""
    order = context.order
    asked_minor = was.requested_minor if requested_minor is None else min(requested_minor, order.terms.total_minor)
    is_other = asked_minor != was.requested_minor
    return change(
        was,
        "edit",
        now,
        event="edited",
        requested_minor=asked_minor,
        statement=was.statement if statement is None else statement,
        payload={"requested_minor": asked_minor},
        part=OrderPart(order=orders_claims.change_requested_amount(order, was.id, asked_minor, now))
        if is_other
        else None,
    )


def silent(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """The supplier has not answered in time; it still may."""
    return change(was, "supplier_silent", at, supplier_silent=True)


def offer(
    was: Claim, context: Context, side: Side, now: datetime, offer_id: str, kind: Kind, amount_minor: int, note: str
) -> ClaimChange:
    """Propose an end. It takes the place of this side's open offer and stands beside the other side's.

    The supplier's offer of `none` is an outright refusal: either side may then call an officer at once.
    """
    _must_fit(was, side, kind, amount_minor)
    offer = Offer(
        id=offer_id,
        by=side,
        kind=kind,
        amount_minor=amount_minor,
        at=now,
        expires_at=now + timedelta(hours=context.policy.offer_expiry_hours),
        note=note,
    )
    before = tuple(
        replace(old, status="superseded") if old.by == side and old.is_live(now) else old for old in was.offers
    )
    return change(
        was,
        "offer",
        now,
        event="offered",
        offers=(*before, offer),
        rejected_outright=was.rejected_outright or kind == "none",
        supplier_answered=was.supplier_answered or side == "supplier",
        payload={"offer": offer_id, "by": side, "kind": kind, "amount_minor": amount_minor},
    )


def accepted(claim: Claim, side: Side, offer_id: str, now: datetime) -> tuple[tuple[Offer, ...], Settlement]:
    """The offers with that of the other side accepted, and the settlement it makes."""
    offer = _open_offer(claim, side, offer_id, now)
    if offer.kind == "none":
        raise OfferGone("An outright refusal cannot be accepted: withdraw, or escalate.", fix="Withdraw or escalate.")
    agreed = settlement(offer.kind, offer.amount_minor, offer.note, (claim.buyer_id, claim.supplier_id), now)
    return _with(claim, replace(offer, status="accepted")), agreed


def decline(was: Claim, context: Context, side: Side, now: datetime, offer_id: str) -> ClaimChange:
    return change(
        was,
        "decline-offer",
        now,
        event="offer_declined",
        offers=_with(was, replace(_open_offer(was, side, offer_id, now), status="declined")),
        supplier_answered=was.supplier_answered or side == "supplier",
        payload={"offer": offer_id, "by": side},
    )


def signed(claim: Claim, side: Side, kind: Kind, amount_minor: int, note: str, now: datetime) -> Settlement:
    """A settlement that this side signs: agreed as soon as both have signed the very same. OtherText where the other side has signed another."""
    _must_fit(claim, side, kind, amount_minor, may_refuse=False)
    me = claim.buyer_id if side == "buyer" else claim.supplier_id
    agreed = settlement(kind, amount_minor, note, (me,), now)
    before = claim.settlement
    if before is None or me in before.signed_by:
        return agreed
    if (before.kind, before.amount_minor) != (kind, amount_minor):
        raise OtherText(
            say(
                "The other side has signed {kind} over {amount}.",
                kind=term("remedy", before.kind),
                amount=Money.of(before.amount_minor, claim.currency).grouped,
            ),
            kind=before.kind,
            amount=Money.of(before.amount_minor, claim.currency),
            note=before.note,
        )
    return replace(before, signed_by=(*before.signed_by, me))


def escalate(was: Claim, context: Context, side: Side, now: datetime) -> ClaimChange:
    """Call an officer: by either side from day 4, or after an outright refusal."""
    why = "not carried out" if was.status == "agreed" else "no settlement"
    return escalated(was, "escalate", now, by=side, why=why)


def auto_escalate(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """The parties have found no settlement in time."""
    return escalated(was, "auto_escalate", at, by="clock", why="no settlement")


def escalated(was: Claim, name: str, at: datetime, *, by: str, why: str) -> ClaimChange:
    """With an officer from now on. What was agreed and not carried out is void."""
    return change(
        was,
        name,
        at,
        event="escalated",
        status="escalated",
        escalated_at=at,
        settlement=None,
        agreed_at=None,
        payload={"by": by, "why": why},
    )


def withdraw(was: Claim, context: Context, side: Side, now: datetime) -> ClaimChange:
    """Final: the same facts cannot be claimed again."""
    why = "CW-1: withdrawn by the buyer; the same reason and lines cannot be claimed again, others can."
    return end(was, context, "withdraw", "withdrawn", now, why=why, payload={"by": side})


def agree_to_shipment(
    was: Claim, context: Context, side: Side, now: datetime, after: Literal["ends", "goes_on"]
) -> ClaimChange:
    """The buyer lets goods leave that it claims on before shipment; the claim ends with that, or goes on, as it says.

    One that ended so can be filed again, should nothing leave after all.
    """
    name, payload = "agree-to-shipment", {"by": side, "claim": after}
    if after == "goes_on":
        leaving = OrderPart(order=orders_claims.allow_shipment(context.order, was.id, now))
        return change(was, name, now, event="shipment_agreed", may_ship=True, payload=payload, part=leaving)
    why = (
        "CS-1: the buyer agreed to the shipment and ended this claim with that. What arrives can be claimed on for its own"
        " reasons, and the same can be claimed again while nothing has left."
    )
    return end(was, context, name, "withdrawn", now, why=why, again=True, payload=payload)


def overlap(claim: Claim, now: datetime) -> int | None:
    """Where both sides have money offers open and the supplier gives at least what the buyer asks: the middle, for both to sign."""
    asks, gives = claim.live_offer("buyer", now), claim.live_offer("supplier", now)
    if not asks or not gives or {asks.kind, gives.kind} & (NO_MONEY | {"return_and_refund"}):
        return None
    return (asks.amount_minor + gives.amount_minor) // 2 if gives.amount_minor >= asks.amount_minor else None


def settlement(kind: Kind, amount_minor: int, note: str, signed_by: tuple[str, ...], now: datetime) -> Settlement:
    text = msgspec.json.encode((kind, amount_minor, note))
    return Settlement(
        kind=kind,
        amount_minor=amount_minor,
        note=note,
        hash=hashlib.sha256(text).hexdigest()[:32],
        signed_by=signed_by,
        at=now,
    )


def _must_be_lines(order: Order, lines: tuple[int, ...]) -> tuple[int, ...]:
    known = tuple(item.line for item in order.terms.items)
    if unknown := [line for line in lines if line not in known]:
        raise UnknownLine(say("There is no line {unknown}.", unknown=unknown[0]), param="lines", known=known)
    return tuple(sorted(set(lines))) or known


def undecided(order: Order, reason: Reason, lines: tuple[int, ...]) -> list[str]:
    """Claims about the same that ended without a decision, the first filed first: what was handed in for them counts again."""
    about = lines or tuple(item.line for item in order.terms.items)
    return [claimed.claim_id for claimed in order.claims if claimed.again and _is_about(claimed, reason, about)]


def _is_about(claimed: Claimed, reason: Reason, lines: tuple[int, ...]) -> bool:
    return claimed.reason == reason and bool(set(claimed.lines) & set(lines))


def _must_be_new(order: Order, reason: Reason, lines: tuple[int, ...]) -> None:
    """No claim for the same reason on any of the same lines that is open, or that was decided, paid or withdrawn for good."""
    for claimed in order.claims:
        same = _is_about(claimed, reason, lines)
        if same and not claimed.again:
            raise AlreadyClaimed(
                say(
                    "{claim_id} is about {reason} of line {line} and is {outcome}.",
                    claim_id=claimed.claim_id,
                    reason=reason,
                    line=min(set(claimed.lines) & set(lines)),
                    outcome=term("status", claimed.outcome or "open"),
                ),
                claim_id=claimed.claim_id,
                rule="CF-2: withdrawn by the buyer, final for the same facts"
                if claimed.outcome == "withdrawn"
                else "CF-1: one claim for each reason and line",
            )


def _must_fit(claim: Claim, side: Side, kind: Kind, amount_minor: int, *, may_refuse: bool = True) -> None:
    """Money offers lie between one unit and what is claimed; a full one is exactly that; the others have no amount."""
    whole = Money.of(claim.requested_minor, claim.currency)
    if kind in NO_MONEY:
        if amount_minor or (kind == "none" and (side == "buyer" or not may_refuse)):
            raise AmountDoesNotFit(
                say(
                    "The {side} cannot offer {kind} over that amount.",
                    side=term("actor", side),
                    kind=term("remedy", kind),
                ),
                param="amount",
                maximum=whole,
            )
        return
    if not 0 < amount_minor <= claim.requested_minor or (kind == "full" and amount_minor != claim.requested_minor):
        raise AmountDoesNotFit(
            say(
                "Claimed are {amount} {currency}; {kind} cannot be over that amount.",
                amount=whole.grouped,
                currency=whole.currency,
                kind=term("remedy", kind),
            ),
            param="amount",
            maximum=whole,
        )


def _open_offer(claim: Claim, side: Side, offer_id: str, now: datetime) -> Offer:
    offer = next((each for each in claim.offers if each.id == offer_id and each.by != side), None)
    if offer is None:
        raise NotFound(say("There is no offer {offer_id!r:.60} of the other side.", offer_id=offer_id))
    if not offer.is_live(now):
        status = offer.status if offer.status != "open" else "expired"
        raise OfferGone(
            say("The offer is {status}.", status=term("status", status)),
            offer_status=status,
            expires_at=wire(offer.expires_at),
        )
    return offer


def _with(claim: Claim, changed: Offer) -> tuple[Offer, ...]:
    return tuple(changed if offer.id == changed.id else offer for offer in claim.offers)
