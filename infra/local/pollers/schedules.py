"""Schedules of EventBridge by the minute, in UTC: `rate(1 minute)`, `cron(30 18 L * ? *)`."""

from __future__ import annotations

import calendar
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3

from infra.local.pollers.event_source import Handler, Tell, lambda_context, put_aside
from infra.local.resources import ACCOUNT

MINUTES_OF: Final = {"minute": 1, "hour": 60, "day": 1440}
FIRST_YEAR: Final = 1970
MOST_TRIES: Final = 3


class Schedules:
    """Every schedule, looked at once a minute. A minute that passed while we were not running is not made up for."""

    def __init__(self, handlers: dict[str, tuple[str, Handler]], tell: Tell) -> None:
        session: Any = boto3.Session()
        self._dead: Any = session.client("sqs")
        self._handlers, self._tell = handlers, tell
        self._seen = _this_minute()

    def most_pause(self) -> float:
        """Seconds until the next minute begins."""
        return (self._seen + timedelta(minutes=1) - datetime.now(UTC)).total_seconds()

    def turn(self) -> bool:
        """Fire what became due. True where anything did, which may be work for the others."""
        minute, worked = _this_minute(), False
        while self._seen < minute:
            self._seen += timedelta(minutes=1)
            worked |= self._fire(self._seen)
        return worked

    def _fire(self, minute: datetime) -> bool:
        due = [(name, handler) for name, (expression, handler) in self._handlers.items() if is_due(expression, minute)]
        worked = [self._try(name, handler, tick_of(name, minute)) for name, handler in due]
        return any(worked)

    def _try(self, name: str, handler: Handler, tick: dict[str, Any]) -> bool:
        """As Lambda tries an event nobody waits for: three times, then it is put aside. Whether it found work."""
        for tried in range(1, MOST_TRIES + 1):
            try:
                return bool(handler(tick, lambda_context()))
            except Exception as failure:
                self._tell(f"{name}: the schedule of {tick['time']} failed, try {tried}: {failure!r}")
        put_aside(self._dead, "schedules-dead", name, MOST_TRIES, requestPayload=tick)
        return False


def is_due(expression: str, at: datetime) -> bool:
    """Whether it fires in the minute of `at`. A rate counts from the epoch, so that every machine agrees."""
    kind, expression_of_kind = re.fullmatch(r"(rate|cron)\((.*)\)", expression).groups()  # type: ignore[union-attr]
    if kind == "rate":
        number, unit = expression_of_kind.split()
        return int(at.timestamp()) // 60 % (int(number) * MINUTES_OF[unit.rstrip("s")]) == 0
    minute, hour, day, month, weekday, year = expression_of_kind.split()
    return (
        _holds(minute, at.minute, 0)
        and _holds(hour, at.hour, 0)
        and _holds(month, at.month, 1)
        and _holds(year, at.year, FIRST_YEAR)
        and _holds_day(day, at)
        and (weekday == "?" or _holds(weekday, at.isoweekday() % 7 + 1, 1))
    )


def _holds_day(field: str, at: datetime) -> bool:
    last = calendar.monthrange(at.year, at.month)[1]
    return field == "?" or _holds(field.replace("L", str(last)), at.day, 1)


def _holds(field: str, value: int, first: int) -> bool:
    """`*`, `5`, `1-5`, `1,15`, `0/10`, `*/10`."""
    return any(_holds_part(part, value, first) for part in field.split(","))


def _holds_part(part: str, value: int, first: int) -> bool:
    span, _, step = part.partition("/")
    low, _, high = span.partition("-")
    start = first if low == "*" else int(low)
    if step:
        return value >= start and (not high or value <= int(high)) and (value - start) % int(step) == 0
    return low == "*" or (start <= value <= int(high) if high else value == start)


def _this_minute() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)


def tick_of(name: str, at: datetime) -> dict[str, Any]:
    """The event that EventBridge sends for a schedule at a moment."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": [f"arn:aws:events:us-east-1:{ACCOUNT}:rule/{name}"],
        "detail": {},
    }
