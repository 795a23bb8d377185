"""Writes the tables of public standards from the libraries that keep them: `make standards`.

    python -m infra.standards

ISO 3166-1 and ISO 4217 become a module, so that a cold start reads no library's data; the business days of China, Korea and Japan become a
version of the policy `calendars`, which names its sources. Nothing in these files is written by hand; a test compares them with the libraries.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import chinese_calendar
import chinese_calendar.constants
import holidays
import iso4217
import pycountry

ROOT: Final = Path(__file__).parent.parent
CODES: Final = ROOT / "chalicelib/shared/iso_codes.py"
CALENDARS: Final = ROOT / "chalicelib/policies/calendars"
NOT_MONEY: Final = frozenset({"UYW", "XAD"})
"""Units of account that ISO 4217 does not mark as funds: nobody can pay in them."""
YEARS: Final = range(2024, 2028)
"""Of the calendars that a library works out by rule: as far as governments have said what is kept that year."""
WARN_DAYS: Final = 45
"""China's State Council publishes a year's holidays in the November before: a calendar that ends sooner than this is overdue."""


def main() -> None:
    CODES.write_text(codes())
    name, text = calendar_file(datetime.now(UTC).date())
    (CALENDARS / name).write_text(text)


def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2."""
    return frozenset(country.alpha_2 for country in pycountry.countries)


def currencies() -> dict[str, int]:
    """Digits by ISO 4217 code, of what can be paid in: no funds, metals, units of account or test codes."""
    funds = {
        entry.findtext("Ccy")
        for entry in iso4217.raw_xml.iterfind("CcyTbl/CcyNtry")
        if entry.find("CcyNm[@IsFund='true']") is not None
    }
    return {
        currency.code: currency.exponent
        for currency in iso4217.Currency
        if currency.exponent is not None and currency.code not in funds | NOT_MONEY
    }


def china() -> dict[str, Any]:
    """The days on which China's banks differ from the week: those that the State Council has published, and after them, up to the last of `YEARS`,
    those of the Regulation on Public Holidays, which says the days off of every year but not the weekends that are worked for them.
    """
    first, last = min(chinese_calendar.constants.holidays), max(chinese_calendar.constants.holidays)
    days = list(_days(first.year, last.year))
    expected = holidays.country_holidays("CN", years=range(last.year + 1, YEARS[-1] + 1))
    libraries = [f"chinesecalendar {version('chinesecalendar')}"]
    return {
        "name": "CN",
        "source": "the State Council's yearly notices on public holidays; for a year without one its Regulation on Public Holidays",
        "library": ", ".join([*libraries, f"holidays {version('holidays')}"] if expected else libraries),
        "first_year": first.year,
        "published_year": last.year,
        "last_year": max(last.year, YEARS[-1]),
        "closed": [
            *(str(day) for day in days if day.weekday() < 5 and chinese_calendar.is_holiday(day)),
            *(str(day) for day in sorted(expected) if day.weekday() < 5),
        ],
        "open": [str(day) for day in days if day.weekday() >= 5 and chinese_calendar.is_workday(day)],
    }


def closed_on_holidays(country: str, source: str) -> dict[str, Any]:
    """The weekdays on which a country's banks are closed: its public holidays, substitutes among them, and those of banks alone."""
    days = holidays.country_holidays(country, years=YEARS, categories=(holidays.PUBLIC, holidays.BANK))
    return {
        "name": country,
        "source": source,
        "library": f"holidays {version('holidays')}",
        "first_year": YEARS[0],
        "published_year": YEARS[-1],
        "last_year": YEARS[-1],
        "closed": [str(day) for day in sorted(days) if day.weekday() < 5],
        "open": [],
    }


def codes() -> str:
    """The module of codes."""
    by_digits: dict[int, list[str]] = {}
    for code, digits in sorted(currencies().items()):
        by_digits.setdefault(digits, []).append(code)
    sources = ", ".join(f"{name} {version(name)}" for name in ("pycountry", "iso4217"))
    lines = [
        '"""Codes of ISO 3166-1 and ISO 4217. Written by `make standards`; a test compares it with the libraries it comes from.',
        "",
        f"Source: {sources}.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Final",
        "",
        "COUNTRIES: Final = frozenset(",
        *_quoted(sorted(countries())),
        ")",
        '"""ISO 3166-1 alpha-2."""',
        "",
        "DIGITS: Final[dict[str, int]] = {",
    ]
    for digits, these in sorted(by_digits.items()):
        lines += ["    **dict.fromkeys(", *("    " + line for line in _quoted(these)), f"        {digits},", "    ),"]
        lines[-3] += ","
    lines += ["}", '"""Decimal digits by ISO 4217 code, of currencies one can pay in."""', ""]
    return "\n".join(lines)


def calendar_file(today: date) -> tuple[str, str]:
    """The file's name and text. A version that is there keeps its days; a new year makes a new one, in effect at once, and another when it is published."""
    calendars = {
        "CN": china(),
        "JP": closed_on_holidays("JP", "the Act on National Holidays, and the Banking Act on the turn of the year"),
        "KR": closed_on_holidays("KR", "the Public Holidays Act with its substitutes, and the day of workers"),
    }
    values = {"warn_days": WARN_DAYS, "calendars": calendars}
    year = calendars["CN"]["last_year"]
    name = f"{year}.{2 if year == calendars['CN']['published_year'] else 1}.json"
    known = json.loads((CALENDARS / name).read_text()) if (CALENDARS / name).exists() else {}
    file = {
        "announced_on": known.get("announced_on", str(today)),
        "effective_on": known.get("effective_on", str(today)),
        "values": values,
    }
    return name, re.sub(r"\[\s+(.*?)\s+\]", _in_few_lines, json.dumps(file, indent=2), flags=re.DOTALL) + "\n"


def _in_few_lines(array: re.Match[str]) -> str:
    days = textwrap.wrap(" ".join(array[1].split()), 112)
    return "\n".join(["[", *(" " * 10 + line for line in days), " " * 8 + "]"])


def _days(first_year: int, last_year: int) -> Iterator[date]:
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        yield day
        day += timedelta(days=1)


def _quoted(names: Iterable[str]) -> list[str]:
    """The names as one string, in lines that the formatter leaves alone."""
    lines = textwrap.wrap(" ".join(names), 104)
    texts = [f'        "{line}{" " if line is not lines[-1] else ""}"' for line in lines]
    if len(texts) == 1:
        return [f"    {texts[0].strip()}.split()"]
    return ["    (", *texts, "    ).split()"]


if __name__ == "__main__":
    main()
