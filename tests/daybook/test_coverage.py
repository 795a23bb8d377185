"""Of which days feeds have told: a day without facts is not known until somebody says that it is complete."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.daybook import examples
from chalicelib.daybook.rules.coverage import FeedDay
from chalicelib.daybook.service import coverage, recording
from chalicelib.shared import clock
from chalicelib.shared.periods import business_date
from tests.world import Api

JANUARY = date(2026, 1, 1), date(2026, 3, 1)


def test_days_are_told_of_by_the_facts_that_were_taken(api: Api, officer: str) -> None:
    refused = examples.TRADE | {"trade_id": "T-2", "amount": "-1.00", "ordered_at": "2026-02-20T04:00:00Z"}
    api.post("/v1/trades", {"items": [examples.TRADE, refused]}, officer)
    fact = examples.TRADE
    assert coverage.days("trade", *JANUARY) == {
        date.fromisoformat(fact[name][:10]) for name in ("ordered_at", "paid_at", "delivered_at") if fact.get(name)
    }
    assert coverage.days("logins", *JANUARY) == frozenset()


def test_who_has_nothing_more_to_tell_says_so(api: Api, officer: str) -> None:
    today = business_date(clock.now())
    body: dict[str, Any] = {"told_until": (today - timedelta(days=1)).isoformat()}
    for key in ("k", "k", "again"):
        reply = api.post("/v1/activity", body, officer, key=key)
        assert (reply.status, reply["items"]) == (200, []), reply.body
    known = coverage.days("logins", today - timedelta(days=40), today)
    assert known == {today - timedelta(days=back) for back in range(1, 32)}
    assert coverage.days("trade", today - timedelta(days=40), today) == frozenset()


def test_a_day_is_complete_only_once_its_facts_are_there(
    api: Api, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = {"external_ref": examples.TRADE["supplier_ref"], "name": "Lantern Works", "country": "CN"}
    supplier_id = api.post("/v1/members", member, officer)["id"]
    keep, found = coverage.keep, []

    def noted(told: Iterable[FeedDay]) -> None:
        found.append(recording.has_history(supplier_id))
        keep(told)

    monkeypatch.setattr(coverage, "keep", noted)
    yesterday = (business_date(clock.now()) - timedelta(days=1)).isoformat()
    reply = api.post("/v1/trades", {"items": [examples.TRADE], "told_until": yesterday}, officer)
    assert reply.status == 200, reply.body
    assert len(found) == 2
    assert all(found)


def test_nobody_tells_nothing_or_of_a_day_that_is_not_over(api: Api, officer: str) -> None:
    today = business_date(clock.now()).isoformat()
    refused = api.post("/v1/trades", {"items": [], "told_until": today}, officer)
    assert (refused.status, refused["code"]) == (422, "day_not_over")
    assert api.post("/v1/trades", {"items": []}, officer).status == 400
