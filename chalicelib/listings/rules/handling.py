"""What suppliers, officers and the clock do to a listing. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.channels.rules.membership import Membership
from chalicelib.listings.rules.effects import CountStock
from chalicelib.listings.rules.listing import Context, Finding, Listing, Offer, Policy
from chalicelib.listings.rules.moderation import moves_at_once
from chalicelib.listings.rules.stock import Stock, refuse_count
from chalicelib.listings.rules.transitions import TABLE, ListingChange
from chalicelib.shared.journal import Event


def drafted(
    listing_id: str, membership: Membership, offer: Offer, *, policy: Policy, policy_hash: str, now: datetime
) -> ListingChange:
    """The first version: seen by its supplier alone."""
    listing = Listing(
        id=listing_id,
        channel_id=membership.channel_id,
        supplier_id=membership.member_id,
        agency_id=membership.agency_id,
        status="draft",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
        offer=offer,
        waits_until=now + timedelta(days=policy.draft_days),
    )
    payload = {"to": "draft", "channel_id": listing.channel_id, "supplier_id": listing.supplier_id}
    return ListingChange(state=listing, event=Event("listing.drafted", payload, policy=policy_hash), at=now)


def edit(was: Listing, context: Context, offer: Offer, moderate_by: datetime, now: datetime) -> ListingChange:
    """Another wording. Of a published listing a small move of prices holds at once; anything else waits for a person, and the old one stays."""
    if was.status in ("draft", "submitted"):
        return TABLE.change(
            was, "edit", now, event="edited", status="draft", offer=offer, **_not_awaited(), **_waiting(context, now)
        )
    at_once = (
        was.status == "published"
        and was.pending is None
        and moves_at_once(was.offer, offer, was.approved, context.policy.price_change_bp)
    )
    if at_once:
        return TABLE.change(was, "edit", now, event="prices_moved", offer=offer, payload=_facts_of(offer))
    return TABLE.change(
        was,
        "edit",
        now,
        event="change_submitted",
        pending=offer,
        findings=(),
        moderate_by=moderate_by,
        escalated_at=None,
        payload=_facts_of(offer),
    )


def vouched_for(was: Listing, membership: Membership) -> Listing:
    """A listing of whichever agency vouches for its supplier by now: another one may since it was written."""
    return replace(was, agency_id=membership.agency_id)


def submit(was: Listing, moderate_by: datetime, now: datetime) -> ListingChange:
    """To be looked at by a person: the rules are kept."""
    return _submitted(was, "submit", moderate_by, now)


def publish(was: Listing, context: Context, now: datetime) -> ListingChange:
    """An officer approves what waits, or puts back what an officer took off. The time on sale begins anew with the first approval."""
    offer = was.pending or was.offer
    expires_at = was.expires_at or now + timedelta(days=context.policy.listed_days)
    return TABLE.change(
        was,
        "publish",
        now,
        to="published",
        offer=offer,
        pending=None,
        approved=offer.steps,
        findings=(),
        published_at=was.published_at or now,
        expires_at=expires_at,
        payload=_facts_of(offer) | {"expires_at": expires_at},
        **_not_awaited(),
        **_on_sale_again(),
    )


def reject(was: Listing, context: Context, findings: tuple[Finding, ...], now: datetime) -> ListingChange:
    """An officer refuses what waits, and says by which rules. What is on sale stays so."""
    rejected = was.pending or was.offer
    is_first = was.status == "submitted"
    return TABLE.change(
        was,
        "reject",
        now,
        event="rejected",
        status="draft" if is_first else was.status,
        pending=None,
        findings=findings,
        payload=_facts_of(rejected) | {"rules": [finding.rule for finding in findings]},
        **_not_awaited(),
        **(_waiting(context, now) if is_first else {}),
    )


def suspend(was: Listing, reason: str, now: datetime) -> ListingChange:
    """An officer takes it off sale."""
    payload = {"why": "officer", "reason": reason}
    return TABLE.change(was, "suspend", now, to="suspended", why="officer", reason=reason, payload=payload)


def suspend_with_membership(was: Listing, now: datetime) -> ListingChange | None:
    """Its supplier's membership is not valid any more. None where it is not on sale."""
    if was.status != "published":
        return None
    payload = {"why": "membership"}
    return TABLE.change(was, "suspend", now, to="suspended", why="membership", payload=payload)


def reinstate_with_membership(was: Listing, now: datetime) -> ListingChange | None:
    """The membership is valid again. None where that was not what took it off sale."""
    if was.status != "suspended" or was.why != "membership":
        return None
    return TABLE.change(was, "reinstate", now, event="reinstated", status="published", **_on_sale_again())


def renew(was: Listing, context: Context, moderate_by: datetime, now: datetime) -> ListingChange:
    """On sale for another while, from the end of the one before on, or from now where that has passed.

    What an officer had taken off sale before its time was over waits for a person, as it did when it was first submitted.
    """
    if was.status == "expired" and was.reason:
        return _submitted(was, "renew", moderate_by, now, expires_at=None, why=None)
    start = max(was.expires_at or now, now)
    expires_at = start + timedelta(days=context.policy.listed_days)
    return TABLE.change(
        was,
        "renew",
        now,
        event="renewed",
        status="published",
        expires_at=expires_at,
        waits_until=None,
        payload={"expires_at": expires_at},
        **_on_sale_again(),
    )


def withdraw(was: Listing, now: datetime) -> ListingChange:
    return _given_up(was, "withdraw", "by_supplier", now)


def count_stock(was: Listing, stock: Stock, on_hand: int, count: int, now: datetime) -> ListingChange:
    """The supplier states what is on hand, as of the count it read. StockCounted where that is another one by now."""
    if count != stock.count:
        raise refuse_count(stock, count)
    payload = {"on_hand": on_hand, "was": stock.on_hand}
    effect = CountStock(listing_id=was.id, more=on_hand - stock.on_hand, count=count)
    return TABLE.change(was, "count-stock", now, event="stock_counted", payload=payload, effects=(effect,))


def escalate(was: Listing, context: Context, at: datetime) -> ListingChange:
    """No person has looked in time: that is said, and it waits on."""
    return TABLE.change(was, "escalate", at, event="escalated", escalated_at=at)


def expire(was: Listing, context: Context, at: datetime) -> ListingChange:
    """Its time on sale is over; what waited for a person is dropped."""
    return TABLE.change(
        was, "expire", at, to="expired", why="time_over", pending=None, **_not_awaited(), **_waiting(context, at)
    )


def lapse(was: Listing, context: Context, at: datetime) -> ListingChange:
    """Nothing came of it."""
    return _given_up(was, "lapse", "not_submitted" if was.status == "draft" else "not_renewed", at)


def _submitted(was: Listing, name: str, moderate_by: datetime, now: datetime, **fields: Any) -> ListingChange:
    return TABLE.change(
        was,
        name,
        now,
        to="submitted",
        findings=(),
        moderate_by=moderate_by,
        waits_until=None,
        payload=_facts_of(was.offer),
        **fields,
    )


def _given_up(was: Listing, name: str, why: str, at: datetime) -> ListingChange:
    return TABLE.change(
        was,
        name,
        at,
        to="withdrawn",
        why=why,
        pending=None,
        expires_at=None,
        waits_until=None,
        payload={"why": why},
        **_not_awaited(),
    )


def _facts_of(offer: Offer) -> dict[str, Any]:
    return {"offer": offer.number, "category": offer.category, "currency": offer.currency, "steps": offer.steps}


def _not_awaited() -> dict[str, Any]:
    return {"moderate_by": None, "escalated_at": None}


def _on_sale_again() -> dict[str, Any]:
    return {"why": None, "reason": ""}


def _waiting(context: Context, at: datetime) -> dict[str, Any]:
    return {"waits_until": at + timedelta(days=context.policy.draft_days)}
