"""Sellers, days and books for tests of deposits; amounts are told in yuan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.deposits.rules import book as books_rules
from chalicelib.deposits.rules.book import Book, Books, Terms
from chalicelib.deposits.rules.deposit import Days, Deposit, Sold

EX_2021, EX_2023, EX_2024 = rulebook_repository.shipped()
BOOKS = Books(EX_2021, (EX_2021, EX_2023, EX_2024))
CATEGORY = {
    "G0": "uncategorised",
    "G1": "bed_bath_table",
    "G2": "furniture_decor",
    "G3": "perfumery",
    "G4": "telephony",
    "G5": "consoles_games",
    "G6": "watches_gifts",
    "G7": "travel",
    "G8": "auto",
}


def shanghai(told: str) -> datetime:
    """An instant told in Shanghai's own time: "2023-03-06 00:30"."""
    return datetime.fromisoformat(told + "+08:00")


def days(*told: tuple[str, str, int, int]) -> Days:
    """Days from (date, group, orders, GMV in yuan)."""
    found: dict[int, list[Sold]] = {}
    for day, group, orders, gmv in told:
        found.setdefault(date.fromisoformat(day).toordinal(), []).append((CATEGORY[group], orders, gmv * 100))
    return tuple((day, tuple(sold)) for day, sold in sorted(found.items()))


def seller(
    *, base: int = 0, cash: int = 0, awaiting_first_trade: bool = False, sold: Days = (), **more: Any
) -> Deposit:
    """A shop that has traded, unless it awaits its first trade, and has not changed since 1 March 2023."""
    return Deposit(
        id="mem_1",
        opened_at=shanghai("2022-01-10 00:00"),
        updated_at=more.pop("updated_at", shanghai("2023-03-01 12:00")),
        base_minor=base * 100,
        available_minor=cash * 100,
        awaiting_first_trade=awaiting_first_trade,
        days=sold,
        **more,
    )


def paying(deposit: Deposit, yuan: int, at: datetime) -> Deposit:
    """The deposit after a payment, the way the account slice takes one."""
    from chalicelib.deposits.rules.snapshots import with_snapshots

    seen = with_snapshots(deposit, at, BOOKS)
    return replace(seen, available_minor=seen.available_minor + yuan * 100, updated_at=at)


def varied(of: Book = EX_2023, **keys: Any) -> Book:
    """A book that answers one of the open questions in another way."""
    return written(replace(of.terms, **keys))


def written(terms: Terms) -> Book:
    return books_rules.book("EX-TEST", EX_2023.announced_at, EX_2023.effective_at, terms)
