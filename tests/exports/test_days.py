"""What an exporter's days say, and how declarations change them."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.exports.records import DayRow
from chalicelib.exports.rules.days import ExportDay, ExportLine, amended
from chalicelib.exports.service import reading

MARCH = date(2026, 3, 17)
SOLD = ExportLine("order-1", "acme", 1_085_000)
RELATED = ExportLine("order-2", "daughter", 200_000, "platform", True)
ELSEWHERE = ExportLine("order-3", "acme", 50_000, "elsewhere")
BACK = ExportLine("order-1", "acme", -85_000)


def test_sums_of_a_day_follow_from_its_lines() -> None:
    day = ExportDay(on=MARCH, lines=(SOLD, RELATED, ELSEWHERE, BACK))
    assert (day.platform_usd_minor, day.elsewhere_usd_minor, day.related_usd_minor) == (1_200_000, 50_000, 200_000)


def test_a_declaration_that_counts_otherwise_takes_the_place_of_what_it_counted_for() -> None:
    day = ExportDay(on=MARCH, lines=(SOLD, SOLD, RELATED))
    assert amended(day, [SOLD], [BACK]).lines == (SOLD, RELATED, BACK)


def test_days_are_read_from_a_date_up_to_but_not_including_another(aws: None) -> None:
    for on, lines in (
        (date(2026, 3, 1), (SOLD,)),
        (MARCH, (BACK,)),
        (date(2026, 3, 20), ()),
        (date(2026, 4, 1), (SOLD,)),
    ):
        DayRow("mem_1", on.isoformat(), version=1, body=ExportDay(on=on, lines=lines)).save()
    days = reading.days("mem_1", date(2026, 3, 1), date(2026, 4, 1))
    assert [(day.on, day.platform_usd_minor) for day in days] == [(date(2026, 3, 1), 1_085_000), (MARCH, -85_000)]
    assert reading.days("mem_1", MARCH, MARCH) == ()


def test_a_window_is_at_most_six_months() -> None:
    with pytest.raises(AssertionError, match="six months"):
        reading.days("mem_1", date(2026, 1, 1), date(2026, 8, 1))
