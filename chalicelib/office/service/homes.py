"""Where a thing lives: what reads it, imported with the first thing of its kind that is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import Any

from chalicelib.ledger.rules import chain
from chalicelib.members import service as members
from chalicelib.office.rules.things import THINGS
from chalicelib.shared import ids
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.journal import Entry
from chalicelib.shared.tables import table_name


@lru_cache
def aggregate_of(prefix: str) -> Aggregate[Any, Any, Any] | None:
    """What reads things with a prefix: the aggregate that their slice declares for their table. None where they have no machine."""
    thing = THINGS.get(prefix)
    if thing is None or not thing.home:
        return None
    table = table_name(ids.KINDS[prefix].table)
    machines = import_module(f"chalicelib.{thing.home}.declared").MACHINES
    aggregate: Aggregate[Any, Any, Any] = next(each.aggregate for each in machines if each.row.Meta.table_name == table)
    return aggregate


def states(prefix: str, records: Iterable[str], now: datetime) -> dict[str, Any]:
    """Things of one kind as they stand now, by the names of their records: one round trip for a hundred."""
    if prefix == "mem":
        return dict(members.known(records))
    aggregate = aggregate_of(prefix)
    loaded = aggregate.load_many(records, now) if aggregate else {}
    return {name: aggregate.preview_at(each, now).state for name, each in loaded.items()} if aggregate else {}


def changed_by(entry: Entry) -> Iterator[tuple[str, str]]:
    """The chains of what an entry changed, each with the name of its record."""
    yield entry.aggregate_id, chain.owner_of(entry) or record_of(entry.aggregate_id)
    yield from ((also.aggregate, record_of(also.aggregate)) for also in entry.also)


def record_of(name: str) -> str:
    """The name of the record of a thing, where its id or the name of its chain says it."""
    return name.rpartition(":")[2]
