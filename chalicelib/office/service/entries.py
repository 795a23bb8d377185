"""Who did what: entries by actor, by thing, by what they are about and by request, and what followed from one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from chalicelib.dead_letters.service import letters
from chalicelib.ledger.service import timelines
from chalicelib.office.records import places as records
from chalicelib.office.rules.found import concerned
from chalicelib.office.rules.things import thing_of
from chalicelib.office.service import homes
from chalicelib.office.views import entries
from chalicelib.shared import ids, journal, pages, payloads
from chalicelib.shared.access import ADMIN
from chalicelib.shared.errors import Malformed, NotFound
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of
from chalicelib.webhooks.service import deliveries

V = TypeVar("V", bound=entries.EntryView)


class NameOne(Malformed):
    code = "name_one_of"
    title = "Entries are listed by actor, by aggregate, by what they are about or by request_id."
    fix = "Name one of actor, aggregate, about and request_id; without any you are told what you did yourself."


def listed(query: entries.EntriesQuery, request: RequestContext) -> Page[entries.EntryView]:
    """The newest first. NameOne."""
    named = [
        (of, name) for of in ("actor", "aggregate", "about", "request_id") if (name := getattr(query, of)) is not None
    ]
    if len(named) > 1:
        raise NameOne(say("{names} are named.", names=", ".join(of for of, _ in named)), param=named[1][0])
    of, name = named[0] if named else ("actor", request.caller.sub)
    list_name = f"entries:{of}:{name}:{query.since}:{query.until}"
    after = pages.decode_cursor(query.cursor, request.caller, list_name) if query.cursor else None
    places = timelines.newest_first(name, after) if of == "aggregate" else _of_caller(of, name, query, after)

    def load(names: list[str]) -> dict[str, Entry]:
        return {entry.entry_id: entry for entry in journal.read_many(names)}

    def show(entry: Entry) -> entries.EntryView | None:
        is_within = (query.since is None or entry.at >= query.since) and (query.until is None or entry.at < query.until)
        return _view(entry, entries.EntryView) if is_within and _may_see(entry, request.caller) else None

    return pages.filtered(places, load, show, query, request, list_name)


def followed(entry_id: str, request: RequestContext) -> entries.FollowedEntryView:
    """One entry and what followed from it. NotFound also where none of the caller's duties opens the thing."""
    entry = journal.read(entry_id)
    if entry is None or not _may_see(entry, request.caller):
        raise NotFound(say("There is no entry {entry_id!r:.60}.", entry_id=entry_id))
    sent = deliveries.of_entry(entry)
    waiting = letters.of_record("journal", entry_id)
    return _view(
        entry,
        entries.FollowedEntryView,
        postings=len(entry.event.postings),
        deliveries=[view_of(entries.EntryDelivery, one, attempts=len(one.attempts)) for one in sent],
        not_taken=[
            entries.EntryConsumer(name=one.consumer, failures=one.failures, reason=one.reason, next_try_at=one.due_at)
            for one in waiting
            if one.due_at
        ],
    )


def _of_caller(of: str, name: str, query: entries.EntriesQuery, after: Any) -> Iterator[tuple[Any, str]]:
    hashed = f"{of.removesuffix('_id')}:{name}"
    return records.entries_at(hashed, query.since, query.until, after or "")


def _may_see(entry: Entry, caller: Caller) -> bool:
    """Whose duty opens the thing sees what was done to it; what no thing stands for is for admin."""
    thing = thing_of(concerned(entry) or entry.aggregate_id)
    return caller.has_duty(ADMIN) or (thing is not None and thing.is_open_to(caller))


def _view(entry: Entry, form: type[V], **more: Any) -> V:
    about = concerned(entry)
    thing, kind = thing_of(about or entry.aggregate_id), ids.kind_of(entry.aggregate_id)
    by = entry.by
    record = homes.record_of(about) if about else next(record for _, record in homes.changed_by(entry))
    return form(
        id=entry.entry_id,
        kind=thing.kind if thing else kind.name if kind else entry.event.kind.partition(".")[0],
        at=entry.at,
        recorded_at=entry.written_at,
        actor=by.actor or by.sub,
        role="officer" if by.actor else by.role,
        acting_for=by.sub if by.actor else None,
        person=by.person or None,
        request_id=entry.request_id,
        aggregate=entry.aggregate_id,
        about=about or None,
        type=entry.event.kind,
        sequence=entry.seq,
        version=entry.aggregate_version,
        payload=payloads.as_money(entry.event.payload, "", payloads.OFFICER),
        href=thing.href(record) if thing else None,
        **more,
    )
