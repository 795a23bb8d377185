from datetime import UTC, datetime

import pytest

from chalicelib.daybook.rules import reading
from chalicelib.daybook.rules.reading import Unreadable
from chalicelib.members.rules import id_of

LINE = {
    "trade_id": "T-1",
    "supplier_ref": "lantern-works",
    "buyer_ref": "acme",
    "supplier_country": "CN",
    "buyer_country": "DE",
    "category": "灯笼 & lanterns",
    "currency": "KWD",
    "amount": "12.345",
    "ordered_at": "2017-06-10T12:00:00.123456+08:00",
    "paid_at": "2017-06-11T00:00:00Z",
    "status": "paid",
}


def test_a_line_becomes_a_fact_in_utc_and_minor_units() -> None:
    fact = reading.trade_fact(LINE, "imp_1:2")
    assert (fact.member_id, fact.amount_minor, fact.source) == (id_of("lantern-works"), 12_345, "imp_1:2")
    assert fact.ordered_at == datetime(2017, 6, 10, 4, 0, 0, 123_000, tzinfo=UTC)
    assert (fact.ship_by, fact.delivered_at) == (None, None)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("trade_id", None, "missing_value"),
        ("trade_id", "~x", "bad_reference"),
        ("trade_id", "a b", "bad_reference"),
        ("trade_id", "a\n", "bad_reference"),
        ("trade_id", "x" * 65, "too_long"),
        ("trade_id", "a\0b", "nul_byte"),
        ("supplier_ref", "é", "bad_reference"),
        ("buyer_ref", "\udcff", "not_utf8"),
        ("supplier_country", "cn", "bad_country"),
        ("supplier_country", "UK", "bad_country"),
        ("buyer_country", "XX", "bad_country"),
        ("currency", "ANG", "unknown_currency"),
        ("buyer_country", "DEU", "bad_country"),
        ("category", "x" * 65, "too_long"),
        ("category", "lan\x07terns", "bad_category"),
        ("category", "\udcff", "not_utf8"),
        ("category", "a\0", "nul_byte"),
        ("currency", "XXX", "unknown_currency"),
        ("currency", "kwd", "unknown_currency"),
        ("amount", "-1.000", "negative_amount"),
        ("amount", "1.00", "bad_amount"),
        ("amount", "1e3", "bad_amount"),
        ("amount", "1,000.000", "bad_amount"),
        ("amount", "9" * 17 + ".000", "bad_amount"),
        ("ordered_at", "2017-06-10", "bad_date"),
        ("ordered_at", "2017-06-10T12:00:00", "bad_date"),
        ("ordered_at", "2017-02-29T12:00:00Z", "bad_date"),
        ("ordered_at", "10/06/2017 12:00", "bad_date"),
        ("ordered_at", "0001-01-01T00:00:00+14:00", "bad_date"),
        ("paid_at", "9999-12-31T23:59:59-14:00", "bad_date"),
        ("delivered_at", "yesterday", "bad_date"),
        ("status", "done", "unknown_status"),
        ("status", None, "missing_value"),
    ],
)
def test_the_first_value_that_will_not_do_is_named(column: str, value: str | None, reason: str) -> None:
    line = {name: told for name, told in (LINE | {column: value}).items() if told is not None}
    with pytest.raises(Unreadable) as wrong:
        reading.trade_fact(line, "")
    assert (wrong.value.column, wrong.value.reason) == (column, reason)


def test_the_columns_are_those_of_a_trade_history() -> None:
    assert set(reading.REQUIRED) == set(LINE) - {"paid_at"}
    assert len(reading.COLUMNS) == 15


@pytest.mark.parametrize("text", ["2017-06-10T12:00:00Z", "2017-06-10t12:00:00z", "2017-06-10T20:00:00+08:00"])
def test_a_moment_is_read_with_any_offset(text: str) -> None:
    assert reading.moment(text, "at") == datetime(2017, 6, 10, 12, tzinfo=UTC)


def test_one_category_is_one_however_it_was_typed() -> None:
    typed = ["élan vital", "e\u0301lan vital", " élan\u00a0vital", "élan\u3000vital ", "élan\tvital"]
    assert {reading.trade_fact(LINE | {"category": told}, "").category for told in typed} == {"élan vital"}


@pytest.mark.parametrize("category", ["a\u200bb", "a\u202eb", "\u3000", "\u3164"])
def test_a_category_that_shows_nothing_or_something_else_is_refused(category: str) -> None:
    with pytest.raises(Unreadable) as wrong:
        reading.trade_fact(LINE | {"category": category}, "")
    assert wrong.value.column == "category"
