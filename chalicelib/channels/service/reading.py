"""Looking at channels, nominations and memberships, for slices above and for callers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.channels.aggregate.channels import CHANNELS
from chalicelib.channels.aggregate.memberships import MEMBERSHIPS
from chalicelib.channels.aggregate.nominations import NOMINATIONS
from chalicelib.channels.records import channels as channel_records
from chalicelib.channels.records import memberships as membership_records
from chalicelib.channels.records import nominations as nomination_records
from chalicelib.channels.rules.channel import STATUSES
from chalicelib.channels.rules.membership import Membership, membership_id
from chalicelib.channels.rules.nomination import STATUSES as NOMINATION_STATUSES
from chalicelib.channels.rules.nomination import search_key
from chalicelib.channels.views.channel import ChannelsQuery, ChannelView
from chalicelib.channels.views.membership import MembershipsQuery, MembershipView
from chalicelib.channels.views.nomination import NominationsQuery, NominationView
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import pages, timelines
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.timelines import TimelineEntry

load = CHANNELS.present
"""A channel as it stands now. One read."""


def membership_of(member_id: str, channel_id: str, now: datetime) -> Membership | None:
    """A supplier's membership of a channel as it stands now, valid or not. One read."""
    return MEMBERSHIPS.present(membership_id(channel_id, member_id), now)


channel = partial(CHANNELS.shown, ChannelView)


def channel_timeline(channel_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """For officers and the channel's agencies: to others it has none."""
    loaded, actor = CHANNELS.kept(channel_id, request)
    if actor == "public":
        raise NotFound(say("There is no channel {channel_id!r:.60}.", channel_id=channel_id))

    def tell(entry: Entry) -> TimelineEntry:
        return timelines.entry(entry, CHANNELS.actor_of(loaded.state, entry.by), "")

    return ledger_timelines.timeline(loaded.state, query, request, tell)


def channels(query: ChannelsQuery, request: RequestContext) -> Page[ChannelView]:
    """All, or those of a status."""
    of = f"channels:{query.status}"
    after = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    statuses = [query.status] if query.status else STATUSES
    places = pages.in_groups(statuses, after, channel_records.ids)
    return CHANNELS.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))


membership = partial(MEMBERSHIPS.shown, MembershipView)
membership_timeline = partial(ledger_timelines.of_aggregate, MEMBERSHIPS)


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


nomination = partial(NOMINATIONS.shown, NominationView)
nomination_timeline = partial(ledger_timelines.of_aggregate, NOMINATIONS)


def nominations(query: NominationsQuery, request: RequestContext) -> Page[NominationView]:
    """An agency's own, a member's invitations; an officer's those of a name or a status, or all. Oldest first."""
    key = search_key(query.name) if query.name else ""
    of = f"nominations:{query.status}:{query.channel_id}:{key}"
    after: Any = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    return NOMINATIONS.page(
        _nominations(query, request, key, after),
        query,
        request,
        of,
        keep=lambda state: (
            query.status in (None, state.status)
            and query.channel_id in (None, state.channel_id)
            and key in ("", search_key(state.details.legal_name), search_key(state.details.romanised_name))
        ),
    )


def _nominations(
    query: NominationsQuery, request: RequestContext, key: str, after: tuple[str, str] | None
) -> Iterator[tuple[tuple[str, str], str]]:
    """Through the narrowest index there is for who asks."""
    caller = request.caller
    if key and not caller.member_id:
        return pages.in_groups([f"legal:{key}", f"romanised:{key}"], after, nomination_records.named)
    if caller.agency_id:
        return pages.in_groups([caller.agency_id], after, nomination_records.of_agency)
    if caller.member_id:
        return pages.in_groups([caller.member_id], after, nomination_records.of_member)
    statuses = [query.status] if query.status else NOMINATION_STATUSES
    return pages.in_groups(statuses, after, nomination_records.of_status)
