"""The contagion view over HTTP: groups are bound and owe, the night's run looks at them, officers and banks see the worst."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import consumers
from chalicelib.groups.records.positions import GroupPositionRow
from chalicelib.groups.records.sheets import SheetRow
from chalicelib.groups.rules.position import GroupPosition, SeatPosition
from chalicelib.groups.rules.rule_sheet import RuleSheet, SeatTerms, proposed
from chalicelib.groups.service import sales
from chalicelib.guarantees import jobs
from chalicelib.guarantees.records import contagion as records
from chalicelib.guarantees.records.contagion import NightRow
from chalicelib.guarantees.service import contagion
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import work_on
from chalicelib.runs.messages import Shard
from tests.exports.declarations import feed, row
from tests.groups import grouping
from tests.groups.joining import CCB, OFFICER, Circle, circle
from tests.groups.test_groups import relate
from tests.round_trips import calls
from tests.world import Api, Pump, Reply, StandingClock, token

__all__ = ["circle"]

PATH = "/v1/contagion"
K = 1_000_00
TONIGHT = date(2026, 3, 2)


def bound(circle: Circle, owed: dict[int, int], bank_id: str = "ccb", members: int = 3) -> str:
    """A bound group of firms that owe so many thousands each; every limit is 500,000.00 without a cap."""
    sheet = RuleSheet(
        mode="joint_cascade",
        weight_basis="limit",
        seats=tuple(SeatTerms(seat=seat, limit_minor=500 * K) for seat in range(1, members + 1)),
        draw_order=tuple(range(1, members + 1)),
        punctual_payments=0,
        repayment_days=(5,),
        guarantee_months=6,
        due_business_days=10,
        grace_business_days=5,
        warn_bp=2_000,
        stop_bp=5_000,
    )
    group = replace(grouping.active(members), bank_id=bank_id)
    group_id = circle.plant(group)
    SheetRow(group_id, 1, body=proposed(group_id, group.list_sha256, 1, sheet, by=1, now=grouping.NOW)).save()
    seats = tuple(SeatPosition(number=seat, outstanding_minor=minor * K, loans=1) for seat, minor in owed.items())
    GroupPositionRow(group_id, version=1, body=GroupPosition(group_id=group_id, version=1, seats=seats)).save()
    return group_id


def other(circle: Circle) -> Circle:
    return Circle(circle.api, circle.time)


def night(pump: Pump, on: date = TONIGHT) -> str:
    run = jobs.start_contagion(on)
    pump(times=2)
    return run.id


def listed(api: Api, by: str = OFFICER, query: str = "") -> Reply:
    reply = api.get(f"{PATH}{query}", by)
    assert reply.status == 200, reply.body
    return reply


def ids(reply: Reply) -> list[str]:
    return [each["group_id"] for each in reply["items"]]


def test_a_night_looks_at_every_bound_group_and_shows_the_worst_first(circle: Circle, pump: Pump) -> None:
    """Firms that sold nothing bear nothing: whoever is called on falls."""
    mild, bad = bound(circle, {1: 100}), bound(other(circle), {1: 300, 2: 200})
    bound(other(circle), {})
    run_id = night(pump)
    assert runs.get(run_id).counts == {"groups": 3, "stressed": 2, "set_aside": 0}
    assert runs.get(run_id).certificate
    reply = listed(circle.api)
    assert ids(reply) == [bad, mild]
    worst = reply["items"][0]
    assert (worst["bank_id"], worst["on"], worst["outstanding"]["amount"]) == ("ccb", "2026-03-02", "500000.00")
    one, two = worst["failures"]
    assert (one["defaulting"], one["falling"], one["uncovered"]["amount"]) == ([1], [2, 3], "500000.00")
    assert (two["defaulting"], two["falling"], two["called"]["amount"]) == ([1, 2], [3], "500000.00")


def test_what_members_sold_decides_who_falls(circle: Circle, pump: Pump, monkeypatch: pytest.MonkeyPatch) -> None:
    of_member = sales.of_member
    monkeypatch.setattr(sales, "of_member", lambda *given: replace(of_member(*given), minor=300 * K))
    bound(circle, {1: 300})
    night(pump)
    [failures] = listed(circle.api)["items"][0]["failures"]
    assert (failures["falling"], failures["fronted"]["amount"], failures["uncovered"]["amount"]) == (
        [],
        "300000.00",
        "0.00",
    )


def test_buyers_that_members_share_are_counted_and_not_named(circle: Circle, pump: Pump, officer: str) -> None:
    bound(circle, {1: 300})
    names = {firm.member_id: firm.get(f"/v1/members/{firm.member_id}")["external_ref"] for firm in circle.firms}
    rows = [
        row(declaration_no=f"C-{number}", exporter_ref=ref, buyer_ref=buyer, amount=amount)
        for number, (ref, buyer, amount) in enumerate(
            zip(names.values(), ("hamburg", "hamburg", "lagos"), ("30000.00", "10000.00", "60000.00"), strict=True)
        )
    ]
    feed(circle.api, officer, *rows)
    night(pump)
    reply = listed(circle.api)
    assert reply["items"][0]["shared_buyers"] == [{"seats": [1, 2], "share_bp": 4_000}]
    assert b"hamburg" not in reply.raw


def test_a_bank_sees_its_own_groups_and_of_others_how_many_are_related(circle: Circle, pump: Pump) -> None:
    """What relates them is in no answer."""
    elsewhere = other(circle)
    own, others = bound(circle, {1: 300}), bound(elsewhere, {1: 100}, bank_id="boc")
    both = Circle(circle.api, circle.time, firms=[circle.join(1), elsewhere.join(1)])
    relate(both, 1, 2)
    night(pump)
    officers = {each["group_id"]: each for each in listed(circle.api)["items"]}
    assert {name: each["related_groups"] for name, each in officers.items()} == {own: [others], others: [own]}
    banks = listed(circle.api, CCB)
    assert ids(banks) == [own]
    assert (banks["items"][0]["related_groups"], banks["items"][0]["related_elsewhere"]) == ([], 1)
    assert others.encode() not in banks.raw
    assert b"mmmm" not in banks.raw + listed(circle.api).raw
    assert ids(listed(circle.api, CCB, "?bank_id=boc")) == []
    assert ids(listed(circle.api, query="?bank_id=boc")) == [others]


def test_a_list_goes_on_page_by_page_through_the_same_night(circle: Circle, pump: Pump, time: StandingClock) -> None:
    groups = [bound(other(circle), {1: 100 + number}) for number in range(5)]
    night(pump)
    first = listed(circle.api, query="?limit=2")
    time.advance(days=1)
    bound(other(circle), {1: 900})
    night(pump, date(2026, 3, 3))
    second = listed(circle.api, query=f"?limit=2&cursor={first['next_cursor']}")
    third = listed(circle.api, query=f"?limit=2&cursor={second['next_cursor']}")
    assert ids(first) + ids(second) + ids(third) == groups[::-1]
    assert third["next_cursor"] is None
    assert len(ids(listed(circle.api))) == 6
    assert ids(listed(circle.api, query="?on=2026-03-02")) == groups[::-1]
    assert ids(listed(circle.api, query="?on=2026-03-01")) == []


def test_a_group_that_cannot_be_looked_at_is_set_aside_and_the_others_are_not(
    circle: Circle, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, sound = bound(circle, {1: 300}), bound(other(circle), {1: 100})
    look_at = contagion.look_at

    def looks(group_id: str, *given: Any) -> Any:
        if group_id == poisoned:
            raise ValueError("poison")
        return look_at(group_id, *given)

    monkeypatch.setattr(contagion, "look_at", looks)
    run = runs.get(night(pump))
    assert run.counts == {"groups": 2, "stressed": 1, "set_aside": 1}
    assert ids(listed(circle.api)) == [sound]


def test_a_worker_that_dies_is_taken_over_and_one_that_comes_late_changes_nothing(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = {bound(other(circle), {1: 100 + number}) for number in range(5)}
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    look_at, looked_at = contagion.look_at, iter(range(10_000))

    def dies(*given: Any) -> Any:
        outcome = look_at(*given)
        if next(looked_at) % 3 == 2:
            raise Killed
        return outcome

    monkeypatch.setattr(contagion, "look_at", dies)
    run = jobs.start_contagion(TONIGHT)
    for shard in range(1, run.shards + 1):
        for _ in range(20):
            try:
                work_on(Shard(run.id, shard), consumers.JOBS)
                break
            except Killed:
                continue
    assert runs.get(run.id).counts["stressed"] == 5
    whole = NightRow.find("ccb", "2026-03-02")
    assert whole
    assert {each.group_id for each in whole.body.worst} == groups
    assert not records.keep(replace(whole.body, worst=()), 1)
    assert set(ids(listed(circle.api))) == groups


class Killed(BaseException):
    """The process is gone."""


def test_members_and_officers_without_the_duty_see_nothing(circle: Circle) -> None:
    assert circle.join(1).get(PATH).status == 403
    assert circle.api.get(PATH, token("officer", "officer-1", "claims")).status == 403


def test_a_bank_reads_its_night_and_an_officer_one_of_each_bank(circle: Circle, pump: Pump) -> None:
    bound(circle, {1: 300})
    night(pump)
    with calls() as own:
        listed(circle.api, CCB)
    assert own == ["Query"]
    with calls() as all_banks:
        listed(circle.api)
    assert all_banks == ["Query"] * 7
