"""Figures about claims: rates of protected orders completed, time to close, claims that are open; on storefront and badge."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.daybook.rules.claims import ClaimFact
from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.shared import policies
from chalicelib.suppliers.rules import figures
from chalicelib.suppliers.rules.figures import FigureTerms
from tests.suppliers.test_programme import SELLER, enrol, member, sold, trading
from tests.suppliers.test_storefront import read
from tests.world import Api, StandingClock

__all__ = ["member", "trading"]

TERMS = policies.versions("figures")[0].read_as(FigureTerms)
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def told(*rows: DayRow) -> figures.Claims:
    return figures.claims(rows, AT, TERMS)


def test_rates_are_of_the_protected_orders_completed() -> None:
    row = DayRow(day=TODAY, protected_completed=30, claims_filed=4, claims_open=1, claims_closed=3, claims_lost=2)
    assert (told(row).claim_rate_bp, told(row).loss_rate_bp, told(row).open) == (1333, 666, 1)


def test_claims_without_a_completed_order_do_not_hide_behind_an_empty_sample() -> None:
    assert told(DayRow(day=TODAY, claims_filed=2, claims_open=2)).claim_rate_bp == 20_000
    assert told(DayRow(day=TODAY, claims_closed=1, claims_lost=1)).loss_rate_bp == 10_000


def test_without_orders_and_claims_nothing_is_said() -> None:
    nothing = told()
    assert (nothing.claim_rate_bp, nothing.loss_rate_bp, nothing.median_close_hours) == (None, None, None)
    assert told(DayRow(day=TODAY, protected_completed=1)).loss_rate_bp == 0


def test_the_median_is_the_nearest_rank_over_all_days() -> None:
    days = [
        DayRow(day=TODAY - timedelta(n), claims_closed=2, close_hours=hours)
        for n, hours in enumerate([(5, 90), (7, 8)])
    ]
    assert told(*days).median_close_hours == 7
    assert told(days[0]).median_close_hours == 5


def test_the_window_is_twelve_months_to_the_day() -> None:
    last, first = TODAY, date(2025, 3, 3)
    rows = [DayRow(day=day, claims_filed=1) for day in (first - timedelta(1), first, last, last + timedelta(1))]
    assert (told(*rows).first, told(*rows).last, told(*rows).filed) == (first, last, 2)


def test_freshness_is_the_latest_day_of_which_anything_is_known() -> None:
    rows = [DayRow(day=TODAY - timedelta(n), logins=1) for n in (3, 1, 2)]
    assert (figures.newest(rows), figures.newest([])) == (TODAY - timedelta(1), None)


def test_storefront_and_badge_show_claims_and_how_fresh_they_are(api: Api, trading: str, time: StandingClock) -> None:
    protected = [replace(sold(100 + n, time.at - timedelta(days=30)), protected=True) for n in range(4)]
    daybook_recording.record(protected)
    open_claim = ClaimFact(
        member_id=SELLER, claim_id="clm_1", order_id="ord_1", reason="not_shipped", filed_at=time.at - timedelta(days=9)
    )
    lost = replace(
        open_claim, claim_id="clm_2", closed_at=time.at - timedelta(hours=1), lost=True, paid_usd_minor=50_000
    )
    daybook_recording.record_claims([open_claim, lost])
    enrol(api)
    front = api.get(f"/v1/storefronts/{SELLER}")
    shown: dict[str, Any] = front["figures"]
    assert (shown["claim_rate"]["rate_bp"], shown["claim_rate"]["claims"], shown["claim_rate"]["sample"]) == (
        5000,
        2,
        4,
    )
    assert (shown["loss_rate"]["rate_bp"], shown["loss_rate"]["claims"]) == (2500, 1)
    assert (shown["median_close_time"]["median_hours"], shown["median_close_time"]["sample"]) == (215, 1)
    assert (shown["open_claims"]["count"], shown["open_claims"]["sample"]) == (1, 2)
    assert front["newest_fact_on"] == "2026-03-02"
    badge = api.get(f"/v1/storefronts/{SELLER}/badge")
    said = read(api, badge["statement"])["figures"]
    assert (said["open_claims"], said["claim_rate_bp"], said["loss_rate_bp"], said["median_close_hours"]) == (
        1,
        5000,
        2500,
        215,
    )
    assert said["newest_fact_on"] == "2026-03-02"
    assert b"1 open claim" in api.get(f"/v1/storefronts/{SELLER}/badge.svg").raw


def test_a_claim_that_closes_leaves_the_open_ones_at_once(api: Api, trading: str, time: StandingClock) -> None:
    claim = ClaimFact(member_id=SELLER, claim_id="clm_1", order_id="ord_1", reason="not_shipped", filed_at=time.at)
    daybook_recording.record_claims([claim])
    path = f"/v1/storefronts/{SELLER}"
    assert api.get(path)["figures"]["open_claims"]["count"] == 1
    daybook_recording.record_claims([replace(claim, closed_at=time.at + timedelta(minutes=1))])
    told = api.get(path)["figures"]
    assert (told["open_claims"]["count"], told["median_close_time"]["median_hours"], told["loss_rate"]["claims"]) == (
        0,
        1,
        0,
    )
