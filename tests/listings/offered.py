"""Listings as values, for tests of rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.channels.rules.policy import Policy as ChannelsPolicy
from chalicelib.listings.rules import handling, moderation, pictures
from chalicelib.listings.rules.listing import Context, Listing, Offer, Policy, Step
from chalicelib.listings.rules.moderation import Case
from chalicelib.shared import policies
from chalicelib.shared.documents import Document, Seen
from tests.channels.members import issued

NOW: Final = datetime(2026, 3, 2, 2, tzinfo=UTC)
POLICY: Final = policies.versions("listings")[-1].read_as(Policy)
CONTEXT: Final = Context(policy=POLICY)
TERMS: Final = policies.versions("channels")[-1].read_as(ChannelsPolicy).channels["KR"].terms
LATER: Final = NOW + timedelta(days=2)
PICTURE: Final = Document(
    id="doc_1",
    media_type="image/jpeg",
    sha256="0" * 64,
    size=10,
    announced_at=NOW,
    retained_until=date(2036, 3, 2),
)


def offer(**fields: Any) -> Offer:
    return replace(
        Offer(
            number=1,
            titles={"zh-Hans": "亚麻衬衫"},
            texts={"zh-Hans": "手工刺绣。"},
            category="clothing",
            origin="KR",
            currency="KRW",
            steps=(Step(1, 10_000), Step(10, 9_000)),
            minimum_quantity=1,
            unit="piece",
            lead_days=5,
            pictures=("doc_1",),
        ),
        **fields,
    )


def drafted(**fields: Any) -> Listing:
    """With its picture there."""
    first = handling.drafted("lst_1", issued(NOW), offer(**fields), policy=POLICY, policy_hash="hash", now=NOW).state
    awaited = pictures.announced(first, PICTURE, NOW).state
    seen = Seen(size_bytes=10, media_type="image/jpeg", sha256="0" * 64, object_version="v1")
    arrival = pictures.arrived(awaited, CONTEXT, "doc_1", seen, NOW)
    assert arrival is not None
    return arrival.state


def published(**fields: Any) -> Listing:
    submitted = handling.submit(drafted(**fields), LATER, NOW).state
    return handling.publish(submitted, CONTEXT, NOW).state


def case(listing: Listing, wanted: Offer | None = None) -> Case:
    return Case(listing=listing, offer=wanted or listing.offer, terms=TERMS, policy=POLICY, rate="0.0051")


def broken(wanted: Offer, listing: Listing | None = None) -> list[str]:
    """The ids of the rules that an offer breaks."""
    return [broken.rule for broken in moderation.broken_by(case(listing or drafted(), wanted))]
