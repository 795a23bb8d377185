"""The almanac by which days are judged: business days, and those of which feeds did not tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from chalicelib.daybook.service import coverage
from chalicelib.monitoring.rules.day import DAY, FEEDS, LOOK_BACK, Almanac, Feed
from chalicelib.monitoring.rules.policy import Policy
from chalicelib.monitoring.rules.watch import AHEAD_DAYS, BEFORE_DRAW, KEPT_DAYS
from chalicelib.shared import calendars, policies
from chalicelib.shared.policies import Policy as Version

LOOKED_BACK: Final = timedelta(days=KEPT_DAYS + BEFORE_DRAW)
"""Days of which it is asked whether feeds told. Whatever lies before is taken as told."""

DaysByFeed = Mapping[Feed, frozenset[date]]


def rules_on(day: date) -> Version:
    """The rules in force on a day."""
    return policies.in_force("monitoring", day)


def policy_on(day: date) -> Policy:
    return rules_on(day).read_as(Policy)


def told_until(last: date) -> DaysByFeed:
    """The days of which each feed told: a query for each."""
    return {feed: coverage.days(feed, last - LOOKED_BACK, last) for feed in FEEDS}


def almanac(by_feed: DaysByFeed, last: date) -> Almanac:
    """As it stands when a day is over: that day and all before it lack of which no feed told; those that come are taken as told."""
    return _almanac(tuple(by_feed[feed] for feed in FEEDS), last)


def almanac_of(last: date) -> Almanac:
    return almanac(told_until(last), last)


@lru_cache(maxsize=8)
def _almanac(by_feed: tuple[frozenset[date], ...], last: date) -> Almanac:
    known = {last - timedelta(days=back) for back in range(LOOKED_BACK.days)}
    lacking = {feed: known - days for feed, days in zip(FEEDS, by_feed, strict=True)}
    calendar = calendars.calendar(policy_on(last).calendar)
    return Almanac(calendar, lacking, last - LOOK_BACK, last + AHEAD_DAYS * DAY)
