"""A listing from its draft to its end, and an order of a channel: placed, shipped, carried, and its goods taken back."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from benchmarks.floors import cards
from benchmarks.floors.stage import Stage
from chalicelib.channels.aggregate.channels import CHANNELS
from chalicelib.channels.aggregate.memberships import MEMBERSHIPS, context_of
from chalicelib.channels.examples import PLAN, REINSTATE
from chalicelib.channels.examples import SUSPEND as SUSPEND_MEMBERSHIP
from chalicelib.channels.rules.membership import membership_id
from chalicelib.channels.rules.membership_machine import MembershipChange, issued
from chalicelib.channels.rules.policy import Policy
from chalicelib.listings.examples import OFFER, PICTURE, REJECT, SUSPEND
from chalicelib.listings.service.uploads import FILES
from chalicelib.orders.examples import CARRIED, SHIPMENT
from chalicelib.shared import files, policies
from chalicelib.shared.files import Arrived
from chalicelib.shared.journal import Event
from chalicelib.shared.request import RequestContext

CONTENT: Final = b"photographed"
OFFICER: Final = "officer-1"
PARCEL: Final = SHIPMENT | {"tracking_number": CARRIED["tracking_number"], "customs_number": "KR-77120"}


def play(stage: Stage) -> None:
    stage.time.begin()
    supplier, buyer = stage.supplier("listing-supplier"), stage.register("listing-buyer")
    channel = open_channel(stage)
    listing = put_on_sale(stage, channel, supplier)
    _orders(stage, channel, listing, supplier, buyer)
    cards.play(stage, channel, listing, supplier, buyer)
    stage.time.advance(days=70)
    stage.call(f"/v1/listings/{listing}/renew", supplier, command="renew a listing")
    _with_membership(stage, channel, supplier)
    stage.call(f"/v1/listings/{listing}/withdraw", supplier, command="withdraw a listing")
    stage.leave()


def _with_membership(stage: Stage, channel: str, supplier: str) -> None:
    """Its supplier's membership is suspended, and with it the listing; both come back."""
    path = f"/v1/channel-memberships/{membership_id(channel, supplier)}"
    for action, why in (("suspend", SUSPEND_MEMBERSHIP), ("reinstate", REINSTATE)):
        stage.call(f"{path}/{action}", "kotra", why)
        stage.hand("listings.follow")


def open_channel(stage: Stage) -> str:
    channel: str = stage.call("/v1/channels", OFFICER, PLAN, expect=201)["id"]
    stage.time.advance(minutes=1)
    stage.call(f"/v1/channels/{channel}/open", OFFICER)
    return channel


def put_on_sale(stage: Stage, channel: str, supplier: str) -> str:
    """A listing of a supplier that becomes a member of the channel."""
    _join(stage, channel, supplier)
    return _listing(stage, channel, supplier)


def delivered(stage: Stage, order: str, *parties: str) -> None:
    """By its carrier's word."""
    body = CARRIED | {"step": "delivered"}
    stage.call(f"/v1/orders/{order}/carrier-events", OFFICER, body, command="a carrier delivers")


def _join(stage: Stage, channel: str, supplier: str) -> None:
    """A membership, as a nomination leads to it."""
    policy = policies.pinned("channels", CHANNELS.repository.load(channel).policy)  # type: ignore[union-attr]
    context = context_of(policy.read_as(Policy))
    names = ("한빛의류 주식회사", "Hanbit Apparel Co., Ltd.")
    membership = issued(
        None, channel, supplier, "kotra", "nom_1", "KR", "Asia/Seoul", *names, context, policy.hash, stage.time.at
    )
    change = MembershipChange(state=membership, event=Event("channel_membership.issued", {}), at=stage.time.at)
    MEMBERSHIPS.create(change, context, RequestContext.of_clock(membership.id, 1, stage.time.at))


def _listing(stage: Stage, channel: str, supplier: str) -> str:
    """On sale, after a rejection; at another price at once, in other words later; off sale and on again."""
    body: dict[str, Any] = {"channel_id": channel, "offer": OFFER, "on_hand": 100}
    listing = stage.call("/v1/listings", supplier, body, command="draft a listing", expect=201)["id"]
    path = f"/v1/listings/{listing}"
    stage.time.advance(minutes=1)
    never = stage.call(f"{path}/pictures", supplier, _picture(b"never"), expect=201)["document_id"]
    offer = OFFER | {"pictures": [_photograph(stage, path, supplier)]}
    stage.call(f"{path}/pictures/{never}/remove", supplier, command="remove a picture of a listing")
    stage.call(f"{path}/edit", supplier, {"offer": offer}, command="edit a draft of a listing")
    stage.call(f"{path}/submit", supplier, command="submit a listing")
    stage.call(f"{path}/reject", OFFICER, REJECT, command="reject a listing")
    stage.call(f"{path}/submit", supplier)
    stage.call(f"{path}/publish", OFFICER, command="publish a listing")
    price = [{"quantity": 1, "price": {"amount": "13900", "currency": "KRW"}}, OFFER["steps"][1]]
    stage.call(f"{path}/edit", supplier, {"offer": offer | {"steps": price}}, command="move a listing's prices")
    stage.call(f"{path}/edit", supplier, {"offer": offer | {"lead_days": 6}}, command="reword a listing on sale")
    stage.call(f"{path}/publish", OFFICER)
    stage.call(f"{path}/suspend", OFFICER, SUSPEND, command="suspend a listing")
    stage.call(f"{path}/publish", OFFICER)
    stage.call(f"{path}/count-stock", supplier, {"on_hand": 120, "count": 1}, command="count a listing's stock")
    return str(listing)


def _photograph(stage: Stage, path: str, supplier: str) -> str:
    announced = stage.call(
        f"{path}/pictures", supplier, _picture(CONTENT), command="announce a picture of a listing", expect=201
    )
    key = announced["upload"]["fields"]["key"]
    files.put(key, CONTENT, PICTURE["media_type"])
    arrived = Arrived(key, len(CONTENT), hashlib.md5(CONTENT, usedforsecurity=False).hexdigest())
    stage.measured("a picture of a listing arrives", lambda: FILES.file_arrived(arrived))
    return str(announced["document_id"])


def _picture(content: bytes) -> dict[str, Any]:
    return PICTURE | {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _orders(stage: Stage, channel: str, listing: str, supplier: str, buyer: str) -> None:
    """One is shipped, delivered by its carrier and comes back in part."""
    order, pays = cards.placed(stage, channel, listing, buyer)
    cards.paid(stage, order, buyer, pays)
    stage.call(f"/v1/orders/{order}/ship", supplier, PARCEL, command="ship goods of a channel")
    stage.call(f"/v1/orders/{order}/carrier-events", OFFICER, CARRIED, command="a carrier's step")
    delivered(stage, order)
    back = {"line": 1, "quantity": 2}
    stage.call(f"/v1/orders/{order}/take-back", supplier, back, command="take shipped goods back")
