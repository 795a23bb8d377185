"""Keeping what officers look things up by: the terms of a thing, and the places of an entry, each time that an entry tells of it."""

from __future__ import annotations

from chalicelib.office.records import places
from chalicelib.office.records import terms as records
from chalicelib.office.rules import terms
from chalicelib.office.rules.things import prefix_of
from chalicelib.office.service import homes
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK


def follow_terms(entry: Entry) -> None:
    """Index what an entry is of. What it was called before stays in the index and is no longer shown."""
    name, record = next(homes.changed_by(entry))
    if terms.may_change(prefix_of(name), entry.event.kind, entry.seq):
        index(name, record)


def index(name: str, record: str) -> None:
    """Keep the terms of a thing, as it is now."""
    prefix = prefix_of(name)
    state = homes.states(prefix, [record], clock.now()).get(record)
    if state is not None:
        records.keep(name, record, terms.places(terms.terms_of(prefix, state)))


def follow_places(entry: Entry) -> None:
    """Keep where an entry is found by who acted and by its request. What the clock does is found by the thing."""
    if entry.by.role == CLOCK.role:
        return
    for name in filter(None, (entry.by.sub, entry.by.actor)):
        places.keep(f"actor:{name}", entry.at, entry.entry_id)
    if entry.request_id:
        places.keep(f"request:{entry.request_id}", entry.at, entry.entry_id)
