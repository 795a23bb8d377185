"""What is told to whom, and how often it is tried."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.shared import payloads, policies
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import Entry, Event, PaymentOrder, transfer
from chalicelib.shared.request import Caller
from chalicelib.shared.state_machine import UndeclaredTransition
from chalicelib.shared.webhooks import key_of
from chalicelib.webhooks.rules import delivery as webhooks_delivery
from chalicelib.webhooks.rules import endpoint as webhooks_endpoint
from chalicelib.webhooks.rules import figures, message
from chalicelib.webhooks.rules.delivery import LEASE, Delivery, Outcome
from chalicelib.webhooks.rules.endpoint import (
    PINGED,
    PLATFORM,
    Endpoint,
    EndpointDisabled,
    EndpointSet,
    EndpointUnchanged,
    Key,
    TooManyEndpoints,
)
from chalicelib.webhooks.rules.message import Audience
from chalicelib.webhooks.rules.policy import Policy

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
POLICY = policies.in_force("webhooks", NOW.date()).read_as(Policy)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
FAILED, TAKEN = Outcome(code=500, why="refused"), Outcome(code=204)


def endpoint(**changes: Any) -> Endpoint:
    endpoint = Endpoint(
        id="whe_1",
        owner="mem_1",
        url="https://receiver.example/",
        kinds=("order.*",),
        keys=(Key(secret=SECRET, made_by="ent_1"),),
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(endpoint, **changes)


def entry(**changes: Any) -> Entry:
    entry = Entry(
        entry_id="ent_7",
        aggregate_id="ord_1",
        seq=4,
        prev="",
        at=NOW,
        by=Caller(sub="mem_1", role="member"),
        request_id="req",
        digest="",
        event=Event("order.shipped", {"amount_minor": 150_000}),
        response=b'{"private": "to the caller"}',
    )
    return replace(entry, **changes)


# --- kinds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "kind", "fits"),
    [
        ("*", "order.shipped", True),
        ("order.*", "order.shipped", True),
        ("order.shipped", "order.shipped", True),
        ("order.shipped", "order.shipped_in_part", False),
        ("order.*", "orders.shipped", False),
        ("order.*", "order", False),
        ("claim.*", "order.shipped", False),
    ],
)
def test_a_pattern_fits_all_one_or_what_begins_so(pattern: str, kind: str, fits: bool) -> None:
    assert webhooks_endpoint.subscribes_to(endpoint(kinds=(pattern,)), "ord_1", kind) is fits


def test_a_ping_reaches_its_own_endpoint_and_no_other() -> None:
    assert webhooks_endpoint.subscribes_to(endpoint(kinds=("claim.*",)), "whe_1", PINGED)
    assert not webhooks_endpoint.subscribes_to(endpoint(kinds=("*",)), "whe_2", PINGED)


# --- what is told -----------------------------------------------------------------------------------------------------


def test_a_party_is_told_the_facts_and_nothing_else() -> None:
    event = Event(
        "order.payment_received",
        {
            "amount_minor": 150_000,
            "currency": "JPY",
            "cap_usd_minor": 1478,
            "by": "buyer",
            "private": {"note": "unspoken"},
            "lines": [{"waived_minor": 3, "private": "unspoken"}],
        },
        transfer(5, "USD", debit_to=("BANK_CLEARING", "unspoken"), credit_to=("SUSPENSE", "unspoken")),
        policy="unspoken",
        payment_orders=(
            PaymentOrder(
                kind="refund", bank_id="unspoken", aggregate_id="o", currency="USD", amount_minor=1, party="p"
            ),
        ),
    )
    body = message.message(entry(event=event), Audience({"mem_1": "buyer"}, "USD"), "mem_1")
    assert b"unspoken" not in body
    assert b"to the caller" not in body
    assert json.loads(body) == {
        "type": "order.payment_received",
        "timestamp": "2026-03-02T02:15:00Z",
        "data": {
            "id": "ent_7",
            "aggregate_id": "ord_1",
            "seq": 4,
            "by": "buyer",
            "recorded_at": "2026-03-02T02:15:00Z",
            "payload": {
                "amount": {"amount": "150000", "currency": "JPY"},
                "currency": "JPY",
                "cap_usd": {"amount": "14.78", "currency": "USD"},
                "by": "buyer",
                "lines": [{"waived": {"amount": "3", "currency": "JPY"}}],
            },
        },
    }


def test_whoever_is_no_party_is_named_by_role() -> None:
    content = json.loads(
        message.message(entry(by=Caller(sub="officer-7", role="officer")), Audience({"mem_1": "buyer"}), "mem_1")
    )
    assert content["data"]["by"] == "officer"


def test_an_officer_is_an_officer_whatever_its_sub_looks_like() -> None:
    content = json.loads(
        message.message(entry(by=Caller(sub="mem_1", role="officer")), Audience({"mem_1": "buyer"}), "mem_1")
    )
    assert content["data"]["by"] == "officer"


def test_an_amount_without_a_currency_stays_a_number() -> None:
    assert payloads.as_money({"amount_minor": 5}, "") == {"amount_minor": 5}
    assert payloads.as_money({"is_minor": True}, "USD") == {"is_minor": True}


# --- endpoints --------------------------------------------------------------------------------------------------------


def test_an_owner_has_so_many_endpoints_and_no_more() -> None:
    full = EndpointSet(owner="mem_1", endpoints=tuple(endpoint(id=f"whe_{number}") for number in range(10)))
    webhooks_endpoint.must_have_room(full.without(endpoint(id="whe_3")), POLICY)
    with pytest.raises(TooManyEndpoints) as raised:
        webhooks_endpoint.must_have_room(full, POLICY)
    assert raised.value.numbers == {"maximum": 10}
    with pytest.raises(NotFound):
        full.find("whe_10")


def test_after_a_rotation_both_keys_sign_for_a_day_and_then_the_new_one_alone() -> None:
    new = Key(secret="whsec_" + "A" * 40, made_by="ent_2")
    after = webhooks_endpoint.rotated(endpoint(), new, POLICY, NOW)
    both = (key_of(new.secret), key_of(SECRET))
    assert webhooks_endpoint.live_keys(after, NOW + timedelta(hours=24) - timedelta(milliseconds=1)) == both
    assert webhooks_endpoint.live_keys(after, NOW + timedelta(hours=24)) == both[:1]


def test_a_second_rotation_ends_the_oldest_key_at_once() -> None:
    once = webhooks_endpoint.rotated(endpoint(), Key(secret="whsec_" + "A" * 40, made_by="ent_2"), POLICY, NOW)
    twice = webhooks_endpoint.rotated(once, Key(secret="whsec_" + "B" * 40, made_by="ent_3"), POLICY, NOW)
    assert [key.made_by for key in twice.keys] == ["ent_3", "ent_2"]


def test_an_endpoint_is_disabled_and_enabled_and_only_told_what_it_can_take() -> None:
    off = webhooks_endpoint.disabled(endpoint(), "asked", NOW)
    assert (off.status, off.why, off.version) == ("disabled", "asked", 2)
    assert (webhooks_endpoint.enabled(off, NOW).status, webhooks_endpoint.enabled(off, NOW).why) == ("enabled", "")
    with pytest.raises(EndpointUnchanged):
        webhooks_endpoint.disabled(off, "asked", NOW)
    with pytest.raises(EndpointUnchanged):
        webhooks_endpoint.enabled(endpoint(), NOW)
    with pytest.raises(EndpointDisabled):
        webhooks_endpoint.sent_to(off, NOW)
    assert {"ping", "replay", "disable"} <= set(webhooks_endpoint.allowed(endpoint()))
    assert not {"ping", "replay", "disable"} & set(webhooks_endpoint.allowed(off))


# --- deliveries -------------------------------------------------------------------------------------------------------


def test_the_waits_between_attempts_are_three_days_together() -> None:
    assert sum(POLICY.retry_minutes) == 3 * 24 * 60


def test_a_receiver_that_never_answers_is_tried_for_three_days_and_then_given_up() -> None:
    delivery, at = webhooks_delivery.first(endpoint(), entry(), POLICY, NOW), NOW
    while delivery.due_at:
        delivery = webhooks_delivery.attempted(delivery, FAILED, POLICY, at)
        at = delivery.due_at or at
    assert (delivery.status, delivery.tries) == ("dead", len(POLICY.retry_minutes) + 1)
    assert timedelta(days=3) <= at - NOW <= timedelta(days=3) * 1.2


@given(st.text(max_size=20), st.integers(1, 9))
def test_jitter_only_ever_makes_a_wait_longer_and_is_the_same_each_time(name: str, tries: int) -> None:
    planned = timedelta(minutes=POLICY.retry_minutes[tries - 1])
    delivery = replace(webhooks_delivery.first(endpoint(), entry(), POLICY, NOW), id=name, tries=tries - 1)
    waited = (webhooks_delivery.attempted(delivery, FAILED, POLICY, NOW).due_at or NOW) - NOW
    assert planned <= waited <= planned * 1.2
    assert webhooks_delivery.attempted(delivery, FAILED, POLICY, NOW).due_at == NOW + waited


def test_two_messages_that_failed_together_are_not_tried_again_together() -> None:
    first = webhooks_delivery.first(endpoint(), entry(), POLICY, NOW)
    due = {
        webhooks_delivery.attempted(replace(first, id=f"ntc_{number}"), FAILED, POLICY, NOW).due_at
        for number in range(20)
    }
    assert len(due) > 15


def test_a_change_of_a_message_adds_its_attempt_and_its_end_to_the_figures() -> None:
    first, later = webhooks_delivery.first(endpoint(), entry(), POLICY, NOW), NOW + timedelta(seconds=90)
    failed = webhooks_delivery.attempted(first, FAILED, POLICY, NOW)
    taken = webhooks_delivery.attempted(failed, TAKEN, POLICY, later)
    replayed = webhooks_delivery.replayed(taken, "ent_1", later)
    steps = {
        (first, failed): {"attempts": 1, "failed": 1},
        (failed, taken): {"attempts": 1, "delivered": 1, "time_to_deliver": 90_000},
        (replayed, webhooks_delivery.attempted(replayed, TAKEN, POLICY, later)): {"attempts": 1, "delivered_again": 1},
        (first, webhooks_delivery.dropped(first, "endpoint_deleted", POLICY, NOW)): {"given_up": 1},
        (first, webhooks_delivery.queued(first, NOW)): {},
    }
    for change, numbers in steps.items():
        assert {name: number for name, number in figures.added(*change).items() if number} == numbers
    last = replace(first, tries=len(POLICY.retry_minutes))
    given_up = figures.added(last, webhooks_delivery.attempted(last, FAILED, POLICY, NOW))
    assert (given_up["failed"], given_up["given_up"]) == (1, 1)


def test_what_was_taken_is_over() -> None:
    after = webhooks_delivery.attempted(webhooks_delivery.first(endpoint(), entry(), POLICY, NOW), TAKEN, POLICY, NOW)
    assert (after.status, after.due_at) == ("delivered", None)
    assert [attempt.code for attempt in after.attempts] == [204]


def test_a_receiver_may_ask_for_patience_but_not_for_ever() -> None:
    first = webhooks_delivery.first(endpoint(), entry(), POLICY, NOW)
    patient = replace(FAILED, wait_seconds=7200)
    assert webhooks_delivery.attempted(first, patient, POLICY, NOW).due_at == NOW + timedelta(hours=2)
    assert webhooks_delivery.attempted(
        first, replace(FAILED, wait_seconds=10**9), POLICY, NOW
    ).due_at == NOW + timedelta(hours=24)


def test_whoever_says_gone_is_left_alone() -> None:
    after = webhooks_delivery.attempted(
        webhooks_delivery.first(endpoint(), entry(), POLICY, NOW), Outcome(code=410), POLICY, NOW
    )
    assert (after.status, after.due_at) == ("held", None)


def test_for_a_disabled_endpoint_messages_are_held() -> None:
    delivery = webhooks_delivery.first(endpoint(status="disabled"), entry(), POLICY, NOW)
    assert (delivery.status, delivery.due_at) == ("held", None)


def test_every_end_is_kept_for_the_days_of_the_policy_and_nothing_that_waits_has_such_a_day() -> None:
    first = webhooks_delivery.first(endpoint(), entry(), POLICY, NOW)
    last = replace(first, tries=len(POLICY.retry_minutes))
    ends = [
        webhooks_delivery.attempted(first, TAKEN, POLICY, NOW),
        webhooks_delivery.attempted(first, Outcome(code=410), POLICY, NOW),
        webhooks_delivery.attempted(last, FAILED, POLICY, NOW),
        webhooks_delivery.held(first, endpoint(status="disabled"), POLICY, NOW),
        webhooks_delivery.dropped(first, "endpoint_deleted", POLICY, NOW),
        webhooks_delivery.first(endpoint(status="disabled"), entry(), POLICY, NOW),
    ]
    assert {end.kept_until for end in ends} == {NOW + timedelta(days=400)}
    for waits in (first, webhooks_delivery.queued(first, NOW), webhooks_delivery.attempted(first, FAILED, POLICY, NOW)):
        assert waits.kept_until is None
    assert {webhooks_delivery.replayed(end, "ent_9", NOW).kept_until for end in ends} == {None}


def test_what_is_kept_until_a_moment_is_gone_at_that_moment() -> None:
    end = webhooks_delivery.attempted(webhooks_delivery.first(endpoint(), entry(), POLICY, NOW), TAKEN, POLICY, NOW)
    until = NOW + timedelta(days=400)
    assert end.is_kept(until - timedelta(milliseconds=1))
    assert not end.is_kept(until)


@pytest.mark.parametrize("end", ["delivered", "dead", "held"])
def test_a_replay_begins_afresh_and_forgets_no_attempt(end: Any) -> None:
    over = replace(
        webhooks_delivery.attempted(webhooks_delivery.first(endpoint(), entry(), POLICY, NOW), FAILED, POLICY, NOW),
        status=end,
        due_at=None,
    )
    again = webhooks_delivery.replayed(over, "ent_9", NOW)
    assert (again.status, again.tries, len(again.attempts)) == ("queued", 0, 1)
    assert again.due_at == NOW + LEASE


def test_a_message_is_named_after_its_endpoint_and_place() -> None:
    assert webhooks_delivery.first(endpoint(), entry(), POLICY, NOW).id == webhooks_delivery.name_of(
        "whe_1", "ord_1", 4
    )
    assert webhooks_delivery.name_of("whe_1", "ord_1", 4) != webhooks_delivery.name_of("whe_2", "ord_1", 4)
    assert "." not in webhooks_delivery.name_of("whe_1", "ord_1", 4)


@pytest.mark.parametrize(("owner", "reads"), [("mem_b", []), ("mem_s", ["from_balance"]), (PLATFORM, ["from_balance"])])
def test_what_is_one_sides_own_is_told_to_that_side_and_the_platform(owner: str, reads: list[str]) -> None:
    event = Event("claim.payable", {"own": {"supplier": {"from_balance_minor": 100}}})
    who = Audience({"mem_b": "buyer", "mem_s": "supplier"}, "USD")
    assert list(json.loads(message.message(entry(event=event), who, owner))["data"]["payload"]) == reads


STEPS: Final[dict[str, Callable[[Delivery, datetime], Delivery]]] = {
    "queue": lambda was, now: webhooks_delivery.queued(was, now),
    "taken": lambda was, now: webhooks_delivery.attempted(was, TAKEN, POLICY, now),
    "failed": lambda was, now: webhooks_delivery.attempted(was, FAILED, POLICY, now),
    "gone": lambda was, now: webhooks_delivery.attempted(was, Outcome(code=410), POLICY, now),
    "hold": lambda was, now: webhooks_delivery.held(was, endpoint(status="disabled"), POLICY, now),
    "drop": lambda was, now: webhooks_delivery.dropped(was, "endpoint_deleted", POLICY, now),
    "replay": lambda was, now: webhooks_delivery.replayed(was, "ent_9", now),
}


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=30))
def test_what_is_at_rest_moves_by_a_replay_only(walk: list[str]) -> None:
    delivery, now = webhooks_delivery.first(endpoint(), entry(), POLICY, NOW), NOW
    for name in walk:
        now += timedelta(minutes=1)
        if delivery.status != "queued" and name != "replay":
            with pytest.raises(UndeclaredTransition):
                STEPS[name](delivery, now)
            continue
        after = STEPS[name](delivery, now)
        assert after.version == delivery.version + 1
        assert (after.due_at is None) == (after.kept_until is not None) == (after.status != "queued")
        assert bool(after.why) == (after.status in ("held", "dead"))
        delivery = after
