"""Looking at groups: one, many, and what happened to it; and what slices above ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.records import groups as records
from chalicelib.groups.rules.group import STATUSES, Actor, Group
from chalicelib.groups.service.membership import live_of as live_of
from chalicelib.groups.views.groups import GroupView, SeatView, seat_view
from chalicelib.groups.views.requests import GroupsQuery
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import pages
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.timelines import TimelineEntry

Place = tuple[str, str]
"""Where a list goes on: a member, a bank or a status, and the id of the last group looked at."""


load = GROUPS.present
"""A group as it stands now, for slices above, which decide who may see what."""


def ids_of(member_id: str) -> Iterator[str]:
    """The groups in which a member has, or ever had, a seat or an invitation, for slices above; oldest first."""
    return records.ids_of(member_id, None)


group = partial(GROUPS.shown, GroupView)


def seat(seat_id: str, request: RequestContext) -> SeatView:
    """One place in a group, by the group's id and its number: `grp_01JA…_04`. NotFound."""
    group_id, _, number = seat_id.rpartition("_")
    state = GROUPS.read(group_id, request)[0].state
    known = state.seat(int(number)) if number.isascii() and number.isdigit() and len(number) == 2 else None
    if known is None:
        raise NotFound(say("There is no seat {seat_id!r:.60}.", seat_id=seat_id))
    return seat_view(state, known)


def timeline(group_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Journal entries, oldest first. Who is invited, or has left, reads what it was told of; what officers keep for themselves is theirs."""

    def keeps_back(entry: Entry, actor: Actor) -> bool:
        if actor in ("invitee", "former"):
            return request.caller.member_id not in entry.event.payload["member_ids"]
        return actor != "officer" and "private" in entry.event.payload

    return ledger_timelines.of_aggregate(GROUPS, group_id, query, request, keeps_back=keeps_back)


def listed(query: GroupsQuery, request: RequestContext) -> Page[GroupView]:
    """A member's or a bank's own; an officer's of a member, of a bank, of a status, or all. Oldest first."""
    caller = request.caller
    member_id, bank_id = caller.member_id or query.member_id, caller.bank_id or query.bank_id
    if query.member_id not in (None, member_id) or query.bank_id not in (None, bank_id):
        return Page(items=[])
    of = f"groups:{member_id}:{bank_id}:{query.status}"
    after: Place | None = tuple(pages.decode_cursor(query.cursor, caller, of)) if query.cursor else None
    return GROUPS.page(
        _places(member_id, bank_id, query, after),
        query,
        request,
        of,
        keep=lambda state: query.status in (None, state.status) and bank_id in (None, state.bank_id),
    )


def _places(
    member_id: str | None, bank_id: str | None, query: GroupsQuery, after: Place | None
) -> Iterator[tuple[Place, str]]:
    """Through the narrowest index: of a member, else of a bank, else of a status or all, one after the other."""
    if member_id:
        return pages.in_groups([member_id], after, records.ids_of)
    if bank_id:
        return pages.in_groups([bank_id], after, lambda bank, begun: records.ids("by_bank", bank, begun))
    statuses = [query.status] if query.status else STATUSES
    return pages.in_groups(statuses, after, lambda status, begun: records.ids("by_status", status, begun))


def ids_of_bank(bank_id: str, after: str | None) -> Iterator[str]:
    """A bank's groups, oldest first."""
    return records.ids("by_bank", bank_id, after)


def load_many(group_ids: Iterable[str], now: datetime) -> dict[str, Group]:
    """Groups as they stand now, by id; what cannot be read is left out."""
    return {
        group_id: GROUPS.preview_at(loaded, now).state for group_id, loaded in GROUPS.load_many(group_ids, now).items()
    }
