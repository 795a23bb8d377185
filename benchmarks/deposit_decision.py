"""How many sellers a second one core decides: the pure function of the run, the preview and the calculator.

    python -m benchmarks.deposit_decision [sellers]

The shops are drawn from a seed: how often they trade, in how many categories, what they hold. Decoding and writing are not in it.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime
from typing import Final

from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.deposits.rules.book import Book
from chalicelib.deposits.rules.cut_offs import cut_off
from chalicelib.deposits.rules.decision import decide
from chalicelib.deposits.rules.deposit import Days, Deposit

FLOOR: Final = 100_000
"""Sellers a second on one core."""
PERIOD: Final = "2023-03"


def main(sellers: int) -> int:
    """1 where the floor is missed."""
    book = next(book for book in rulebook_repository.shipped() if book.id == "EX-2023-02")
    chance = random.Random(4)
    categories = list(book.terms.categories)
    shops = [_shop(number, chance, categories) for number in range(sellers)]
    best = min(_seconds(shops, book) for _ in range(9))
    rate = sellers / best
    sold_on = sum(len(shop.days) for shop in shops) / sellers
    print(f"decide: {sellers:,} sellers with {sold_on:.1f} trading days each in {best:.3f} s of CPU")
    print(f"        {rate:,.0f} sellers a second on one core; floor {FLOOR:,}: {'met' if rate >= FLOOR else 'MISSED'}")
    return int(rate < FLOOR)


def _seconds(shops: list[Deposit], book: Book) -> float:
    started = time.process_time()
    for shop in shops:
        decide(shop, book, PERIOD)
    return time.process_time() - started


def _shop(number: int, chance: random.Random, categories: list[str]) -> Deposit:
    base = chance.choice((0, 5_000, 10_000, 20_000, 50_000))
    return Deposit(
        id=f"mem_{number:026d}",
        opened_at=datetime(2022, 1, 1, tzinfo=UTC),
        updated_at=datetime(2023, 2, 6, tzinfo=UTC),
        awaiting_first_trade=chance.random() < 0.2,
        base_minor=base,
        available_minor=base if chance.random() < 0.8 else base // 2,
        days=_days(chance, chance.sample(categories, chance.choice((1, 1, 1, 2, 4)))),
    )


def _days(chance: random.Random, categories: list[str]) -> Days:
    end = cut_off(PERIOD).day
    traded = sorted(chance.sample(range(end - 62, end), chance.choice((0, 1, 2, 4, 8, 16, 40))))
    return tuple((day, _sold(chance, categories)) for day in traded)


def _sold(chance: random.Random, categories: list[str]) -> tuple[tuple[str, int, int], ...]:
    some = chance.sample(categories, chance.randint(1, len(categories)))
    return tuple((category, chance.randint(1, 9), chance.randint(100, 900_000)) for category in some)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
