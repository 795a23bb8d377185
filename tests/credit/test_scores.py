"""Scores through the API: a firm reads its own with every reason, a risk officer anybody's, a bank only what a pack holds by consent."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.credit import jobs
from chalicelib.credit.examples import REVIEW_SCORE
from chalicelib.credit.records import histories as records
from chalicelib.credit.records import peers
from chalicelib.credit.records.peers import keep_groups
from chalicelib.credit.rules.history import Past
from chalicelib.credit.rules.peers import Group
from chalicelib.credit.service import exposure, histories, scores, scoring
from chalicelib.daybook.records import PAGES
from chalicelib.daybook.rules.days import DayRow
from chalicelib.exports.records import DayRow as ExportRow
from chalicelib.exports.rules.days import ExportDay, ExportLine
from chalicelib.runs import service as runs
from chalicelib.shared import kept
from chalicelib.shared.kept import Kept
from chalicelib.shared.periods import business_date, month_of, months_before
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.webhooks.service import parties
from tests.credit.applying import Credit, credit
from tests.credit.borrowing import OFFICER, Borrower, register
from tests.credit.scoring import plant
from tests.credit.seeking import exported
from tests.credit.test_packs import make
from tests.registry.test_expired_answers import entries
from tests.world import Pump, token

__all__ = ["credit"]


def path(borrower: Borrower, on: date | None = None) -> str:
    return f"/v1/members/{borrower.member_id}/score" + (f"?on={on}" if on else "")


def today(borrower: Borrower) -> date:
    return business_date(borrower.time.at)


def test_a_firm_reads_its_score_with_each_point_explained(borrower: Borrower) -> None:
    exported(borrower.member_id, today(borrower) - timedelta(days=20), 900_000)
    exported(borrower.member_id, today(borrower) - timedelta(days=230), 1_000_000)
    past = Past(kind="loan", subject_id="lon_1", seq=3, on=today(borrower), worst_dpd=40)
    histories.tell(borrower.member_id, past)
    histories.tell(borrower.member_id, past)
    score = borrower.get(path(borrower))
    assert score.status == 200
    assert (score["card"], score["most"], score["as_of"]) == ("2026.1", 1000, today(borrower).isoformat())
    assert score["points"] == sum(each["points"] for each in score["attributes"])
    of = {each["name"]: each for each in score["attributes"]}
    assert (of["growth"]["figure"], of["growth"]["points"]) == (-1_000, 40)
    assert of["growth"]["change"] == "Sell more than in the six months before. With 10 % or more: 20 points more."
    assert (of["buyer_concentration"]["figure"], of["paid_in_capital"]["figure"]) == (10_000, 1_000_000)
    assert [each["name"] for each in score["reasons"]][:2] == ["worst_dpd", "active_months"]
    assert score["reasons"][0] | {"change": ""} == {
        "name": "worst_dpd",
        "lost": 90,
        "why": "Most days past due of any loan in the last 24 months: 40.",
        "change": "",
    }
    assert {"tax_grade", "dispute_rate", "sales_rank"} <= set(score["missing"])
    assert borrower.get(path(borrower)).raw == score.raw


def test_no_number_of_later_loans_hides_that_one_was_late(borrower: Borrower) -> None:
    on = today(borrower)
    records.put(borrower.member_id, Past(kind="loan", subject_id="lon_0", seq=1, on=on, worst_dpd=40, worst_on=on))
    for number in range(1, 102):
        records.put(borrower.member_id, Past(kind="loan", subject_id=f"lon_{number}", seq=1, on=on))
    assert scoring.measure(borrower.member_id, on)[0].worst_dpd == 40


def test_a_risk_officer_reads_it_and_nobody_else(borrower: Borrower) -> None:
    other = register(borrower.api, borrower.time, "buttons-of-yiwu")
    assert borrower.get(path(borrower), OFFICER).raw == borrower.get(path(borrower)).raw
    assert borrower.get(path(borrower), other.token).status == 404
    assert borrower.get(path(borrower), token("bank", "boc")).status == 403
    assert borrower.get(path(borrower), token("officer", "officer-2", "claims")).status == 403


def test_as_of_an_earlier_day_later_facts_do_not_count_and_a_day_to_come_is_refused(borrower: Borrower) -> None:
    exported(borrower.member_id, today(borrower) - timedelta(days=20), 900_000)
    earlier = borrower.get(path(borrower, today(borrower) - timedelta(days=20)))
    assert "buyer_concentration" in earlier["missing"]
    assert "buyer_concentration" not in borrower.get(path(borrower))["missing"]
    refused = borrower.get(path(borrower, today(borrower) + timedelta(days=1)))
    assert (refused.status, refused["code"]) == (422, "score_day_ahead")
    assert borrower.get(path(borrower) + "?on=soon").status == 400


def test_trades_of_the_day_book_make_figures(borrower: Borrower, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.daybook.service.recording.has_history", lambda member_id: True)
    on = today(borrower) - timedelta(days=3)
    row = DayRow(day=on, orders={"lamps": (50, 77_000, 500_000)}, claims_filed=1, due=50, on_time=49, logins=1)
    kept.write([PAGES.put(Kept((borrower.member_id, month_of(on)), 1, (row,)))])
    of = {each["name"]: each["figure"] for each in borrower.get(path(borrower))["attributes"]}
    assert (of["dispute_rate"], of["on_time_shipping"], of["active_months"], of["login_weeks"]) == (200, 9_800, 1, 1)


def test_what_a_register_says_counts_once_an_officer_has_noted_it(borrower: Borrower) -> None:
    note = f"/v1/firms/{borrower.member_id}/note-registers"
    seen = {"seen_on": today(borrower).isoformat(), "tax_grade": "B", "on_court_list": False}
    noted = borrower.api.post(note, seen, OFFICER, key="once")
    assert noted.status == 200
    assert noted["registers"] == seen
    assert borrower.api.post(note, seen, OFFICER, key="once").raw == noted.raw
    of = {each["name"]: each for each in borrower.get(path(borrower))["attributes"]}
    assert (of["tax_grade"]["points"], of["court_list"]["points"]) == (40, 30)
    assert of["tax_grade"]["why"] == "Tax credit grade: B."
    outdated = borrower.api.post(note, seen | {"seen_on": "2026-01-01"}, OFFICER)
    assert (outdated.status, outdated["code"]) == (422, "registers_not_of_then")
    ahead = {"seen_on": (today(borrower) + timedelta(days=1)).isoformat()}
    assert borrower.api.post(note, ahead, OFFICER)["code"] == "registers_not_of_then"
    assert borrower.api.post(note, seen, borrower.token).status == 403


def test_peers_are_those_of_the_month_or_of_the_month_before(borrower: Borrower) -> None:
    exported(borrower.member_id, today(borrower) - timedelta(days=20), 900_000)
    group = Group(sales={900_000: 10, 100_000: 25, 5_000_000: 5}, disputes={})
    last = today(borrower).replace(day=1) - timedelta(days=1)
    keep_groups(month_of(last), {"||": group})
    of = {each["name"]: each["figure"] for each in borrower.get(path(borrower))["attributes"]}
    assert (of["sales_rank"], of["dispute_rank"]) == (7_500, None)


def test_cr_3b_and_d_ties_are_in_the_cards_order_four_at_most_and_peers_are_the_others(
    borrower: Borrower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tenth less than in the half-year before, one claim in a hundred orders, three buyers alike; of forty others 10 have more claims, and 25 or 30 as many."""
    monkeypatch.setattr("chalicelib.daybook.service.recording.has_history", lambda member_id: True)
    days = [months_before(today(borrower), months) + timedelta(days=3) for months in range(1, 13)]
    for number, on in enumerate(days):
        usd_minor, claims = (900_000 if number < 6 else 1_000_000), int(number == 0)
        row = DayRow(day=on, orders={"lamps": (10 - (number > 7) * 5, usd_minor, 0)}, claims_filed=claims)
        kept.write([PAGES.put(Kept((borrower.member_id, month_of(on)), 1, (row,)))])
    export = ExportDay(on=days[0], lines=tuple(ExportLine("o", buyer, 1_000_00) for buyer in "abc"))
    ExportRow(borrower.member_id, days[0].isoformat(), version=1, body=export).save()
    last = today(borrower).replace(day=1) - timedelta(days=1)
    reasons = []
    for disputes in ({50: 5, 100: 25, 200: 10}, {100: 30, 200: 10}):
        sales = {10_000_000: 10, 11_000_000: 20, 12_000_000: 10}
        keep_groups(month_of(last), {"||": Group(sales=sales, disputes=disputes)})
        score = borrower.get(path(borrower))
        reasons.append([(each["name"], each["lost"]) for each in score["reasons"]])
    of = {each["name"]: each["figure"] for each in score["attributes"]}
    assert (of["sales_rank"], of["dispute_rank"]) == (5_000, 6_250)
    first = [("verification", 40), ("growth", 40), ("dispute_rate", 35), ("dispute_rank", 35)]
    assert reasons == [first, [*first[:3], ("buyer_concentration", 30)]], "peer sales lost 30, too"


# Kept


def run(borrower: Borrower, pump: Pump) -> dict[str, Any]:
    """The month's runs: peers, then scores."""
    jobs.begin_peers(borrower.time.at)
    pump()
    return {job: runs.latest(job) for job in (jobs.PEERS, jobs.SCORES)}


def kept_of(borrower: Borrower) -> list[Any]:
    return list(borrower.get("/v1/scores")["items"])


def test_a_month_compares_all_firms_and_keeps_the_scores_of_those_that_consent(borrower: Borrower, pump: Pump) -> None:
    others = [register(borrower.api, borrower.time, f"peer-{number}") for number in range(31)]
    for number, each in enumerate([borrower, *others]):
        exported(each.member_id, today(borrower) - timedelta(days=20), 100_000 * (number + 1))
    for each in (borrower, others[0]):
        exposure.set_limit(each.member_id, 100, RequestContext(caller=CLOCK, now=borrower.time.at, request_id=""))
    borrower.consent("boc", data_classes=["score"])
    done = run(borrower, pump)
    assert done[jobs.PEERS].counts == {"compared": 32, "firms": 32, "set_aside": 0}
    assert done[jobs.SCORES].counts == {"firms": 2, "kept": 1, "not_consented": 1, "set_aside": 0}
    [shown] = kept_of(borrower)
    assert (shown["status"], shown["occasion"], shown["subject_id"]) == ("to_review", "month", "2026-03")
    of = {each["name"]: each["figure"] for each in shown["score"]["attributes"]}
    assert (of["sales_rank"], of["dispute_rank"]) == (0, None), "the least of all sells more than none of the others"
    assert kept_of(others[0]) == []
    assert scores.keep_of_month(borrower.member_id, today(borrower), borrower.time.at) == "known"


def test_a_shard_that_died_goes_on_and_comes_to_the_same(borrower: Borrower, pump: Pump) -> None:
    for number in range(5):
        exported(register(borrower.api, borrower.time, f"peer-{number}").member_id, date(2026, 2, 3), 100 + number)
    first = run(borrower, pump)[jobs.PEERS]
    groups = peers.load(["2026-03"], "", ["||"])[1]
    scoring.group("2026-03")
    for shard in range(1, jobs.SHARDS + 1):
        jobs.peers_shard(first, shard)
    assert peers.load(["2026-03"], "", ["||"])[1] == groups


def test_a_score_in_band_d_is_an_officers_to_look_at(borrower: Borrower) -> None:
    score_id = plant(borrower.member_id, "2026-03")
    [task] = borrower.get("/v1/scores", OFFICER)["items"]
    assert (task["id"], task["status"], task["allowed_actions"]) == (score_id, "to_review", ["review"])
    assert [each["name"] for each in task["deadlines"]] == ["review"]
    assert borrower.get(f"/v1/scores?member_id={borrower.member_id}", OFFICER)["items"][0]["id"] == score_id
    about = f"/v1/scores/{score_id}"
    assert borrower.get(about)["allowed_actions"] == []
    assert borrower.post(f"{about}/review", REVIEW_SCORE).status == 403
    reviewed = borrower.api.post(f"{about}/review", REVIEW_SCORE, OFFICER, key="once")
    assert borrower.api.post(f"{about}/review", REVIEW_SCORE, OFFICER, key="once").raw == reviewed.raw
    assert (reviewed["status"], reviewed["finding"], reviewed["reviewed_by"]) == ("reviewed", "set_aside", "officer-1")
    shown = borrower.get(about)
    assert (shown["note"], shown["reviewed_by"]) == (REVIEW_SCORE["note"], None)
    again = borrower.api.post(f"{about}/review", REVIEW_SCORE, OFFICER)
    assert (again.status, again["code"]) == (409, "score_not_in_this_status")
    assert borrower.api.post(f"{about}/review", REVIEW_SCORE | {"finding": "wrong"}, OFFICER).status == 400
    assert borrower.get("/v1/scores", OFFICER)["items"] == []
    timeline = borrower.get(f"{about}/timeline")["items"]
    assert [each["kind"] for each in timeline] == ["score.kept", "score.reviewed"]
    assert "officer" not in str(timeline[1]["payload"])
    [reviewing] = [entry for entry in entries() if entry.event.kind == "score.reviewed"]
    assert parties.audiences([reviewing])[0].sides == {borrower.member_id: "firm"}


def test_nobody_else_reads_a_kept_score(borrower: Borrower) -> None:
    score_id = plant(borrower.member_id, "2026-03")
    other = register(borrower.api, borrower.time, "buttons-of-yiwu")
    assert borrower.get(f"/v1/scores/{score_id}", other.token).status == 404
    assert borrower.get(f"/v1/scores?member_id={borrower.member_id}", other.token)["items"] == []
    assert borrower.get(f"/v1/scores/{score_id}", token("bank", "boc")).status == 403


def test_scores_come_page_by_page_the_newest_first(borrower: Borrower) -> None:
    names = []
    for number in range(3):
        names.append(plant(borrower.member_id, f"2026-0{number + 3}"))
        borrower.time.at += timedelta(days=31)
    page = borrower.get("/v1/scores?limit=2")
    rest = borrower.get(f"/v1/scores?limit=2&cursor={page['next_cursor']}")
    assert [each["id"] for each in (*page["items"], *rest["items"])] == names[::-1]
    first = borrower.get("/v1/scores?limit=2", OFFICER)
    then = borrower.get(f"/v1/scores?limit=2&cursor={first['next_cursor']}", OFFICER)
    assert [each["id"] for each in (*first["items"], *then["items"])] == names


def test_the_score_of_an_application_is_kept_as_its_pack_holds_it(borrower: Borrower) -> None:
    pack = make(borrower)
    for _ in range(2):
        scores.keep_of_pack(pack.id, borrower.time.at)
    [shown] = kept_of(borrower)
    assert (shown["occasion"], shown["subject_id"]) == ("application", pack.id)
    assert shown["score"] == json.loads(pack.document)["score"]
    without = make(register(borrower.api, borrower.time, "buttons-of-yiwu"), "profile")
    scores.keep_of_pack(without.id, borrower.time.at)
    assert len(borrower.get("/v1/scores", OFFICER)["items"]) == 1


def test_an_application_that_is_handed_in_has_its_score_kept_where_the_firm_consents(credit: Credit) -> None:
    credit.borrower.consent("boc", data_classes=["profile", "exports", "score"])
    credit.consented.add("boc")
    application_id = credit.submit("boc")
    credit.streams()
    [shown] = credit.borrower.get("/v1/scores")["items"]
    assert (shown["occasion"], shown["subject_id"]) == ("application", credit.see(application_id)["pack_id"])
    assert [each["id"] for each in credit.borrower.get("/v1/scores", OFFICER)["items"]] == [shown["id"]]
