"""The endpoints of channels."""

from __future__ import annotations

from chalicelib.banks.rules.partners import CurrencyNotPayable
from chalicelib.channels import examples
from chalicelib.channels.rules.channel import BandUnfit, TermsContradict
from chalicelib.channels.rules.channel_machine import ChannelNotInThisStatus
from chalicelib.channels.rules.policy import NotAnAgency, NoTermsForCountry
from chalicelib.channels.service import channels, reading
from chalicelib.channels.views.channel import AmendRequest, ChannelsQuery, ChannelView, PlanRequest, ReasonRequest
from chalicelib.members.rules import UnknownCountry
from chalicelib.shared.access import CHANNELS
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import AGENCY, ANY_DUTY, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Country channels", response=ChannelView)
BY = OFFICER.with_duty(CHANNELS)
READERS = AGENCY | OFFICER.with_duty(*ANY_DUTY, CHANNELS)
_TERMS = [BandUnfit, CurrencyNotPayable, NotAnAgency, TermsContradict, UnknownCountry, UnknownCurrency]


@routes.command(
    "/v1/channels",
    status=201,
    by=BY,
    errors=[*_TERMS, NoTermsForCountry],
    examples={"as shipped": examples.PLAN, "on other terms": examples.PLAN | {"terms": examples.TERMS}},
)
def plan(body: PlanRequest, request: RequestContext) -> StoredResponse:
    """Prepare a country channel: on the terms that are shipped for its country, or on others."""
    return channels.plan(body, request)


@routes.read("/v1/channels", public=True, errors=[BadCursor])
def channel_list(query: ChannelsQuery, request: RequestContext) -> Page[ChannelView]:
    """All channels, or those of a status."""
    return reading.channels(query, request)


@routes.read("/v1/channels/{channel_id}", public=True)
def channel(channel_id: str, request: RequestContext) -> ChannelView:
    """A channel: who may sell what in it to whom, and on which terms."""
    return reading.channel(channel_id, request)


@routes.read("/v1/channels/{channel_id}/timeline", by=READERS)
def channel_timeline(channel_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a channel, oldest first."""
    return reading.channel_timeline(channel_id, query, request)


@routes.command("/v1/channels/{channel_id}/open", by=BY, errors=[ChannelNotInThisStatus, Stale])
def open_(channel_id: str, request: RequestContext) -> StoredResponse:
    """Let orders be placed, for the first time or again."""
    return channels.open_(channel_id, request)


@routes.command(
    "/v1/channels/{channel_id}/pause",
    by=BY,
    errors=[ChannelNotInThisStatus, Stale],
    examples={"for a night": examples.PAUSE},
)
def pause(channel_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    """No new orders until it is opened again; what is open goes on."""
    return channels.pause(channel_id, body, request)


@routes.command(
    "/v1/channels/{channel_id}/close",
    by=BY,
    errors=[ChannelNotInThisStatus, Stale],
    examples={"for good": examples.CLOSE},
)
def close(channel_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    """No new orders and no new suppliers ever; what is open is finished."""
    return channels.close(channel_id, body, request)


@routes.command(
    "/v1/channels/{channel_id}/amend",
    by=BY,
    errors=[*_TERMS, ChannelNotInThisStatus, Stale],
    examples={"a smaller spread": examples.AMEND},
)
def amend(channel_id: str, body: AmendRequest, request: RequestContext) -> StoredResponse:
    """Other terms from now on. Quotes and orders keep those they were made on."""
    return channels.amend(channel_id, body, request)
