"""The catalogue of events, from what state machines, webhooks and banks' events declare."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from chalicelib.bank_events import catalogue
from chalicelib.office.rules.event_meanings import meaning
from chalicelib.office.views import event_types as views
from chalicelib.registry import MACHINES
from chalicelib.shared import ids
from chalicelib.shared.settings import settings
from chalicelib.shared.state_machine import Table
from chalicelib.shared.views import view_of
from chalicelib.webhooks import event_examples
from chalicelib.webhooks.rules.endpoint import PLATFORM
from chalicelib.webhooks.rules.message import Message
from chalicelib.webhooks.service.parties import NO_MACHINE, ORDER, PARTIES


@lru_cache(maxsize=1)
def event_types() -> views.EventTypesView:
    """Every kind of event there is. It changes with the code alone."""
    return views.EventTypesView(
        envelope=msgspec.json.schema(Message),
        items=sorted(_kinds(), key=lambda each: each.kind),
        events=list(events()),
        bank_events=[view_of(views.BankEventTypeView, each, payload=each.data) for each in catalogue.types()],
    )


@lru_cache(maxsize=1)
def families() -> frozenset[str]:
    """The kinds of things whose events can be subscribed to."""
    return frozenset({each.rules.table.kind for each in MACHINES if each.rules is not None} | NO_MACHINE.keys())


def events() -> Iterator[views.EventTypeView]:
    """Every event of theirs by its exact name."""
    for name, seen in sorted(event_examples.every().items()):
        yield views.EventTypeView(
            type=name,
            kind=name.partition(".")[0],
            means=meaning(name),
            sides=[*seen["sides"], PLATFORM],
            fields=[
                views.EventFieldView(name=path, type=" or ".join(forms), always=path not in seen["sometimes"])
                for path, forms in seen["fields"].items()
            ],
            example=seen["message"],
        )


def _kinds() -> Iterator[views.EventsOfKindView]:
    for machine in MACHINES:
        if machine.rules is None:
            continue
        table: Table[Any, Any] = machine.rules.table
        prefix = _prefix(machine.row.Meta.table_name)
        yield views.EventsOfKindView(
            pattern=f"{table.kind}.*",
            kind=table.kind,
            id_prefix=prefix,
            heard_by=["parties", "platform"] if _has_parties(prefix) else ["platform"],
            ends=sorted(table.ends),
            transitions=[
                views.TransitionView(
                    name=each.name, sources=sorted(each.sources), targets=sorted(each.targets), by=sorted(each.actors)
                )
                for each in table.transitions
            ],
        )


def _prefix(table: str) -> str:
    """What begins the names of a table's things."""
    return next(prefix for prefix, kind in ids.KINDS.items() if kind.table and settings().name(kind.table) == table)


def _has_parties(prefix: str) -> bool:
    return any(beginning[:-1] == prefix for beginning in (ORDER, *PARTIES))
