"""Calls played through before they happen: the worked examples as stories, the same figures as a call's, and what cannot happen."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from chalicelib.groups.rules.joint_liability import Call, recompute_all
from chalicelib.guarantees.examples import CALL_SIMULATION
from chalicelib.guarantees.rules.simulation import Event, Kind, Member, require_coherent, simulate
from tests.groups.joining import CCB
from tests.groups.signing import Signers, sheet_for, signers
from tests.round_trips import calls
from tests.size import at_size
from tests.world import Api, Reply, Streams, token

__all__ = ["signers"]

PATH = "/v1/guarantee-call-simulations"
FIRM = token("member", "mem_0000000000000000000000000A")


def cny(amount: int | str) -> dict[str, str]:
    return {"amount": f"{amount}.00" if isinstance(amount, int) else amount, "currency": "CNY"}


def members(*seats: int, **caps: int) -> list[dict[str, Any]]:
    return [{"seat": seat} | ({"cap": cny(caps[f"s{seat}"])} if f"s{seat}" in caps else {}) for seat in seats]


def paid(on: str, seat: int, amount: int, call: int = 1) -> dict[str, Any]:
    return {"kind": "guarantor_paid", "on": on, "seat": seat, "money": cny(amount), "call": call}


def played(api: Api, body: dict[str, Any], by: str = FIRM) -> Reply:
    reply = api.post(PATH, body, by)
    assert reply.status == 200, reply.body
    return reply


def of_seats(call: dict[str, Any], name: str) -> dict[int, str]:
    return {share["seat"]: share[name]["amount"] for share in call["shares"]}


def claims(call: dict[str, Any]) -> list[tuple[int, int, str, str]]:
    return [(each["from_seat"], each["to_seat"], each["kind"], each["money"]["amount"]) for each in call["claims"]]


def test_one_member_fails_the_last_fronts_all_and_is_paid_back_once(api: Api) -> None:
    """J13, and what follows of it: the example of the document."""
    steps = played(api, CALL_SIMULATION)["steps"]
    called, half, failed, rest, settled = (step["calls"][0] for step in steps)
    assert of_seats(called, "due") == {2: "150000.00", 3: "150000.00"}
    assert of_seats(half, "due") == {2: "150000.00", 3: "0.00"}
    assert of_seats(failed, "due") == {2: "0.00", 3: "150000.00"}
    assert of_seats(failed, "to_front") == {2: "0.00", 3: "300000.00"}
    assert claims(rest) == [(2, 3, "recourse", "150000.00"), (1, 3, "debtor_recourse", "300000.00")]
    assert sorted(claims(settled)) == [
        (1, 2, "debtor_recourse", "150000.00"),
        (1, 3, "debtor_recourse", "150000.00"),
    ]


def test_the_debtor_pays_in_the_middle_and_then_too_much(api: Api) -> None:
    """J15 and GU-1."""
    body = {
        "members": members(1, 2, 3),
        "calls": [{"on": "2026-03-02", "debtor_seat": 1, "owed": cny(400_000)}],
        "events": [
            paid("2026-03-03", 3, 200_000),
            {"kind": "debtor_paid", "on": "2026-03-04", "money": cny(50_000)},
            paid("2026-03-05", 2, 150_000),
            {"kind": "debtor_paid", "on": "2026-03-06", "money": cny(400_000)},
        ],
    }
    _, _, middle, _, last = (step["calls"][0] for step in played(api, body)["steps"])
    assert of_seats(middle, "fair") == {2: "175000.00", 3: "175000.00"}
    assert of_seats(middle, "due") == {2: "150000.00", 3: "0.00"}
    assert claims(middle)[0] == (2, 3, "contribution", "25000.00")
    assert of_seats(last, "refund") == {2: "150000.00", 3: "200000.00"}
    assert (last["net"]["amount"], last["surplus"]["amount"]) == ("0.00", "50000.00")
    assert last["claims"] == []


def test_two_calls_share_a_cap_in_the_order_in_which_they_were_opened(api: Api) -> None:
    """GU-2 and its variant; whoever is called on is in no call."""
    body = {
        "members": members(1, 2, 3, 4, 5, s3=120_000),
        "calls": [
            {"on": "2026-04-01", "debtor_seat": 2, "owed": cny(240_000)},
            {"on": "2026-03-02", "debtor_seat": 1, "owed": cny(300_000)},
        ],
        "events": [paid("2026-04-02", 3, 60_000, call=2)],
    }
    first, second, variant = (step["calls"] for step in played(api, body)["steps"])
    assert of_seats(first[0], "due") == {2: "75000.00", 3: "75000.00", 4: "75000.00", 5: "75000.00"}
    assert of_seats(second[0], "due") == {3: "100000.00", 4: "100000.00", 5: "100000.00"}
    assert of_seats(second[1], "due") == {3: "20000.00", 4: "110000.00", 5: "110000.00"}
    assert of_seats(variant[0], "due") == {3: "60000.00", 4: "120000.00", 5: "120000.00"}
    assert of_seats(variant[1], "due") == {3: "0.00", 4: "90000.00", 5: "90000.00"}


def test_banks_and_officers_play_too_and_twice_is_the_same(api: Api) -> None:
    body = played(api, CALL_SIMULATION).body
    assert played(api, CALL_SIMULATION).body == body
    assert played(api, CALL_SIMULATION, token("bank", "boc")).body == body
    assert played(api, CALL_SIMULATION, token("officer", "officer-1", "risk")).body == body


CALL = {"on": "2026-03-02", "debtor_seat": 1, "owed": cny(300_000)}


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"members": members(1, 2, 2)}, "seat_twice", "members"),
        ({"members": members(1)}, "members_missing", "members"),
        ({"members": []}, "members_missing", "members"),
        ({"calls": [CALL | {"debtor_seat": 9}]}, "unknown_seat", "members"),
        ({"events": [paid("2026-03-03", 9, 1)]}, "unknown_seat", "members"),
        ({"events": [paid("2026-03-01", 2, 1)]}, "event_before_call", "events"),
        ({"events": [paid("2026-03-03", 2, 1, call=2)]}, "event_before_call", "events"),
        ({"events": [paid("2026-03-03", 1, 1)]}, "debtor_is_no_guarantor", "events"),
        ({"events": [{"kind": "guarantor_failed", "on": "2026-03-03", "seat": 1}]}, "debtor_is_no_guarantor", "events"),
        (
            {"events": [{"kind": "claim_paid", "on": "2026-03-03", "seat": 2, "to_seat": 2, "money": cny(1)}]},
            "pays_itself",
            "events",
        ),
        (
            {"events": [{"kind": "debtor_paid", "on": "2026-03-03", "money": {"amount": "1.00", "currency": "USD"}}]},
            "simulation_other_currency",
            "events[0].money.currency",
        ),
        (
            {"calls": [CALL | {"owed": {"amount": "1.00", "currency": "XXQ"}}]},
            "simulation_other_currency",
            "calls[0].owed.currency",
        ),
    ],
)
def test_what_cannot_happen_is_refused_by_name(api: Api, change: dict[str, Any], code: str, param: str) -> None:
    reply = api.post(PATH, {"members": members(1, 2, 3), "calls": [CALL], **change}, FIRM)
    assert (reply.status, reply["code"], reply["param"]) == (422, code, param), reply.body


@pytest.mark.parametrize(
    "change",
    [
        {"members": members(*range(1, 12))},
        {"calls": []},
        {"calls": [CALL] * 5},
        {"events": [paid("2026-03-03", 2, 1)] * 31},
        {"events": [{"kind": "gone", "on": "2026-03-03"}]},
        {"calls": [CALL | {"owed": cny("0.00")}]},
        {"mode": "joint"},
    ],
)
def test_what_is_malformed_is_refused(api: Api, change: dict[str, Any]) -> None:
    assert api.post(PATH, {"members": members(1, 2, 3), "calls": [CALL], **change}, FIRM).status == 400


def test_a_group_is_played_by_its_rule_sheet(signers: Signers) -> None:
    """Each may owe 100,000.00 and answers for 150,000.00: the sheet that is being signed, and then the one in force."""
    signers.vet(3)
    signers.attest_all()
    body = {"group_id": signers.group_id, "calls": [CALL | {"owed": cny(100_000)}]}
    missing = signers.join(2).post(PATH, body)
    assert (missing.status, missing["code"]) == (404, "not_found")
    signers.propose()
    first = played(signers.api, body, signers.join(2).token)
    assert of_seats(first["steps"][0]["calls"][0], "due") == {2: "50000.00", 3: "50000.00"}
    assert (first["mode"], first["steps"][0]["calls"][0]["shares"][0]["room"]) == ("joint_capped", cny(150_000))
    signers.brief_and_sign(1, 2, 3)
    assert played(signers.api, body, signers.join(1).token).body == first.body
    assert played(signers.api, body, CCB).body == first.body
    stranger = signers.api.post(PATH, body, signers.join(4).token)
    assert (stranger.status, stranger["code"]) == (404, "not_found")
    assert signers.api.post(PATH, body, token("bank", "boc")).status == 404
    for more in ({"members": members(1, 2)}, {"mode": "several"}):
        refused = signers.join(2).post(PATH, body | more)
        assert (refused.status, refused["code"]) == (422, "members_known")


def test_nobody_plays_with_a_rule_sheet_that_it_may_not_read(signers: Signers, streams: Streams) -> None:
    """Shares of a call tell limits and caps: to who is only invited, who has left, an officer who has to do with something else."""
    signers.seal(4)
    body = {"group_id": signers.group_id, "calls": [CALL | {"owed": cny(100_000)}]}
    for duty, status in (("claims", 403), ("risk", 200)):
        assert signers.api.post(PATH, body, token("officer", "cid", duty)).status == status
    played(signers.api, body, signers.join(4).token)
    left = signers.do(4, "leave")["proposal"]["id"]
    signers.consent(left, 1, 2, 3)
    signers.tell("group.change_approved", 1, proposal_id=left)
    streams()
    played(signers.api, body, signers.join(4).token)
    signers.do(1, "rule-sheets", sheet_for(1, 2, 3))
    signers.brief_and_sign(1, 2, 3)
    assert signers.ask(1, "replacements", {"seat": 3, "member_id": signers.join(5).member_id}).status == 201
    for number in (4, 5):
        assert signers.api.post(PATH, body, signers.join(number).token).status == 404


def test_a_group_that_weighs_by_what_each_owes_is_told_what_that_is(signers: Signers) -> None:
    signers.vet(3)
    signers.propose(weight_basis="outstanding")
    body = {"group_id": signers.group_id, "calls": [CALL | {"owed": cny(100_000)}]}
    refused = signers.join(2).post(PATH, body)
    assert (refused.status, refused["code"], refused["seats"]) == (422, "members_missing", [1, 2, 3])
    owed = [{"seat": seat, "weight": weight} for seat, weight in ((1, 5), (2, 1), (3, 3))]
    [step] = played(signers.api, body | {"members": owed}, signers.join(2).token)["steps"]
    assert of_seats(step["calls"][0], "due") == {2: "25000.00", 3: "75000.00"}


def test_what_is_assumed_is_read_nowhere(api: Api) -> None:
    with calls() as round_trips:
        played(api, CALL_SIMULATION)
    assert round_trips == []


KINDS: tuple[Kind, ...] = (
    "guarantor_paid",
    "guarantor_paid",
    "guarantor_failed",
    "debtor_paid",
    "accrued",
    "reserve_used",
    "claim_paid",
)


def random_events(chance: random.Random, seats: list[int]) -> list[Event]:
    events = [Event(on=date(2026, 3, 1), kind="called", call=1, seat=seats[0], minor=chance.randint(1, 1_000))]
    debtors = [seats[0]]
    for day in range(2, chance.randint(3, 20)):
        on = date(2026, 3, day)
        if len(debtors) < 3 and chance.random() < 0.15:
            debtor = chance.choice(seats)
            debtors.append(debtor)
            events.append(Event(on=on, kind="called", call=len(debtors), seat=debtor, minor=chance.randint(1, 1_000)))
            continue
        call = chance.randint(1, len(debtors))
        seat, other = chance.sample([seat for seat in seats if seat != debtors[call - 1]], 2)
        kind = chance.choice(KINDS)
        events.append(
            Event(
                on=on,
                kind=kind,
                call=call,
                seat=seat if kind in ("guarantor_paid", "guarantor_failed", "claim_paid") else 0,
                to_seat=other if kind == "claim_paid" else 0,
                minor=0 if kind == "guarantor_failed" else chance.randint(1, 400),
            )
        )
    return events


def test_after_every_event_all_is_accounted_for_and_nobody_is_above_a_cap() -> None:
    chance = random.Random(4)
    for _ in range(at_size(5_000, 150)):
        seats = list(range(1, chance.randint(4, 10)))
        those = [
            Member(seat=seat, weight=chance.randint(0, 5), cap_minor=chance.choice([None, chance.randint(0, 600)]))
            for seat in seats
        ]
        events = random_events(chance, seats)
        require_coherent(those, events)
        for step in simulate(those, "joint_capped", events):
            for call in step.calls:
                net, in_all = max(0, call.called.net_minor), sum(call.called.paid.values())
                back, due = sum(call.shares.refund.values()), sum(call.shares.bank_due.values())
                assert due + call.shares.shortfall + in_all - back == net
                assert call.called.debtor_seat not in call.shares.fair
            for member in those:
                if member.cap_minor is not None:
                    due = sum(call.shares.bank_due.get(member.seat, 0) for call in step.calls)
                    in_all = sum(call.called.paid.get(member.seat, 0) for call in step.calls)
                    assert due == 0 or due + in_all <= member.cap_minor


def test_the_figures_are_those_of_the_engine() -> None:
    those = [Member(seat=seat, weight=1) for seat in (1, 2, 3)]
    [step] = simulate(those, "joint_capped", [Event(on=date(2026, 3, 1), kind="called", call=1, seat=1, minor=5)])
    assert step.calls[0].shares == recompute_all([Call(5, {2: 1, 3: 1})], {})[0]
