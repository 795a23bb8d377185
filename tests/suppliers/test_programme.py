"""The programme through the API: joining, points, suspension, leaving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.members.rules import id_of
from chalicelib.shared import journal
from chalicelib.shared.journal import JournalRow
from chalicelib.suppliers import records
from tests.suppliers import effects
from tests.world import Api, Reply, StandingClock, token

SELLER = id_of("seller-1")
RISK = token("officer", "officer-2", "risk")
NO_DUTY = token("officer", "officer-3", "claims")
STRANGER = token("member", "mem_00000000000000000000000000")
WHY = {"reason": "Goods not as described"}


def seller() -> str:
    return token("member", SELLER)


def sold(number: int, at: datetime, *, late: bool = False, member_id: str = SELLER, minor: int = 100_000) -> TradeFact:
    return TradeFact(
        member_id=member_id,
        trade_id=f"t-{number}",
        buyer_ref="b-1",
        supplier_country="CN",
        buyer_country="DE",
        category="tools",
        currency="USD",
        amount_minor=minor,
        ordered_at=at,
        paid_at=at,
        ship_by=at + timedelta(days=2),
        shipped_at=at + timedelta(days=3 if late else 1),
        delivered_at=at + timedelta(days=5),
        status="completed",
        source=f"test-{number}",
    )


@pytest.fixture
def member(api: Api, officer: str) -> str:
    body = {"external_ref": "seller-1", "name": "Zhejiang Tools <&>", "country": "CN"}
    return str(api.post("/v1/members", body, officer)["id"])


@pytest.fixture
def trading(member: str, time: StandingClock) -> str:
    """Ten trades of 1,000 USD in the last weeks, all shipped in time: a limit of 2,900 USD."""
    daybook_recording.record([sold(n, time.at - timedelta(days=20 + n)) for n in range(10)])
    return member


def enrol(api: Api, by: str | None = None) -> Reply:
    reply = api.post(f"/v1/suppliers/{SELLER}/enrolment", None, by or seller())
    assert reply.status == 200, reply.body
    return reply


def post(api: Api, what: str, body: Any, by: str = RISK) -> Reply:
    return api.post(f"/v1/suppliers/{SELLER}/{what}", body, by)


def penalize(api: Api, points: int) -> Reply:
    reply = post(api, "penalties", {"reason": "test", "points": points})
    assert reply.status == 200, reply.body
    return reply


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def test_a_member_that_never_joined_sees_what_its_qualification_would_be(api: Api, trading: str) -> None:
    reply = api.get(f"/v1/suppliers/{SELLER}", seller())
    assert (reply.status, reply["status"], reply["version"]) == (200, "not_enrolled", 0)
    assert reply["qualification"]["qualified"] is True
    assert reply["qualification"]["limit"] == usd("2900.00")
    assert reply["limit"] == usd("0.00")
    assert reply["decision"] is None
    assert reply["allowed_actions"] == ["enrolment", "limit-simulations"]


def test_a_supplier_that_qualifies_is_active_at_once_with_its_working_shown(api: Api, trading: str) -> None:
    reply = enrol(api)
    assert (reply["status"], reply["version"], reply["limit"]) == ("active", 1, usd("2900.00"))
    assert reply["available"] == usd("2900.00")
    assert reply["decision"]["policy"]["version"] == "2026.1"
    assert reply["decision"]["next_step"] == {
        "limit": usd("3000.00"),
        "gmv": usd("10416.67"),
        "more_gmv": usd("416.67"),
        "because": None,
    }
    assert reply["decision"]["working"][3] == "quality = 50 % × 100 % + 30 % × 100 % + 20 % × 80 % = 96 %"
    assert reply["decision"]["response"] == {"rate_bp": 8000, "inquiries": 0, "sufficient": False}
    assert [deadline["name"] for deadline in reply["deadlines"]] == ["evaluation"]
    assert reply["deadlines"][0]["due_at"] == "2026-03-09T16:30:00Z"
    assert reply.headers["ETag"] == '"1"'


def test_a_supplier_that_does_not_qualify_yet_has_applied_and_sees_what_is_missing(api: Api, member: str) -> None:
    reply = enrol(api)
    assert (reply["status"], reply["limit"]) == ("applied", usd("0.00"))
    assert reply["decision"]["failed"] == ["completed", "due", "on_time_bp"]
    assert reply["decision"]["conditions"][0] == {
        "name": "completed",
        "value": 0,
        "must_be": "at_least",
        "threshold": 5,
        "met": False,
        "distance": 5,
        "needs": "completed_trades",
        "needed": 5,
    }
    assert reply["listed"] is False


def test_granting_cover_is_booked_in_the_same_entry(api: Api, trading: str) -> None:
    enrol(api)
    (entry,) = [row.entry() for row in JournalRow.scan() if row.aggregate_id == f"supplier:{SELLER}"]
    assert [(leg.account, leg.owner_id, leg.debit_minor, leg.credit_minor) for leg in entry.event.postings] == [
        ("cover_available", SELLER, 290_000, 0),
        ("cover_granted", SELLER, 0, 290_000),
    ]
    loaded = records.load(SELLER)
    assert loaded is not None
    assert loaded[0].entry_hash == entry.entry_hash


def test_joining_twice_with_one_key_is_one_joining_and_with_another_is_refused(api: Api, trading: str) -> None:
    path = f"/v1/suppliers/{SELLER}/enrolment"
    first = api.post(path, {}, seller(), key="k")
    again = api.post(path, {}, seller(), key="k")
    assert (again.raw, again.headers["Idempotent-Replayed"]) == (first.raw, "true")
    other = api.post(path, {}, seller())
    assert (other.status, other["code"], other["supplier_status"]) == (409, "not_in_this_status", "active")


@pytest.mark.parametrize(
    "path",
    ["enrolment", "withdrawal", "penalties", "suspension", "reinstatement", "limit-simulations", ""],
)
def test_a_stranger_finds_nobody_there(api: Api, trading: str, path: str) -> None:
    enrol(api)
    there = f"/v1/suppliers/{SELLER}/{path}".rstrip("/")
    got = api.post(there, {}, STRANGER) if path else api.get(there, STRANGER)
    assert got.status == (403 if path in ("penalties", "suspension", "reinstatement") else 404)


def test_only_an_officer_with_the_duty_decides(api: Api, trading: str) -> None:
    enrol(api)
    for what, body in (("penalties", {"reason": "failed_delivery"}), ("suspension", WHY), ("withdrawal", None)):
        assert (post(api, what, body, NO_DUTY).status, post(api, what, body, NO_DUTY)["code"]) == (403, "not_allowed")
    assert api.get(f"/v1/suppliers/{SELLER}", NO_DUTY).status == 200
    assert post(api, "penalties", {"reason": "failed_delivery"}, seller()).status == 403


def test_an_officer_may_enrol_a_supplier_on_the_figures_of_an_earlier_date(
    api: Api, member: str, time: StandingClock
) -> None:
    daybook_recording.record([sold(n, datetime(2017, 12, 1, tzinfo=UTC)) for n in range(10)])
    path = f"/v1/suppliers/{SELLER}/enrolment"
    assert api.post(path, {"as_of": "2018-01-01"}, seller()).status == 403
    late = api.post(path, {"as_of": "2999-01-01"}, RISK)
    assert (late.status, late["code"]) == (422, "date_out_of_range")
    reply = api.post(path, {"as_of": "2018-01-01"}, RISK)
    assert (reply["status"], reply["limit"], reply["decision"]["as_of"]) == ("active", usd("2900.00"), "2018-01-01")


@pytest.mark.parametrize("as_of", ["0001-01-01", "1999-12-31", "2026-03-03", "9999-12-31"])
def test_there_are_no_figures_before_the_records_begin_nor_after_today(api: Api, member: str, as_of: str) -> None:
    got = api.get(f"/v1/suppliers/{SELLER}?as_of={as_of}", RISK)
    assert (got.status, got["code"]) == (422, "date_out_of_range")


def test_asking_as_of_another_date_is_for_officers_and_today_is_for_everybody(api: Api, trading: str) -> None:
    assert api.get(f"/v1/suppliers/{SELLER}?as_of=2026-02-15", seller()).status == 403
    assert api.get(f"/v1/suppliers/{SELLER}?as_of=2026-03-02", seller()).status == 200
    earlier = api.get(f"/v1/suppliers/{SELLER}?as_of=2026-02-05", RISK)
    assert earlier["qualification"]["inputs"]["completed"] < 10
    assert earlier["qualification"]["as_of"] == "2026-02-05"


def test_points_shrink_the_limit_at_once_and_the_difference_is_booked(api: Api, trading: str) -> None:
    enrol(api)
    reply = post(api, "penalties", {"reason": "failed_delivery", "note": "order 7"})
    assert (reply["points"]["total"], reply["limit"], reply["available"]) == (3, usd("2400.00"), usd("2400.00"))
    given = reply["points"]["penalties"][0]
    assert (given["reason"], given["note"], given["expires_at"]) == (
        "failed_delivery",
        "order 7",
        "2027-03-02T02:15:00Z",
    )
    last = max((row.entry() for row in JournalRow.scan()), key=lambda entry: entry.seq)
    assert [(leg.account, leg.debit_minor, leg.credit_minor) for leg in last.event.postings] == [
        ("cover_granted", 50_000, 0),
        ("cover_available", 0, 50_000),
    ]


def test_a_penalty_needs_a_known_reason_or_its_points(api: Api, trading: str) -> None:
    enrol(api)
    unknown = post(api, "penalties", {"reason": "rudeness"})
    assert (unknown.status, unknown["code"]) == (422, "unknown_penalty_reason")
    assert "failed_delivery" in unknown["known"]
    assert post(api, "penalties", {"reason": "rudeness", "points": 1})["points"]["total"] == 1
    for wrong in ({"reason": "x", "points": 0}, {"reason": "X"}, {"reason": "x", "points": "1"}, {"points": 1}):
        assert post(api, "penalties", wrong).status == 400


def test_a_member_that_never_joined_cannot_be_given_points(api: Api, member: str) -> None:
    got = post(api, "penalties", {"reason": "failed_delivery"})
    assert (got.status, got["code"]) == (409, "never_joined")


def test_the_same_penalty_twice_counts_once(api: Api, trading: str) -> None:
    enrol(api)
    path = f"/v1/suppliers/{SELLER}/penalties"
    first = api.post(path, {"reason": "failed_delivery"}, RISK, key="p")
    again = api.post(path, {"reason": "failed_delivery"}, RISK, key="p")
    assert again.raw == first.raw
    assert len(api.get(f"/v1/suppliers/{SELLER}", RISK)["points"]["penalties"]) == 1


def test_points_expire_after_365_days_to_the_millisecond(api: Api, trading: str, time: StandingClock) -> None:
    enrol(api)
    penalize(api, 10)
    time.advance(days=365, milliseconds=-1)
    assert api.get(f"/v1/suppliers/{SELLER}", RISK)["points"]["total"] == 10
    time.advance(milliseconds=1)
    reply = api.get(f"/v1/suppliers/{SELLER}", RISK)
    assert (reply["points"]["total"], reply["points"]["penalties"][0]["counts"]) == (0, False)


def test_36_points_end_new_cover_and_delist(api: Api, trading: str) -> None:
    enrol(api)
    assert penalize(api, 35)["status"] == "active"
    reply = penalize(api, 1)
    assert (reply["status"], reply["listed"], reply["limit"]) == ("applied", False, usd("0.00"))
    assert reply["decision"]["failed"] == ["points"]
    assert api.get(f"/v1/storefronts/{SELLER}")["badge"] == "SUSPENDED"


def test_48_points_disqualify_and_after_180_days_it_may_apply_again(
    api: Api, trading: str, time: StandingClock
) -> None:
    enrol(api)
    assert penalize(api, 47)["status"] == "applied"
    reply = penalize(api, 1)
    assert (reply["status"], reply["limit"]) == ("disqualified", usd("0.00"))
    assert "reapplication" in [deadline["name"] for deadline in reply["deadlines"]]
    early = api.post(f"/v1/suppliers/{SELLER}/enrolment", None, seller())
    assert (early.status, early["code"], early["due_at"]) == (409, "too_soon_to_reapply", "2026-08-29T02:15:00Z")
    time.advance(days=180, milliseconds=-1)
    assert api.post(f"/v1/suppliers/{SELLER}/enrolment", None, seller()).status == 409
    time.advance(milliseconds=1)
    again = enrol(api)
    assert again["status"] == "applied"
    assert "points" in again["decision"]["failed"]


def test_a_lifted_penalty_counts_no_longer_and_undoes_its_disqualification(api: Api, trading: str) -> None:
    enrol(api)
    reply = post(api, "penalties", {"reason": "forged_proof"})
    assert reply["status"] == "disqualified"
    penalty = reply["points"]["penalties"][0]["id"]
    back = post(api, f"penalties/{penalty}/lift", {"reason": "The proof was genuine"})
    assert (back["status"], back["limit"], back["points"]["total"]) == ("active", usd("2900.00"), 0)
    twice = post(api, f"penalties/{penalty}/lift", WHY)
    assert (twice.status, twice["code"]) == (409, "penalty_lifted")
    assert post(api, "penalties/pen_x/lift", WHY).status == 404


def test_a_suspension_takes_the_limit_and_a_reinstatement_gives_it_back(api: Api, trading: str) -> None:
    enrol(api)
    gone = post(api, "suspension", WHY)
    assert (gone["status"], gone["limit"], gone["suspended_for"]) == ("suspended", usd("0.00"), WHY["reason"])
    assert post(api, "suspension", WHY)["code"] == "not_in_this_status"
    assert post(api, "withdrawal", None, seller())["code"] == "not_in_this_status"
    back = post(api, "reinstatement", {"reason": "Cleared"})
    assert (back["status"], back["limit"], back["version"]) == ("active", usd("2900.00"), 3)


def test_points_freeze_the_limit_across_a_suspension_but_do_not_take_it(
    api: Api, trading: str, time: StandingClock
) -> None:
    enrol(api)
    assert penalize(api, 24)["limit"] == usd("1000.00")
    post(api, "suspension", WHY)
    back = post(api, "reinstatement", {"reason": "Cleared"})
    assert (back["limit"], back["decision"]["frozen"]) == (usd("1000.00"), True)


def test_who_left_and_comes_back_with_24_points_finds_its_limit_frozen(api: Api, member: str) -> None:
    enrol(api)
    penalize(api, 24)
    daybook_recording.record([sold(n, datetime(2026, 2, 1, tzinfo=UTC)) for n in range(10)])
    assert post(api, "withdrawal", None, seller())["status"] == "not_enrolled"
    back = enrol(api)
    assert (back["status"], back["limit"], back["decision"]["unfrozen_limit"]) == (
        "active",
        usd("0.00"),
        usd("1000.00"),
    )


def test_leaving_is_voluntary_too_and_existing_cover_stands(api: Api, trading: str) -> None:
    enrol(api)
    reply = post(api, "withdrawal", None, seller())
    assert (reply["status"], reply["limit"], reply["allowed_actions"]) == (
        "not_enrolled",
        usd("0.00"),
        ["enrolment", "limit-simulations"],
    )
    assert api.get(f"/v1/storefronts/{SELLER}")["badge"] == "NOT_ENROLLED"
    assert enrol(api)["status"] == "active"


def test_if_match_is_honoured(api: Api, trading: str) -> None:
    enrol(api)
    stale = api.post(f"/v1/suppliers/{SELLER}/suspension", WHY, RISK, If_Match='"9"')
    assert (stale.status, stale["code"], stale["version"]) == (409, "version_mismatch", 1)
    assert api.post(f"/v1/suppliers/{SELLER}/suspension", WHY, RISK, If_Match='"1"').status == 200


def test_entries_of_a_supplier_form_one_chain(api: Api, trading: str) -> None:
    enrol(api)
    penalize(api, 1)
    post(api, "suspension", WHY)
    entries = sorted(
        (row.entry() for row in JournalRow.scan() if row.aggregate_id == f"supplier:{SELLER}"),
        key=lambda entry: entry.seq,
    )
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.prev for entry in entries] == [journal.GENESIS, entries[0].entry_hash, entries[1].entry_hash]


def test_simulations_say_what_would_change_and_change_nothing(api: Api, trading: str) -> None:
    enrol(api)
    path = f"/v1/suppliers/{SELLER}/limit-simulations"
    reply = api.post(path, {"completed": 5, "gmv": usd("416.67")}, seller())
    assert reply.status == 200, reply.body
    assert reply["changes"] == {
        "limit_before": usd("2900.00"),
        "limit_after": usd("3000.00"),
        "difference": usd("100.00"),
        "qualifies_before": True,
        "qualifies_after": True,
        "newly_met": [],
        "newly_failed": [],
    }
    worse = api.post(path, {"shipped_late": 10}, seller())
    assert worse["changes"]["newly_failed"] == ["on_time_bp"]
    assert worse["changes"]["difference"] == usd("-2900.00")
    euros = api.post(path, {"gmv": {"amount": "100.00", "currency": "EUR"}}, seller())
    assert euros["after"]["inputs"]["gmv"] == usd("10110.00")
    assert api.get(f"/v1/suppliers/{SELLER}", seller())["version"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {"completed": -1},
        {"completed": 1.5},
        {"completed": 10**9},
        {"gmv": "5"},
        {"gmv": {"amount": "-5.00", "currency": "USD"}},
        {"response_bp": 10_001},
        {"unknown": 1},
    ],
)
def test_a_simulation_of_nonsense_is_malformed(api: Api, trading: str, body: dict[str, Any]) -> None:
    assert api.post(f"/v1/suppliers/{SELLER}/limit-simulations", body, seller()).status == 400


def test_officers_list_suppliers_by_status_in_pages(api: Api, trading: str, officer: str) -> None:
    enrol(api)
    for n in range(4):
        ref = f"other-{n}"
        reply = api.post("/v1/members", {"external_ref": ref, "name": "Other", "country": "CN"}, officer)
        api.post(f"/v1/suppliers/{reply['id']}/enrolment", {}, officer)
    active = api.get("/v1/suppliers?status=active", officer)
    assert [each["id"] for each in active["items"]] == [SELLER]
    assert active["items"][0]["qualification"] is None
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"/v1/suppliers?limit=2&status=applied&cursor={cursor}", officer)
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) == 4
    assert api.get("/v1/suppliers", seller()).status == 403
    assert api.get("/v1/suppliers?status=gone", officer).status == 400


def test_the_limit_moves_under_reserved_cover_without_touching_it(api: Api, trading: str) -> None:
    from tests.suppliers.test_coverage import write

    enrol(api)
    write(effects.reserve(SELLER, 200_000))
    reply = post(api, "suspension", WHY)
    assert (reply["limit"], reply["reserved"], reply["available"]) == (usd("0.00"), usd("2000.00"), usd("-2000.00"))
    write(effects.change(SELLER, release=200_000))
    back = post(api, "reinstatement", {"reason": "Cleared"})
    assert (back["limit"], back["reserved"], back["available"]) == (usd("2900.00"), usd("0.00"), usd("2900.00"))
