"""Figures about a supplier: sums of day rows over a window, each with its window, sample, formula and policy. Pure.

Rates are basis points, rounded down; amounts are US cents. Source of the formulas: the policy `figures`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from chalicelib.daybook.rules.days import DayRow
from chalicelib.shared.periods import business_date, months_before, start_of, to_ms

WHOLE_BP: Final = 10_000
SECONDS_PER_HOUR: Final = 3600


class ResponseTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Inquiries of the `days` that ended `ends_hours_ago`; fewer than `least_sample` of them: the last ones of `wider_days`."""

    days: int
    ends_hours_ago: int
    in_time_hours: int
    least_sample: int
    wider_days: int


class FigureTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The policy `figures`."""

    transactions_months: int
    claims_months: int
    on_time_days: int
    response: ResponseTerms
    badge_minutes: int


class Transactions(msgspec.Struct, frozen=True, kw_only=True):
    """Protected orders completed on the business dates `first` to `last`, both in it."""

    first: date
    last: date
    count: int
    usd_minor: int


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """Claims against protected orders on the business dates `first` to `last`, both in it.

    Filed, and open still, by the day of filing; closed, lost and paid by the day of closing. Rates are of the protected orders completed
    on these days, or of one where there was none; None where there was neither an order nor a claim.
    """

    first: date
    last: date
    completed: int
    filed: int
    open: int
    closed: int
    lost: int
    paid_usd_minor: int
    median_close_hours: int | None

    @property
    def claim_rate_bp(self) -> int | None:
        return WHOLE_BP * self.filed // max(1, self.completed) if self.completed or self.filed else None

    @property
    def loss_rate_bp(self) -> int | None:
        return WHOLE_BP * self.lost // max(1, self.completed) if self.completed or self.closed else None


class OnTime(msgspec.Struct, frozen=True, kw_only=True):
    """Trades to be shipped on the business dates `first` to `last`, both in it; `rate_bp` is None where there are none."""

    first: date
    last: date
    due: int
    on_time: int

    @property
    def rate_bp(self) -> int | None:
        return WHOLE_BP * self.on_time // self.due if self.due else None


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """How inquiries asked from `since` (inclusive) to `until` were answered. Rate and times are None where there were too few.

    `median_s` and `p90_s` are seconds to the first answer by nearest rank among the answered ones: the smallest latency that at
    least 50 or 90 in 100 of them do not exceed.
    """

    since: datetime
    until: datetime
    inquiries: int
    in_time: int = 0
    rate_bp: int | None = None
    median_s: int | None = None
    p90_s: int | None = None


def transactions(rows: Iterable[DayRow], at: datetime, terms: FigureTerms) -> Transactions:
    last = business_date(at)
    first = months_before(last, terms.transactions_months) + timedelta(days=1)
    inside = [row for row in rows if first <= row.day <= last]
    return Transactions(
        first=first,
        last=last,
        count=sum(row.protected_completed for row in inside),
        usd_minor=sum(row.protected_usd_minor for row in inside),
    )


def claims(rows: Iterable[DayRow], at: datetime, terms: FigureTerms) -> Claims:
    last = business_date(at)
    first = months_before(last, terms.claims_months) + timedelta(days=1)
    inside = [row for row in rows if first <= row.day <= last]
    return Claims(
        first=first,
        last=last,
        completed=sum(row.protected_completed for row in inside),
        filed=sum(row.claims_filed for row in inside),
        open=sum(row.claims_open for row in inside),
        closed=sum(row.claims_closed for row in inside),
        lost=sum(row.claims_lost for row in inside),
        paid_usd_minor=sum(row.claim_paid_usd_minor for row in inside),
        median_close_hours=_nearest_rank(sorted(hours for row in inside for hours in row.close_hours), 50),
    )


def newest(rows: Iterable[DayRow]) -> date | None:
    """The latest business date of which anything is known: how fresh the figures are."""
    return max((row.day for row in rows), default=None)


def on_time(rows: Iterable[DayRow], as_of: date, days: int) -> OnTime:
    """The `days` business dates before `as_of`, which is not one of them."""
    first = as_of - timedelta(days=days)
    inside = [row for row in rows if first <= row.day < as_of]
    return OnTime(
        first=first,
        last=as_of - timedelta(days=1),
        due=sum(row.due for row in inside),
        on_time=sum(row.on_time for row in inside),
    )


def response(rows: Iterable[DayRow], at: datetime, terms: ResponseTerms) -> Response:
    """As it was known at `at`: an answer given later does not count yet."""
    until = at - timedelta(hours=terms.ends_hours_ago)
    wider = until - timedelta(days=terms.wider_days)
    inquiries = sorted(
        (asked_ms, _known(asked_ms, after_s, at))
        for row in rows
        for asked_ms, after_s in row.inquiries
        if to_ms(wider) <= asked_ms < to_ms(until)
    )
    since = until - timedelta(days=terms.days)
    recent = [latency for asked_ms, latency in inquiries if asked_ms >= to_ms(since)]
    if len(recent) >= terms.least_sample:
        return _response(recent, since, until, terms)
    last = [latency for _, latency in inquiries[-terms.least_sample :]]
    if len(last) >= terms.least_sample:
        return _response(last, wider, until, terms)
    return Response(since=wider, until=until, inquiries=len(inquiries))


def first_day_needed(at: datetime, terms: FigureTerms) -> date:
    """The earliest business date any of the figures as of `at` looks at."""
    inquiries = terms.response.wider_days + terms.response.ends_hours_ago // 24 + 2
    shipments = max(inquiries, terms.on_time_days)
    today = business_date(at)
    months = max(terms.transactions_months, terms.claims_months)
    return min(today - timedelta(days=shipments), months_before(today, months))


def whole_hours(seconds: int | None) -> int | None:
    """Shown rounded up: an answer within the hour takes one."""
    return None if seconds is None else -(-seconds // SECONDS_PER_HOUR)


def opening(as_of: date) -> datetime:
    """The instant at which figures of a business date are taken: its beginning."""
    return start_of(as_of)


def _known(asked_ms: int, after_s: int | None, at: datetime) -> int:
    """Seconds to the answer as known at `at`; -1 where there was none."""
    return -1 if after_s is None or asked_ms + after_s * 1000 > to_ms(at) else after_s


def _response(latencies: Sequence[int], since: datetime, until: datetime, terms: ResponseTerms) -> Response:
    answered = sorted(latency for latency in latencies if latency >= 0)
    in_time = sum(latency <= terms.in_time_hours * SECONDS_PER_HOUR for latency in answered)
    return Response(
        since=since,
        until=until,
        inquiries=len(latencies),
        in_time=in_time,
        rate_bp=WHOLE_BP * in_time // len(latencies),
        median_s=_nearest_rank(answered, 50),
        p90_s=_nearest_rank(answered, 90),
    )


def _nearest_rank(ordered: Sequence[int], percent: int) -> int | None:
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None
