"""Invented sellers, always the same, as pages of the deposits' table: seller `number` is of kind `number * STRIDE % KINDS`.

Nothing of ours is imported: the items are written down as the table holds them. A page is put together from ready pieces, since the id is the
first thing in a body and as long as a whole number of base 64 groups.
"""

from __future__ import annotations

import json
import random
from base64 import b64encode
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.oracle import Expected, Seller, expected

KINDS: Final = 20_000
STRIDE: Final = 7_919
PERIOD: Final = "2023-03"
DAY: Final = date(2023, 3, 6).toordinal()
CUT_OFF: Final = datetime(2023, 3, 5, 16, tzinfo=UTC)
BOOK: Final = Path(__file__).parent.parent / "chalicelib/policies/deposits/EX-2023-02.json"
PAGE_BYTES: Final = 1 << 20
_SECONDS: Final = int(CUT_OFF.timestamp())
_HOUR: Final = 3_600


class Kind(NamedTuple):
    """One kind: the rest of its body in base 64, the size of an item, what it must come to, and its due moment in milliseconds."""

    rest: str
    item_bytes: int
    expected: Expected
    seller: Seller
    due_ms: int | None


def kinds() -> list[Kind]:
    chance, book = random.Random(20230306), json.loads(BOOK.read_text())["values"]
    return [_kind(chance, book) for _ in range(KINDS)]


def kind_of(number: int) -> int:
    return number * STRIDE % KINDS


def name(number: int) -> str:
    return f"mem_{number:026d}"


def page(of_kinds: list[Kind], first: int, end: int) -> tuple[bytes, int, int]:
    """The answer to one read of a scan from seller `first` on: its text, the seller after it, and the bytes it read."""
    items, read, number = [], 0, first
    while number < end and read < PAGE_BYTES:
        kind, seller_id = of_kinds[kind_of(number)], name(number)
        beginning = b64encode(f'{{"id":"{seller_id}",'.encode()).decode()
        items.append(f'{{"member_id":{{"S":"{seller_id}"}},"body":{{"B":"{beginning}{kind.rest}"}}}}')
        read += kind.item_bytes
        number += 1
    more = f',"LastEvaluatedKey":{{"member_id":{{"S":"{name(number - 1)}"}}}}' if number < end else ""
    text = f'{{"Count":{len(items)},"ScannedCount":{len(items)},"Items":[{",".join(items)}]{more}}}'
    return text.encode(), number, read


def _kind(chance: random.Random, book: dict[str, Any]) -> Kind:
    seller = _seller(chance, list(book["categories"]), book)
    due_ms = (_SECONDS + 24 * _HOUR) * 1_000 if chance.random() < 0.05 else None
    body = _body(seller, due_ms)
    rest = json.dumps(body, separators=(",", ":"))[1:].encode()
    size = 39 + len(rest) + 30 + len("member_id") + len("version") + 2 + len("body")
    return Kind(b64encode(rest).decode(), size, expected(seller, book, DAY, _SECONDS), seller, due_ms)


def _seller(chance: random.Random, categories: list[str], book: dict[str, Any]) -> Seller:
    """An eighth never traded, some have closed; of the rest most sell little, and most have paid what they owe."""
    draw = chance.random()
    awaiting_first_trade, closed = draw < 0.12, draw > 0.98
    base = 0 if awaiting_first_trade else chance.choice((5_000, 5_000, 5_000, 10_000, 10_000, 20_000, 50_000))
    risks = [
        (
            name,
            each["amount_minor"],
            _SECONDS - chance.randrange(1, 400) * 24 * _HOUR,
            chance.choice((None, _SECONDS + 900, _SECONDS)),
        )
        for name, each in book["risks"].items()
        if chance.random() < 0.01
    ]
    specials = [each["amount_minor"] for each in book["specials"].values() if chance.random() < 0.01]
    minor, ends = chance.randrange(1_000, 30_000), _SECONDS + chance.choice((0, 900))
    insured = [(minor, minor % 3 * minor // 2, _SECONDS - 900, ends)] * (chance.random() < 0.02)
    need = base + sum(specials) + sum(risk[1] for risk in risks)
    held = need + chance.choice((0, 0, 0, 0, 0, 0, 2_500, -1_000, -need)) if need else 0
    frozen = max(0, held) // 4 if chance.random() < 0.03 else 0
    return Seller(
        "closed" if closed else "open",
        awaiting_first_trade and not closed,
        base,
        max(0, held) - frozen,
        frozen,
        [] if awaiting_first_trade else _days(chance, categories),
        risks,
        specials,
        insured,
    )


def _days(chance: random.Random, categories: list[str]) -> list[tuple[int, list[tuple[str, int, int]]]]:
    """Up to 62 days, few for most; one or two categories a day."""
    mine = chance.sample(categories, 2)
    often = chance.choice((0.03, 0.1, 0.1, 0.3, 0.8))
    many = chance.choice((1, 2, 2, 5, 20))
    days = []
    for day in range(DAY - 62, DAY):
        if chance.random() < often:
            sold = [
                (each, orders := chance.randrange(1, many + 1), orders * chance.randrange(300, 9_000)) for each in mine
            ]
            days.append((day, sold[: chance.choice((1, 1, 2))]))
    return days


def _body(seller: Seller, due_ms: int | None) -> dict[str, Any]:
    """The document of a deposit but its id, which goes before."""
    body: dict[str, Any] = {
        "status": seller.status,
        "version": 7,
        "seq": 5,
        "entry_hash": "q" * 43,
        "opened_at": "2022-01-01T00:00:00Z",
        "updated_at": "2023-02-11T03:04:05Z",
        "base_minor": seller.base,
        "awaiting_first_trade": seller.awaiting_first_trade,
        "first_trade_day": 0 if seller.awaiting_first_trade else DAY - 300,
        "available_minor": seller.available,
        "frozen_minor": seller.frozen,
        "risks": [_risk(number, *risk) for number, risk in enumerate(seller.risks)],
        "specials": [
            {"id": f"spc_{number}", "market": "M", "minor": minor, "entered_at": "2022-06-01T00:00:00Z"}
            for number, minor in enumerate(seller.specials)
        ],
        "insurances": [
            {"id": f"sub_{number}", "minor": minor, "from": _instant(begins), "until": _instant(ends)}
            | ({"used_minor": used} if used else {})
            for number, (minor, used, begins, ends) in enumerate(seller.insured)
        ],
        "days": seller.days,
    }
    body["due_at"] = _instant(due_ms // 1_000) if due_ms else None
    return {key: value for key, value in body.items() if value not in ([], None, 0) or key == "awaiting_first_trade"}


def _risk(number: int, name: str, minor: int, begins: int, ends: int | None) -> dict[str, Any]:
    risk = {"id": f"rsk_{number}", "class": name, "minor": minor, "opened_at": _instant(begins)}
    return risk | ({"ends_at": _instant(ends)} if ends else {})


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
