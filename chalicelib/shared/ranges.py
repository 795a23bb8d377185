"""Dates and instants of requests, each with the range it may lie in: said with its type, judged before any use-case reads it.

    due_by: ContractDay | None = None

A range is told in days from the business date of the request, so that arithmetic on what was taken in never leaves the calendar. The
API document states it; what a date must fit besides (the others of its request, the present state) is for the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say

EARLIEST: Final = date(2000, 1, 1)
"""Nothing anybody tells happened before, and nothing is asked about it."""
LATEST: Final = date(2099, 12, 31)
"""Whatever the range: what lies later is a slip of the pen."""
TWO_YEARS: Final = 731
TEN_YEARS: Final = 3653


class DateOutOfRange(RuleViolation):
    code = "date_out_of_range"
    title = "A date lies where it cannot be meant."
    fix = "Send a date from `earliest` until `latest`."


class Range(msgspec.Struct, frozen=True):
    """From so many days before today (None: as far back as EARLIEST) to so many after, both days in it, by the business calendar."""

    back_days: int | None
    ahead_days: int

    def ends(self, today: date) -> tuple[date, date]:
        first = EARLIEST if self.back_days is None else max(EARLIEST, today - timedelta(days=self.back_days))
        return first, min(LATEST, today + timedelta(days=self.ahead_days))

    @property
    def words(self) -> str:
        """For the API document."""
        first = f"{EARLIEST}" if self.back_days is None else f"{self.back_days} days before today"
        last = "today" if self.ahead_days == 0 else f"{self.ahead_days} days after it"
        if self.back_days is None and self.ahead_days:
            last = f"{self.ahead_days} days after today"
        return f"From {first} until {last}."


def _day(back_days: int | None, ahead_days: int) -> Meta:
    return Meta(extra={"range": Range(back_days, ahead_days)})


def _moment(back_days: int | None, ahead_days: int) -> Meta:
    return Meta(tz=True, extra={"range": Range(back_days, ahead_days)})


ContractDay = Annotated[date, _day(TWO_YEARS, TWO_YEARS)]
"""A day that parties agree on: one that stands already may have passed, whether a new one may the rules judge."""
PastDay = Annotated[date, _day(None, 0)]
"""A business date that has begun."""
BookDay = Annotated[date, _day(None, TWO_YEARS)]
"""A day one asks about: on record, or planned for."""
DueDay = Annotated[date, _day(0, TEN_YEARS)]
"""A day on which something is to be paid, by a contract of several years."""
PastMoment = Annotated[datetime, _moment(None, 0)]
"""When something happened; whether it has happened yet the rules judge to the millisecond."""
BookMoment = Annotated[datetime, _moment(None, TWO_YEARS)]
"""A moment one asks about."""
BankDay = Annotated[date, _day(None, TEN_YEARS)]
"""A day that a bank tells: one on record, or one of a contract of several years."""
BankMoment = Annotated[datetime, _moment(None, TEN_YEARS)]
"""The same to the millisecond."""
TermDay = Annotated[date, _day(TEN_YEARS, TEN_YEARS)]
"""The last day of a long term, such as that of a signer's powers."""
TermMoment = Annotated[datetime, _moment(TEN_YEARS, TEN_YEARS)]
"""An end of a long term, such as an insurance's."""

Judge = Callable[[Any, date, str], None]


def must_lie_in_range(value: Any, form: Any, today: Callable[[], date]) -> None:
    """Judge every date and instant in a request by its range; DateOutOfRange names the first that lies outside."""
    judge = judge_of(form)
    if judge is not None:
        judge(value, today(), "")


def believed(day: date | None, told_on: date) -> date:
    """A day that a partner told, where it can be meant; else the day on which we heard of it. Money never waits for such a date."""
    return day if day is not None and EARLIEST <= day <= told_on + timedelta(days=TWO_YEARS) else told_on


@lru_cache(maxsize=512)
def judge_of(form: Any) -> Judge | None:
    """What judges values of a form, or None where it holds no date with a range."""
    if get_origin(form) is Annotated:
        inner, *metas = get_args(form)
        extras = (meta.extra or {} for meta in metas if isinstance(meta, Meta))
        range_ = next((extra["range"] for extra in extras if "range" in extra), None)
        return _judge_date(range_) if range_ is not None else judge_of(inner)
    if get_origin(form) in (Union, UnionType):
        return _judge_choices(get_args(form))
    if get_origin(form) in (list, tuple) and (item := judge_of(get_args(form)[0])) is not None:
        return _judge_items(item)
    if isinstance(form, type) and issubclass(form, msgspec.Struct):
        return _judge_fields(form)
    return None


def _judge_date(range_: Range) -> Judge:
    def judge(value: date | datetime, today: date, where: str) -> None:
        first, last = range_.ends(today)
        if not EARLIEST.year <= value.year <= LATEST.year + 1 or not first <= _day_of(value) <= last:
            raise DateOutOfRange(
                say("{day:.40} does not lie from {first} until {last}.", day=value.isoformat(), first=first, last=last),
                param=where or None,
                earliest=first.isoformat(),
                latest=last.isoformat(),
            )

    return judge


def _judge_choices(choices: tuple[Any, ...]) -> Judge | None:
    """One of several forms: a struct is judged by its own, a date by the only one there is."""
    judges = [(choice, judge_of_it) for choice in choices if (judge_of_it := judge_of(choice)) is not None]
    if not judges:
        return None

    def judge(value: Any, today: date, where: str) -> None:
        for choice, judge_choice in judges:
            if isinstance(value, choice if isinstance(choice, type) else date):
                judge_choice(value, today, where)

    return judge


def _judge_items(item: Judge) -> Judge:
    def judge(value: Any, today: date, where: str) -> None:
        for number, part in enumerate(value):
            item(part, today, f"{where}[{number}]")

    return judge


def _judge_fields(form: type[msgspec.Struct]) -> Judge | None:
    judges = list(_of_fields(form))
    if not judges:
        return None

    def judge(struct: Any, today: date, where: str) -> None:
        for name, on_wire, judge_field in judges:
            value = getattr(struct, name)
            if value is not None:
                judge_field(value, today, f"{where}.{on_wire}".removeprefix("."))

    return judge


def _of_fields(form: type[msgspec.Struct]) -> Iterator[tuple[str, str, Judge]]:
    hints = get_type_hints(form, include_extras=True)
    for field in msgspec.structs.fields(form):
        if (field_judge := judge_of(hints[field.name])) is not None:
            yield field.name, field.encode_name, field_judge


def _day_of(value: date | datetime) -> date:
    return business_date(value) if isinstance(value, datetime) else value
