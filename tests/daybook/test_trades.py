import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.daybook.rules import days as daybook_days
from chalicelib.daybook.rules import items as daybook_items
from chalicelib.daybook.rules import trades
from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.items import Fact, Item
from chalicelib.shared import fx
from tests.daybook.stories import AT, NOW, SUPPLIER, book, recomputed, tellings_of_trades, trade


def told(*facts: Fact) -> list[Outcome]:
    items: dict[str, Item] = {}
    outcomes = []
    for fact in facts:
        key = daybook_items.key_of(fact)
        item, outcome = daybook_items.tell(items.get(key), fact, fx.quote, NOW)
        outcomes.append(outcome)
        if item is not None:
            items[key] = item
    return outcomes


def test_a_completed_trade_counts_on_the_days_it_was_paid_due_and_delivered() -> None:
    _, days = book([trade()])
    assert days == {
        date(2017, 6, 11): DayRow(day=date(2017, 6, 11), orders={"lanterns": (1, 10_000, 68_966)}, open=1),
        date(2017, 6, 20): DayRow(day=date(2017, 6, 20), due=1, on_time=1),
        date(2017, 7, 5): DayRow(day=date(2017, 7, 5), open=-1, completed=1, gmv_usd_minor=10_000),
    }


def test_a_day_is_a_shanghai_date() -> None:
    late_in_utc = datetime(2017, 6, 30, 16, 0, tzinfo=UTC)
    _, days = book([trade(paid_at=late_in_utc - timedelta(milliseconds=1), delivered_at=late_in_utc, ship_by=None)])
    assert set(days) == {date(2017, 6, 30), date(2017, 7, 1)}


def test_each_amount_is_converted_at_the_table_rate_of_its_own_month_half_even() -> None:
    _, days = book([trade(currency="BRL", amount_minor=10_001)])
    assert days[date(2017, 6, 11)].orders == {"lanterns": (1, 3_030, 20_899)}
    assert days[date(2017, 7, 5)].gmv_usd_minor == 3_125


@pytest.mark.parametrize(
    ("shipped_after", "on_time"),
    [(timedelta(0), 1), (timedelta(milliseconds=1), 0), (timedelta(days=-1), 1), (None, 0)],
)
def test_shipped_at_the_last_instant_is_on_time_and_not_shipped_is_late(
    shipped_after: timedelta | None, on_time: int
) -> None:
    shipped_at = None if shipped_after is None else AT + timedelta(days=10) + shipped_after
    _, days = book([trade(shipped_at=shipped_at)])
    assert (days[date(2017, 6, 20)].due, days[date(2017, 6, 20)].on_time) == (1, on_time)


def test_a_cancelled_trade_counts_for_nothing_whenever_it_is_told() -> None:
    paid = trade(status="paid", shipped_at=None, delivered_at=None)
    cancelled = trade(status="cancelled")
    assert book([paid, cancelled])[1] == book([cancelled, paid])[1] == {}


def test_a_refunded_trade_counts_for_nothing_but_its_shipping_even_after_the_delivery() -> None:
    refunded = trade(status="refunded")
    for tellings in itertools.permutations([trade(), refunded]):
        days = book(list(tellings))[1]
        assert daybook_days.total(days.values(), AT.date()).orders == {}
        assert (days[date(2017, 6, 20)].due, sum(day.completed for day in days.values())) == (1, 0)
        assert sum(day.gmv_usd_minor + day.exports_usd_minor for day in days.values()) == 0


def test_a_cancelled_trade_that_is_refunded_stays_cancelled() -> None:
    cancelled, refunded = trade(status="cancelled"), trade(status="refunded")
    assert book([cancelled, refunded])[1] == book([refunded, cancelled])[1] == {}


def test_completed_without_a_delivery_has_no_day_to_be_completed_on() -> None:
    _, days = book([trade(delivered_at=None)])
    assert daybook_days.total(days.values(), AT.date()).completed == 0


def test_what_goes_abroad_is_an_export_on_the_day_it_is_shipped() -> None:
    _, days = book([trade(buyer_country="DE")])
    assert days[date(2017, 6, 15)].exports_usd_minor == 10_000


def test_a_protected_trade_counts_among_the_protected_when_it_is_completed() -> None:
    _, days = book([trade(protected=True)])
    assert (days[date(2017, 7, 5)].protected_completed, days[date(2017, 7, 5)].protected_usd_minor) == (1, 10_000)


def test_told_again_it_is_known_and_told_further_it_is_updated() -> None:
    paid = trade(status="paid", shipped_at=None, delivered_at=None)
    assert [outcome.result for outcome in told(paid, paid, trade(), paid)] == ["new", "known", "updated", "known"]


@pytest.mark.parametrize(
    ("differing", "column"),
    [
        ({"amount_minor": 9_999}, "amount"),
        ({"currency": "EUR"}, "currency"),
        ({"buyer_ref": "somebody-else"}, "buyer_ref"),
        ({"category": "kites"}, "category"),
        ({"ordered_at": AT - timedelta(hours=1)}, "ordered_at"),
        ({"delivered_at": AT + timedelta(days=26)}, "delivered_at"),
        ({"status": "cancelled"}, "status"),
    ],
)
def test_a_telling_that_contradicts_an_earlier_one_is_refused_with_the_column(
    differing: dict[str, object], column: str
) -> None:
    assert told(trade(), trade(**differing))[1] == Outcome("refused", "contradicts_earlier", column)


def test_the_same_telling_is_answered_as_it_was_the_first_time() -> None:
    paid = trade(status="paid", shipped_at=None, delivered_at=None, source="file:2")
    done = trade(source="file:9")
    assert [outcome.result for outcome in told(paid, done, paid, done)] == ["new", "updated", "new", "updated"]


def test_a_currency_without_a_table_rate_is_refused_where_it_would_count() -> None:
    assert told(trade(currency="ISK")) == [Outcome("refused", "no_exchange_rate", "currency")]


def test_a_trade_in_yuan_counts_for_deposits_with_its_own_amount_and_not_with_its_dollars() -> None:
    _, days = book([trade(trade_id=f"t-{fen}", currency="CNY", amount_minor=fen) for fen in (3_333, 3_334, 3_335)])
    [row] = [row for row in days.values() if row.orders]
    assert row.orders == {"lanterns": (3, 483 + 483 + 484, 3_333 + 3_334 + 3_335)}


def test_before_the_table_begins_a_trade_in_dollars_counts_for_no_deposit() -> None:
    long_ago = {name: getattr(trade(), name) - timedelta(days=1000) for name in ("ordered_at", *trades._FILLED_IN)}
    _, days = book([trade(**long_ago)])
    [row] = [row for row in days.values() if row.orders]
    assert row.orders == {"lanterns": (1, 10_000, 0)}


def test_a_later_rate_table_changes_nothing_already_counted() -> None:
    def dearer(currency: str, on: date) -> fx.Quote:
        return fx.Quote(currency, "USD", "9", "2017-06", "another table")

    paid = trade(currency="BRL", status="paid", delivered_at=None)
    first, _ = daybook_items.tell(None, paid, fx.quote, NOW)
    cancelled, _ = daybook_items.tell(first, trade(currency="BRL", status="cancelled", delivered_at=None), dearer, NOW)
    assert daybook_days.amended(book([paid])[1], daybook_items.days_of(first), daybook_items.days_of(cancelled)) == {}


@given(tellings_of_trades(), st.randoms())
def test_tellings_in_any_order_and_number_make_the_same_days(facts: list[Fact], chance: object) -> None:
    shuffled = sorted([*facts, *facts], key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert book(facts)[1] == book(shuffled)[1]


@given(tellings_of_trades())
def test_days_are_the_sum_of_what_the_items_count_for(facts: list[Fact]) -> None:
    items, days = book(facts)
    assert days == recomputed(items)


def test_a_total_sums_every_figure() -> None:
    _, days = book([trade(), trade(trade_id="t-2", category="kites", amount_minor=50)])
    whole = daybook_days.total(days.values(), date(2017, 12, 31))
    assert whole.orders == {"kites": (1, 50, 345), "lanterns": (1, 10_000, 68_966)}
    assert (whole.completed, whole.gmv_usd_minor, whole.due, whole.on_time) == (2, 10_050, 2, 2)
    assert SUPPLIER.startswith("mem_")
