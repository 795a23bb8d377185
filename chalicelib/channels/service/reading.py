"""Looking at channels and memberships, for slices above and for callers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from chalicelib.channels.aggregate.channels import CHANNELS
from chalicelib.channels.aggregate.memberships import MEMBERSHIPS
from chalicelib.channels.records import channels as channel_records
from chalicelib.channels.records import memberships as membership_records
from chalicelib.channels.rules.channel import STATUSES, Channel
from chalicelib.channels.rules.membership import Membership, membership_id
from chalicelib.channels.views.channel import ChannelsQuery, ChannelView
from chalicelib.channels.views.membership import MembershipsQuery, MembershipView
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import pages
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry


def load(channel_id: str, now: datetime) -> Channel | None:
    """A channel as it stands now. One read."""
    loaded = CHANNELS.load(channel_id, now)
    return CHANNELS.preview_at(loaded, now).state if loaded else None


def membership_of(member_id: str, channel_id: str, now: datetime) -> Membership | None:
    """A supplier's membership of a channel as it stands now, valid or not. One read."""
    loaded = MEMBERSHIPS.load(membership_id(channel_id, member_id), now)
    return MEMBERSHIPS.preview_at(loaded, now).state if loaded else None


def channel(channel_id: str, request: RequestContext) -> ChannelView:
    return cast(ChannelView, CHANNELS.show(*CHANNELS.read(channel_id, request), request))


def channel_timeline(channel_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    return ledger_timelines.of_aggregate(CHANNELS, channel_id, query, request)


def channels(query: ChannelsQuery, request: RequestContext) -> Page[ChannelView]:
    """All, or those of a status: what is only planned, for officers and its agencies."""
    of = f"channels:{query.status}"
    after = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    statuses = [query.status] if query.status else STATUSES
    places = pages.in_groups(statuses, after, channel_records.ids)
    return CHANNELS.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))


def membership(membership_id: str, request: RequestContext) -> MembershipView:
    return cast(MembershipView, MEMBERSHIPS.show(*MEMBERSHIPS.read(membership_id, request), request))


def membership_timeline(membership_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    return ledger_timelines.of_aggregate(MEMBERSHIPS, membership_id, query, request)


def memberships(query: MembershipsQuery, request: RequestContext) -> Page[MembershipView]:
    """A supplier's own, or those an agency issued; an officer's by whichever it names."""
    caller = request.caller
    member_id, agency_id = caller.member_id or query.member_id or "", caller.agency_id or query.agency_id or ""
    if query.member_id not in (None, member_id) or query.agency_id not in (None, agency_id):
        return Page(items=[])
    of = f"channel-memberships:{member_id}:{agency_id}:{query.channel_id}:{query.status}"
    after = str(pages.decode_cursor(query.cursor, caller, of)) if query.cursor else None
    return MEMBERSHIPS.page(
        _places(member_id, agency_id, query.channel_id or "", after),
        query,
        request,
        of,
        keep=lambda state: (
            query.status in (None, state.status)
            and query.channel_id in (None, state.channel_id)
            and agency_id in ("", state.agency_id)
        ),
    )


def _places(member_id: str, agency_id: str, channel_id: str, after: str | None) -> Iterator[tuple[str, str]]:
    if not (member_id or agency_id or channel_id):
        return iter(())
    return ((name, name) for name in membership_records.ids(member_id, agency_id, channel_id, after))
