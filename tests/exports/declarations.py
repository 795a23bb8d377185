"""Declarations in tests: as facts, as rows of a feed, and the days they count for."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from chalicelib.exports.rules.days import ExportDay
from chalicelib.exports.rules.declaration import Declaration, DeclarationFact, Return, lines_of, tell
from chalicelib.members.rules import id_of
from chalicelib.shared import fx
from tests.world import Api, Reply

EXPORTER: Final = "lantern-works"
MEMBER: Final = id_of(EXPORTER)
TODAY: Final = date(2026, 3, 2)
SUBMITTED: Final = date(2026, 1, 12)
RELEASED: Final = date(2026, 1, 15)
ROW: Final[dict[str, Any]] = {
    "declaration_no": "D-1",
    "exporter_ref": EXPORTER,
    "order_ref": "order-1",
    "buyer_ref": "acme",
    "buyer_country": "DE",
    "currency": "USD",
    "amount": "120000.00",
    "channel": "self_service",
    "origin": "platform",
    "related_party": "no",
    "status": "released",
    "submitted_on": "2026-01-12",
    "released_on": "2026-01-15",
}


def row(**given: Any) -> dict[str, Any]:
    """A row of the feed; what is None is left out."""
    return {name: value for name, value in (ROW | given).items() if value is not None}


def submitted(**given: Any) -> dict[str, Any]:
    return row(status="submitted", released_on=None, **given)


def returned(on: str, back: str, **given: Any) -> dict[str, Any]:
    return row(status="returned", returned_on=on, returned_amount=back, **given)


def feed(api: Api, officer: str, *rows: dict[str, Any]) -> Reply:
    reply = api.post("/v1/exports", {"items": list(rows)}, officer)
    assert reply.status == 200, reply.body
    return reply


def results(reply: Reply) -> list[str]:
    """Each result, with column and reason where it was refused."""
    return [":".join(filter(None, (each["result"], each.get("column"), each.get("reason")))) for each in reply["items"]]


def fact(**given: Any) -> DeclarationFact:
    values: dict[str, Any] = {
        "declaration_no": "D-1",
        "member_id": MEMBER,
        "order_ref": "order-1",
        "buyer_ref": "acme",
        "buyer_country": "DE",
        "currency": "USD",
        "amount_minor": 12_000_000,
        "channel": "self_service",
        "status": "released",
        "submitted_on": SUBMITTED,
        "released_on": RELEASED,
    }
    return DeclarationFact(**(values | given))


def back(on: date, minor: int, **given: Any) -> DeclarationFact:
    return fact(status="returned", returns=(Return(on, minor),), **given)


def tellings(*facts: DeclarationFact, today: date = TODAY) -> Declaration | None:
    """What is known after all of them, one after the other; those that are refused change nothing."""
    known: Declaration | None = None
    for each in facts:
        known, _ = tell(known, each, fx.quote, today)
    return known


def days_of(*declarations: Declaration) -> list[ExportDay]:
    lines = [line for known in declarations for line in lines_of(known)]
    return [ExportDay(on=on, lines=(line,)) for on, line in lines]
