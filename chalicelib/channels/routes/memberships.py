"""The endpoints of memberships, and the national badge."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.channels import examples
from chalicelib.channels.rules.membership_machine import DecidedOneself, MembershipNotInThisStatus, TooSoonToRenew
from chalicelib.channels.service import badge as channels_badge
from chalicelib.channels.service import memberships, reading
from chalicelib.channels.views import membership as views
from chalicelib.channels.views.badge import BadgeQuery, NationalBadgeView, draw
from chalicelib.shared.access import CHANNELS
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.encoding import encode
from chalicelib.shared.http import AGENCY, ANY_DUTY, MEMBER, OFFICER, SVG, Routes, picture, respond
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Country channels", response=views.MembershipView)
BY = OFFICER.with_duty(CHANNELS)
SIDES = AGENCY | BY
PARTIES = AGENCY | MEMBER | OFFICER.with_duty(*ANY_DUTY, CHANNELS)
ASKED_EACH_TIME: Final = "no-cache"
"""A shared cache asks again each time, so that what is revoked is so at once."""
_MOVING = [MembershipNotInThisStatus, Stale]


@routes.read("/v1/channel-memberships", by=PARTIES, errors=[BadCursor])
def membership_list(query: views.MembershipsQuery, request: RequestContext) -> Page[views.MembershipView]:
    """A supplier's own, those an agency issued, or for officers those of a member, an agency or a channel."""
    return reading.memberships(query, request)


@routes.read("/v1/channel-memberships/{membership_id}", by=PARTIES)
def membership(membership_id: str, request: RequestContext) -> views.MembershipView:
    """One membership: whether it is valid, until when, and what stopped it."""
    return reading.membership(membership_id, request)


@routes.read("/v1/channel-memberships/{membership_id}/timeline", by=PARTIES)
def membership_timeline(membership_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a membership, oldest first."""
    return reading.membership_timeline(membership_id, query, request)


@routes.command("/v1/channel-memberships/{membership_id}/renew", by=AGENCY, errors=[*_MOVING, TooSoonToRenew])
def renew(membership_id: str, request: RequestContext) -> StoredResponse:
    """Vouch for another year, from the end of the present one."""
    return memberships.renew(membership_id, request)


@routes.command(
    "/v1/channel-memberships/{membership_id}/suspend",
    by=SIDES,
    errors=_MOVING,
    examples={"for quality": examples.SUSPEND},
)
def suspend(membership_id: str, body: views.MeasureRequest, request: RequestContext) -> StoredResponse:
    """No new orders until it is reinstated; what is open goes on."""
    return memberships.suspend(membership_id, body, request)


@routes.command(
    "/v1/channel-memberships/{membership_id}/reinstate",
    by=SIDES,
    errors=_MOVING,
    examples={"mended": examples.REINSTATE},
)
def reinstate(membership_id: str, body: views.TextRequest, request: RequestContext) -> StoredResponse:
    """End a suspension. What the platform suspended only the platform reinstates."""
    return memberships.reinstate(membership_id, body, request)


@routes.command(
    "/v1/channel-memberships/{membership_id}/revoke", by=SIDES, errors=_MOVING, examples={"by law": examples.REVOKE}
)
def revoke(membership_id: str, body: views.MeasureRequest, request: RequestContext) -> StoredResponse:
    """End a membership: the badge says so at once. The supplier may appeal for fifteen days; open orders and claims go on."""
    return memberships.revoke(membership_id, body, request)


@routes.command(
    "/v1/channel-memberships/{membership_id}/appeal",
    by=MEMBER,
    errors=_MOVING,
    examples={"another's goods": examples.APPEAL},
)
def appeal(membership_id: str, body: views.TextRequest, request: RequestContext) -> StoredResponse:
    """Say why a revocation is wrong: once, and in time. Somebody else decides."""
    return memberships.appeal(membership_id, body, request)


@routes.command(
    "/v1/channel-memberships/{membership_id}/decide-appeal",
    by=BY,
    errors=[*_MOVING, DecidedOneself],
    examples={"overturned": examples.DECIDE},
)
def decide_appeal(membership_id: str, body: views.DecideAppealRequest, request: RequestContext) -> StoredResponse:
    """Decide an appeal against a revocation, as somebody who did not revoke it."""
    return memberships.decide_appeal(membership_id, body, request)


@routes.read("/v1/storefronts/{member_id}/channel-badge", response=NationalBadgeView, public=True)
def national_badge(member_id: str, query: BadgeQuery, request: RequestContext) -> Response:
    """The signed statement of a supplier's membership of a channel. Unknown is never valid."""
    shown = channels_badge.badge(member_id, query, request).badge
    return respond(
        encode(shown),
        Content_Type="application/json",
        Content_Language=shown.language,
        Vary="Accept-Language",
        Cache_Control=ASKED_EACH_TIME,
        Content_Security_Policy="default-src 'none'",
        X_Content_Type_Options="nosniff",
    )


@routes.read("/v1/storefronts/{member_id}/channel-badge.svg", response=str, public=True, media=SVG)
def national_badge_picture(member_id: str, query: BadgeQuery, request: RequestContext) -> Response:
    """The same as a picture to show on a page, in the reader's language."""
    shown, colour = channels_badge.badge(member_id, query, request)
    return picture(draw(shown, colour), shown.language, cache=ASKED_EACH_TIME)
