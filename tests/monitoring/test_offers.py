"""What a firm takes down after its draw, end to end: its own listings here, and those that a marketplace tells of."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.daybook.rules.activity import OfferChange, Offered
from chalicelib.daybook.service.recording import record
from chalicelib.monitoring.rules.watch import FirmDay
from chalicelib.monitoring.service import watching
from chalicelib.shared.periods import start_of
from tests.listings.selling import Booth, join, suspend
from tests.monitoring.watched import DAY, DRAWN, Watched, bank, lender, watched
from tests.quotes.quoting import open_channel
from tests.world import token

__all__ = ["bank", "lender", "watched"]

GONE = DRAWN + 8 * DAY


@pytest.fixture
def booth(watched: Watched) -> Booth:
    """Of the firm that has drawn."""
    firm: Any = SimpleNamespace(api=watched.api, supplier=token("member", watched.firm))
    channel_id = open_channel()
    return Booth(firm, channel_id, join(channel_id, watched.firm))


def hear(watched: Watched) -> None:
    """The journal and then the day-book, as their streams tell of them; the journal twice."""
    watched.follow()
    watched.follow()
    watching.follow_days(watched.firm, watched.time.at)


def until(watched: Watched, day: date) -> None:
    """The night of a day, until which the firm has logged in every second day."""
    watched.time.at = start_of(day) + timedelta(hours=12)
    for back in reversed(range(0, (day - DRAWN).days + 1, 2)):
        watched.logs_in(day - back * DAY)
    watched.night(day, at_once=True)


def test_a_firm_that_takes_half_of_its_listings_down_is_asked_why(watched: Watched, booth: Booth) -> None:
    watched.time.at = start_of(DRAWN) + timedelta(hours=12)
    kept, gone = booth.sell(), booth.sell()
    hear(watched)
    assert watched.watch.days[-1].offers == 2
    watched.time.at = start_of(GONE) + timedelta(hours=12)
    for _ in range(2):
        assert booth.act(gone, "withdraw", booth.supplier).status in (200, 409)
    hear(watched)
    until(watched, GONE)
    [alert] = [alert for alert in watched.alerts() if alert.rule == "profile_change"]
    assert (alert.level, alert.started_on, alert.evidence[0].numbers["listings_removed_bp"]) == ("amber", GONE, 5_000)
    assert kept in {item["id"] for item in watched.api.get("/v1/listings", booth.supplier)["items"]}


def test_what_others_suspend_the_firm_has_not_taken_down(watched: Watched, booth: Booth) -> None:
    watched.time.at = start_of(DRAWN) + timedelta(hours=12)
    booth.sell()
    hear(watched)
    watched.time.at = start_of(GONE) + timedelta(hours=12)
    suspend(booth.membership_id)
    hear(watched)
    until(watched, GONE)
    assert "profile_change" not in {alert.rule for alert in watched.alerts()}


def test_a_marketplace_that_tells_of_its_listings_is_heard(watched: Watched) -> None:
    """Four are there long before the draw; three go at once, a week later than what is told, which is decided anew."""

    def tell(change: Offered, on: date, count: int) -> None:
        at = start_of(on) + timedelta(hours=10)
        names = (f"{change}-{number}" for number in range(count))
        record([OfferChange(member_id=watched.firm, activity_id=name, change=change, at=at) for name in names])

    tell("put_up", DRAWN - 300 * DAY, 4)
    watched.draws()
    assert watched.watch.days[0] == FirmDay(watched.watch.days[0].on, offers=4)
    until(watched, GONE)
    assert watched.known() == []
    tell("taken_down", DRAWN + 2 * DAY, 3)
    watching.follow_days(watched.firm, watched.time.at)
    [alert] = watched.alerts()
    assert (alert.rule, alert.started_on, alert.evidence[0].numbers["listings_removed_bp"]) == (
        "profile_change",
        DRAWN + 2 * DAY,
        7_500,
    )
