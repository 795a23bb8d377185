"""What a bank tells of an aggregate counts once and in its order, however it arrives."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.bank_events.declared import BANK_EVENTS as MACHINE
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.journal import JournalRow
from tests.bank_events import probe
from tests.bank_events.conftest import Bank, sweep
from tests.bank_events.probe import PROBES, probes
from tests.webhooks.conftest import Receiver, receiver
from tests.world import Api, Pump, StandingClock, Streams, token

__all__ = ["probes", "receiver"]


@dataclass
class Teller:
    """The Bank of China and a probe of which it tells."""

    bank: Bank
    time: StandingClock
    probe_id: str = "prb_1"
    _names: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def tell(self, seq: int, amount: int, *, kind: str = "probe.read", again: str = "", **changes: Any) -> str:
        data = {
            "bank_ref": f"B-{seq}",
            "seq": seq,
            "occurred_at": "2026-03-02T02:00:00Z",
            "business_date": "2026-03-02",
            "probe_id": self.probe_id,
            "amount": amount,
        }
        event_id = self.bank.tell(kind, data | changes, webhook_id=f"{self.probe_id}-{next(self._names)}{again}")
        self.settle()
        return event_id

    def settle(self) -> None:
        self.bank.streams(tables=["bank-events"])

    def outcome(self, event_id: str) -> tuple[str, str | None]:
        event = self.bank.event(event_id)
        return event["status"], event["reason"]

    @property
    def probe(self) -> probe.Probe:
        return probe.seen(self.probe_id)


@pytest.fixture
def teller(probes: None, bank: Bank, time: StandingClock) -> Teller:
    probe.create("prb_1", time.at)
    return Teller(bank, time)


def test_events_in_order_take_effect_each_in_one_transaction_with_its_number(teller: Teller) -> None:
    first, second = teller.tell(1, 10), teller.tell(2, 20)
    assert (teller.outcome(first), teller.outcome(second)) == (("applied", None), ("applied", None))
    assert (teller.probe.readings, teller.probe.bank_seq, teller.probe.version) == ((10, 20), 2, 3)


def test_an_early_event_waits_and_takes_effect_when_the_gap_fills(teller: Teller) -> None:
    third, second = teller.tell(3, 30), teller.tell(2, 20)
    assert (teller.outcome(third), teller.outcome(second)) == (("parked", "too_early"), ("parked", "too_early"))
    first = teller.tell(1, 10)
    assert [teller.outcome(each) for each in (first, second, third)] == [("applied", None)] * 3
    assert (teller.probe.readings, teller.probe.bank_seq) == ((10, 20, 30), 3)


def test_the_bank_is_asked_for_what_is_missing_after_a_quarter_and_somebody_told_after_four_hours(
    teller: Teller,
) -> None:
    early, start = teller.tell(2, 20), teller.time.at
    deadlines = {each["name"]: each["due_at"] for each in teller.bank.event(early)["deadlines"]}
    assert deadlines == {
        "replay": "2026-03-02T02:30:00Z",
        "alert": "2026-03-02T06:15:00Z",
        "gap": "2026-03-05T02:15:00Z",
    }
    kinds: list[str] = []
    for wait in (timedelta(minutes=15), timedelta(hours=4)):
        for moment, happens in ((start + wait - timedelta(milliseconds=1), False), (start + wait, True)):
            teller.time.at = moment
            sweep(moment)
            now = [row.entry().event.kind for row in JournalRow.scan() if row.aggregate_id == early]
            assert (len(now) > len(kinds)) is (happens or not kinds)
            kinds = sorted(now)
    assert kinds == ["bank_event.gap_alerted", "bank_event.parked", "bank_event.replay_requested"]
    teller.time.at = start + timedelta(hours=72)
    sweep(teller.time.at)
    assert teller.outcome(early) == ("refused", "gap_not_filled")


def test_the_same_message_again_has_no_effect(teller: Teller) -> None:
    first = teller.tell(1, 10)
    again = teller.tell(1, 10, again="-again")
    assert (teller.outcome(first), teller.outcome(again)) == (("applied", None), ("applied", None))
    assert (teller.probe.readings, teller.probe.bank_seq) == ((10,), 1)


def test_a_happening_told_again_under_the_next_number_counts_its_number_only(teller: Teller) -> None:
    teller.tell(1, 10)
    again = teller.tell(2, 10, bank_ref="B-1")
    assert teller.outcome(again) == ("applied", None)
    assert (teller.probe.readings, teller.probe.bank_seq) == ((10,), 2)


@pytest.mark.parametrize("seq", [1, 2])
def test_the_same_reference_with_another_amount_is_refused_by_name(teller: Teller, seq: int) -> None:
    teller.tell(1, 10)
    other = teller.tell(seq, 11, bank_ref="B-1")
    assert teller.outcome(other) == ("refused", "bank_event_contradicts")
    assert (teller.probe.readings, teller.probe.bank_seq) == ((10,), seq)
    assert teller.outcome(teller.tell(seq + 1, 12)) == ("applied", None)


def test_a_spent_number_with_something_unknown_is_refused(teller: Teller) -> None:
    teller.tell(1, 10)
    teller.tell(2, 20)
    assert teller.outcome(teller.tell(1, 15, bank_ref="B-other")) == ("refused", "bank_event_seq_spent")
    assert teller.probe.readings == (10, 20)


def test_what_a_rule_refuses_counts_its_number_so_that_nothing_waits_behind_it(teller: Teller) -> None:
    second, first = teller.tell(2, 20), teller.tell(1, 5_000)
    assert teller.outcome(first) == ("refused", "probe_reading_too_high")
    assert teller.outcome(second) == ("applied", None)
    assert (teller.probe.readings, teller.probe.bank_seq) == ((20,), 2)
    again = teller.tell(1, 5_000, again="-again")
    assert teller.outcome(again) == ("applied", None)


def test_a_bank_hears_of_what_was_refused_and_is_asked_for_what_is_missing(
    teller: Teller, receiver: Receiver, pump: Pump
) -> None:
    boc, api = token("bank", "boc"), teller.bank.api
    body = {"url": "https://boc.example/in", "kinds": ["event.refused", "replay.requested"]}
    assert api.post("/v1/webhook-endpoints", body, boc).status == 201
    refused = teller.tell(1, 5_000)
    teller.tell(4, 40)
    sweep(teller.time.advance(minutes=15))
    while teller.bank.streams() + pump():
        pass
    told = [(each["type"], each["data"]) for each in receiver.sent]
    assert [(kind, data["seq"]) for kind, data in told] == [("event.refused", 1), ("replay.requested", 2)]
    (_, rejection), (_, replay) = told
    assert (rejection["event"], rejection["reason"]) == (
        {"type": "probe.read", "bank_ref": "B-1", "seq": 1},
        "probe_reading_too_high",
    )
    assert (replay["aggregate_id"], replay["until_seq"]) == ("prb_1", 3)
    seen = api.get(f"/v1/bank-events/{refused}", boc)
    assert (seen.status, seen["status"], seen["allowed_actions"]) == (200, "refused", [])
    assert api.get(f"/v1/bank-events/{refused}", token("bank", "cmb")).status == 404
    assert [each["id"] for each in api.get("/v1/bank-events?status=refused", boc)["items"]] == [refused]
    assert api.get("/v1/bank-events?status=refused", token("bank", "cmb"))["items"] == []
    of_each = [
        api.get(f"/v1/bank-events?status=refused&bank_id={bank}", teller.bank.officer)["items"]
        for bank in ("boc", "cmb")
    ]
    assert [[each["id"] for each in found] for found in of_each] == [[refused], []]


def test_what_has_nothing_to_do_counts(teller: Teller) -> None:
    assert teller.outcome(teller.tell(1, 1, kind="probe.seen")) == ("applied", None)
    assert teller.outcome(teller.tell(2, 1, kind="probe.closed")) == ("applied", None)
    assert teller.outcome(teller.tell(3, 1)) == ("refused", "probe_closed")
    assert (teller.probe.status, teller.probe.bank_seq) == ("closed", 3)


def test_a_message_that_cannot_be_read_names_the_field(teller: Teller) -> None:
    event = teller.bank.event(teller.tell(1, 0))
    assert (event["status"], event["reason"]) == ("refused", "bad_field")
    assert "amount" in event["detail"]
    assert teller.probe.bank_seq == 0


def test_what_is_not_known_is_waited_for_a_day_and_is_then_an_officers(teller: Teller) -> None:
    start = teller.time.at
    teller.probe_id = "prb_2"
    found, lost = teller.tell(1, 10), teller.tell(1, 10, probe_id="prb_3")
    assert (teller.outcome(found), teller.outcome(lost)) == (
        ("parked", "bank_event_target_unknown"),
        ("parked", "bank_event_target_unknown"),
    )
    probe.create("prb_2", teller.time.at)
    teller.time.at = start + timedelta(hours=1)
    sweep(teller.time.at)
    assert (teller.outcome(found), teller.probe.readings) == (("applied", None), (10,))
    teller.time.at = start + timedelta(hours=24, milliseconds=-1)
    sweep(teller.time.at)
    assert teller.outcome(lost)[0] == "parked"
    teller.time.at = start + timedelta(hours=24)
    sweep(teller.time.at)
    assert teller.outcome(lost) == ("refused", "bank_event_target_unknown")


def test_an_officer_has_an_event_looked_at_again_when_what_it_was_refused_for_is_over(
    teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    payments, api = token("officer", "officer-1", "payments"), teller.bank.api
    teller.probe_id = "prb_4"
    lost = teller.tell(1, 10)
    sweep(teller.time.advance(hours=24))
    assert teller.outcome(lost) == ("refused", "bank_event_target_unknown")
    probe.create("prb_4", teller.time.at)
    path = f"/v1/bank-events/{lost}/retry"
    again = api.post(path, None, payments, key="once")
    assert (again.status, again["status"]) == (200, "parked")
    assert api.post(path, None, payments, key="once").raw == again.raw
    teller.settle()
    assert (teller.outcome(lost), teller.probe.readings) == (("applied", None), (10,))
    refused = teller.tell(2, 5_000)
    done = api.post(f"/v1/bank-events/{refused}/retry", None, payments)
    assert (done.status, done["code"]) == (409, "not_in_suspense")


def test_another_banks_aggregate_is_not_known(teller: Teller, api: Api) -> None:
    data = {
        "bank_ref": "C-1",
        "seq": 1,
        "occurred_at": "2026-03-02T02:00:00Z",
        "business_date": "2026-03-02",
        "probe_id": "prb_1",
        "amount": 10,
    }
    sent = api.post(
        "/v1/sandbox/banks/cmb/events", {"type": "probe.read", "data": data, "id": "cmb-1"}, token("bank", "cmb")
    )
    teller.settle()
    assert teller.outcome(sent["id"]) == ("parked", "bank_event_target_unknown")
    assert teller.probe.bank_seq == 0


def test_an_event_whose_record_comes_twice_or_late_has_one_effect(
    teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = iter([True, False])
    apply = type(PROBES).apply

    def losing(*given: Any, **named: Any) -> Any:
        if next(lost, False):
            raise WriteConflict("Somebody else was faster.")
        return apply(*given, **named)

    monkeypatch.setattr(type(PROBES), "apply", losing)
    event_id = teller.tell(1, 10)
    Streams()(tables=["bank-events"])
    MACHINE.settle(event_id, teller.time.at)
    assert (teller.outcome(event_id), teller.probe.readings) == (("applied", None), (10,))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(order=st.permutations(range(1, 7)), doubled=st.sets(st.integers(1, 6)), chance=st.integers(0, 999))
def test_any_order_and_duplication_ends_the_same(
    teller: Teller, order: list[int], doubled: set[int], chance: int
) -> None:
    teller.probe_id = f"prb_{chance}_{'_'.join(map(str, order))}_{len(doubled)}"
    if PROBES.repository.load(teller.probe_id) is None:
        probe.create(teller.probe_id, teller.time.at)
    knocks = [*order, *doubled]
    random.Random(chance).shuffle(knocks)
    for seq in knocks:
        teller.tell(seq, seq * 10)
    assert (teller.probe.readings, teller.probe.bank_seq) == ((10, 20, 30, 40, 50, 60), 6)
    assert teller.bank.listed("parked") == []
    assert teller.bank.listed("refused") == []
