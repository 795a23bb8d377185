"""A page of what webhooks tell: the form of every message, for each kind of thing what to subscribe to and who is told of it, and every event."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from typing import Any, Final, NamedTuple

from chalicelib.office.service import event_types
from chalicelib.office.views.event_types import EventTypeView
from chalicelib.reference import schemas
from chalicelib.shared import ids
from chalicelib.shared.machines import Machine
from chalicelib.shared.settings import settings
from chalicelib.webhooks.rules.message import Message
from chalicelib.webhooks.service import parties
from infra.site import states
from infra.site.fields import Fields
from infra.site.html import Page, anchor, code, heading, json_block, link, prose, table

PATH: Final = "docs/events/webhooks"
TITLE: Final = "What webhooks tell"
NOBODY_ELSE: Final = "The platform alone."


class Family(NamedTuple):
    """Everything that is told of one kind of thing; `hearers` says who is told besides the platform."""

    kind: str
    hearers: str
    actions: tuple[str, ...]

    @property
    def pattern(self) -> str:
        return f"{self.kind}.*"

    @property
    def events(self) -> str:
        """The name of the part with its events."""
        return anchor(f"{self.kind} events")

    @property
    def place(self) -> str:
        return f"{PATH}#{anchor(self.kind)}"


class Webhooks:
    """The page, made of the machines, of who may hear of their entries, and of what tests were seen to bring about."""

    def __init__(self, machines: Iterable[Machine]) -> None:
        self.families = sorted(_families(machines))
        self.events = list(event_types.events())

    def page(self) -> Page:
        by_form, named = schemas.components([Message])
        rows = [
            (link(f"{PATH}#{each.events}", code(each.pattern)), prose(each.hearers), _actions(each))
            for each in self.families
        ]
        events = "".join(map(self._events_of, self.families))
        heads = ("subscribe to", "who is told besides the platform", "what happens to it")
        lead = (
            "<p>Every entry of the journal can be subscribed to: by <code>kinds</code> of an endpoint, <code>*</code>, the beginning of "
            "some (<code>claim.*</code>) or the name of one (<code>order.shipped</code>). Where a payload has <code>from</code> and "
            "<code>to</code>, they are statuses. An event's name says what happened, which mostly is the action that brought it about.</p>"
            "<p>Below, each event is shown with a message as it was sent in a test. Of its fields, what is the business of one side is in that side's "
            "message alone; leave aside those that you do not know, since later versions may tell more.</p>"
        )
        content = (
            f"<h1>{escape(TITLE)}</h1>{lead}{heading(2, 'The message', 'message')}"
            f"{Fields(named).listed(by_form[Message], 'message')}"
            f"{heading(2, 'By kind of thing', 'kinds')}{table(heads, rows, names=[anchor(each.kind) for each in self.families])}"
            f"{events}"
        )
        return Page(PATH, TITLE, content, "docs/events")

    def _events_of(self, family: Family) -> str:
        events = "".join(_event(each) for each in self.events if each.kind == family.kind)
        return f"{heading(2, code(family.pattern), family.events)}{events}"


def place_of(event: EventTypeView) -> str:
    return f"{PATH}#{anchor(event.type)}"


def _event(event: EventTypeView) -> str:
    rows = [(code(each.name), escape(each.type), "" if each.always else "not always") for each in event.fields]
    holds = table(("field of the payload", "type", ""), rows) if rows else "<p>The payload is empty.</p>"
    return (
        f'<article class="event">{heading(3, code(event.type), anchor(event.type))}'
        f"<p>{escape(str(event.means).removesuffix('.'))}. Told to: {', '.join(map(escape, event.sides))}.</p>"
        f"<details><summary>Fields and an example</summary>{holds}{json_block(event.example)}</details></article>"
    )


def _families(machines: Iterable[Machine]) -> Iterator[Family]:
    hearers: dict[str, Callable[..., Any]] = {parties.ORDER: parties.of_order, **parties.PARTIES}
    for machine in machines:
        if machine.rules is not None:
            rules = machine.rules.table
            beginning = _beginning(machine.row.Meta.table_name, hearers)
            yield Family(
                rules.kind,
                _words(hearers.get(beginning)),
                tuple(dict.fromkeys(each.name for each in rules.transitions)),
            )
    for kind, beginning in parties.NO_MACHINE.items():
        yield Family(kind, _words(hearers[beginning]), ())


def _beginning(table_name: str, hearers: Mapping[str, Any]) -> str:
    """What begins the names of the chains of a table's things."""
    prefixes = [
        prefix for prefix, kind in ids.KINDS.items() if kind.table and settings().name(kind.table) == table_name
    ]
    known = (beginning for prefix in prefixes for beginning in (f"{prefix}_", f"{prefix}:") if beginning in hearers)
    return next(known, "")


def _words(audience: Callable[..., Any] | None) -> str:
    if audience is None:
        return NOBODY_ELSE
    words = inspect.getdoc(audience) or "The member itself."
    return words.replace("\n", " ")


def _actions(family: Family) -> str:
    if not family.actions:
        return ""
    return f"{', '.join(map(code, family.actions))} ({link(states.page_of(family.kind), 'states')})"
