"""A redrive asked for by an officer: a run that can be watched, over letters and over what was written in a window."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import consumers
from chalicelib.dead_letters import jobs, registry
from chalicelib.shared import clock, periods
from tests.claims.refunds import Refunds
from tests.letters import waiting
from tests.world import Api, Pump, token

ADMIN = token("officer", "officer-1", "admin")
CLAIMS = token("officer", "officer-2", "claims")
INSTRUCT = next(consumer for consumer in consumers.SUBSCRIPTIONS if consumer.name == "banks.instruct")
KNOWN = registry.declared()


@pytest.fixture
def owed(refunds: Refunds) -> str:
    """An order whose refund is owed; nobody has heard of it. Returns the order's id."""
    return refunds.owed()[1]


def fail(content: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can instruct a bank while these records come."""
    with monkeypatch.context() as away:
        away.setattr(registry, "_registry", replace(KNOWN, streams={}))
        jobs.consume(content, [replace(INSTRUCT, consume=_away)])


def _away(*_: Any) -> None:
    raise RuntimeError("away")


def test_every_letter_is_tried_at_once_and_the_run_tells_how_it_goes(
    refunds: Refunds, owed: str, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = refunds.dispute.trade.api
    fail(refunds.dispute.streams.records("journal"), monkeypatch)
    left = len(waiting())
    assert left > 1
    reply = api.post("/v1/redrives", {}, ADMIN, key="again")
    assert (reply.status, reply["status"], reply["job"]) == (202, "preparing", "redrive")
    repeated = api.post("/v1/redrives", {}, ADMIN, key="again")
    assert (repeated["id"], repeated.headers.get("Idempotent-Replayed")) == (reply["id"], "true")
    pump()
    run = api.get(f"/v1/runs/{reply['id']}", ADMIN)
    assert (run["status"], run["counts"]) == ("done", {"failed": 0, "letters": left})
    assert run["shards_done"] == run["shards"] == 8
    assert waiting() == []
    assert len(api.get(f"/v1/bank-instructions?aggregate_id={owed}", ADMIN)["items"]) == 1


def test_what_fails_again_is_named_and_stays(
    refunds: Refunds, owed: str, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = refunds.dispute.trade.api
    records = refunds.dispute.streams.records("journal")
    fail(records, monkeypatch)
    monkeypatch.setattr(
        registry, "_registry", replace(KNOWN, streams={INSTRUCT.name: replace(INSTRUCT, consume=_away)})
    )
    reply = api.post("/v1/redrives", {"consumers": [INSTRUCT.name]}, ADMIN)
    pump()
    run = api.get(f"/v1/runs/{reply['id']}", ADMIN)
    assert (run["status"], run["counts"]["failed"]) == ("done", len(records))
    assert {failure["item"] for failure in run["failures"]} == {letter.id for letter in waiting()}
    assert {failure["reason"] for failure in run["failures"]} == {"RuntimeError: away"}
    assert {letter.failures for letter in waiting()} == {2}


def test_only_the_consumers_that_are_named_are_redriven(
    refunds: Refunds, owed: str, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(refunds.dispute.streams.records("journal"), monkeypatch)
    before = waiting()
    refunds.dispute.trade.api.post("/v1/redrives", {"consumers": ["ledger.books"]}, ADMIN)
    pump()
    assert waiting() == before


def test_what_was_written_in_a_window_is_replayed_from_the_journal_and_the_inbox(
    refunds: Refunds, owed: str, pump: Pump
) -> None:
    """The streams lost it all: no letter tells of it."""
    api, time = refunds.dispute.trade.api, refunds.dispute.trade.time
    since = periods.wire(clock.now() - timedelta(days=60))
    time.advance(hours=1)
    reply = api.post("/v1/redrives", {"since": since}, ADMIN)
    assert reply.status == 202, reply.body
    pump()
    run = api.get(f"/v1/runs/{reply['id']}", ADMIN)
    assert (run["status"], run["counts"]["failed"]) == ("done", 0)
    assert len(api.get(f"/v1/bank-instructions?aggregate_id={owed}", ADMIN)["items"]) == 1
    again = api.post("/v1/redrives", {"since": since}, ADMIN)
    pump()
    assert api.get(f"/v1/runs/{again['id']}", ADMIN)["status"] == "done"
    assert len(api.get(f"/v1/bank-instructions?aggregate_id={owed}", ADMIN)["items"]) == 1


def test_a_window_is_only_what_was_written_in_it(refunds: Refunds, owed: str, pump: Pump) -> None:
    api, time = refunds.dispute.trade.api, refunds.dispute.trade.time
    window = {"since": periods.wire(time.advance(hours=1)), "until": periods.wire(time.advance(hours=1))}
    time.advance(hours=1)
    reply = api.post("/v1/redrives", {**window, "consumers": ["banks.instruct"]}, ADMIN)
    pump()
    assert api.get(f"/v1/runs/{reply['id']}", ADMIN)["counts"]["replayed"] == 0
    assert api.get(f"/v1/bank-instructions?aggregate_id={owed}", ADMIN)["items"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"consumers": ["nobody"]}, "unknown_consumer"),
        ({"until": "2026-03-02T00:00:00Z"}, "bad_replay_window"),
        ({"since": "2026-03-02T01:00:00Z", "until": "2026-03-02T00:00:00Z"}, "bad_replay_window"),
        ({"since": "2026-03-01T00:00:00Z", "until": "2036-03-02T00:00:00Z"}, "date_out_of_range"),
    ],
)
def test_a_redrive_that_does_not_fit_is_refused(api: Api, body: dict[str, Any], code: str) -> None:
    refused = api.post("/v1/redrives", body, ADMIN)
    assert (refused.status, refused["code"]) == (422, code)


def test_a_redrive_needs_the_duty_admin(api: Api) -> None:
    assert api.post("/v1/redrives", {}, CLAIMS).status == 403


def test_letters_are_listed_by_their_next_try_page_by_page(
    refunds: Refunds, owed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = refunds.dispute.trade.api
    fail(refunds.dispute.streams.records("journal"), monkeypatch)
    expected = [letter.id for letter in waiting()]
    first = api.get("/v1/dead-letters?limit=2", ADMIN)
    seen, cursor = [one["id"] for one in first["items"]], first["next_cursor"]
    while cursor:
        page = api.get(f"/v1/dead-letters?limit=2&cursor={cursor}", ADMIN)
        seen, cursor = seen + [one["id"] for one in page["items"]], page["next_cursor"]
    assert seen == expected
    [deadline] = first["items"][0]["deadlines"]
    assert (deadline["owner"], deadline["default_outcome"]) == ("officer", "tried_again")
