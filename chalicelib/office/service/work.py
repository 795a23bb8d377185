"""Officers' work: what waits, who sees to it, and that somebody has looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from msgspec.structs import replace

from chalicelib.dead_letters.rules import DeadLetter
from chalicelib.dead_letters.service import letters
from chalicelib.members import service as members
from chalicelib.office.records import work as records
from chalicelib.office.records.work import MOST_COUNTED, WorkRow
from chalicelib.office.rules.task import Work
from chalicelib.office.rules.things import THINGS, WORK, Thing, open_work, prefix_of, queues, thing_of
from chalicelib.office.views import work as views
from chalicelib.shared import due, ids, journal, pages
from chalicelib.shared.commit import StoredResponse, Update, commit
from chalicelib.shared.due import Place
from chalicelib.shared.encoding import encode
from chalicelib.shared.errors import Conflict, Malformed, NotFound
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import to_ms
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

LETTERS: Final = THINGS["dlt"]
OF_LETTERS: Final = "~"
"""Before the part in which a dead letter waits, where that is a group of work: behind the names of all others."""
BEFORE_ALL: Final = -1
"""Before every part in which dead letters wait."""


class UnknownWork(Malformed):
    code = "unknown_work_kind"
    title = "There is no work of that kind."
    fix = "Use one of the kinds that `counts` of GET /v1/work names."


class AssignedThere(Conflict):
    code = "assigned_at_the_thing"
    title = "The thing itself says who sees to it."
    fix = "Use the action of the thing that is named in `action`."


class NotNoted(Conflict):
    code = "ends_with_its_deadline"
    title = "That work ends when it is done, and not by being looked at."
    fix = "Do what `deadline` names, at the thing's own address."


def listed(query: views.WorkQuery, request: RequestContext) -> views.WorkPage:
    """What waits for officers with the caller's duties, the earliest due first. UnknownWork."""
    things, assignee = _wanted(query, request), _officer(query.assignee, request)
    of = f"work:{query.kind}:{query.due_before}:{query.assignee}"
    after = pages.place_after(pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None)
    places = ((place, place[2]) for place in _places(query, things, assignee, after))

    def show(item: Work | DeadLetter) -> views.WorkItemView | None:
        if isinstance(item, DeadLetter):
            return views.letter_view(item)
        thing = thing_of(item.id)
        is_wanted = thing in things and assignee in (None, item.assignee)
        return views.item_view(item, thing, request.now, item.about or None) if thing and is_wanted else None

    page = pages.filtered(places, _load, show, query, request, of)
    counts = [] if query.cursor else list(_counts(request))
    return views.WorkPage(items=page.items, counts=counts, next_cursor=page.next_cursor)


def assign(work_id: str, body: views.AssignmentRequest, request: RequestContext) -> StoredResponse:
    """Say who sees to it. NotFound, Stale, AssignedThere."""
    thing, was = _open(work_id, request)
    if thing.reviewer:
        raise AssignedThere(
            say("{work_id} is given to somebody by its own action.", work_id=work_id),
            action=f"{thing.href(was.record)}/{thing.assigned_by}",
        )
    officer = _officer(body.assignee or views.NOBODY, request) or ""
    payload = {"work_id": work_id, "kind": thing.kind, "assignee": officer, "was": was.assignee}
    after = replace(was, assignee=officer)
    return _written(after, thing, Event("work.assigned", payload), records.assign(was, officer), request)


def complete(work_id: str, request: RequestContext) -> StoredResponse:
    """Say that somebody has looked at what needs nothing else. NotFound, Stale, NotNoted."""
    thing, was = _open(work_id, request)
    if not thing.is_noted:
        raise NotNoted(
            say("{work_id} waits for {deadline}.", work_id=work_id, deadline=was.deadline), deadline=was.deadline
        )
    payload = {"work_id": work_id, "kind": thing.kind, "deadline": was.deadline}
    return _written(was, thing, Event("work.completed", payload), records.end(was), request)


def _wanted(query: views.WorkQuery, request: RequestContext) -> list[Thing]:
    """The kinds of work that are asked for and that the caller has a duty for."""
    if query.kind is not None and query.kind not in WORK:
        raise UnknownWork(say("There is no work of the kind {kind}.", kind=query.kind), param="kind", kinds=list(WORK))
    return [thing for thing in open_work(request.caller) if query.kind in (None, thing.kind)]


def _officer(named: str | None, request: RequestContext) -> str | None:
    """An officer by its `sub`: the caller for `me`, an empty text for nobody, None where none is asked for."""
    return {views.ME: request.caller.sub, views.NOBODY: ""}.get(named, named) if named is not None else None


def _places(
    query: views.WorkQuery, things: Sequence[Thing], assignee: str | None, after: Place | None
) -> Iterator[Place]:
    """Of one officer's work, else of a kind's, else of every queue, merged; and of dead letters, which are in no queue of the table."""
    if assignee:
        return records.places(WorkRow.by_assignee, assignee, after, query.due_before)
    of_table = [thing for thing in things if thing != LETTERS]
    index, values = (
        (WorkRow.by_kind, [thing.kind for thing in of_table]) if query.kind else (WorkRow.by_queue, queues(of_table))
    )
    places = [records.places(index, value, after, query.due_before) for value in values]
    waiting = _letters(after) if LETTERS in things else iter(())
    until = to_ms(query.due_before) if query.due_before else None
    return due.merged([*places, (place for place in waiting if until is None or place[0] < until)])


def _letters(after: Place | None) -> Iterator[Place]:
    """The places of dead letters among work: of what is due at one moment they are the last."""
    if after:
        at, group, name = after
        _, is_letter, part = str(group).partition(OF_LETTERS)
        after = (at, int(part), name) if is_letter else (at, BEFORE_ALL, "")
    return ((at, f"{OF_LETTERS}{part}", name) for at, part, name in letters.waiting(after))


def _load(names: list[str]) -> dict[str, Work | DeadLetter]:
    of_letters = [name for name in names if thing_of(name) is LETTERS]
    items: dict[str, Work | DeadLetter] = dict(letters.known(of_letters)) if of_letters else {}
    return items | _named(records.load_many(name for name in names if name not in of_letters))


def _named(items: dict[str, Work]) -> dict[str, Work]:
    """With the names of the members that it is about, of a whole page in one round trip."""
    about = {each.about for each in items.values() if prefix_of(each.about) == ids.MEMBER}
    known = {name: member.name for name, member in members.readable(about).items()}
    names = {name: known.get(name, "") for name in about}
    return {name: replace(each, about=names.get(each.about, each.about)) for name, each in items.items()}


def _counts(request: RequestContext) -> Iterator[views.WorkCount]:
    for thing in open_work(request.caller):
        if thing == LETTERS:
            known = letters.known([name for *_, name in islice(letters.waiting(None), MOST_COUNTED)])
            yield views.WorkCount(
                kind=thing.kind, open=len(known), overdue=sum(each.is_stuck for each in known.values())
            )
        else:
            waiting, overdue = records.counts(thing.kind, request.now)
            yield views.WorkCount(kind=thing.kind, open=waiting, overdue=overdue)


def _open(work_id: str, request: RequestContext) -> tuple[Thing, Work]:
    """Work that one of the caller's duties is for, as it is now."""
    thing, work = thing_of(work_id), records.load(work_id)
    if thing is None or work is None or not request.caller.has_duty(*thing.done_by):
        raise NotFound(say("No work waits under {work_id!r:.60}.", work_id=work_id))
    request.expects(work.version)
    return thing, work


def _written(after: Work, thing: Thing, event: Event, change: Update, request: RequestContext) -> StoredResponse:
    """The change with an entry of its own: the thing's own chain knows nothing of who sees to it."""
    entry = journal.entry(
        request,
        event,
        aggregate_id=ids.derived_id("asg", request.entry_id),
        seq=1,
        prev=journal.GENESIS,
        response=encode(views.item_view(after, thing, request.now)),
    )
    return commit(entry, change)
