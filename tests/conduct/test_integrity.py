"""The integrity index through the API and signed events of banks: what earns points, once; what takes them back; who sees it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from chalicelib.conduct import jobs
from chalicelib.conduct.declared import INCENTIVES
from chalicelib.conduct.examples import RESTORE, REVERSE
from chalicelib.conduct.records.incentives import IncentiveRow
from chalicelib.conduct.rules.incentive import Kind
from chalicelib.shared.journal import JournalRow
from chalicelib.webhooks.service.parties import audiences
from docs.verify_badge import verify
from tests.bank_events.conftest import bank
from tests.conduct.earning import plant
from tests.credit.applying import Credit, credit
from tests.credit.borrowing import Borrower, borrower
from tests.firms.factories import sign_for
from tests.loans.conftest import lender
from tests.loans.lending import Lender, planned
from tests.round_trips import calls
from tests.world import Api, Reply, token

__all__ = ["bank", "borrower", "credit", "lender"]

RISK, CLAIMS = token("officer", "officer-1", "risk"), token("officer", "officer-2", "claims")
OTHER_RISK = token("officer", "officer-3", "risk")
STRANGER, BOC = token("member", "mem_01JV8QZ7N4K3T5W6X8Y9ABCDEF"), token("bank", "boc")
SHOW = {"purpose": "publish_integrity", "data_classes": ["integrity"], "until": "2026-12-31"}


@pytest.fixture
def loan_id(lender: Lender) -> str:
    return lender.lend(1_000_00, planned(("2026-09-02", 1_000_00, 60_00)))


def follow(lender: Lender) -> None:
    lender.bank.streams()


def index(api: Api, member_id: str, by: str) -> Reply:
    return api.get(f"/v1/members/{member_id}/integrity", by)


def made_of(lender: Lender, **query: str) -> list[tuple[str, str]]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    items = lender.api.get(f"/v1/members/{lender.firm_id}/incentives?{asked}", lender.firm)["items"]
    return sorted((each["kind"], each["status"]) for each in items)


def test_a_loan_that_is_granted_and_repaid_on_time_counts_once(lender: Lender, loan_id: str) -> None:
    follow(lender)
    assert (index(lender.api, lender.firm_id, lender.firm)["points"], made_of(lender)) == (5, [("granted", "standing")])
    assert lender.pay(loan_id, 1_060_00) == ("applied", None)
    follow(lender)
    for row in JournalRow.scan():
        jobs.follow(row.entry())
    shown = index(lender.api, lender.firm_id, lender.firm)
    assert (shown["points"], shown["most_points"], shown["level"]) == (15, 80, "bronze")
    assert [window["points"] for window in shown["windows"]] == [15, 0]
    assert made_of(lender) == [("granted", "standing"), ("repaid_on_time", "standing")]
    earned = [row.entry() for row in JournalRow.scan() if row.aggregate_id.startswith("inc_")]
    assert [dict(each.sides) for each in audiences(earned)] == [{lender.firm_id: "firm"}] * 2


def test_a_repayment_that_is_reversed_takes_its_points_back_and_one_that_comes_brings_them_again(
    lender: Lender, loan_id: str
) -> None:
    assert lender.pay(loan_id, 1_060_00, bank_ref="R-1") == ("applied", None)
    follow(lender)
    reversal = {"original_bank_ref": "R-1", "amount": 1_060_00, "reason": "recalled"}
    assert lender.tell("repayment.reversed", loan_id, **reversal) == ("applied", None)
    follow(lender)
    assert made_of(lender, status="reversed") == [("repaid_on_time", "reversed")]
    assert index(lender.api, lender.firm_id, lender.firm)["points"] == 5
    assert lender.pay(loan_id, 1_060_00) == ("applied", None)
    follow(lender)
    assert made_of(lender) == [("granted", "standing"), ("repaid_on_time", "standing")]


def test_who_pays_late_has_no_points_for_repaying(lender: Lender, loan_id: str) -> None:
    lender.on(2026, 9, 20)
    assert lender.pay(loan_id, 1_100_00) == ("applied", None)
    follow(lender)
    assert made_of(lender) == [("granted", "standing")]


def test_an_approval_counts_once_whichever_banks_approve(credit: Credit) -> None:
    application_id = credit.apply("boc", "cmb")
    credit.approve(application_id)
    credit.approve(application_id, "cmb")
    [each] = credit.api.get(f"/v1/members/{credit.borrower.member_id}/incentives", credit.firm)["items"]
    assert (each["kind"], each["subject_id"], each["points"]) == ("approved", application_id, 5)


def test_an_officer_takes_back_what_was_not_earned_and_nothing_brings_it_back(lender: Lender, loan_id: str) -> None:
    assert lender.pay(loan_id, 1_060_00, bank_ref="R-1") == ("applied", None)
    follow(lender)
    items = lender.api.get(f"/v1/members/{lender.firm_id}/incentives", RISK)["items"]
    path = next(f"/v1/incentives/{each['id']}" for each in items if each["kind"] == "repaid_on_time")
    assert lender.api.get(path, RISK)["allowed_actions"] == ["reverse"]
    assert lender.api.get(path, lender.firm)["allowed_actions"] == lender.api.get(path, CLAIMS)["allowed_actions"] == []
    assert lender.api.post(f"{path}/reverse", REVERSE, CLAIMS).status == 403
    assert lender.api.post(f"{path}/reverse", {"why": "spite", "note": "."}, RISK).status == 400
    with calls() as round_trips:
        reply = lender.api.post(f"{path}/reverse", REVERSE, RISK, key="once")
    assert (reply.status, round_trips) == (200, ["GetItem", "TransactWriteItems"])
    assert lender.api.post(f"{path}/reverse", REVERSE, RISK, key="once").raw == reply.raw
    again = lender.api.post(f"{path}/reverse", REVERSE, RISK)
    assert (again.status, again["code"]) == (409, "incentive_not_in_this_status")
    for row in JournalRow.scan():
        jobs.follow(row.entry())
    seen = lender.api.get(path, lender.firm)
    assert (seen["status"], seen["why"], seen["note"]) == ("reversed", "false_data", REVERSE["note"])
    kinds = [each["kind"] for each in lender.api.get(f"{path}/timeline", lender.firm)["items"]]
    assert kinds == ["incentive.earned", "incentive.reversed"]


def test_what_was_taken_wrongly_another_officer_gives_back_where_it_is_still_so(lender: Lender, loan_id: str) -> None:
    assert lender.pay(loan_id, 1_060_00, bank_ref="R-1") == ("applied", None)
    follow(lender)
    items = lender.api.get(f"/v1/members/{lender.firm_id}/incentives", RISK)["items"]
    path = next(f"/v1/incentives/{each['id']}" for each in items if each["kind"] == "repaid_on_time")
    assert lender.api.post(f"{path}/restore", RESTORE, OTHER_RISK)["code"] == "incentive_not_in_this_status"
    assert lender.api.post(f"{path}/reverse", REVERSE, RISK).status == 200
    alone = lender.api.post(f"{path}/restore", RESTORE, RISK)
    assert (alone.status, alone["code"]) == (409, "another_officer_needed")
    assert lender.api.post(f"{path}/restore", {"note": ""}, OTHER_RISK).status == 400
    assert lender.api.post(f"{path}/restore", RESTORE, lender.firm).status == 403
    given = lender.api.post(f"{path}/restore", RESTORE, OTHER_RISK, key="once")
    assert (given["status"], given["why"], given["allowed_actions"]) == ("standing", None, ["reverse"])
    assert lender.api.post(f"{path}/restore", RESTORE, OTHER_RISK, key="once").raw == given.raw
    follow(lender)
    assert index(lender.api, lender.firm_id, lender.firm)["points"] == 15
    assert lender.api.post(f"{path}/reverse", REVERSE, RISK).status == 200
    reversal = {"original_bank_ref": "R-1", "amount": 1_060_00, "reason": "recalled"}
    assert lender.tell("repayment.reversed", loan_id, **reversal) == ("applied", None)
    assert lender.api.post(f"{path}/restore", RESTORE, OTHER_RISK)["status"] == "standing"
    follow(lender)
    seen = lender.api.get(path, lender.firm)
    assert (seen["status"], seen["why"]) == ("reversed", "undone"), "what it was for is not so any more"


def test_co_1_what_is_taken_back_lowers_the_index_only_where_nothing_above_the_cap_makes_up_for_it(
    borrower: Borrower,
) -> None:
    kinds: tuple[Kind, ...] = ("approved", "granted") * 3 + ("repaid_on_time",) * 2
    planted = [plant(borrower.member_id, f"lon_{number}", kind) for number, kind in enumerate(kinds)]
    shown = [index(borrower.api, borrower.member_id, RISK)["points"]]
    for place, why in ((0, "false_data"), (1, "draw_reversed"), (6, "mistake")):
        for _ in range(2):
            borrower.api.post(
                f"/v1/incentives/{planted[place]}/reverse", REVERSE | {"why": why}, RISK, key=f"reverse-{place}"
            )
        shown.append(index(borrower.api, borrower.member_id, RISK)["points"])
    assert shown == [40, 40, 40, 30]


def test_it_expires_after_two_years(lender: Lender, loan_id: str) -> None:
    follow(lender)
    lender.on(2028, 3, 2)
    INCENTIVES.sweep(lender.time.at)
    assert made_of(lender, status="expired") == [("granted", "expired")]
    assert IncentiveRow.standing.count(lender.firm_id) == 0


def test_the_firm_and_officers_see_it_and_a_bank_while_the_firm_consents(borrower: Borrower) -> None:
    api, member_id = borrower.api, borrower.member_id
    for path in ("integrity", "integrity/statement"):
        assert api.get(f"/v1/members/{member_id}/{path}", RISK).status == 200
        unseen, unknown = (api.get(f"/v1/members/{each}/{path}", STRANGER) for each in (member_id, "mem_unknown"))
        assert unseen.status == unknown.status == 404
        assert api.get(f"/v1/members/{member_id}/{path}", BOC).status == 404
    consent_id = borrower.consent("boc", data_classes=["integrity"])
    assert index(api, member_id, BOC).status == 200
    assert index(api, member_id, token("bank", "cmb")).status == 404
    borrower.withdraw(consent_id)
    assert index(api, member_id, BOC).status == 404
    assert api.get(f"/v1/members/{member_id}/incentives", STRANGER).status == 404


def read(api: Api, statement: str) -> dict[str, Any]:
    """What it says, as a stranger checks it with the published script and the published keys."""
    verdict = verify(statement, api.get("/v1/badge-keys").body, time.time(), "integrity")
    assert verdict.is_valid, "it is signed by none of the keys"
    return verdict.claims


def test_the_statement_says_the_same_and_anybody_can_verify_it(lender: Lender, loan_id: str) -> None:
    assert lender.pay(loan_id, 1_060_00) == ("applied", None)
    follow(lender)
    view = lender.api.get(f"/v1/members/{lender.firm_id}/integrity/statement", lender.firm)
    claims = read(lender.api, view["statement"])
    assert {name: claims[name] for name in ("sub", "points", "most_points", "level")} == {
        "sub": lender.firm_id,
        "points": 15,
        "most_points": 80,
        "level": "bronze",
    }
    forged = view["statement"][:-4] + "AAAA"
    keys = lender.api.get("/v1/badge-keys").body
    assert not verify(forged, keys, time.time(), "integrity").is_valid
    assert not verify(view["statement"], keys, claims["exp"], "integrity").is_valid, "its time is over"
    assert not verify(view["statement"], keys, time.time(), "protection").is_valid, "it vouches for nothing else"


def test_its_storefront_shows_the_level_only_while_the_firm_consents(lender: Lender, loan_id: str) -> None:
    api, path = lender.api, f"/v1/storefronts/{lender.firm_id}/integrity"
    assert lender.pay(loan_id, 1_060_00) == ("applied", None)
    follow(lender)
    nothing = {"member_id": lender.firm_id, "level": None, "statement": None, "expires": None}
    page = f"/s/{lender.firm_id}"
    assert (api.get(path).body, b"bronze" in api.get(page).raw) == (nothing, False)
    by = {"Surety_Acting_Person": sign_for(lender.firm_id)}
    consent = api.post("/v1/consents", SHOW, lender.firm, **by)
    assert consent.status == 201, consent.body
    badge = api.get(path)
    assert (badge["level"], read(api, badge["statement"])["sub"]) == ("bronze", lender.firm_id)
    assert "Keeps its credit agreements: bronze" in api.get(page).raw.decode()
    assert api.post(f"/v1/consents/{consent['id']}/withdraw", None, lender.firm, **by).status == 200
    assert (api.get(path).body, b"bronze" in api.get(page).raw) == (nothing, False)
    assert api.get("/v1/storefronts/mem_unknown/integrity").status == 404


def test_publishing_names_no_banks(borrower: Borrower) -> None:
    refused = borrower.post("/v1/consents", SHOW | {"bank_ids": ["boc"]})
    assert (refused.status, refused["code"]) == (422, "consent_not_for_banks")
