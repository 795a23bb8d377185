"""Instants, business dates and windows: pure arithmetic on the calendar.

Instants are aware datetimes in UTC, whole milliseconds. The business calendar is Asia/Shanghai: a business date is a
Shanghai day. A duration in days is n times 24 hours from the instant that starts it. A deadline is met iff `now < due_at`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chalicelib.shared.errors import Malformed, RuleViolation
from chalicelib.shared.texts import say

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept UTC+8 without daylight saving since 1991; no time-zone data is needed for the business calendar."""
_NO_PLACE: Final = "Factory"
"""What the time zone database calls a machine that nobody has told where it stands."""


class UnknownZone(Malformed):
    code = "unknown_zone"
    title = "That is not an IANA time zone."
    fix = "Use a name of the IANA time zone database, like Asia/Shanghai."


class BeyondCalendar(RuleViolation):
    code = "beyond_the_calendar"
    title = "The business days of that year are not known yet."
    fix = "Choose a day so early that it falls due by `known_until`; a year is added as soon as its holidays are published."


def business_date(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The instant at which a business date begins."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The zone of that name, which has to be one."""
    from zoneinfo import ZoneInfo  # with the next one a fortieth of a cold start, and few requests name a zone

    return ZoneInfo(must_be_zone(name, param="zone"))


def must_be_zone(name: str, *, param: str) -> str:
    """The name; UnknownZone for what a machine may hold beside the IANA database, such as `localtime` or `right/UTC`."""
    if name not in _zones():
        raise UnknownZone(say("{name!r:.60} is not an IANA time zone.", name=name), param=param)
    return name


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Every name of the IANA database, as the package `tzdata` lists them: the same on each machine."""
    from importlib.resources import files

    return frozenset(files("tzdata").joinpath("zones").read_text().split()) - {_NO_PLACE}


def end_of_day(day: date, zone_name: str) -> datetime:
    """24:00 of a contract date where the contract says so: the first instant of the next day there."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone(zone_name)).astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The days on which a country's banks differ from the week: weekdays they are `closed`, weekend days they work (`open`).

    It knows whole years, both `first_year` and `last_year` among them, and refuses to count in any other. Those after `published_year` are expected by
    law, and may still be moved by a day or two when the government says what is kept.
    """

    name: str
    first_year: int
    published_year: int
    last_year: int
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()

    @property
    def known_until(self) -> date:
        return date(self.last_year, 12, 31)

    @property
    def published_until(self) -> date:
        return date(self.published_year, 12, 31)

    def knows(self, day: date) -> bool:
        """Whether the holidays of its year are known, as published or as expected."""
        return self.first_year <= day.year <= self.last_year

    def is_published(self, day: date) -> bool:
        return self.first_year <= day.year <= self.published_year

    def is_business_day(self, day: date) -> bool:
        if not self.knows(day):
            raise BeyondCalendar(
                say(
                    "The calendar {name} knows the years {first_year} to {last_year}, not {year}.",
                    name=self.name,
                    first_year=self.first_year,
                    last_year=self.last_year,
                    year=day.year,
                ),
                calendar=self.name,
                known_until=self.known_until.isoformat(),
            )
        return day in self.open or (day.weekday() < 5 and day not in self.closed)


def business_days_after(start: datetime, days: int, calendar: Calendar) -> datetime:
    """24:00 (Shanghai) of the n-th business day after the business date of an instant: that day itself does not count.

    BeyondCalendar where that leads into a year the calendar does not know.
    """
    day = business_date(start)
    while days > 0:
        day += timedelta(days=1)
        days -= calendar.is_business_day(day)
    return end_of_business_date(day)


def business_days_at_most(start: datetime, days: int, calendar: Calendar, longest_holidays_days: int) -> datetime:
    """The same, for what must be written whether or not the holidays of that year are known yet: there, n business days are 2n days and the longest holidays."""
    try:
        return business_days_after(start, days, calendar)
    except BeyondCalendar:
        return end_of_business_date(business_date(start) + timedelta(days=2 * days + longest_holidays_days))


def later_each_time(since: datetime, at: datetime, first_days: int) -> datetime:
    """When to look again at what may stay as it is for years: after as long as it has stayed so, `first_days` at least and four times that at most.

    So what waits for a year by weeks is looked at fifteen times and not fifty, each time with an entry.
    """
    first = timedelta(days=first_days)
    return at + min(max(at - since, first), 4 * first)


def end_of_business_date(day: date) -> datetime:
    """The instant at which a business date ends."""
    return start_of(day + timedelta(days=1))


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where it is shorter."""
    year, month0 = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    return months_before(day, -months)


@lru_cache(maxsize=4096)
def month_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def months_between(first: str, last: str) -> list[str]:
    """Every month from that of one date or month to that of another, both included: `2026-11`, `2026-12`, `2027-01`."""
    start, end = (int(name[:4]) * 12 + int(name[5:7]) - 1 for name in (first, last))
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(start, end + 1)]


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970: the form in which instants are sorted and indexed."""
    return round((instant - _EPOCH) / timedelta(milliseconds=1))


def from_ms(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def whole_ms(instant: datetime) -> datetime:
    """The instant in UTC without its microseconds."""
    instant = instant.astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def instant(text: str) -> datetime:
    """The moment that a schedule's event tells, `2026-03-02T16:45:00Z`."""
    return whole_ms(datetime.fromisoformat(text.replace("Z", "+00:00")))


def wire(instant: datetime) -> str:
    """RFC 3339 in UTC, `2026-03-02T02:15:00Z`, with milliseconds only where there are some."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds" if instant.microsecond else "seconds")
    return text.replace("+00:00", "Z")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
