"""Countries, currencies and business days are those of the libraries that keep them: `make standards` would change nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.shared import calendars, fx, money, policies
from chalicelib.shared.iso_codes import COUNTRIES, DIGITS
from infra import standards


def test_the_tables_of_codes_are_those_of_the_libraries() -> None:
    assert (standards.countries(), standards.currencies()) == (COUNTRIES, DIGITS)
    assert standards.CODES.read_text() == standards.codes()


def test_the_calendars_are_those_of_the_library_and_say_where_they_come_from() -> None:
    name, text = standards.calendar_file(date(2030, 1, 1))
    assert (standards.CALENDARS / name).read_text() == text
    newest = policies.versions("calendars")[-1]
    assert newest.values["calendars"]["CN"]["library"].startswith("chinesecalendar 1.")


def test_a_country_is_one_of_iso_3166_and_no_union_and_no_nickname() -> None:
    assert len(COUNTRIES) == 249
    assert {"CN", "GB", "GR", "TW"} <= COUNTRIES
    assert not COUNTRIES & {"UK", "EU", "EL", "XX", "ZZ", "AN", "SU"}


def test_a_currency_is_money_somebody_can_pay_in() -> None:
    assert {code: DIGITS[code] for code in ("XCG", "AFN", "KWD", "KRW")} == {"XCG": 2, "AFN": 2, "KWD": 3, "KRW": 0}
    assert not DIGITS.keys() & {"ANG", "BGN", "XAU", "XDR", "XXX", "XTS", "CLF", "USN", "UYW", "XAD"}


def test_every_currency_with_a_table_rate_is_known() -> None:
    for policy in policies.versions("fx"):
        for currency in policy.values["monthly"]:
            assert money.digits_of(currency) >= 0
            assert fx.quote(currency, date(2026, 3, 2)).to == "USD"


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2026, 2, 17), False),  # the new year
        (date(2026, 2, 14), True),  # a Saturday worked in lieu
        (date(2024, 2, 18), True),  # a Sunday worked in lieu
        (date(2018, 1, 1), False),
        (date(2026, 3, 2), True),
        (date(2026, 3, 1), False),
        (date(2027, 2, 5), False),  # the eve of the new year: expected by law, not published yet
        (date(2027, 2, 10), False),  # in place of a weekend of the new year
        (date(2027, 2, 11), True),
        (date(2027, 9, 15), False),  # the middle of autumn
    ],
)
def test_the_chinese_calendar_knows_past_years_and_days_worked_in_lieu(day: date, is_one: bool) -> None:
    assert calendars.calendar("CN").is_business_day(day) is is_one


@pytest.mark.parametrize(
    ("country", "day", "is_one"),
    [
        ("KR", date(2024, 9, 17), False),  # Chuseok
        ("KR", date(2024, 9, 19), True),
        ("KR", date(2024, 2, 12), False),  # in place of a Sunday of Seollal
        ("KR", date(2026, 5, 1), False),  # banks are closed on the day of workers
        ("KR", date(2027, 2, 9), False),  # in place of a Sunday of Seollal
        ("KR", date(2026, 3, 3), True),
        ("JP", date(2024, 12, 31), False),  # a holiday of banks alone
        ("JP", date(2026, 9, 22), False),  # between two holidays
        ("JP", date(2027, 3, 22), False),  # in place of a Sunday
        ("JP", date(2027, 3, 23), True),
    ],
)
def test_the_korean_and_japanese_calendars_know_substitutes_and_days_on_which_banks_alone_are_closed(
    country: str, day: date, is_one: bool
) -> None:
    assert calendars.calendar(country).is_business_day(day) is is_one


@pytest.mark.parametrize("country", ["CN", "JP", "KR"])
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_calendar_knows_the_years_of_the_channels(country: str, year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    assert 240 <= sum(map(calendars.calendar(country).is_business_day, days)) <= 253


def test_a_year_is_known_before_it_is_published_and_its_publication_is_a_version_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    china = calendars.calendar("CN")
    assert (china.published_year, china.last_year, standards.YEARS[-1]) == (2026, 2027, 2027)
    assert not any(day.year > china.published_year for day in china.open)
    monkeypatch.setattr(standards, "YEARS", range(2024, 2027))
    assert (standards.calendar_file(date(2030, 1, 1))[0], standards.china()["last_year"]) == ("2026.2.json", 2026)
