"""What the site's search looks through: a row for each thing that has a place of its own, with its name and its words.

`search.js` puts the rows in order for what somebody typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from chalicelib.office.views.event_types import EventTypeView
from chalicelib.reference.conventions import CONVENTIONS
from infra.site import events, front, states, webhooks
from infra.site.endpoints import Endpoints, Operation
from infra.site.endpoints import page_of as page_of_group
from infra.site.errors import Errors, page_of
from infra.site.fields import Path
from infra.site.guides import Guide
from infra.site.html import anchor
from infra.site.webhooks import Family

MOST_WORDS = 160


class Row(NamedTuple):
    kind: str
    title: str
    words: str
    place: str


def of_endpoints(endpoints: Endpoints) -> Iterator[Row]:
    for operation in endpoints.operations:
        words = f"{operation.described['summary']} {operation.group}"
        yield Row("endpoint", f"{operation.method} {operation.path}", words, operation.place)


def of_fields(endpoints: Endpoints) -> Iterator[Row]:
    """Each field of a group's requests and answers once, where it first stands; a field that is sent before one that is only seen."""
    rows: dict[tuple[str, str], Row] = {}
    for operation in endpoints.operations:
        for field in _sent(endpoints, operation):
            place = f"{page_of_group(operation.group)}#{field.name}"
            rows.setdefault((operation.group, field.path), Row("field", field.path, _words(field, operation), place))
    for operation in endpoints.operations:
        for field in _seen(endpoints, operation):
            path = field.path.removeprefix("items.")
            place = f"{operation.place}.answer"
            rows.setdefault((operation.group, path), Row("field", path, _words(field, operation), place))
    yield from rows.values()


def _sent(endpoints: Endpoints, operation: Operation) -> Iterator[Path]:
    """What a client writes: fields of the body, parameters of the query."""
    if schema := endpoints.body_schema(operation):
        yield from endpoints.fields.paths(schema, f"{operation.name}.body")
    for parameter in endpoints.parameters(operation):
        if parameter["in"] == "query":
            yield Path(
                parameter["name"], parameter.get("description", ""), f"{operation.name}.query.{parameter['name']}"
            )


def _seen(endpoints: Endpoints, operation: Operation) -> Iterator[Path]:
    schema = endpoints.answer_schema(operation)
    return endpoints.fields.paths(schema, operation.name) if schema else iter(())


def _words(field: Path, operation: Operation) -> str:
    return f"{field.words} {operation.group}".strip()


def of_errors(errors: Errors) -> Iterator[Row]:
    return (Row("error", code, f"{kind.title} {kind.fix}", page_of(code)) for code, kind in errors.kinds.items())


def of_bank_events(types: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    return (Row("event", each["type"], each["about"] or "", events.place_of(dict(each))) for each in types)


def of_webhooks(families: Iterable[Family]) -> Iterator[Row]:
    return (Row("event", each.pattern, " ".join((*each.actions, each.hearers)), each.place) for each in families)


def of_told(event_types: Iterable[EventTypeView]) -> Iterator[Row]:
    return (
        Row("event", each.type, f"{each.means} {' '.join(each.sides)}", webhooks.place_of(each)) for each in event_types
    )


def of_states(rules: Mapping[str, Any]) -> Iterator[Row]:
    for kind, machine in rules.items():
        yield Row(
            "states",
            f"States: {states.named(kind).lower()}",
            " ".join(sorted(states.statuses(machine.table))),
            states.page_of(kind),
        )


def of_guides(guides: Iterable[Guide]) -> Iterator[Row]:
    for guide in guides:
        yield Row("guide", guide.title, guide.lead, guide.path)
        for part in guide.parts[1:]:
            yield Row("guide", part.words, guide.title, f"{guide.path}#{part.name}")


def of_conventions() -> Iterator[Row]:
    return (Row("guide", topic, rule, f"{front.CONVENTIONS_PATH}#{anchor(topic)}") for topic, rule in CONVENTIONS)


def index(rows: Iterable[Row], *, suffix: str = "") -> list[list[str]]:
    """As `search.js` reads it. `suffix` is what files of pages end in, where they are served as files."""
    return [[row.kind, row.title, row.words[:MOST_WORDS], _with_suffix(row.place, suffix)] for row in rows]


def _with_suffix(place: str, suffix: str) -> str:
    page, mark, name = place.partition("#")
    return f"{page}{suffix}{mark}{name}"
