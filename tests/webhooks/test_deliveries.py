"""From an entry to the receiver: who hears of what, doubled and disordered streams, a receiver that is down, replay."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.dead_letters.jobs import consume, try_due
from chalicelib.orders.declared import ORDERS
from chalicelib.orders.examples import TERMS
from chalicelib.shared import clock
from chalicelib.shared.aws import client
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.request import CLOCK
from chalicelib.shared.settings import settings
from chalicelib.shared.stream import subscriber
from chalicelib.shared.webhooks import key_of, sign, verify
from chalicelib.webhooks import jobs, records
from chalicelib.webhooks.declared import DELIVERIES
from chalicelib.webhooks.rules.delivery import Outcome
from chalicelib.webhooks.rules.message import Audience
from chalicelib.webhooks.rules.policy import Policy
from chalicelib.webhooks.service import endpoints, parties, sending
from tests.letters import waiting
from tests.webhooks.conftest import Desk
from tests.world import START, token

NOTIFY = [subscriber("webhooks.notify", jobs.notify)]


def test_both_parties_of_an_order_hear_of_it_in_the_words_of_their_timeline(desk: Desk) -> None:
    for by in (desk.trade.buyer, desk.trade.supplier):
        desk.register(by, "order.*")
    order_id = desk.trade.agree()
    desk.trade.pay(order_id, 150_000)
    desk.run()
    timeline = desk.trade.see(order_id, "/timeline")["items"]
    assert len(desk.receiver.sent) == 2 * len(timeline)
    data = {sent["data"]["seq"]: sent for sent in desk.receiver.sent}
    for entry in timeline:
        sent = data[entry["seq"]]
        assert (sent["type"], sent["timestamp"]) == (entry["kind"], entry["at"])
        assert (sent["data"]["aggregate_id"], sent["data"]["by"]) == (order_id, entry["by"])
        assert sent["data"]["payload"] == entry["payload"]


def test_a_message_is_signed_with_the_secret_that_was_shown(desk: Desk) -> None:
    endpoint = desk.register(desk.trade.buyer, "order.proposed")
    desk.trade.propose()
    [sent] = desk.run()
    signed = verify([key_of(endpoint["secret"])], sent.headers, sent.body, clock.real())
    assert signed.id == sent.id == desk.log(endpoint["id"], desk.trade.buyer)[0]["id"]
    assert sent.headers["content-type"] == "application/json"


def test_while_a_secret_is_replaced_a_message_verifies_with_either(desk: Desk) -> None:
    endpoint = desk.register(desk.trade.buyer, "order.proposed")
    rotated = desk.do(endpoint["id"], "rotate-secret", desk.trade.buyer)
    desk.trade.propose()
    [sent] = desk.run()
    for secret in (endpoint["secret"], rotated["secret"]):
        assert verify([key_of(secret)], sent.headers, sent.body, clock.real())


def test_nobody_hears_of_what_is_not_theirs(desk: Desk, officer: str) -> None:
    body = {"external_ref": "else", "name": "Else", "country": "FR"}
    desk.register(token("member", desk.trade.api.post("/v1/members", body, officer)["id"]))
    desk.run()
    desk.receiver.sent.clear()
    desk.trade.agree()
    assert desk.run() == []


def test_the_platform_hears_of_everything(desk: Desk, officer: str) -> None:
    desk.register(officer, "order.*", "member.*")
    order_id = desk.trade.agree()
    desk.trade.api.post("/v1/members", {"external_ref": "new", "name": "New", "country": "FR"}, officer)
    desk.run()
    assert set(desk.receiver.kinds) == {"order.proposed", "order.accepted", "member.registered"}
    assert len(desk.trade.see(order_id, "/timeline")["items"]) == 2


def test_a_draft_is_its_authors_alone_also_when_it_expires(desk: Desk) -> None:
    mine, theirs = desk.register(desk.trade.buyer, "order.*"), desk.register(desk.trade.supplier, "order.*")
    trade = desk.trade
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": TERMS, "propose": False}
    draft = trade.api.post("/v1/orders", body, trade.buyer)
    assert draft["status"] == "draft", draft.body
    desk.run()
    assert [one["kind"] for one in desk.log(mine["id"], trade.buyer)] == ["order.drafted"]
    assert desk.log(theirs["id"], trade.supplier) == []
    trade.time.advance(days=200)
    ORDERS.sweep(trade.time.at)
    desk.run()
    assert [one["kind"] for one in desk.log(mine["id"], trade.buyer)] == ["order.expired", "order.drafted"]
    assert desk.log(theirs["id"], trade.supplier) == []


def test_a_supplier_hears_of_its_standing(desk: Desk, officer: str) -> None:
    desk.register(desk.trade.supplier, "supplier.*")
    reply = desk.trade.api.post(
        f"/v1/suppliers/{desk.trade.supplier_id}/suspension", {"reason": "a reason of some length"}, officer
    )
    assert reply.status == 200, reply.body
    [sent] = desk.run()
    assert sent["type"] == "supplier.suspended"
    assert sent["data"]["payload"]["limit"]["currency"] == "USD"


def test_a_ping_arrives_whatever_kinds_were_asked_for(desk: Desk) -> None:
    endpoint = desk.register(desk.trade.buyer, "claim.*")
    desk.register(desk.trade.buyer, "*", url="https://other.example/")
    desk.do(endpoint["id"], "ping", desk.trade.buyer)
    desk.run()
    pings = [sent for sent in desk.receiver.sent if sent["type"] == "webhook_endpoint.pinged"]
    assert [sent.url for sent in pings] == ["https://receiver.example/surety"]
    assert "private" not in pings[0]["data"]["payload"]


def test_streams_and_queues_that_deliver_twice_and_in_disorder_send_each_message_once(desk: Desk) -> None:
    desk.register(desk.trade.buyer, "order.*")
    order_id = desk.trade.agree()
    desk.trade.fund(order_id)
    chance = random.Random(7)
    for _ in range(3):
        desk.streams(chance)
        desk.pump(times=2)
    entries = len(desk.trade.see(order_id, "/timeline")["items"])
    assert len(desk.receiver.sent) == len({sent.id for sent in desk.receiver.sent}) == entries
    assert sorted(sent["data"]["seq"] for sent in desk.receiver.sent) == list(range(1, entries + 1))


def test_a_message_whose_way_into_the_queue_was_lost_is_sent_by_the_sweep(desk: Desk) -> None:
    endpoint = desk.register(desk.trade.buyer, "order.*")
    desk.trade.propose()
    desk.streams()
    _lose_the_queue()
    assert DELIVERIES.sweep(desk.trade.time.at).looked_at == 0
    desk.trade.time.advance(minutes=15)
    assert DELIVERIES.sweep(desk.trade.time.at).looked_at == 1
    assert [sent["type"] for sent in desk.run()] == ["order.proposed"]
    assert DELIVERIES.sweep(desk.trade.time.advance(days=1)).looked_at == 0
    assert [one["status"] for one in desk.log(endpoint["id"], desk.trade.buyer)] == ["delivered"]


def test_what_the_sweep_puts_in_twice_is_sent_once(desk: Desk) -> None:
    desk.register(desk.trade.buyer, "order.*")
    desk.trade.propose()
    desk.streams()
    for _ in range(2):
        DELIVERIES.sweep(desk.trade.time.advance(minutes=15))
    assert len(desk.run()) == 1


def test_an_attempt_that_fails_is_made_again_at_its_moment(desk: Desk) -> None:
    endpoint = desk.register(desk.trade.buyer, "order.*")
    desk.receiver.goes_down()
    desk.trade.propose()
    desk.run()
    [waiting] = desk.log(endpoint["id"], desk.trade.buyer, "?status=queued")
    assert [attempt["why"] for attempt in waiting["attempts"]] == ["timed_out"]
    [due] = waiting["deadlines"]
    assert (due["name"], due["owner"], due["default_outcome"]) == ("attempt", "receiver", "dead")
    desk.receiver.comes_back()
    DELIVERIES.sweep(desk.trade.time.at)
    assert desk.run() == []
    DELIVERIES.sweep(desk.trade.time.advance(minutes=2))
    [again] = desk.run()
    assert again.body == desk.receiver.sent[0].body
    assert again.id == desk.receiver.sent[0].id
    assert [one["status"] for one in desk.log(endpoint["id"], desk.trade.buyer)] == ["delivered"]


def test_a_receiver_that_is_down_for_three_days_misses_nothing_in_the_end(desk: Desk) -> None:
    """Dead letters, a gap in the numbers, and the replay that fills it."""
    buyer = desk.trade.buyer
    endpoint = desk.register(buyer, "order.*")
    order_id = desk.trade.agree()
    desk.run()
    heard = [sent["data"]["seq"] for sent in desk.receiver.sent]
    desk.receiver.goes_down()
    desk.trade.pay(order_id, 150_000)
    desk.run()
    for _ in range(12):
        DELIVERIES.sweep(desk.trade.time.advance(hours=26))
        desk.run()
    dead = desk.log(endpoint["id"], buyer, "?status=dead")
    assert [one["kind"] for one in dead] == ["order.payment_received"]
    assert len(dead[0]["attempts"]) == 10
    desk.receiver.comes_back()
    desk.receiver.sent.clear()
    desk.trade.pay(order_id, 350_000)
    desk.run()
    heard += [sent["data"]["seq"] for sent in desk.receiver.sent]
    missing = sorted(set(range(1, max(heard) + 1)) - set(heard))
    assert missing == [dead[0]["seq"]]
    body = {"aggregate_id": order_id, "from_seq": missing[0], "to_seq": missing[-1]}
    answer = desk.do(endpoint["id"], "replay", buyer, body, key="gap")
    assert (answer.status, answer["replayed"], answer["next_since"]) == (200, 1, None)
    assert [sent.id for sent in desk.run()] == [dead[0]["id"]]
    assert desk.do(endpoint["id"], "replay", buyer, body, key="gap").raw == answer.raw
    assert desk.run() == []


def test_a_replay_by_time_sends_what_is_in_it_and_can_leave_out_what_arrived(desk: Desk) -> None:
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer, "order.*")
    desk.trade.propose()
    desk.trade.time.advance(hours=1)
    desk.trade.propose()
    desk.run()
    desk.receiver.sent.clear()
    assert desk.do(endpoint["id"], "replay", buyer, {"since": "2026-03-02T03:15:00Z"})["replayed"] == 1
    assert len(desk.run()) == 1
    whole = {"since": "2026-03-02T02:15:00Z", "until": "2026-03-02T03:15:00.001Z"}
    assert desk.do(endpoint["id"], "replay", buyer, whole | {"only_undelivered": True})["replayed"] == 0
    assert desk.do(endpoint["id"], "replay", buyer, whole | {"ids": []})["replayed"] == 2, "an empty list names nothing"
    assert len(desk.run()) == 2


def test_a_replay_by_id_takes_no_message_of_another_endpoint(desk: Desk) -> None:
    mine, theirs = desk.register(desk.trade.buyer, "order.*"), desk.register(desk.trade.supplier, "order.*")
    desk.trade.propose()
    desk.run()
    [one] = desk.log(mine["id"], desk.trade.buyer)
    [other] = desk.log(theirs["id"], desk.trade.supplier)
    body = {"ids": [one["id"], other["id"], "ntc_9"]}
    assert desk.do(mine["id"], "replay", desk.trade.buyer, body)["replayed"] == 1
    assert [sent.id for sent in desk.run()] == [one["id"]]


def test_a_replay_that_stopped_half_way_sends_each_message_once_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer, "order.*")
    desk.trade.agree()
    desk.run()
    desk.receiver.sent.clear()
    put_endpoint_set = records.put_endpoint_set
    monkeypatch.setattr(records, "put_endpoint_set", _broken)
    body = {"since": "2026-03-01T00:00:00Z"}
    assert desk.do(endpoint["id"], "replay", buyer, body, key="r").status == 500
    monkeypatch.setattr(records, "put_endpoint_set", put_endpoint_set)
    assert desk.do(endpoint["id"], "replay", buyer, body, key="r")["replayed"] == 2
    assert len(desk.run()) == 2


def test_what_has_come_to_its_end_is_kept_for_400_days_and_shown_no_longer(desk: Desk) -> None:
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer, "order.*")
    desk.trade.propose()
    desk.run()
    [shown] = desk.log(endpoint["id"], buyer)
    ends = START + timedelta(days=400)
    assert (shown["status"], shown["kept_until"]) == ("delivered", "2027-04-06T02:15:00Z")
    assert _expires_at(shown["id"]) == ends.timestamp()
    desk.trade.time.at = ends - timedelta(milliseconds=1)
    assert [one["id"] for one in desk.log(endpoint["id"], buyer)] == [shown["id"]]
    desk.trade.time.at = ends  # the store has not removed it yet
    assert desk.log(endpoint["id"], buyer) == []
    assert desk.log(endpoint["id"], buyer, "?status=delivered&limit=1") == []


def test_a_message_that_the_store_has_removed_is_passed_over_in_the_log(desk: Desk) -> None:
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer, "order.*")
    desk.trade.agree()
    desk.run()
    first, last = desk.log(endpoint["id"], buyer)
    index = [(0, each["id"]) for each in (first, last)]  # which tells of it a moment longer
    records.DeliveryRow(first["id"]).delete()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "placed", lambda *_, **__: iter(index))
        assert [one["id"] for one in desk.log(endpoint["id"], buyer)] == [last["id"]]


def test_a_replayed_message_is_kept_until_it_has_come_to_its_end_again(desk: Desk) -> None:
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer, "order.*")
    desk.trade.propose()
    desk.run()
    [shown] = desk.log(endpoint["id"], buyer)
    desk.trade.time.advance(days=399)
    desk.receiver.goes_down()
    assert desk.do(endpoint["id"], "replay", buyer, {"ids": [shown["id"]]})["replayed"] == 1
    desk.run()
    [waiting] = desk.log(endpoint["id"], buyer)
    assert (waiting["status"], waiting["kept_until"], _expires_at(shown["id"])) == ("queued", None, None)
    desk.receiver.comes_back()
    DELIVERIES.sweep(desk.trade.time.advance(days=2))
    desk.run()
    [again] = desk.log(endpoint["id"], buyer)
    assert (again["status"], again["kept_until"]) == ("delivered", "2028-05-11T02:15:00Z")


def test_a_replay_of_what_is_not_kept_any_more_is_refused_by_name(desk: Desk) -> None:
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer, "order.*")
    old = desk.trade.propose()["id"]
    desk.run()
    [gone] = desk.log(endpoint["id"], buyer)
    desk.trade.time.advance(days=400)
    for asked in ({"ids": [gone["id"]]}, {"aggregate_id": old, "from_seq": 1}):
        refused = desk.do(endpoint["id"], "replay", buyer, asked)
        assert (refused.status, refused["code"], refused["not_kept"]) == (409, "messages_gone", 1)
    long_ago = desk.do(endpoint["id"], "replay", buyer, {"since": "2026-03-02T02:14:59Z"})
    assert (long_ago.status, long_ago["code"]) == (409, "messages_gone")
    assert (long_ago["param"], long_ago["kept_since"]) == ("since", "2026-03-02T02:15:00Z")
    assert desk.do(endpoint["id"], "replay", buyer, {"since": long_ago["kept_since"]})["replayed"] == 0
    desk.trade.propose()
    desk.run()
    [new] = desk.log(endpoint["id"], buyer)
    answer = desk.do(endpoint["id"], "replay", buyer, {"ids": [gone["id"], new["id"]]})
    assert (answer.status, answer["replayed"], answer["not_kept"]) == (200, 1, 1)


def test_a_long_time_is_replayed_in_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    few = Policy(
        most_endpoints=10, most_replayed=2, key_overlap_hours=24, retry_minutes=(1,), jitter_bp=0, kept_days=400
    )
    monkeypatch.setattr(endpoints, "policy", lambda now: few)
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer, "order.*")
    for _ in range(5):
        desk.trade.propose()
        desk.trade.time.advance(minutes=1)
    desk.run()
    desk.receiver.sent.clear()
    since, parts = "2026-03-01T00:00:00Z", []
    while since:
        answer = desk.do(endpoint["id"], "replay", buyer, {"since": since})
        parts.append(answer["replayed"])
        since = answer["next_since"]
    assert parts == [2, 2, 1]
    assert len({sent.id for sent in desk.run()}) == 5


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"ids": []},
        {"ids": ["ntc_1"], "since": "2026-03-01T00:00:00Z"},
        {"aggregate_id": "ord_1"},
        {"from_seq": 1},
        {"aggregate_id": "ord_1", "from_seq": 0},
        {"aggregate_id": "ord_1", "from_seq": 5, "to_seq": 4},
        {"aggregate_id": "ord_1", "from_seq": 1, "to_seq": 101},
        {"until": "2026-03-01T00:00:00Z"},
        {"since": "2026-03-01T00:00:00"},
        {"ids": ["ntc_1"], "to_seq": 3},
        {"ids": ["x"] * 101},
    ],
)
def test_a_replay_that_does_not_say_which_is_refused(desk: Desk, asked: Any) -> None:
    endpoint = desk.register(desk.trade.buyer)
    assert desk.do(endpoint["id"], "replay", desk.trade.buyer, asked).status == 400


def test_a_receiver_that_says_gone_is_disabled_and_what_follows_is_held(desk: Desk) -> None:
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer, "order.*")
    desk.receiver.outcome = Outcome(code=410, why="refused")
    desk.trade.propose()
    assert len(desk.run()) == 1
    desk.trade.propose()
    assert desk.run() == []
    reply = desk.trade.api.get(f"/v1/webhook-endpoints/{endpoint['id']}", buyer)
    assert (reply["status"], reply["why"]) == ("disabled", "gone")
    assert [one["status"] for one in desk.log(endpoint["id"], buyer)] == ["held", "held"]
    desk.receiver.comes_back()
    desk.do(endpoint["id"], "enable", buyer)
    desk.do(endpoint["id"], "replay", buyer, {"since": "2026-03-01T00:00:00Z", "only_undelivered": True})
    assert [sent["type"] for sent in desk.run()] == ["order.proposed"] * 2


def test_what_waits_when_an_endpoint_is_disabled_or_deleted_is_not_sent(desk: Desk) -> None:
    buyer = desk.trade.buyer
    endpoint, other = desk.register(buyer, "order.*"), desk.register(buyer, "order.*")
    desk.trade.propose()
    desk.streams()
    desk.do(endpoint["id"], "disable", buyer)
    desk.do(other["id"], "delete", buyer)
    desk.pump()
    assert desk.receiver.sent == []
    assert [one["status"] for one in desk.log(endpoint["id"], buyer)] == ["held"]
    assert DELIVERIES.next_due() is None


def test_the_log_is_paged_newest_first_and_filtered(desk: Desk) -> None:
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer, "order.*")
    for number in range(5):
        desk.receiver.outcome = Outcome(code=204 if number % 2 else 500)
        desk.trade.propose()
        desk.run()
        desk.trade.time.advance(seconds=1)
    path = f"/v1/webhook-endpoints/{endpoint['id']}/deliveries"
    page = desk.trade.api.get(f"{path}?limit=2", buyer)
    rest = desk.trade.api.get(f"{path}?limit=3&cursor={page['next_cursor']}", buyer)
    whole = [one["created_at"] for one in page["items"] + rest["items"]]
    assert (len(whole), whole) == (5, sorted(whole, reverse=True))
    assert len(desk.log(endpoint["id"], buyer, "?status=delivered")) == 2
    assert len(desk.log(endpoint["id"], buyer, "?status=queued&limit=1")) == 1
    assert desk.trade.api.get(f"{path}?status=lost", buyer).status == 400


def test_the_sandbox_clock_stops_where_an_attempt_is_due(desk: Desk, officer: str) -> None:
    endpoint = desk.register(desk.trade.buyer, "order.*")
    desk.receiver.goes_down()
    desk.trade.propose()
    desk.run()
    moved = desk.trade.api.post("/v1/sandbox/clock", {"advance_hours": 96}, officer)
    assert moved.status == 200, moved.body
    assert moved["counts"]["webhooks"] == 9
    [dead] = desk.log(endpoint["id"], desk.trade.buyer)
    assert (dead["status"], len(dead["attempts"])) == ("dead", 10)


def test_an_entry_that_nobody_could_be_told_of_is_told_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = desk.register(desk.trade.buyer, "order.*")
    desk.trade.propose()
    batch = desk.streams.records("journal")
    with monkeypatch.context() as away:
        away.setattr(sending, "notify", _broken)
        assert consume(batch, NOTIFY) == {"batchItemFailures": []}
    assert desk.log(endpoint["id"], desk.trade.buyer) == []
    try_due(desk.trade.time.advance(minutes=1))
    assert waiting() == []
    assert len(desk.log(endpoint["id"], desk.trade.buyer)) == 1


def test_what_somebody_did_to_the_journal_is_not_told(desk: Desk) -> None:
    desk.register(desk.trade.buyer, "order.*")
    desk.trade.propose()
    batch = [one | {"eventName": "MODIFY"} for one in desk.streams.records("journal")]
    consume(batch, NOTIFY)
    assert waiting() == []
    desk.pump()
    assert desk.receiver.sent == []


def test_a_receiver_of_the_same_scheme_takes_what_we_send(desk: Desk) -> None:
    """What we sign towards others is what banks sign towards us."""
    endpoint = desk.register(desk.trade.buyer, "order.proposed")
    desk.trade.propose()
    [sent] = desk.run()
    at = verify([key_of(endpoint["secret"])], sent.headers, sent.body, clock.real()).at
    assert sign([key_of(endpoint["secret"])], sent.id, at, sent.body).items() <= sent.headers.items()


def _broken(*_: Any) -> Any:
    raise RuntimeError("the process died here")


def _expires_at(delivery_id: str) -> int | None:
    """What the engine goes by: whole seconds of Unix time."""
    row = records.DeliveryRow.find(delivery_id)
    assert row is not None
    return row.expires_at


def _lose_the_queue() -> None:
    url = client("sqs").get_queue_url(QueueName=settings().name("webhooks"))["QueueUrl"]
    client("sqs").purge_queue(QueueUrl=url)


def test_who_hears_of_an_instruction_to_a_bank_is_whom_it_concerns(desk: Desk) -> None:
    payload = {"party": "mem_1", "amount_minor": 5, "currency": "EUR"}
    assert parties.audiences([_entry("ins_1", payload)]) == [Audience({"mem_1": "party"}, "EUR")]
    assert parties.audiences([_entry("ins_1", payload | {"party": ""})]) == [Audience({}, "EUR")]


def test_of_a_thing_without_parties_only_the_platform_hears(desk: Desk, officer: str) -> None:
    assert parties.audiences([_entry("run_1", {})]) == [Audience()]
    assert desk.register(officer, "sandbox.*").status == 201
    desk.register(desk.trade.buyer, "sandbox.*")
    desk.trade.api.post("/v1/sandbox/clock", {"advance_hours": 1}, officer)
    assert [sent["type"] for sent in desk.run()] == ["sandbox.clock.moved"]


def _entry(aggregate_id: str, payload: dict[str, Any]) -> Entry:
    return Entry(
        entry_id="ent_1",
        aggregate_id=aggregate_id,
        seq=1,
        prev="",
        at=START,
        by=CLOCK,
        request_id="",
        digest="",
        event=Event("some.thing", payload),
    )
