"""Health: who this is, what time it is here, and whether the store answers."""

from __future__ import annotations

import pytest
from pynamodb.exceptions import GetError

from chalicelib.reference import VERSION, service
from chalicelib.shared import calendars, journal
from tests.world import Api, StandingClock


def test_a_healthy_house_says_who_it_is_and_what_time_it_is(api: Api, time: StandingClock) -> None:
    reply = api.get("/v1/health")
    assert reply.status == 200
    assert (reply["status"], reply["stage"], reply["version"], reply["sandbox"]) == ("ok", "test", VERSION, True)
    assert reply["now"] == time.at.isoformat().replace("+00:00", "Z")
    assert reply["real"] != reply["now"]
    assert reply["calendars_known_until"] == {name: day.isoformat() for name, day in calendars.known_until().items()}
    assert reply["calendars_published_until"] == {
        name: day.isoformat() for name, day in calendars.published_until().items()
    }


def test_a_house_whose_store_does_not_answer_is_degraded(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(entry_id: str) -> None:
        raise GetError("no answer")

    monkeypatch.setattr(journal, "read", silent)
    reply = api.get("/v1/health")
    assert (reply.status, reply["status"]) == (200, "degraded")


def test_health_costs_one_read(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(journal, "read", asked.append)
    assert service.health().status == "ok"
    assert asked == ["health"]
