"""Pages of the events between banks and us, with the fields of each, as the API document has them under `x-bank-events`; and the way to all events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, Final

from infra.site import webhooks
from infra.site.fields import Fields
from infra.site.html import Page, anchor, badge, code, heading, link, prose, table

FOLDER: Final = "docs/events"
DIRECTIONS: Final = {"from_bank": "From banks and acquirers to us", "to_bank": "From us to banks and acquirers"}


def place_of(event: dict[str, Any]) -> str:
    return f"{page_of(event['direction'])}#{anchor(event['type'])}"


def page_of(direction: str) -> str:
    return f"{FOLDER}/{direction.replace('_', '-')}"


class BankEvents:
    """`types` are those of the document."""

    def __init__(self, types: Sequence[dict[str, Any]]) -> None:
        self.types = types

    def index(self) -> Page:
        also = f"<p>{link(webhooks.PATH, escape(webhooks.TITLE))}: what happened to orders, claims, loans and everything else, signed and retried.</p>"
        lists = "".join(
            f"{heading(2, link(page_of(direction), escape(title)), direction)}{_overview(self.of(direction))}"
            for direction, title in DIRECTIONS.items()
        )
        return Page(FOLDER, "Events", f"<h1>Events</h1>{also}{lists}")

    def of(self, direction: str) -> Iterator[dict[str, Any]]:
        return (event for event in self.types if event["direction"] == direction)

    def page(self, direction: str) -> Page:
        title = DIRECTIONS[direction]
        content = f"<h1>{escape(title)}</h1>{_overview(self.of(direction))}{''.join(map(_event, self.of(direction)))}"
        return Page(page_of(direction), title, content, FOLDER)


def _overview(events: Iterator[dict[str, Any]]) -> str:
    rows = [(link(place_of(event), code(event["type"])), prose(event["about"] or "")) for event in events]
    return table(("type", "about"), rows)


def _event(event: dict[str, Any]) -> str:
    sequence = badge("in sequence", "info") if event["in_sequence"] else ""
    data = event.get("data")
    fields = Fields(data.get("$defs", {})).listed(data, anchor(event["type"])) if data else ""
    about = f"<p>About: {prose(event['about'])} {sequence}</p>" if event["about"] else ""
    return f'<article class="event">{heading(2, code(event["type"]), anchor(event["type"]))}{about}{fields}</article>'
