"""Points for a cause, and the appeal against them: once, in time, decided by an officer or by nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.shared import policies
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.suppliers import records
from chalicelib.suppliers.declared import APPEALS
from chalicelib.suppliers.rules import penalties, programme
from chalicelib.suppliers.rules.coverage import DISQUALIFIED
from chalicelib.suppliers.rules.penalties import (
    AppealedBefore,
    NoAppeal,
    Penalty,
    PenaltyExpired,
    PenaltyGone,
    UnknownPenalty,
)
from chalicelib.suppliers.rules.programme import NeverJoined, Supplier
from chalicelib.suppliers.rules.qualification import Terms
from chalicelib.suppliers.service import cover
from chalicelib.suppliers.service import penalties as suppliers_penalties
from chalicelib.suppliers.service import programme as suppliers_programme
from tests.round_trips import calls
from tests.suppliers.test_programme import RISK, SELLER, WHY, enrol, member, post, seller, trading, usd
from tests.world import START, Api, Reply, StandingClock, token

__all__ = ["member", "trading"]

POINTS = policies.versions("qualification")[0].read_as(Terms).points
TEXT = {"text": "The carrier confirms that the parcel left in time."}
TICK = timedelta(milliseconds=1)


def given(points: int = 3) -> tuple[Penalty, ...]:
    return (penalties.penalty("pen_1", "failed_delivery", points, "", POINTS, START),)


def clock(at: datetime) -> RequestContext:
    return RequestContext(caller=CLOCK, now=at, request_id="r", key="k")


def penalize_for(reason: str, time: StandingClock, cause: str = "clm_1", at: datetime | None = None) -> bool:
    return suppliers_penalties.penalize_for(SELLER, reason, cause, at or time.at, clock(time.at))


def shown(api: Api, by: str | None = None) -> Any:
    return api.get(f"/v1/suppliers/{SELLER}", by or seller())["points"]["penalties"][0]


def decide(api: Api, what: str, body: Any = WHY, by: str = RISK) -> Reply:
    return post(api, f"penalties/{shown(api)['id']}/{what}", body, by)


# the rules


@pytest.mark.parametrize(
    ("reason", "points"),
    [
        ("no_answer", 1),
        ("negotiated_non_delivery", 1),
        ("failed_delivery", 3),
        ("serious_resolved", 6),
        ("serious_unresolved", 48),
        ("forged_proof", 48),
    ],
)
def test_the_programmes_terms_say_what_a_reason_is_worth(reason: str, points: int) -> None:
    assert penalties.penalty("pen_1", reason, None, "", POINTS, START).points == points


def test_an_appeal_is_possible_until_the_points_expire_and_not_at_that_moment() -> None:
    expires = given()[0].expires_at
    assert penalties.appealed(given(), "pen_1", "no", POINTS, expires - TICK)[0].appeal is not None
    with pytest.raises(PenaltyExpired):
        penalties.appealed(given(), "pen_1", "no", POINTS, expires)


def test_there_is_one_appeal_whatever_became_of_it() -> None:
    appealed = penalties.appealed(given(), "pen_1", "no", POINTS, START)
    with pytest.raises(AppealedBefore):
        penalties.appealed(appealed, "pen_1", "no", POINTS, START)
    with pytest.raises(AppealedBefore):
        penalties.appealed(penalties.upheld(appealed, "pen_1", "yes", START), "pen_1", "no", POINTS, START)
    with pytest.raises(PenaltyGone):
        penalties.appealed(penalties.lifted(appealed, "pen_1", "right", START), "pen_1", "no", POINTS, START)


def test_only_an_open_appeal_can_be_turned_down() -> None:
    with pytest.raises(NoAppeal):
        penalties.upheld(given(), "pen_1", "yes", START)
    upheld = penalties.upheld(penalties.appealed(given(), "pen_1", "no", POINTS, START), "pen_1", "yes", START)
    with pytest.raises(NoAppeal):
        penalties.upheld(upheld, "pen_1", "yes", START)
    with pytest.raises(NotFound):
        penalties.upheld(upheld, "pen_2", "yes", START)


def test_points_count_while_the_appeal_is_open_and_after_it_was_turned_down() -> None:
    appealed = penalties.appealed(given(), "pen_1", "no", POINTS, START)
    upheld = penalties.upheld(appealed, "pen_1", "yes", START)
    assert appealed[0].counts(START)
    assert upheld[0].counts(START)
    assert upheld[0].decided_by is None
    assert not penalties.lifted(appealed, "pen_1", "right", START)[0].counts(START)


@pytest.mark.parametrize(("off", "lifted"), [(-TICK, False), (timedelta(0), True), (TICK, True)])
def test_an_appeal_nobody_decides_succeeds_at_its_due_moment(off: timedelta, lifted: bool) -> None:
    appealed = penalties.appealed(given(48), "pen_1", "no", POINTS, START)
    due = START + timedelta(days=POINTS.appeal_decide_days)
    was = Supplier(
        id="mem_S",
        version=1,
        status=DISQUALIFIED,
        created_at=START,
        updated_at=START,
        penalties=appealed,
        disqualified_at=START,
    )
    after = programme.as_of(was, POINTS, due + off)
    assert (after.penalties[0].lifted_at == due, after.disqualified_at is None) == (lifted, lifted)


@pytest.mark.parametrize(
    ("lifts", "later", "stays"),
    [("pen_3", 0, True), ("pen_2", 0, False), ("pen_1", 0, False), ("pen_2", 46, False), ("pen_2", 47, True)],
    ids=["another", "the last", "one that has expired", "with fewer since", "with as many since"],
)
def test_a_lifted_penalty_undoes_the_disqualification_that_it_made_and_no_other(
    lifts: str, later: int, stays: bool
) -> None:
    """Points expire; the time before a supplier may apply again is not shortened by that."""
    first, last = START - timedelta(days=POINTS.expire_days - 10), START
    marks = [("pen_1", 24, first), ("pen_3", 1, last), ("pen_2", 24, last)]
    known = tuple(penalties.penalty(name, "test", points, "", POINTS, at) for name, points, at in marks)
    was = Supplier(
        id="mem_S",
        version=1,
        status=DISQUALIFIED,
        created_at=first,
        updated_at=START,
        penalties=known,
        disqualified_at=START,
    )
    now = START + timedelta(days=30)
    if later:
        since = penalties.penalty("pen_4", "test", later, "", POINTS, now)
        was = programme.penalized(was, since, POINTS, now)
    after = programme.lifted(was, lifts, "right", POINTS, now)
    assert (after.disqualified_at is not None) == stays


# for a cause


def test_points_for_a_cause_are_given_once_and_count_from_the_moment_they_are_about(
    api: Api, trading: str, time: StandingClock
) -> None:
    enrol(api)
    earlier = time.at - timedelta(days=2)
    assert penalize_for("failed_delivery", time, at=earlier)
    time.advance(days=1)
    assert not penalize_for("failed_delivery", time, at=earlier)
    reply = api.get(f"/v1/suppliers/{SELLER}", RISK)
    assert (reply["points"]["total"], reply["version"], reply["limit"]) == (3, 2, usd("2400.00"))
    (penalty,) = reply["points"]["penalties"]
    assert (penalty["cause"], penalty["reason"], penalty["given_at"]) == (
        "clm_1",
        "failed_delivery",
        earlier.isoformat().replace("+00:00", "Z"),
    )
    assert penalize_for("no_answer", time)
    assert penalize_for("no_answer", time, cause="clm_2")
    assert api.get(f"/v1/suppliers/{SELLER}", RISK)["points"]["total"] == 5


def test_that_points_count_once_costs_no_read(api: Api, trading: str, time: StandingClock) -> None:
    """One of the supplier, one of its days, and the transaction, which holds their only name."""
    enrol(api)
    with calls() as sent:
        assert penalize_for("no_answer", time)
    assert len(sent) == 3
    assert sent[-1] == "TransactWriteItems"


def test_points_for_a_cause_are_given_once_however_many_were_given_and_forgotten_since(
    api: Api, trading: str, time: StandingClock
) -> None:
    enrol(api)
    causes = [f"clm_{number}" for number in range(penalties.MOST_PENALTIES + 5)]
    for cause in causes:
        assert penalize_for("no_answer", time, cause=cause)
        time.advance(days=200)
    kept = {penalty["cause"] for penalty in api.get(f"/v1/suppliers/{SELLER}", RISK)["points"]["penalties"]}
    assert causes[0] not in kept
    assert not any(penalize_for("no_answer", time, cause=cause) for cause in causes)


def test_points_need_a_known_reason_and_somebody_who_joined(api: Api, trading: str, time: StandingClock) -> None:
    with pytest.raises(NotFound):
        penalize_for("no_answer", time)
    api.post(
        f"/v1/suppliers/{SELLER}/bank-account", {"bank_id": "boc", "account": "12345678", "currency": "USD"}, seller()
    )
    with pytest.raises(NeverJoined):
        penalize_for("no_answer", time)
    enrol(api)
    with pytest.raises(UnknownPenalty):
        penalize_for("bad_manners", time)


@pytest.mark.parametrize(
    ("points", "status", "listed", "limit"),
    [
        (23, "active", True, "1000.00"),
        (24, "active", True, "1000.00"),
        (35, "active", True, "1000.00"),
        (36, "applied", False, "0.00"),
        (47, "applied", False, "0.00"),
        (48, "disqualified", False, "0.00"),
    ],
)
def test_each_step_of_points_is_enforced_at_once(
    api: Api, trading: str, points: int, status: str, listed: bool, limit: str
) -> None:
    enrol(api)
    reply = post(api, "penalties", {"reason": "test", "points": points})
    assert (reply["status"], reply["listed"], reply["limit"]["amount"]) == (status, listed, limit)
    front = api.get(f"/v1/storefronts/{SELLER}")
    assert (front["listed"], bool(front["protections"])) == (listed, listed)
    cover_position = cover.cover_position(SELLER)
    assert cover_position is not None
    assert (cover_position.coverable_minor > 0) == (status == "active")


# through the endpoints


def test_an_appeal_is_made_shown_and_turned_down(api: Api, trading: str, time: StandingClock) -> None:
    enrol(api)
    penalize_for("failed_delivery", time)
    assert shown(api)["allowed_actions"] == ["appeal"]
    assert shown(api, RISK)["allowed_actions"] == ["lift"]
    reply = decide(api, "appeal", TEXT, seller())
    assert (reply.status, reply["version"], reply["limit"], reply["points"]["total"]) == (200, 3, usd("2400.00"), 3)
    due = (time.at + timedelta(days=10)).isoformat().replace("+00:00", "Z")
    assert reply["points"]["penalties"][0]["appeal"] == {
        "status": "open",
        "text": TEXT["text"],
        "appealed_at": "2026-03-02T02:15:00Z",
        "owner": "officer",
        "due_at": due,
        "default_outcome": "penalty_lifted",
        "decided_at": None,
        "decided_for": "",
    }
    assert {"name": "appeal", "due_at": due, "owner": "officer", "default_outcome": "penalty_lifted"} in reply[
        "deadlines"
    ]
    assert shown(api)["allowed_actions"] == []
    assert shown(api, RISK)["allowed_actions"] == ["lift", "uphold"]
    upheld = decide(api, "uphold")
    appeal = upheld["points"]["penalties"][0]["appeal"]
    assert (appeal["status"], appeal["decided_for"], upheld["points"]["total"]) == ("upheld", WHY["reason"], 3)
    assert APPEALS.next_due() is None
    time.advance(days=30)
    assert APPEALS.sweep(time.at).looked_at == 0
    assert shown(api)["counts"] is True


def test_an_appeal_that_succeeds_takes_points_and_their_consequence_back(
    api: Api, trading: str, time: StandingClock
) -> None:
    enrol(api)
    penalize_for("forged_proof", time)
    assert api.get(f"/v1/storefronts/{SELLER}")["badge"] == "REVOKED"
    decide(api, "appeal", TEXT, seller())
    lifted = decide(api, "lift")
    assert (lifted["status"], lifted["limit"]) == ("active", usd("2900.00"))
    assert lifted["points"]["penalties"][0]["appeal"]["status"] == "lifted"
    assert decide(api, "lift")["code"] == "penalty_lifted"
    assert decide(api, "uphold")["code"] == "penalty_lifted"
    assert decide(api, "appeal", TEXT, seller())["code"] == "penalty_lifted"


def test_every_move_twice_with_one_key_is_one_move(api: Api, trading: str, time: StandingClock) -> None:
    enrol(api)
    penalize_for("failed_delivery", time)
    path = f"/v1/suppliers/{SELLER}/penalties/{shown(api)['id']}"
    for what, body, by in (("appeal", TEXT, seller()), ("uphold", WHY, RISK)):
        first, again = (api.post(f"{path}/{what}", body, by, key=what) for _ in range(2))
        assert (first.status, first.raw) == (200, again.raw)
        assert decide(api, what, body, by).status == 409


def test_nobody_else_appeals_and_only_an_officer_with_the_duty_decides(
    api: Api, trading: str, time: StandingClock
) -> None:
    enrol(api)
    penalize_for("failed_delivery", time)
    stranger = token("member", "mem_00000000000000000000000000")
    assert decide(api, "appeal", TEXT, stranger).status == 404
    assert decide(api, "appeal", TEXT, RISK).status == 403
    assert decide(api, "uphold", WHY, token("officer", "officer-3", "claims")).status == 403
    assert decide(api, "uphold", WHY, seller()).status == 403
    assert decide(api, "uphold")["code"] == "no_open_appeal"


@pytest.mark.parametrize("body", [None, {}, {"text": ""}, {"text": "x" * 2001}, {"text": "a\u0000b"}, {"text": 1}])
def test_an_appeal_that_says_nothing_is_malformed(api: Api, trading: str, time: StandingClock, body: Any) -> None:
    enrol(api)
    penalize_for("failed_delivery", time)
    assert decide(api, "appeal", body, seller()).status == 400


# nobody decides


def test_undecided_the_appeal_succeeds_at_its_own_moment_however_late_the_sweep(
    api: Api, trading: str, time: StandingClock
) -> None:
    enrol(api)
    penalize_for("failed_delivery", time)
    decide(api, "appeal", TEXT, seller())
    due = time.at + timedelta(days=10)
    assert APPEALS.next_due() == due
    assert APPEALS.sweep(due - TICK).looked_at == 0
    time.advance(days=16)
    before = api.get(f"/v1/suppliers/{SELLER}", RISK)
    assert (before["points"]["total"], before["version"]) == (0, 3)
    assert APPEALS.sweep(time.at).looked_at == 1
    assert APPEALS.sweep(time.at).looked_at == 0
    reply = api.get(f"/v1/suppliers/{SELLER}", RISK)
    assert (reply["points"]["total"], reply["limit"], reply["version"]) == (0, usd("2900.00"), 4)
    assert reply["points"]["penalties"][0]["lifted_for"] == penalties.UNDECIDED
    (entry,) = [row.entry() for row in JournalRow.scan() if row.aggregate_id == f"supplier:{SELLER}" and row.seq == 4]
    assert (entry.event.kind, entry.at, entry.by.role) == ("supplier.penalty_lifted", due, "clock")


def test_a_command_that_comes_before_the_sweep_finds_the_penalty_lifted(
    api: Api, trading: str, time: StandingClock
) -> None:
    enrol(api)
    penalize_for("failed_delivery", time)
    decide(api, "appeal", TEXT, seller())
    time.advance(days=10)
    refused = decide(api, "uphold")
    assert (refused.status, refused["code"]) == (409, "penalty_lifted")
    loaded = records.load(SELLER)
    assert loaded is not None
    assert (loaded[0].version, loaded[0].limit_minor) == (4, 290_000)


# suspended for a debt


def test_a_debt_that_is_overdue_suspends_beside_an_officers_suspension_and_ends_alone(
    api: Api, trading: str, time: StandingClock
) -> None:
    enrol(api)
    assert suppliers_programme.suspend_for(SELLER, "An advance is overdue.", "rcv_1", clock(time.at))
    assert not suppliers_programme.suspend_for(SELLER, "An advance is overdue.", "rcv_1", clock(time.at))
    reply = api.get(f"/v1/suppliers/{SELLER}", seller())
    assert (reply["status"], reply["suspended_for"], reply["limit"]) == (
        "suspended",
        "An advance is overdue.",
        usd("0.00"),
    )
    assert suppliers_programme.suspend_for(SELLER, "Another is overdue.", "rcv_2", clock(time.at))
    assert suppliers_programme.reinstate_for(SELLER, "Paid.", "rcv_1", clock(time.at))
    assert api.get(f"/v1/suppliers/{SELLER}", seller())["status"] == "suspended"
    assert suppliers_programme.reinstate_for(SELLER, "Paid.", "rcv_2", clock(time.at))
    assert not suppliers_programme.reinstate_for(SELLER, "Paid.", "rcv_2", clock(time.at))
    assert api.get(f"/v1/suppliers/{SELLER}", seller())["limit"] == usd("2900.00")


def test_who_joins_again_with_a_debt_overdue_is_suspended(api: Api, trading: str, time: StandingClock) -> None:
    enrol(api)
    post(api, "withdrawal", None, seller())
    assert suppliers_programme.suspend_for(SELLER, "An advance is overdue.", "rcv_1", clock(time.at))
    assert api.get(f"/v1/suppliers/{SELLER}", seller())["status"] == "not_enrolled"
    assert enrol(api)["status"] == "suspended"
    assert post(api, "reinstatement", WHY)["status"] == "active"


def test_a_member_without_a_record_is_not_suspended(api: Api, trading: str, time: StandingClock) -> None:
    assert not suppliers_programme.suspend_for(SELLER, "An advance is overdue.", "rcv_1", clock(time.at))
