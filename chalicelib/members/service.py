"""Registering and finding members."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

from chalicelib.members import records, rules
from chalicelib.members.rules import Member, MemberExists
from chalicelib.members.views import MemberRequest, MembersQuery, MemberView, view
from chalicelib.shared import bulk, journal, pages, periods
from chalicelib.shared.commit import Put, StoredResponse, commit
from chalicelib.shared.encoding import encode
from chalicelib.shared.errors import NotFound, WriteConflict
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.pages import Page
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.shared.settings import settings
from chalicelib.shared.texts import say


def register(body: MemberRequest, request: RequestContext) -> StoredResponse:
    entry, put = _registration(body, request)
    return commit(entry, put)


def find(member_id: str, caller: Caller) -> Member:
    """A member as its own eyes or an officer's see it; for everybody else it is not there."""
    member = records.load(member_id)
    if member is None or not (caller.is_officer or caller.is_member(member_id)):
        raise NotFound(say("There is no member {member_id!r:.60}.", member_id=member_id))
    return member


beside = records.load_beside
"""For a slice above whose things are read together with a member: its item and the member, in one round trip."""
known = records.load_many
"""The members among these ids, by id: one round trip. For use-cases of slices above, which decide who may see what."""


readable = records.load_listed
"""The same for lists: without those that cannot be read."""


def ensure(countries: Mapping[str, str], request: RequestContext) -> None:
    """Register those suppliers, by external_ref and country, that are not known yet; a reference is a name until a better one is told.

    References and countries are well-formed already. Once for each reference, however often and by however many it is asked.
    """
    there = known(map(rules.id_of, countries))
    unknown = [
        MemberRequest(external_ref=ref, name=ref, country=country)
        for ref, country in countries.items()
        if rules.id_of(ref) not in there
    ]
    at_once = settings().bulk_actions // 2
    for start in range(0, len(unknown), at_once):
        _ensure(unknown[start : start + at_once], request)


every_id = records.every_id
"""The ids of all members in one of so many segments of the table, for jobs that look at each."""


def listed(query: MembersQuery, request: RequestContext) -> Page[MemberView]:
    """Members an officer may page through, all or those with certain ids; with `external_ref`, the one it belongs to."""
    if query.external_ref is not None:
        ref = rules.must_be_ref(query.external_ref, param="external_ref")
        return Page(
            items=[
                view(member)
                for member in known([rules.id_of(ref)]).values()
                if request.caller.is_officer or request.caller.is_member(member.id)
            ]
        )
    wanted = sorted(set(query.ids.split(","))) if query.ids else None
    if not request.caller.is_officer:
        own = known([request.caller.member_id])
        return Page(items=[view(member) for member in own.values() if wanted is None or member.id in wanted])
    of = f"members:{query.ids}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    names = records.names(after) if wanted is None else (name for name in wanted if after is None or name > after)
    return pages.filtered(((name, name) for name in names), records.load_listed, view, query, request, of)


def _ensure(bodies: Sequence[MemberRequest], request: RequestContext) -> None:
    """Together where none of them has come in between, else one by one."""
    changes = [_registration(body, _ensuring(body, request)) for body in bodies]
    try:
        bulk.commit_together(changes)
    except WriteConflict:
        for entry, put in changes:
            with contextlib.suppress(MemberExists):
                commit(entry, put)


def _ensuring(body: MemberRequest, request: RequestContext) -> RequestContext:
    return request.derived("member", body.external_ref, "ensured")


def _registration(body: MemberRequest, request: RequestContext) -> tuple[Entry, Put]:
    member = rules.register(
        rules.must_be_ref(body.external_ref, param="external_ref"),
        name=body.name,
        country=rules.must_be_country(body.country, param="country"),
        zone=periods.must_be_zone(body.zone, param="zone"),
        now=request.now,
    )
    event = Event("member.registered", {"external_ref": member.external_ref, "country": member.country})
    entry = journal.entry(
        request, event, aggregate_id=member.id, seq=1, prev=journal.GENESIS, response=encode(view(member)), status=201
    )
    return entry, records.create(member, entry)
