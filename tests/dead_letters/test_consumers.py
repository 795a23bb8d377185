"""Every consumer there is, from the registry: what it could not take five times is found, taken once, and holds nobody up."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

import app
from chalicelib.channels.declared import NOMINATIONS
from chalicelib.credit.examples import SCREENED_PASSED
from chalicelib.dead_letters import jobs, registry
from chalicelib.dead_letters import queues as dead_queues
from chalicelib.dead_letters.queues import Position, Trimmed
from chalicelib.dead_letters.rules import STUCK_AFTER
from chalicelib.firms.examples import ERASE
from chalicelib.shared import clock, ids, observe
from chalicelib.shared.aws import client
from chalicelib.shared.periods import business_date
from chalicelib.shared.settings import settings
from chalicelib.shared.stream import Consumer, Record
from infra.local.pollers.event_source import put_aside
from infra.local.pollers.schedules import tick_of
from tests.acquiring.till import Till
from tests.bank_events import probe
from tests.bank_events.conftest import Bank, bank, payment
from tests.channels.country import opened
from tests.claims.refunds import Refunds
from tests.credit.applying import Credit
from tests.deposits.account.shop import Shop
from tests.exports.declarations import feed, row
from tests.firms.office import Office
from tests.groups.grouping import sealed
from tests.groups.joining import Circle
from tests.guarantees.standing import stand
from tests.letters import waiting
from tests.listings.selling import Booth, suspend
from tests.loans.conftest import lender
from tests.loans.drawing import Drawer, drawer
from tests.loans.lending import Lender, planned, plant_loan
from tests.machine import Snapshot, machine
from tests.monitoring.watched import Watched, watched
from tests.recoveries.owing import Debt
from tests.trade import Trade
from tests.world import Api, Pump, Streams, token

__all__ = ["bank", "drawer", "lender", "watched"]

OFFICER = token("officer", "officer-1", "admin")
KNOWN = registry.declared()
LATER = timedelta(days=2)
Records = list[dict[str, Any]]


class Away(Exception):
    """What the consumer stands on is away."""


class Flaky:
    """A consumer that cannot take one key so many times, and all others at once."""

    def __init__(self, consumer: Consumer, key: str, failures: int = STUCK_AFTER) -> None:
        self.works, self.at_once, self.key, self.left = consumer.consume, consumer.together, key, failures
        self.taken: list[str] = []

    def __call__(self, record: Record) -> None:
        if record.key == self.key and self.left:
            self.left -= 1
            raise Away(f"{self.left} more")
        self.works(record)
        self.taken.append(record.key)

    def together(self, batch: Sequence[Record]) -> None:
        """What takes many at once takes none where one of them is poison: then each comes by itself."""
        if self.left and any(record.key == self.key for record in batch):
            raise Away("one of many")
        assert self.at_once is not None
        self.at_once(batch)
        self.taken += [record.key for record in batch]


def agreed_claim(request: pytest.FixtureRequest) -> Records:
    """A claim whose refund is owed, and a webhook endpoint of the buyer: nobody has heard of anything."""
    refunds: Refunds = request.getfixturevalue("refunds")
    trade = refunds.dispute.trade
    reply = trade.api.post("/v1/webhook-endpoints", {"url": "https://receiver.example/in", "kinds": ["*"]}, trade.buyer)
    assert reply.status == 201, reply.body
    refunds.owed()
    return refunds.dispute.streams.records("journal")


def refund_that_arrived(request: pytest.FixtureRequest) -> Records:
    refunds: Refunds = request.getfixturevalue("refunds")
    _, _, attempts = refunds.in_flight()
    refunds.say("settled", attempts[0], "1000.00")
    refunds.dispute.streams(tables=["bank-events"])
    return refunds.dispute.streams.records("journal")


def collected_debt(request: pytest.FixtureRequest) -> Records:
    debt: Debt = request.getfixturevalue("debt")
    debt.register()
    debt.bank_says(debt.advance(), "settled", 150_000, seq=1)
    return debt.streams.records("journal")


def debited_deposit(request: pytest.FixtureRequest) -> Records:
    shop: Shop = request.getfixturevalue("shop")
    shop.registers_account()
    shop.act("specials", {"special": "M4"})
    assert shop.act("payments", {"by": "debit"}, shop.seller).status == 201
    shop.streams()
    path = f"/v1/bank-instructions?aggregate_id={shop.seller_id}"
    [debit] = shop.api.get(path, OFFICER)["items"]
    money = debit["attempts"][-1]["money"]
    data = {"attempt_id": debit["attempts"][-1]["id"], "bank_ref": "B-1", "seq": 1, "money": money}
    sent = shop.api.post("/v1/sandbox/banks/boc/events", {"type": "debit.settled", "data": data}, OFFICER)
    assert sent.status in (200, 202), sent.body
    shop.streams(tables=["bank-events"])
    return shop.streams.records("journal")


def erased_person(request: pytest.FixtureRequest) -> Records:
    """Of whom a document is in the bucket."""
    office: Office = request.getfixturevalue("office")
    office.register()
    person_id = office.person()
    office.hand_in(kind="identity", person_id=person_id)
    office.do(f"people/{person_id}/erase", ERASE)
    return office.streams.records("journal")


def draw_that_failed(request: pytest.FixtureRequest) -> Records:
    """Against an invoice, which is free again."""
    drawer: Drawer = request.getfixturevalue("drawer")
    loan_id = drawer.drawn_on_invoice("60000.00")
    assert drawer.lender.tell("draw.failed", loan_id, draw_id=loan_id, reason="No.") == ("applied", None)
    return drawer.lender.bank.streams.records("journal")


def repaid_loan(request: pytest.FixtureRequest) -> Records:
    """On time."""
    lender: Lender = request.getfixturevalue("drawer").lender
    loan_id = lender.lend(1_000_00, planned(("2026-09-02", 1_000_00, 0)))
    lender.bank.streams.records("journal")
    assert lender.pay(loan_id, 1_000_00) == ("applied", None)
    return lender.bank.streams.records("journal")


def two_payments(request: pytest.FixtureRequest) -> Records:
    refunds: Refunds = request.getfixturevalue("refunds")
    trade = refunds.dispute.trade
    for order_id in (trade.agree(), trade.agree()):
        body = {"type": "payment.received", "data": payment(order_id, "1500.00", 1) | {"bank_ref": f"R-{order_id}"}}
        assert trade.api.post("/v1/sandbox/banks/boc/events", body, OFFICER).status == 202
    return refunds.dispute.streams.records("bank-events")


def refused_reading(request: pytest.FixtureRequest) -> Records:
    """A bank told what cannot be, and is to hear of it."""
    request.getfixturevalue("probes")
    time, api, streams = (request.getfixturevalue(name) for name in ("time", "api", "streams"))
    probe.create("prb_1", time.at)
    data = {"bank_ref": "B-1", "seq": 1, "occurred_at": "2026-03-02T02:00:00Z", "business_date": "2026-03-02"}
    body = {"type": "probe.read", "data": data | {"probe_id": "prb_1", "amount": 5_000}}
    assert api.post("/v1/sandbox/banks/boc/events", body, OFFICER).status == 202
    streams(tables=["bank-events"])
    records: Records = streams.records("journal")
    return records


def contradicted_reading(request: pytest.FixtureRequest) -> Records:
    """A bank told of one happening in two ways."""
    records = refused_reading(request)
    api, streams = (request.getfixturevalue(name) for name in ("api", "streams"))
    data = {"bank_ref": "B-1", "seq": 2, "occurred_at": "2026-03-02T02:00:00Z", "business_date": "2026-03-02"}
    body = {"type": "probe.read", "data": data | {"probe_id": "prb_1", "amount": 10}}
    assert api.post("/v1/sandbox/banks/boc/events", body, OFFICER).status == 202
    streams(tables=["bank-events"])
    return records + list(streams.records("journal"))


def days_of_trade(request: pytest.FixtureRequest) -> Records:
    shop: Shop = request.getfixturevalue("shop")
    shop.sells(3, "computers", 60, shop.time.at.strftime("%Y-%m-%d %H:%M"), is_complete=False)
    data = {"ApproximateCreationDateTime": clock.real().timestamp()}
    members = [ids.derived_id("mem", "other"), shop.seller_id]
    return [
        {"eventName": "MODIFY", "dynamodb": data | {"SequenceNumber": name, "Keys": {"member_id": {"S": name}}}}
        for name in members
    ]


def application_for_two_banks(request: pytest.FixtureRequest) -> Records:
    credit: Credit = request.getfixturevalue("credit")
    application_id = credit.submit("boc", "cmb")
    assert credit.act(application_id, "screen", SCREENED_PASSED, token("officer", "o", "risk")).status == 200
    return credit.streams.records("journal")


def refunded_exports(request: pytest.FixtureRequest) -> Records:
    """Two exporters were paid their tax refunds."""
    api, streams = (request.getfixturevalue(name) for name in ("api", "streams"))
    rows = [row(declaration_no=f"D-{ref}", exporter_ref=ref, tax_refund_paid_on="2026-02-10") for ref in ("one", "two")]
    feed(api, OFFICER, *rows)
    records: Records = streams.records("exports")
    return records


def related_firms(request: pytest.FixtureRequest) -> Records:
    """Two firms of a group share a phone since just now."""
    circle = Circle(request.getfixturevalue("api"), request.getfixturevalue("time"))
    circle.plant(sealed(3))
    streams = request.getfixturevalue("streams")
    for number in (1, 2):
        firm, body = circle.join(number), {"name": "A clerk", "phone": "+86 574 5555 0100"}
        streams.records("journal")
        assert circle.api.post(f"/v1/firms/{firm.member_id}/people", body, firm.token).status == 201
    records: Records = streams.records("journal")
    return records


def requested_call(request: pytest.FixtureRequest) -> Records:
    """The bank has just called on those who stand for a loan in default."""
    group = stand(
        Bank(*map(request.getfixturevalue, ("api", "streams", "officer"))), request.getfixturevalue("time"), "ABC"
    )
    loan_id = group.lend("A", 300_000_00, {"B": 100, "C": 100})
    group.default(loan_id)
    today = group.time.at.date().isoformat()
    certified = {"principal": 300_000_00, "interest": 0, "penalty": 0, "cut_off": today}
    assert group.lines[loan_id].tell("call.requested", loan_id, call_id="C-1", **certified) == ("applied", None)
    records: Records = group.bank.streams.records("journal")
    return records


def disbursed_loans(request: pytest.FixtureRequest) -> Records:
    """Two of a firm, which are to be watched from now on."""
    trade: Trade = request.getfixturevalue("trade")
    streams = request.getfixturevalue("streams")
    streams.records("journal")
    for _ in range(2):
        plant_loan(trade.supplier_id)
    records: Records = streams.records("journal")
    return records


def suspended_membership(request: pytest.FixtureRequest) -> Records:
    """Of a supplier with a listing on sale."""
    booth: Booth = request.getfixturevalue("booth")
    booth.sell()
    streams = request.getfixturevalue("streams")
    streams.records("journal")
    suspend(booth.membership_id)
    records: Records = streams.records("journal")
    return records


def days_of_borrowers(request: pytest.FixtureRequest) -> Records:
    """A firm whose loan is watched has logged in."""
    watched: Watched = request.getfixturevalue("watched")
    watched.time.at += timedelta(days=1)
    watched.logs_in(business_date(watched.time.at), is_complete=False)
    data = {"ApproximateCreationDateTime": clock.real().timestamp()}
    members = [ids.derived_id("mem", "other"), watched.firm]
    return [
        {"eventName": "MODIFY", "dynamodb": data | {"SequenceNumber": name, "Keys": {"member_id": {"S": name}}}}
        for name in members
    ]


def cancelled_order(request: pytest.FixtureRequest) -> Records:
    """Of a channel, while its buyer is at the acquirer."""
    till: Till = request.getfixturevalue("till")
    order_id = till.ordered()
    till.pay(order_id)
    till.streams.records("journal")
    assert till.booth.trade.act(order_id, "cancel", till.booth.trade.buyer, {}).status == 200
    records: Records = till.streams.records("journal")
    return records


def retired_documents(request: pytest.FixtureRequest) -> Records:
    """Of two nominations, in the bucket: their retention is over."""
    country = opened(*(request.getfixturevalue(name) for name in ("api", "time", "streams", "pump")))
    nominations = [country.draft(), country.draft()]
    for nomination_id in nominations:
        country.hand_in(nomination_id)
    country.streams.records("journal")
    country.time.advance(days=5 * 365 + 2)
    for nomination_id in nominations:
        NOMINATIONS.settle(nomination_id, country.time.at)
    records: Records = country.streams.records("journal")
    return records


WORLDS: dict[str, Callable[[pytest.FixtureRequest], Records]] = {
    "ledger.books": agreed_claim,
    "orders.day-book": agreed_claim,
    "banks.instruct": agreed_claim,
    "reconciliation.follow": contradicted_reading,
    "banks.tell": refused_reading,
    "webhooks.notify": agreed_claim,
    "acquiring.follow": cancelled_order,
    "claims.follow": refund_that_arrived,
    "recoveries.follow": collected_debt,
    "deposits.follow": debited_deposit,
    "credit.follow": application_for_two_banks,
    "channels.follow": retired_documents,
    "firms.follow": erased_person,
    "groups.follow": related_firms,
    "guarantees.follow": requested_call,
    "monitoring.follow": disbursed_loans,
    "monitoring.days": days_of_borrowers,
    "conduct.follow": repaid_loan,
    "listings.follow": suspended_membership,
    "loans.follow": draw_that_failed,
    "bank-events.settle": two_payments,
    "deposits.days": days_of_trade,
    "exports.subsidies": refunded_exports,
    "office.work": related_firms,
    "office.search": agreed_claim,
    "office.entries": agreed_claim,
    "office.reports": agreed_claim,
    "office.bank-events": two_payments,
}
"""What each consumer has something to do with."""


def test_every_consumer_of_a_stream_has_its_world() -> None:
    assert set(WORLDS) == set(KNOWN.streams)


@pytest.mark.parametrize("name", sorted(KNOWN.streams))
def test_what_a_consumer_could_not_take_is_found_and_has_its_effect_once(
    name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, consumer = WORLDS[name](request), KNOWN.streams[name]
    before = machine().snapshot()
    jobs.consume(records, [consumer])
    undisturbed = effects(machine().snapshot())
    assert undisturbed != effects(before), "the world has something for it to do"
    keys = [record["dynamodb"]["Keys"][consumer.stream.key]["S"] for record in records]
    for poison in dict.fromkeys((keys[-1], keys[0])):
        machine().restore(before)
        flaky = Flaky(consumer, poison)
        broken = replace(consumer, consume=flaky, together=flaky.together if consumer.together else None)
        monkeypatch.setattr(registry, "_registry", replace(KNOWN, streams={**KNOWN.streams, name: broken}))
        assert jobs.consume(records, [broken]) == {"batchItemFailures": []}
        assert set(flaky.taken) == set(keys) - {poison}, "the others went on"
        for failures in range(1, STUCK_AFTER):
            [letter] = waiting()
            assert (letter.consumer, letter.key, letter.failures) == (name, poison, failures)
            assert jobs.try_due(clock.now()) == 0, "its pause is not over"
            assert jobs.try_due(clock.now() + LATER) == 1
        assert jobs.try_due(clock.now() + LATER) == 1
        assert (waiting(), flaky.taken[-1]) == ([], poison)
        assert effects(machine().snapshot()) == undisturbed
        jobs.consume(records, [consumer])
        assert effects(machine().snapshot()) == undisturbed, "what comes again has no effect again"


def effects(snapshot: Snapshot) -> dict[str, dict[Any, Any]]:
    """What every table holds, and which files the bucket does."""
    buckets = snapshot.buckets.values()
    files = {key: len(bucket.keys.getlist(key)) for bucket in buckets for key in bucket.keys}
    return snapshot.items(without={"dead-letters"}) | {"files": files}


@pytest.mark.parametrize("queue", KNOWN.queues)
def test_a_message_that_failed_five_times_goes_back_to_its_queue_and_is_taken_once(
    queue: str, api: Api, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, taken, fails = json.dumps({"told": queue}), list[str](), True

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        if fails:
            return {"batchItemFailures": [{"itemIdentifier": one["messageId"]} for one in event["Records"]]}
        taken.extend(one["body"] for one in event["Records"])
        return {"batchItemFailures": []}

    monkeypatch.setitem(app.app.handler_map, Pump.HANDLERS[queue], handler)
    sqs = client("sqs")
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=settings().name(queue))["QueueUrl"], MessageBody=body)
    for failures in (1, 2):
        while pump.turn(queue):
            pass
        assert jobs.collect() == 1
        [letter] = waiting()
        assert (letter.consumer, letter.body, letter.failures) == (queue, body, failures)
        assert jobs.try_due(clock.now() + LATER) == 1
        assert waiting() == []
    fails = False
    while pump.turn(queue):
        pass
    assert (taken, jobs.collect()) == ([body], 0)


@pytest.mark.parametrize("name", sorted(KNOWN.schedules))
def test_a_schedule_that_failed_is_carried_out_later_with_its_own_date(
    name: str, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: list[Any] = []
    monkeypatch.setitem(app.app.handler_map, name, lambda tick, context: ticks.append(tick))
    tick = tick_of(name, clock.now())
    put_aside(client("sqs"), "schedules-dead", name, 3, requestPayload=tick)
    assert jobs.collect() == 1
    [letter] = waiting()
    assert letter.consumer == name
    jobs.try_due(clock.now() + LATER)
    assert (ticks, waiting()) == ([tick], [])


def test_a_schedule_that_comes_again_by_itself_is_not_kept(api: Api) -> None:
    put_aside(client("sqs"), "schedules-dead", "deadlines", 3, requestPayload=tick_of("deadlines", clock.now()))
    assert (jobs.collect(), waiting()) == (1, [])


def test_schedules_by_the_calendar_are_all_kept() -> None:
    assert set(KNOWN.schedules) == {
        source.name for source in app.app.event_sources if str(getattr(source, "schedule_expression", "")).count("Cron")
    }


# --- positions: all that a stream's dead-letter queue holds ---------------------------------------------------------------


@pytest.mark.parametrize("table", sorted(KNOWN.tables()))
def test_a_position_becomes_a_letter_for_each_record_and_consumer(
    table: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(one.name for one in KNOWN.of(table))
    records = WORLDS[name](request)
    monkeypatch.setattr(dead_queues, "records_at", lambda place: iter(records))
    _put_position_aside(table, len(records))
    assert jobs.collect() == 1
    keys = {record["dynamodb"]["Keys"][KNOWN.streams[name].stream.key]["S"] for record in records}
    assert {(one.consumer, one.key) for one in waiting()} == {
        (consumer.name, key) for consumer in KNOWN.of(table) for key in keys
    }
    assert jobs.try_due(clock.now() + LATER) == len(keys) * len(KNOWN.of(table))
    assert waiting() == []


def test_what_the_stream_holds_no_more_is_replayed_from_the_journal(
    refunds: Refunds, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, order_id = refunds.owed()
    monkeypatch.setattr(dead_queues, "records_at", _trimmed)
    _put_position_aside("journal", 100)
    assert jobs.collect() == 1
    pump()
    [run] = refunds.dispute.trade.api.get("/v1/runs?job=redrive", OFFICER)["items"]
    assert (run["status"], run["counts"]["failed"]) == ("done", 0)
    assert run["counts"]["replayed"] > 0
    assert refunds.dispute.trade.api.get(f"/v1/bank-instructions?aggregate_id={order_id}", OFFICER)["items"]
    _put_position_aside("journal", 100)
    assert jobs.collect() == 1
    assert len(refunds.dispute.trade.api.get("/v1/runs?job=redrive", OFFICER)["items"]) == 1, "one run for a position"


def test_a_dead_letter_nobody_can_read_stays_in_its_queue_and_the_others_go_on(api: Api) -> None:
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName=settings().name("streams-dead"))["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="not a position")
    put_aside(sqs, "schedules-dead", "books_close", 3, requestPayload=tick_of("books_close", clock.now()))
    assert jobs.collect() == 1
    assert [letter.consumer for letter in waiting()] == ["books_close"]


# --- letters -------------------------------------------------------------------------------------------------------------


def test_somebody_is_called_after_five_failures(
    debt: Debt, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, counted = collected_debt(request), list[str]()
    consumer = KNOWN.streams["recoveries.follow"]
    broken = replace(consumer, consume=Flaky(consumer, records[0]["dynamodb"]["Keys"]["entry_id"]["S"], failures=6))
    monkeypatch.setattr(registry, "_registry", replace(KNOWN, streams={consumer.name: broken}))
    monkeypatch.setattr(observe, "count", lambda name, value=1: counted.append(name))
    jobs.consume(records, [broken])
    for _ in range(STUCK_AFTER - 1):
        assert "DeadLetterStuck" not in counted
        jobs.try_due(clock.now() + LATER)
    assert "DeadLetterStuck" in counted


def test_a_letter_that_ends_the_process_does_not_stand_in_front_of_the_others(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(record: Record) -> None:
        raise Killed

    records, consumer = two_payments(request), KNOWN.streams["bank-events.settle"]
    monkeypatch.setattr(
        registry, "_registry", replace(KNOWN, streams={consumer.name: replace(consumer, consume=_fails)})
    )
    jobs.consume(records, [registry.declared().streams[consumer.name]])
    monkeypatch.setattr(registry, "_registry", replace(KNOWN, streams={consumer.name: replace(consumer, consume=dies)}))
    due = clock.now() + timedelta(minutes=1)
    for _ in records:
        with pytest.raises(Killed):
            jobs.try_due(due)
    assert jobs.try_due(due) == 0, "each was pushed back before it was tried"
    assert len(waiting()) == len(records)


def test_where_not_even_the_failure_can_be_kept_the_record_comes_again(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, consumer = two_payments(request), KNOWN.streams["bank-events.settle"]
    monkeypatch.setattr("chalicelib.dead_letters.records.put", _fails)
    answer = jobs.consume(records, [replace(consumer, consume=_fails)])
    assert answer == {"batchItemFailures": [{"itemIdentifier": one["dynamodb"]["SequenceNumber"]} for one in records]}


def test_a_later_payment_does_not_wait_for_ever_behind_one_that_failed(
    refunds: Refunds, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade = refunds.dispute.trade
    order_id = trade.agree()
    sent = []
    for number, amount in ((1, "1500.00"), (2, "3500.00")):
        body = {"type": "payment.received", "data": payment(order_id, amount, number)}
        sent.append(trade.api.post("/v1/sandbox/banks/boc/events", body, OFFICER)["id"])
    consumer = KNOWN.streams["bank-events.settle"]
    broken = replace(consumer, consume=Flaky(consumer, sent[0]))
    monkeypatch.setattr(registry, "_registry", replace(KNOWN, streams={consumer.name: broken}))
    jobs.consume(refunds.dispute.streams.records("bank-events"), [broken])
    assert trade.api.get(f"/v1/bank-events/{sent[1]}", OFFICER)["status"] == "parked"
    for _ in range(STUCK_AFTER):
        jobs.try_due(clock.now() + LATER)
    assert [trade.api.get(f"/v1/bank-events/{name}", OFFICER)["status"] for name in sent] == ["applied", "applied"]
    reply = trade.api.get(f"/v1/orders/{order_id}/money", trade.buyer)
    assert reply["received"] == {"amount": "5000.00", "currency": "USD"}


def _fails(*_: Any, **__: Any) -> Any:
    raise Away("always")


def _trimmed(place: Position) -> Any:
    raise Trimmed(place.shard_id)


def _put_position_aside(table: str, size: int) -> None:
    """What Lambda tells of a batch that no try could take."""
    now = clock.now()
    info = {
        "shardId": "shardId-00000001573689847184-864758bb",
        "startSequenceNumber": "800000000003126276362",
        "endSequenceNumber": "800000000003126279999",
        "approximateArrivalOfFirstRecord": (now - timedelta(minutes=5)).isoformat(),
        "approximateArrivalOfLastRecord": now.isoformat(),
        "batchSize": size,
        "streamArn": f"arn:aws:dynamodb:us-east-1:123456789012:table/{settings().name(table)}/stream/2026-01-01T00:00:00.000",
    }
    put_aside(client("sqs"), "streams-dead", "journal_followed", 6, DDBStreamBatchInfo=info)
