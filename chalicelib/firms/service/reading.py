"""Looking at firms: what slices above ask, what the firm and officers see, and the firm's own secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice

import msgspec

from chalicelib.firms import records
from chalicelib.firms.aggregate import FIRMS
from chalicelib.firms.rules.firm import STATUSES, Firm
from chalicelib.firms.views.firm import FirmView, SealedView, opened
from chalicelib.firms.views.requests import FirmsQuery
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import clock, data_keys, pages, sealed, timelines
from chalicelib.shared.data_keys import Keyring
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.sealed import SEALED, Sealed
from chalicelib.shared.timelines import TimelineEntry

Place = tuple[str, str]
"""Where a list goes on: a status, and the last member looked at."""


def profile(firm_id: str) -> Firm | None:
    """A member's profile as it stands now, for slices above, which decide who may see what."""
    return FIRMS.present(firm_id, clock.now())


def profiles(firm_ids: Iterable[str]) -> list[Firm]:
    """Those profiles that can be read, as they stand now. One round trip."""
    now = clock.now()
    return [FIRMS.preview_at(loaded, now).state for loaded in FIRMS.load_many(firm_ids, now).values()]


def every_id(*, segment: int, segments: int, after: str = "") -> Iterator[str]:
    """The members that have a profile, of one in so many segments. For jobs of slices above."""
    return records.every_id(segment=segment, segments=segments, after=after)


firm = partial(FIRMS.shown, FirmView)


def listed(query: FirmsQuery, request: RequestContext) -> Page[FirmView]:
    """For an officer those of a status, or all; a member's own."""
    own, of = request.caller.member_id, f"firms:{query.status}"
    after: Place | None = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    statuses = [query.status] if query.status else STATUSES
    places: Iterator[tuple[Place, str]] = (
        iter([(("", own), own)] if after is None else []) if own else pages.in_groups(statuses, after, records.ids)
    )
    return FIRMS.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))


def secrets_of(member_id: str, request: RequestContext) -> SealedView:
    """What is sealed, for the firm itself."""
    state = FIRMS.read(member_id, request)[0].state
    return opened(state, keys_of(state).show)


def keys_of(firm: Firm) -> Keyring:
    """The keys of a firm and its people."""
    return data_keys.keyring([firm.id, *(person.id for person in firm.people)], owner_id=firm.id)


def timeline(member_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Journal entries, oldest first. The firm reads in them what is sealed of its own people who were not erased since."""
    loaded, actor = FIRMS.read(member_id, request)
    firm, fields = loaded.state, dict[int, list[Sealed]]()

    def tell(entry: Entry) -> TimelineEntry:
        fields[entry.seq] = sealed.of_payload(entry.event.payload)
        return timelines.entry(entry, FIRMS.actor_of(firm, entry.by), firm.currency)

    chain = msgspec.structs.replace(firm, id=FIRMS.machine.table.aggregate_id(firm))
    page = ledger_timelines.timeline(chain, query, request, tell)
    subjects = {each.sealed_for for some in fields.values() for each in some}
    show = data_keys.keyring(subjects, owner_id=firm.id).show if actor == "firm" else lambda field: SEALED
    return msgspec.structs.replace(page, items=[_with_sealed(line, fields[line.seq], show) for line in page.items])


def _with_sealed(line: TimelineEntry, fields: list[Sealed], show: Callable[[Sealed], str]) -> TimelineEntry:
    """A line with what is sealed in its entry, by person and field."""
    if not fields:
        return line
    shown = [{"of": field.sealed_for, "field": field.field, "value": show(field)} for field in fields]
    return msgspec.structs.replace(line, payload={**line.payload, "sealed": shown})


def seeking(firm: Firm, most: int) -> list[str]:
    """Members that look for a group in a firm's region or branch, so many of each at most."""
    known = (islice(names, most) for names in records.seeking(firm))
    return list(dict.fromkeys(name for names in known for name in names if name != firm.id))
