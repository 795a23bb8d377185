"""A supplier of the Korea channel, what it lists there, and a buyer who takes of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from chalicelib.channels.aggregate.memberships import MEMBERSHIPS
from chalicelib.channels.rules import membership_machine
from chalicelib.channels.rules.membership import membership_id
from chalicelib.channels.rules.membership_machine import MembershipChange
from chalicelib.listings import records
from chalicelib.listings.aggregate import LISTINGS
from chalicelib.listings.examples import OFFER
from chalicelib.listings.rules.listing import Context
from chalicelib.listings.rules.stock import Stock
from chalicelib.listings.rules.transitions import ListingChange
from chalicelib.listings.service import uploads
from chalicelib.shared import clock, ids, policies
from chalicelib.shared import files as bucket
from chalicelib.shared.commit import Joined
from chalicelib.shared.files import Arrived
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, RequestContext
from tests.channels.members import CONTEXT, issued
from tests.listings.offered import PICTURE, POLICY, published
from tests.quotes.quoting import open_channel
from tests.trade import Trade
from tests.world import Api, Reply, token

PHOTO: Final = b"not really a photo"
JPEG: Final = "image/jpeg"


def join(channel_id: str, member_id: str) -> str:
    """A membership, as an agency's nomination leads to it."""
    now, name = clock.now(), membership_id(channel_id, member_id)
    membership = replace(
        issued(now),
        id=name,
        channel_id=channel_id,
        member_id=member_id,
        policy=policies.versions("channels")[-1].hash,
    )
    change = MembershipChange(state=membership, event=Event("channel_membership.issued", {}), at=now)
    MEMBERSHIPS.create(change, CONTEXT, RequestContext(caller=CLOCK, now=now, request_id=name, key=name))
    return name


def suspend(name: str) -> None:
    now = clock.now()
    request = RequestContext(caller=CLOCK, now=now, request_id=name)
    MEMBERSHIPS.apply(
        name,
        request,
        lambda was, context: membership_machine.suspend(was, "officer", "officer-1", "quality", "Look.", now),
    )


def reinstate(name: str) -> None:
    now = clock.now()
    request = RequestContext(caller=CLOCK, now=now, request_id=name)
    MEMBERSHIPS.apply(name, request, lambda was, context: membership_machine.reinstate(was, "Fine.", now))


def steps(*prices: tuple[int, str], currency: str = "KRW") -> list[dict[str, Any]]:
    return [{"quantity": quantity, "price": {"amount": price, "currency": currency}} for quantity, price in prices]


@dataclass
class Booth:
    """A supplier with a membership and with cover, and its buyer."""

    trade: Trade
    channel_id: str
    membership_id: str
    officer: str = field(default_factory=lambda: token("officer", "officer-2", "channels"))

    @property
    def api(self) -> Api:
        return self.trade.api

    @property
    def supplier(self) -> str:
        return self.trade.supplier

    def draft(self, on_hand: int = 100, **offer: Any) -> Reply:
        body = {"channel_id": self.channel_id, "offer": OFFER | offer, "on_hand": on_hand}
        return self.api.post("/v1/listings", body, self.supplier)

    def act(self, listing_id: str, action: str, by: str, body: Any = None) -> Reply:
        return self.api.post(f"/v1/listings/{listing_id}/{action}", body, by)

    def picture(self, listing_id: str) -> str:
        """One that has arrived."""
        sha256 = hashlib.sha256(PHOTO).hexdigest()
        body = {"media_type": JPEG, "size": len(PHOTO), "sha256": sha256}
        announced = self.act(listing_id, "pictures", self.supplier, body)
        assert announced.status == 201, announced.body
        key = announced["upload"]["fields"]["key"]
        bucket.put(key, PHOTO, JPEG)
        uploads.FILES.file_arrived(Arrived(key, len(PHOTO), ""))
        document_id: str = announced["document_id"]
        return document_id

    def ready(self, on_hand: int = 100, **offer: Any) -> tuple[str, dict[str, Any]]:
        """A draft that keeps the rules of the channel, and its offer."""
        drafted = self.draft(on_hand, **offer)
        assert drafted.status == 201, drafted.body
        shown = OFFER | offer | {"pictures": [self.picture(drafted["id"])]}
        edited = self.act(drafted["id"], "edit", self.supplier, {"offer": shown})
        assert edited.status == 200, edited.body
        return drafted["id"], shown

    def sell(self, on_hand: int = 100, **offer: Any) -> str:
        """A listing on sale."""
        listing_id, _ = self.ready(on_hand, **offer)
        submitted = self.act(listing_id, "submit", self.supplier)
        assert submitted.status == 200, submitted.body
        published = self.act(listing_id, "publish", self.officer)
        assert published.status == 200, published.body
        return listing_id

    def quote(self, price: str, by: str = "") -> str:
        body = {"channel_id": self.channel_id, "price": {"amount": price, "currency": "KRW"}, "currency": "CNY"}
        quoted = self.api.post("/v1/quotes", body, by or self.trade.buyer)
        assert quoted.status == 201, quoted.body
        quote_id: str = quoted["id"]
        return quote_id

    def order(self, price: str, *lines: tuple[str, int], by: str = "", quote_id: str = "", **more: Any) -> Reply:
        """Placed by a quote of that price."""
        wanted = [{"listing_id": listing_id, "quantity": quantity} for listing_id, quantity in lines]
        body = {"quote_id": quote_id or self.quote(price, by), "lines": wanted, **more}
        return self.api.post(f"/v1/channels/{self.channel_id}/orders", body, by or self.trade.buyer)

    def stock(self, listing_id: str) -> Stock:
        return records.stock_of(listing_id)

    def catalogue(self, query: str = "") -> list[str]:
        """The ids of what everybody sees."""
        page = self.api.get(f"/v1/channels/{self.channel_id}/listings{query}")
        assert page.status == 200, page.body
        return [item["id"] for item in page["items"]]


@pytest.fixture
def booth(trade: Trade) -> Booth:
    channel_id = open_channel()
    return Booth(trade, channel_id, join(channel_id, trade.supplier_id))


def plant(channel_id: str, member_id: str, document_id: str) -> str:
    """A listing on sale whose picture bears that id."""
    now, name = clock.now(), ids.new_id("lst", clock.now())
    listing = replace(
        published(),
        id=name,
        channel_id=channel_id,
        supplier_id=member_id,
        version=1,
        policy=policies.versions("listings")[-1].hash,
        documents=(replace(PICTURE, id=document_id, status="kept", announced_at=now),),
        published_at=now,
        expires_at=now + timedelta(days=POLICY.listed_days),
    )
    listing = replace(listing, offer=replace(listing.offer, pictures=(document_id,)))
    change = ListingChange(state=listing, event=Event("listing.drafted", {}), at=now)
    request = RequestContext(caller=CLOCK, now=now, request_id=name, key=name)
    opening = replace(
        records.opening(name, 100), row=records.StockRow(name, available=100, reserved=0, counted=1, offer=1)
    )
    LISTINGS.create(change, Context(policy=POLICY), request, joined=Joined(changes=(opening,)))
    return name
