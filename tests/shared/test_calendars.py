"""Business calendars: which version counts, and the warning before one ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.shared import calendars, observe, policies

LAST = calendars.published_until()["CN"]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(observe, "count", lambda name, value=1: names.append(name))
    return names


def test_the_newest_version_counts_whatever_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    newest = policies.versions("calendars")[-1]
    old: Any = type(newest)(
        name="calendars",
        version="1999.1",
        announced_on=date(1999, 1, 1),
        effective_on=date(1999, 1, 1),
        hash="old",
        values={},
    )
    monkeypatch.setattr(policies, "versions", lambda name: (old, newest))
    assert calendars.calendar("CN").first_year == 2004


@pytest.mark.parametrize(("days_left", "warned"), [(45, []), (44, ["CN"]), (0, ["CN"]), (-330, ["CN", "JP", "KR"])])
def test_a_calendar_that_ends_soon_is_counted_and_named(counted: list[str], days_left: int, warned: list[str]) -> None:
    assert calendars.warn_if_ending(LAST - timedelta(days=days_left)) == warned
    assert counted == ["CalendarEndsSoon"] * len(warned)
