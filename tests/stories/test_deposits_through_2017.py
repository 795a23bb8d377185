"""A year of a real marketplace: its sellers' deposits month by month, and the same year worked out from the raw file by itself.

The second reckoning reads the CSV, the table of rates and the rulebook's JSON, and imports nothing of the product. Two sellers in three
pay what they owe at noon of the day on which they learn of it; the others never do.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from chalicelib.deposits import records
from chalicelib.deposits.service import days as deposits_days
from chalicelib.deposits.service import money as deposits_money
from chalicelib.members.rules import id_of
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.money import Money
from chalicelib.shared.request import Caller, RequestContext
from infra.local.memory import spare
from tests.deposits.account.shop import OFFICER, Shop, books, shanghai
from tests.ledger.books import project as project_records
from tests.ledger.books import stream
from tests.size import at_size
from tests.world import Api, StandingClock, Streams, token

pytestmark = pytest.mark.slow

DATA: Final = Path(__file__).parents[3] / "shared" / "data"
HISTORY: Final = DATA / "trade_history_2016_2017.csv"
RATES: Final = DATA / "fx_monthly.csv"
SHIPPED: Final = Path(__file__).parents[2] / "chalicelib" / "policies" / "deposits" / "EX-2023-02.json"
CHINA: Final = timezone(timedelta(hours=8))
YEAR: Final = 2017
LAST_MONTH: Final = at_size(12, 3)
"""Whose run is the last that is compared."""
EXPLAINED: Final = at_size(1, 5)
"""Of so many shops, the statement of one is followed line by line."""
TIERS: Final = [
    {"from": 1, "to": 1},
    {"from": 2, "to": 3},
    {"from": 4, "to": 8},
    {"from": 9, "to": 20},
    {"from": 21, "to": None},
]
"""Small tiers, as this sample of a marketplace holds few orders of each shop."""
EDGES: Final = (1, 3, 8, 20, 10**9)
Row = dict[str, str]


# --- the year, by the raw file alone ----------------------------------------------------------------------------------


@dataclass
class Reckoned:
    """A shop in the second reckoning. Amounts are fen."""

    ref: str
    pays: bool
    base: int = 0
    held: int = 0
    awaiting_first_trade: bool = True
    awaiting_since: date = date(2016, 12, 26)
    sold: dict[date, dict[str, list[int]]] = field(default_factory=dict)

    def window(self, start: date, end: date) -> tuple[int, str, dict[str, list[int]]]:
        """Orders of the whole shop and its higher category from `start` up to but not including `end`."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for day, by_category in self.sold.items():
            if start <= day < end:
                for category, (orders, cents) in by_category.items():
                    sums[category][0] += orders
                    sums[category][1] += cents
        n = sum(orders for orders, _ in sums.values())
        ranked = sorted(sums, key=lambda name: (-sums[name][1], -sums[name][0], amount(name, n), name))
        return n, ranked[0] if ranked else "", dict(sums)


TERMS: Final[dict[str, Any]] = json.loads(SHIPPED.read_text())["values"] | {"tiers": TIERS}


def amount(category: str, n: int) -> int:
    group = TERMS["categories"].get(category, TERMS["default_group"])
    row = TERMS["groups"][group]["amounts_minor"]
    place = next(place for place, most in enumerate(EDGES) if n <= most)
    fen: int = row[place]
    return fen if n else 0


def pays(ref: str) -> bool:
    return hashlib.sha256(ref.encode()).digest()[0] % 3 != 0


def rows() -> list[Row]:
    """Trades paid in the year, by the day of China."""
    with HISTORY.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["paid_at"] and paid_on(row).year == YEAR]


def paid_on(row: Row) -> date:
    return datetime.fromisoformat(row["paid_at"]).astimezone(CHINA).date()


def cents(row: Row, rates: dict[str, Decimal]) -> int:
    """US cents at the table rate of the month of payment, half-even."""
    dollars = Decimal(row["amount"]) * rates[paid_on(row).strftime("%Y-%m")]
    return int((dollars * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def reckon() -> dict[str, dict[str, int]]:
    """The base of every shop after each month's run: by month, by shop."""
    with RATES.open(newline="") as file:
        rates = {row["month"]: Decimal(row["rate"]) for row in csv.DictReader(file) if row["from"] == "BRL"}
    shops: dict[str, Reckoned] = {}
    for row in rows():
        shop = shops.setdefault(row["supplier_ref"], Reckoned(row["supplier_ref"], pays(row["supplier_ref"])))
        if row["status"] != "cancelled":
            sold = shop.sold.setdefault(paid_on(row), {}).setdefault(row["category"], [0, 0])
            sold[0] += 1
            sold[1] += cents(row, rates)
    months: dict[str, dict[str, int]] = {}
    day = date(YEAR, 1, 1)
    while day < date(YEAR, 12, 7):
        if day.day == 6:
            for shop in shops.values():
                adjust(shop, day)
            months[day.strftime("%Y-%m")] = {shop.ref: shop.base for shop in shops.values()}
        for shop in shops.values():
            if shop.pays:
                shop.held = max(shop.held, shop.base)  # at noon
            first_trade(shop, day)
        day += timedelta(days=1)
    return months


def first_trade(shop: Reckoned, day: date) -> None:
    """At the midnight after the day."""
    n, category, _ = shop.window(day, day + timedelta(days=1))
    if shop.awaiting_first_trade and n and day >= shop.awaiting_since:
        shop.base, shop.awaiting_first_trade = amount(category, n), False


def adjust(shop: Reckoned, day: date) -> None:
    if shop.awaiting_first_trade:
        return
    n, category, _ = shop.window(day - timedelta(days=30), day)
    raw = amount(category, n)
    shop.base = max(raw, shop.base) if shop.held < shop.base else min(raw, shop.base)
    if n == 0 and shop.base == 0:
        shop.awaiting_first_trade, shop.awaiting_since = True, day


# --- the year, as the product lives it --------------------------------------------------------------------------------


class Year:
    """The marketplace, day by day."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.by_day: dict[date, list[Row]] = defaultdict(list)
        for row in rows():
            self.by_day[paid_on(row)].append(row)
        self.refs = sorted({row["supplier_ref"] for row in rows()})

    def announce(self) -> None:
        """The rulebook of the year, two weeks before it begins."""
        self.shop.at("2016-12-15 10:00")
        body = {"id": "EX-2017-01", "effective_on": "2017-01-01", "based_on": "EX-2023-02", "terms": {"tiers": TIERS}}
        reply = self.shop.api.post("/v1/deposit-rulebooks", body, OFFICER)
        assert reply.status == 201, reply.body

    def open_all(self) -> None:
        self.shop.at("2016-12-26 10:00")
        for ref in self.refs:
            body = {"external_ref": ref, "name": ref, "country": "BR"}
            self.shop.api.post("/v1/members", body, token("officer", "o", "admin"))
            assert self.shop.api.post(f"/v1/deposits/{id_of(ref)}", None, OFFICER).status == 201

    def live(self) -> Iterator[str]:
        """Day by day; tells each month when its run is done."""
        owing: list[str] = []
        for number in range((date(YEAR, LAST_MONTH, 7) - date(YEAR, 1, 1)).days):
            day = date(YEAR, 1, 1) + timedelta(days=number)
            if day.day == 6:
                self.shop.month_runs(day.strftime("%Y-%m"))
                yield day.strftime("%Y-%m")
            self.pay(owing, day)
            owing = self.sell(day)

    def sell(self, day: date) -> list[str]:
        """The trades of a day reach the feed in its evening. Returns the sellers concerned."""
        traded = self.by_day.get(day, [])
        self.shop.time.at = shanghai(f"{day} 20:00")
        if traded:
            self.shop.feed([{name: value or None for name, value in row.items()} for row in traded], is_complete=False)
        refs = sorted({row["supplier_ref"] for row in traded})
        for ref in refs:
            deposits_days.tell_days(id_of(ref), self.shop.time.at, self.shop.time.at)
        return [ref for ref in refs if pays(ref)]

    def pay(self, refs: list[str], day: date) -> None:
        """At noon those who pay pay what they owe."""
        self.shop.time.at = shanghai(f"{day} 12:00")
        for ref in refs:
            seller_id = id_of(ref)
            owed = self.shop.api.get(f"/v1/deposits/{seller_id}", OFFICER)["balance"]["to_pay"]
            if owed["amount"] != "0.00":
                name = f"{ref}-{day}"
                deposits_money.receive(seller_id, "boc", name, Money(**owed), self._bank(name))

    def _bank(self, name: str) -> RequestContext:
        return RequestContext(
            caller=Caller("bank:boc", "bank"), now=self.shop.time.at, request_id=name, key=name, digest=name
        )


@pytest.mark.skipif(
    not HISTORY.is_file(), reason=f"the real trade history is not beside the repository ({HISTORY.name})"
)
def test_deposits_through_a_year_are_those_the_raw_file_gives_and_every_statement_explains_itself(
    api: Api, time: StandingClock, streams: Streams
) -> None:
    spare()
    year, expected = Year(Shop(api, time, streams)), reckon()
    year.announce()
    year.open_all()
    for month in year.live():
        bases = {ref: kept.base_minor for ref in year.refs if (kept := records.REPOSITORY.load(id_of(ref)))}
        assert sum(bases.values()) == sum(expected[month].values()), month
        assert bases == expected[month], month
    assert sum(expected[month].values()) > 0

    project()
    held = {ref: deposit.held_minor for ref in year.refs if (deposit := records.REPOSITORY.load(id_of(ref)))}
    stated = {ref: explained(year, ref) for ref in year.refs[::EXPLAINED]}
    assert stated.items() <= held.items()
    assert books() == {"bank_clearing:CNY": sum(held.values()), "deposits_held:CNY": -sum(held.values())}


def explained(year: Year, ref: str) -> int:
    """A shop's statement leads, line by line, to what its deposit is. Returns what is held, in fen."""
    deposit = year.shop.api.get(f"/v1/deposits/{id_of(ref)}", OFFICER)
    lines = year.shop.api.get(f"/v1/deposits/{id_of(ref)}/statements?limit=100", OFFICER)["items"]
    base = held = 0
    assert [line["seq"] for line in lines if line["seq"]] == list(
        range(1, sum(bool(line["seq"]) for line in lines) + 1)
    )
    for line in lines:
        payload: dict[str, Any] = {
            name: fen(told) if isinstance(told, dict) and "amount" in told else told
            for name, told in line["payload"].items()
        }
        assert (bool(line["text"]), bool(line["policy"])) == (True, True)
        if line["kind"] == "deposit.assessed":
            base = payload["base"]
            assert base == amount(payload["category"], payload["orders"])
        elif line["kind"] == "deposit.adjusted":
            assert payload["previous"] == base
            assert payload["raw"] == amount(payload["category"], payload["orders"])
            base = max(payload["raw"], base) if payload["in_debt"] else min(payload["raw"], base)
            assert payload["base"] == base
        elif line["kind"] == "deposit.paid":
            held += payload["amount"]
        assert payload["arrears"] == max(0, base - held), line
    assert (fen(deposit["requirement"]["base"]), fen(deposit["balance"]["held"])) == (base, held)
    return held


def fen(money: dict[str, str]) -> int:
    return int(Decimal(money["amount"]) * 100)


def project() -> None:
    """The books follow the journal."""
    table = JournalRow._get_connection()
    start: Any = None
    while True:
        told: Any = table.scan(exclusive_start_key=start, consistent_read=True)
        project_records(stream(told["Items"]))
        start = told.get("LastEvaluatedKey")
        if start is None:
            return
