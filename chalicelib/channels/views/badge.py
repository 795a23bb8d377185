"""The national badge as a statement and as a picture."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from chalicelib.channels.rules.badge import BadgeStatus
from chalicelib.channels.rules.channel import Channel, Language
from chalicelib.channels.rules.membership import Membership
from chalicelib.channels.rules.policy import Policy
from chalicelib.shared.periods import wire
from chalicelib.suppliers.views.badge import COLOURS, shield

DEFAULT: Final[Language] = "en"


class BadgeQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    channel_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """Which channel's badge; where it is left out, a valid one before others, and the newest."""


class NationalBadgeView(msgspec.Struct, frozen=True, kw_only=True):
    """`statement` is a compact JWS (ES256, keys at /v1/badge-keys) that says the same as the plain fields.

    Only VALID, signed and before `expires`, vouches for anything. `text` says it in the reader's language.
    """

    id: str
    status: BadgeStatus
    text: str
    language: Language
    name: str | None
    romanised_name: str | None
    channel_id: str | None
    country: str | None
    agency_id: str | None
    issued_at: datetime | None
    member_until: datetime | None
    as_of: datetime
    expires: datetime | None
    kid: str | None
    statement: str | None


def view(
    member_id: str,
    membership: Membership | None,
    claims: dict[str, Any],
    *,
    text: str,
    language: Language,
    kid: str,
    statement: str,
) -> NationalBadgeView:
    return NationalBadgeView(
        id=member_id,
        status=claims["status"],
        text=text,
        language=language,
        name=membership.legal_name if membership else None,
        romanised_name=membership.romanised_name if membership else None,
        channel_id=membership.channel_id if membership else None,
        country=membership.country if membership else None,
        agency_id=membership.agency_id if membership else None,
        issued_at=membership.issued_at if membership else None,
        member_until=membership.expires_at if membership else None,
        as_of=datetime.fromisoformat(claims["as_of"]),
        expires=datetime.fromisoformat(claims["expires"]),
        kid=kid,
        statement=statement,
    )


def unknown(member_id: str, text: str, language: Language, now: datetime) -> NationalBadgeView:
    """What is said where the record or the key cannot be read."""
    nothing = dict.fromkeys(
        (
            "name",
            "romanised_name",
            "channel_id",
            "country",
            "agency_id",
            "issued_at",
            "member_until",
            "expires",
            "kid",
            "statement",
        )
    )
    return NationalBadgeView(id=member_id, status="UNKNOWN", text=text, language=language, as_of=now, **nothing)


def words(status: BadgeStatus, channel: Channel | None, policy: Policy, language: Language) -> str:
    """What a badge says: a valid one what its channel says of its members."""
    if status == "VALID" and channel is not None:
        texts = {each: text.text for each, text in channel.terms.badge.items()}
    else:
        texts = policy.badge_words[status]
    return texts.get(language) or texts[DEFAULT]


def draw(badge: NationalBadgeView, colour: str) -> str:
    """The picture: what it says, whose it is, since when and until when, and how long the picture is good for."""
    country = f"{badge.country} · {badge.agency_id} · {badge.romanised_name}" if badge.country else "–"
    shown = f"{wire(badge.as_of)} → {wire(badge.expires)}" if badge.expires else wire(badge.as_of)
    is_valid = badge.status == "VALID"
    return shield(
        badge.text,
        colour if is_valid else COLOURS["UNKNOWN" if badge.status == "EXPIRED" else badge.status],
        badge.name or badge.id,
        (country, shown),
        is_valid=is_valid,
        language=badge.language,
    )
