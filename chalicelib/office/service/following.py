"""From what changed to what waits for officers."""

from __future__ import annotations

from datetime import datetime

from chalicelib.office.rules.things import prefix_of, thing_of
from chalicelib.office.service import homes, waiting
from chalicelib.shared.journal import Entry


def follow_work(entry: Entry, now: datetime) -> None:
    """Work out anew what waits for officers in everything that an entry changed."""
    for name, record in homes.changed_by(entry):
        look_at(name, record, now)


def look_at(name: str, record: str, now: datetime) -> None:
    """The same of one thing, by its id or the name of its chain, and the name of its record."""
    thing, prefix = thing_of(name), prefix_of(name)
    if thing is None or not thing.done_by:
        return
    if aggregate := homes.aggregate_of(prefix):
        waiting.of_aggregate(prefix, record, name, aggregate, now)
    elif prefix == "supplier":
        waiting.of_supplier(record, name, now)
    elif thing.is_noted:
        waiting.of_run(prefix, record, now)
