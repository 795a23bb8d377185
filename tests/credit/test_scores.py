"""Scores through the API: a firm reads its own with every reason, a risk officer anybody's, a bank only what a pack holds by consent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.credit.records.peers import keep_groups
from chalicelib.credit.rules.history import Past
from chalicelib.credit.rules.peers import Group
from chalicelib.credit.service import histories
from chalicelib.daybook.records import PAGES
from chalicelib.daybook.rules.days import DayRow
from chalicelib.shared import kept
from chalicelib.shared.kept import Kept
from chalicelib.shared.periods import business_date, month_of
from tests.credit.borrowing import OFFICER, Borrower, register
from tests.credit.seeking import exported
from tests.world import token


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
