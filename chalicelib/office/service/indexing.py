"""Keeping what officers look things up by: the terms of a thing, and the places of an entry, each time that an entry tells of it."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.office.records import places
from chalicelib.office.records import terms as records
from chalicelib.office.records.terms import Place
from chalicelib.office.rules import reports, terms
from chalicelib.office.rules.found import found_by
from chalicelib.office.rules.things import prefix_of
from chalicelib.office.service import homes
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry


def follow_terms(*entries: Entry) -> None:
    """Index what entries are of. What it was called before stays in the index and is no longer shown."""
    changed = ((entry, *next(homes.changed_by(entry))) for entry in entries)
    index(
        {
            name: record
            for entry, name, record in changed
            if terms.may_change(prefix_of(name), entry.event.kind, entry.seq)
        }
    )


def index(things: Mapping[str, str]) -> None:
    """Keep the terms of things, by their names and those of their records, as they are now."""
    now = clock.now()
    for prefix in dict.fromkeys(map(prefix_of, things)):
        own = {name: record for name, record in things.items() if prefix_of(name) == prefix}
        states = homes.states(prefix, own.values(), now)
        records.keep(
            (bucket, Place(term, name, record))
            for name, record in own.items()
            if record in states
            for bucket, term in terms.places(terms.terms_of(prefix, states[record]))
        )


def follow_places(*entries: Entry) -> None:
    """Keep where entries are found by who acted, by their request and by what they are about. The first place of one that counts is kept with its count."""
    places.keep(
        (of, entry.at, entry.entry_id)
        for entry in entries
        for of in found_by(entry)[1 if reports.facts_of(entry) else 0 :]
    )
