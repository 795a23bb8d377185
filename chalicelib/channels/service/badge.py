"""The national badge: a supplier's membership of a channel in one signed sentence."""

from __future__ import annotations

from typing import Final, NamedTuple, get_args

from chalicelib.channels.aggregate.memberships import MEMBERSHIPS
from chalicelib.channels.records import memberships as records
from chalicelib.channels.rules import badge as rules
from chalicelib.channels.rules.channel import Channel, Language
from chalicelib.channels.rules.membership import Membership
from chalicelib.channels.service import reading
from chalicelib.channels.service.channels import policy_in_force
from chalicelib.channels.views.badge import DEFAULT, BadgeQuery, NationalBadgeView, unknown, view, words
from chalicelib.members import service as members
from chalicelib.shared import clock, languages, observe
from chalicelib.shared.errors import NotFound
from chalicelib.shared.request import RequestContext
from chalicelib.shared.store_errors import STORE_ERRORS
from chalicelib.shared.texts import say
from chalicelib.suppliers.service import signing
from chalicelib.suppliers.service.signing import KeyUnreadable

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


class Shown(NamedTuple):
    """A badge, and the colour of its channel."""

    badge: NationalBadgeView
    colour: str


def badge(member_id: str, query: BadgeQuery, request: RequestContext) -> Shown:
    """The signed statement; UNKNOWN, and unsigned, where the record or the key cannot be read. NotFound for no such member."""
    language: Language = languages.preferred(request.languages, LANGUAGES, DEFAULT)  # type: ignore[assignment]
    policy = policy_in_force(request)[1]
    try:
        membership = _membership(member_id, query.channel_id, request)
        channel = reading.load(membership.channel_id, request.now) if membership else None
        return _signed(member_id, membership, channel, language, request)
    except (*STORE_ERRORS, KeyUnreadable) as failure:
        observe.logger.error(
            "national badge unknown", extra={"reason": repr(failure), "request_id": request.request_id}
        )
        observe.count("BadgeUnknown")
        return Shown(unknown(member_id, words("UNKNOWN", None, policy, language), language, request.now), "")


def _membership(member_id: str, channel_id: str | None, request: RequestContext) -> Membership | None:
    """Read consistently: a revocation is told at once. Which ones there are, where no channel is named, the index says."""
    if channel_id:
        membership = reading.membership_of(member_id, channel_id, request.now)
    else:
        known = MEMBERSHIPS.load_many(records.ids(member_id, "", "", None), request.now).values()
        present = (MEMBERSHIPS.preview_at(each, request.now).state for each in known)
        membership = max(present, key=lambda each: (each.is_valid(request.now), each.updated_at), default=None)
    if membership is None and member_id not in members.known([member_id]):
        raise NotFound(say("There is no storefront {member_id!r:.60}.", member_id=member_id))
    return membership


def _signed(
    member_id: str, membership: Membership | None, channel: Channel | None, language: Language, request: RequestContext
) -> Shown:
    policy, key = policy_in_force(request)[1], signing.key()
    claims = rules.claims(
        signing.issuer(),
        member_id,
        membership,
        as_of=request.now,
        signed_at=clock.real(),
        minutes=policy.badge_minutes,
    )
    statement = signing.sign_claims(claims, rules.TYPE, key)
    text = words(claims["status"], channel, policy, language)
    shown = view(member_id, membership, claims, text=text, language=language, kid=key.kid, statement=statement)
    return Shown(shown, channel.terms.colour if channel else "")
