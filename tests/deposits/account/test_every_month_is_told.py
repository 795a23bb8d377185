"""Every month that was decided can be read by the seller, changed or not; a month that changes nothing still writes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.deposits.rules.cut_offs import between, cut_off
from chalicelib.deposits.service import reading
from chalicelib.shared.journal import JournalRow
from tests.deposits.account.shop import G1, Shop
from tests.deposits.account.test_worked_examples import traded_before
from tests.ledger.books import project_all


def lines(shop: Shop, query: str = "?limit=100") -> list[dict[str, Any]]:
    project_all()
    items: list[dict[str, Any]] = shop.see(f"/statements{query}")["items"]
    return items


def ceiling(shop: Shop) -> None:
    """Without arrears a shop that grew keeps its base."""
    shop.at("2023-02-09 20:00").sells(20, G1, 400, "2023-02-09")
    shop.at("2023-02-10 00:05").day_runs("2023-02-09")
    shop.pays("50.00")
    shop.at("2023-03-01 20:00").sells(600, G1, 12_000, "2023-03-01")


def floor(shop: Shop) -> None:
    """With arrears a shop that shrank keeps its base."""
    traded_before(shop, base="500.00")
    shop.pays("200.00")
    shop.at("2023-03-01 20:00").sells(12, G1, 240, "2023-03-01")


@pytest.mark.parametrize(
    ("brings", "clause", "text"),
    [
        (ceiling, "ceiling", "Without arrears at the cut-off the new base is not higher than last month's."),
        (floor, "floor", "With arrears at the cut-off the new base is not lower than last month's."),
    ],
)
def test_a_month_in_which_a_clause_acted_and_nothing_changed_has_a_line_and_an_explanation(
    shop: Shop, brings: Any, clause: str, text: str
) -> None:
    brings(shop)
    before, entries = shop.kept, len(list(JournalRow.scan()))
    run = shop.month_runs("2023-03")
    assert run.counts["unchanged"] == 1
    assert shop.kept == before, "nothing was written on the deposit"
    assert not [row for row in JournalRow.scan() if row.aggregate_id.startswith("dep_") and "ADJ" in row.entry_id]
    assert len(list(JournalRow.scan())) > entries, "the run's own"

    (month,) = [line for line in lines(shop) if line["kind"] == "deposit.adjusted"]
    assert (month["seq"], month["by"], month["policy"]) == (None, "clock", run.about["book_hash"])
    assert month["payload"]["clause"] == clause
    assert month["payload"]["previous"] == month["payload"]["base"]
    assert text in month["text"]
    explanation = shop.see()["explanation"]
    assert explanation["last"] is None or explanation["last"]["period"] != "2023-03"
    assert (explanation["month"]["period"], explanation["month"]["clause"], explanation["month"]["clause_text"]) == (
        "2023-03",
        clause,
        text,
    )
    assert explanation["month"]["base"] == explanation["month"]["previous"] == month["payload"]["base"]


def test_the_explanation_is_that_of_the_cut_off_whatever_happened_since(shop: Shop) -> None:
    floor(shop)
    shop.month_runs("2023-03")
    explanation = shop.see()["explanation"]["month"]
    shop.pays("300.00")
    shop.sells(70, G1, 900, "2023-03-07")
    shop.at("2023-03-20 10:00")
    assert shop.see()["explanation"]["month"] == explanation
    assert explanation["in_debt"] is True


def test_a_statement_pages_through_entries_and_quiet_months_in_their_order(shop: Shop, monkeypatch: Any) -> None:
    ceiling(shop)
    for period in ("2023-03", "2023-04", "2023-05"):
        shop.month_runs(period)
    whole = lines(shop)
    assert sum(line["seq"] is None for line in whole) == 1, "the idle months after it have changed the base"
    assert [line["at"] for line in whole] == sorted(line["at"] for line in whole)
    for most in (1, 36):
        monkeypatch.setattr(reading, "MOST_MONTHS", most)
        for limit in (1, 2, 3):
            found: list[dict[str, Any]] = []
            page = shop.see(f"/statements?limit={limit}")
            while True:
                assert len(page["items"]) <= limit
                found += page["items"]
                if page["next_cursor"] is None:
                    break
                page = shop.see(f"/statements?limit={limit}&cursor={page['next_cursor']}")
            assert found == whole


def test_months_are_counted_from_after_one_instant_up_to_another() -> None:
    march = cut_off("2023-03").at
    assert [each.period for each in between(march - timedelta(microseconds=1), march)] == ["2023-03"]
    assert [each.period for each in between(march, march + timedelta(days=62))] == ["2023-04", "2023-05"]
    assert between(march, march) == []
