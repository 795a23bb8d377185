"""A claim between members through the API and the bank: paid in full, in part, too much, too late, for nothing; waived and disputed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.cases.examples import OPEN
from chalicelib.guarantees.aggregate.member_claims import MEMBER_CLAIMS
from chalicelib.guarantees.examples import DECIDE_DISPUTE, DISPUTE
from chalicelib.guarantees.rules import member_claim_handling as handling
from chalicelib.shared import clock, observe
from chalicelib.shared.request import CLOCK, RequestContext
from tests.bank_events.conftest import books
from tests.guarantees.rescuing import RISK, SECOND, THIRD, Rescue, between, plant_claim
from tests.world import token

OWES, OWED = token("member", SECOND), token("member", THIRD)


@pytest.fixture
def claim_id(rescue: Rescue) -> str:
    """SECOND owes THIRD 150,000.00 CNY."""
    return plant_claim(between(SECOND, THIRD))


def hold(claim_id: str) -> None:
    """The bank has taken a payment back: it comes first again."""
    MEMBER_CLAIMS.apply(
        claim_id,
        RequestContext(caller=CLOCK, now=clock.now(), request_id="t"),
        lambda was, context: handling.adjust(
            was, was.remaining_minor, is_payable=False, context=context, now=clock.now()
        ),
    )


def remaining(rescue: Rescue, claim_id: str) -> tuple[str, str]:
    seen = rescue.see(claim_id)
    return seen["status"], seen["remaining"]["amount"]


def test_a_claim_is_paid_in_parts_and_what_comes_beyond_goes_back(rescue: Rescue, claim_id: str) -> None:
    assert rescue.transfer(claim_id, "50000.00") == ("applied", None)
    assert remaining(rescue, claim_id) == ("payable", "100000.00")
    assert rescue.transfer(claim_id, "100000.01") == ("applied", None)
    assert remaining(rescue, claim_id) == ("paid", "0.00")
    instructions = rescue.lender.api.get(f"/v1/bank-instructions?aggregate_id={claim_id}", RISK)["items"]
    assert [(each["kind"], each["money"]["amount"], each["party_id"]) for each in instructions] == [
        ("refund", "0.01", SECOND)
    ]
    kinds = [each["kind"] for each in rescue.lender.api.get(f"/v1/member-claims/{claim_id}/timeline", OWED)["items"]]
    assert kinds == ["member_claim.opened", "member_claim.received", "member_claim.received"]


def test_a_transfer_that_is_told_of_twice_is_booked_once(rescue: Rescue, claim_id: str) -> None:
    assert rescue.transfer(claim_id, "50000.00", bank_ref="T-X") == ("applied", None)
    assert rescue.transfer(claim_id, "50000.00", bank_ref="t-x") == ("refused", "duplicate_notice")
    assert rescue.transfer(claim_id, "40000.00", bank_ref="T-X") == ("suspense", "reference_reused")
    assert remaining(rescue, claim_id) == ("payable", "100000.00")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"member_claim_id": "mcl_00000000000000000000000000"}, "not_found"),
        ({"account": "TA-CNY-99"}, "not_a_designated_account"),
    ],
)
def test_money_that_names_nothing_of_ours_waits_in_suspense(
    rescue: Rescue, claim_id: str, changes: dict[str, Any], reason: str
) -> None:
    assert rescue.transfer(claim_id, "100.00", **changes) == ("suspense", reason)
    assert remaining(rescue, claim_id) == ("payable", "150000.00")


def test_money_in_another_currency_before_its_time_or_after_the_end_waits_in_suspense(
    rescue: Rescue, claim_id: str
) -> None:
    assert rescue.transfer(claim_id, "100.00", "USD") == ("suspense", "not_the_member_claims_currency")
    hold(claim_id)
    assert rescue.transfer(claim_id, "100.00") == ("suspense", "member_claim_not_payable_yet")
    assert rescue.act(claim_id, "waive", OWED).status == 200
    assert rescue.transfer(claim_id, "100.00") == ("suspense", "member_claim_not_in_this_status")


def test_late_money_is_taken(rescue: Rescue, claim_id: str) -> None:
    rescue.lender.time.at += timedelta(days=40)
    rescue.sweep()
    assert rescue.see(claim_id)["status"] == "overdue"
    assert rescue.transfer(claim_id, "150000.00") == ("applied", None)
    assert rescue.see(claim_id)["status"] == "paid"


def test_an_officer_allocates_money_that_named_nothing(rescue: Rescue, claim_id: str) -> None:
    rescue.transfer("mcl_00000000000000000000000000", "150000.00")
    [event_id] = rescue.lender.bank.listed("suspense")
    path = f"/v1/bank-events/{event_id}/allocate"
    first, again = (rescue.lender.api.post(path, {"member_claim_id": claim_id}, RISK, key="once") for _ in range(2))
    assert (first.status, first["status"], first.raw) == (200, "allocated", again.raw)
    assert remaining(rescue, claim_id) == ("paid", "0.00")
    assert f"suspense:{event_id}" not in books()


def test_whoever_is_owed_gives_up_once_however_often_it_is_sent(rescue: Rescue, claim_id: str) -> None:
    assert rescue.act(claim_id, "waive", OWES).status == 403
    first, again = (rescue.act(claim_id, "waive", OWED, key="once") for _ in range(2))
    assert (first.status, first["status"], first["why"], first.raw) == (200, "waived", "waived", again.raw)
    assert rescue.act(claim_id, "waive", OWED)["code"] == "member_claim_not_in_this_status"
    assert not {name for name in books() if name.startswith("member_claims")}


def test_a_dispute_stops_the_days_until_an_officer_decides(rescue: Rescue, claim_id: str) -> None:
    assert rescue.act(claim_id, "dispute", OWED, DISPUTE).status == 403
    disputed, twice = (rescue.act(claim_id, "dispute", OWES, DISPUTE, key="once") for _ in range(2))
    assert (disputed["status"], disputed["deadlines"][0]["owner"], disputed.raw) == ("disputed", "officer", twice.raw)
    assert rescue.act(claim_id, "decide-dispute", OWES, DECIDE_DISPUTE).status == 403
    decided, again = (rescue.act(claim_id, "decide-dispute", RISK, DECIDE_DISPUTE, key="once") for _ in range(2))
    assert (decided["status"], decided["decision"], decided.raw) == ("payable", "stands", again.raw)
    assert rescue.act(claim_id, "dispute", OWES, DISPUTE)["code"] == "member_claim_not_in_this_status"


def test_a_dispute_that_nobody_decides_rings_and_the_claim_stands(
    rescue: Rescue, claim_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(observe, "count", lambda name, *more: rung.append(name))
    rescue.act(claim_id, "dispute", OWES, DISPUTE)
    rescue.lender.time.at += timedelta(days=20)
    rescue.sweep()
    assert (rescue.see(claim_id)["status"], rescue.see(claim_id)["decision"]) == ("payable", "stands")
    assert "MemberDisputeUndecided" in rung


def test_a_claim_that_an_officer_finds_not_to_be_owed_is_over(rescue: Rescue, claim_id: str) -> None:
    rescue.act(claim_id, "dispute", OWES, DISPUTE)
    over = rescue.act(claim_id, "decide-dispute", RISK, DECIDE_DISPUTE | {"decision": "not_owed"})
    assert (over["status"], over["why"], over["remaining"]["amount"]) == ("withdrawn", "not_owed", "0.00")


def test_each_side_lists_its_own_and_nobody_else_sees_anything(rescue: Rescue, claim_id: str) -> None:
    assert [each["id"] for each in rescue.claims(SECOND)] == [claim_id]
    assert [each["id"] for each in rescue.claims(THIRD, "creditor")] == [claim_id]
    assert rescue.claims(THIRD) == rescue.claims(SECOND, "creditor") == rescue.claims() == []
    seen = rescue.see(claim_id)
    loan_id, api = seen["loan_id"], rescue.lender.api
    for query in (f"loan_id={loan_id}", f"member_id={SECOND}&as=debtor&status=payable"):
        assert [each["id"] for each in api.get(f"/v1/member-claims?{query}", RISK)["items"]] == [claim_id]
    assert api.get(f"/v1/member-claims?member_id={SECOND}&as=debtor", OWED)["items"] == []
    assert api.get("/v1/member-claims", RISK)["items"] == []
    stranger = token("member", "mem_0000000000000000000000000Z")
    for by in (stranger, rescue.lender.firm):
        assert api.get(f"/v1/member-claims/{claim_id}", by).status == 404
        assert rescue.act(claim_id, "waive", by).status == 404


def test_a_case_about_a_claim_is_opened_by_its_sides_only(rescue: Rescue, claim_id: str) -> None:
    about = {"about": {"kind": "member_claim", "id": claim_id}}
    replies = [rescue.lender.api.post("/v1/cases", OPEN | about, by) for by in (OWES, OWED, rescue.lender.firm)]
    assert [reply.status for reply in replies] == [201, 201, 404]


def test_a_page_goes_on_where_the_one_before_ended(rescue: Rescue) -> None:
    names = {plant_claim(between(SECOND, THIRD, number)) for number in range(5)}
    seen: list[str] = []
    path = "/v1/member-claims?limit=2"
    page = rescue.lender.api.get(path, OWED)
    while True:
        seen += [each["id"] for each in page["items"]]
        if not page["next_cursor"]:
            break
        page = rescue.lender.api.get(f"{path}&cursor={page['next_cursor']}", OWED)
    assert (len(seen), set(seen)) == (5, names)
