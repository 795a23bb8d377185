from typing import Any

import pytest

from chalicelib.daybook import examples
from chalicelib.daybook.service import recording
from chalicelib.members.rules import id_of
from tests.world import Api, token

LANTERNS = id_of("lantern-works")
WINDOW = f"/v1/members/{LANTERNS}/day-book?from=2026-01-01&to=2026-03-01"


def trade(**given: Any) -> dict[str, Any]:
    return examples.TRADE | given


def test_a_feed_answers_what_became_of_each_fact(api: Api, officer: str) -> None:
    facts = [trade(), trade(), trade(status="cancelled"), trade(trade_id="T-2", amount="-1.00"), trade(trade_id="T-3")]
    reply = api.post("/v1/trades", {"items": facts}, officer)
    assert reply.status == 200, reply.body
    assert reply["counts"] == {"new": 2, "known": 1, "updated": 0, "refused": 2}
    assert reply["items"] == [
        {"fact_id": "T-2026-000118", "result": "new"},
        {"fact_id": "T-2026-000118", "result": "known"},
        {"fact_id": "T-2026-000118", "result": "refused", "column": "status", "reason": "contradicts_earlier"},
        {"fact_id": "T-2", "result": "refused", "column": "amount", "reason": "negative_amount"},
        {"fact_id": "T-3", "result": "new"},
    ]


def test_unknown_suppliers_become_members_once(api: Api, officer: str) -> None:
    api.post("/v1/trades", {"items": [trade(), trade(trade_id="T-2")]}, officer)
    api.post("/v1/trades", {"items": [trade(trade_id="T-3")]}, token("officer", "officer-2", "feeds"))
    reply = api.get("/v1/members?external_ref=lantern-works", officer)
    assert [(member["id"], member["country"]) for member in reply["items"]] == [(LANTERNS, "CN")]
    assert len(api.get("/v1/members", officer)["items"]) == 1


def test_the_same_feed_twice_is_answered_byte_for_byte_and_counts_once(api: Api, officer: str) -> None:
    first = api.post("/v1/trades", examples.TRADES, officer, key="k")
    again = api.post("/v1/trades", examples.TRADES, officer, key="k")
    assert (again.raw, again.headers["Idempotent-Replayed"]) == (first.raw, "true")
    reply = api.post("/v1/trades", examples.TRADES, officer)
    assert reply["counts"]["known"] == 1
    assert api.get(WINDOW, officer)["total"]["completed"] == 1


def test_a_key_spent_on_another_feed_records_nothing(api: Api, officer: str) -> None:
    api.post("/v1/trades", examples.TRADES, officer, key="k")
    other = api.post("/v1/trades", {"items": [trade(trade_id="T-9")]}, officer, key="k")
    assert (other.status, other["code"]) == (422, "idempotency_key_reused")
    assert api.get(WINDOW, officer)["total"]["completed"] == 1


def test_a_feed_that_died_before_its_answer_is_answered_as_if_it_had_not(
    api: Api, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.daybook.service import feeding

    with monkeypatch.context() as dying:
        dying.setattr(feeding, "commit", lambda made: (_ for _ in ()).throw(RuntimeError("died")))
        assert api.post("/v1/trades", examples.TRADES, officer, key="k").status == 500
    reply = api.post("/v1/trades", examples.TRADES, officer, key="k")
    assert reply["counts"] == {"new": 1, "known": 0, "updated": 0, "refused": 0}
    assert api.get(WINDOW, officer)["total"]["completed"] == 1


def test_the_day_book_is_for_the_member_and_for_officers(api: Api, officer: str) -> None:
    api.post("/v1/trades", examples.TRADES, officer)
    mine = api.get(WINDOW, token("member", LANTERNS))
    assert (mine.status, mine.body) == (200, api.get(WINDOW, officer).body)
    assert [day["day"] for day in mine["days"]] == ["2026-01-06", "2026-01-15", "2026-01-20", "2026-02-12"]
    assert mine["days"][0]["orders"] == [
        {
            "category": "lanterns",
            "count": 1,
            "money": {"amount": "1500.00", "currency": "USD"},
            "deposit_money": {"amount": "10344.83", "currency": "CNY"},
        }
    ]
    assert (mine["total"]["due"], mine["total"]["on_time"]) == (1, 1)
    assert mine["total"]["exports"] == {"amount": "1500.00", "currency": "USD"}
    assert api.get(WINDOW, token("member", id_of("somebody-else"))).status == 404


@pytest.mark.parametrize(
    "window", ["from=2026-01-01&to=2026-01-01", "from=2026-01-01&to=2027-01-03", "from=2026-01-01"]
)
def test_a_window_has_1_to_366_days(api: Api, officer: str, window: str) -> None:
    api.post("/v1/trades", examples.TRADES, officer)
    assert api.get(f"/v1/members/{LANTERNS}/day-book?{window}", officer).status == 400


def test_activity_is_counted_for_known_members(api: Api, officer: str) -> None:
    strangers = api.post("/v1/activity", examples.ACTIVITY, officer)
    assert strangers["counts"]["refused"] == len(examples.ACTIVITY["items"])
    assert strangers["items"][0] == {
        "fact_id": "L-1",
        "result": "refused",
        "column": "member_ref",
        "reason": "unknown_member",
    }
    api.post("/v1/trades", examples.TRADES, officer)
    reply = api.post("/v1/activity", examples.ACTIVITY, officer, key="k")
    assert reply["counts"] == {"new": 4, "known": 0, "updated": 0, "refused": 0}
    assert api.post("/v1/activity", examples.ACTIVITY, officer, key="k").raw == reply.raw
    assert api.post("/v1/activity", examples.ACTIVITY, officer)["counts"]["known"] == 4
    total = api.get(WINDOW, officer)["total"]
    assert (total["logins"], total["offers_put_up"], total["offers_taken_down"]) == (1, 1, 0)
    assert total["inquiries"] == [{"asked_at": "2026-01-05T01:00:00Z", "answered_after_s": 5400}]


def test_a_member_that_asks_itself_is_not_counted(api: Api, officer: str) -> None:
    api.post("/v1/trades", examples.TRADES, officer)
    own = examples.ACTIVITY["items"][1] | {"buyer_ref": "lantern-works"}
    assert api.post("/v1/activity", {"items": [own]}, officer)["counts"]["new"] == 1
    assert api.get(WINDOW, officer)["total"]["inquiries"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/trades", {"items": []}),
        ("/v1/trades", {"items": [trade()] * 501}),
        ("/v1/trades", {"items": [trade(amount=1500)]}),
        ("/v1/trades", {"items": [trade(surprise="!")]}),
        ("/v1/trades", {"items": [{"trade_id": "T-1"}]}),
        ("/v1/activity", {"items": [{"kind": "dance"}]}),
        ("/v1/activity", {"items": [examples.ACTIVITY["items"][1] | {"flags": ["loud"]}]}),
    ],
)
def test_what_is_not_a_feed_is_refused_whole(api: Api, officer: str, path: str, body: Any) -> None:
    assert api.post(path, body, officer).status == 400


@pytest.mark.parametrize("ref", ["\x00", "\ud800", "é", "x" * 65, ""])
def test_what_cannot_be_a_reference_is_answered_and_changes_nothing(api: Api, officer: str, ref: str) -> None:
    reply = api.post("/v1/trades", {"items": [trade(trade_id=ref)]}, officer)
    assert reply.status in (200, 400)
    assert reply.status == 400 or reply["counts"]["refused"] == 1
    assert not recording.has_history(LANTERNS)


def test_only_officers_feed(api: Api) -> None:
    assert api.post("/v1/trades", examples.TRADES, token("member", LANTERNS)).status == 403
