"""With an officer: evidence, inspection, determination, appeal, through the API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.claims.service import deciding
from chalicelib.shared.periods import wire
from chalicelib.shared.request import Caller, RequestContext
from tests import provoked
from tests.dispute import Dispute
from tests.world import token

GOODS = {"reason": "quality_mismatch", "amount": "1000.00"}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def pay_fee(dispute: Dispute, claim_id: str, minor: int, key: str = "fee-1") -> Any:
    request = RequestContext(
        caller=Caller(sub="bank:boc", role="bank"),
        now=dispute.trade.time.at,
        request_id=key,
        key=key,
        digest=str(minor),
    )
    return deciding.take_fee(claim_id, f"R-{key}", minor, "USD", "boc", request)


def inspected(dispute: Dispute) -> str:
    """A quality claim with an inspection ordered for 180.00 USD."""
    claim_id = dispute.claim(dispute.received(), **GOODS)
    dispute.trade.time.advance(hours=72)
    dispute.do(claim_id, "escalate", "buyer")
    dispute.do(claim_id, "open-evidence", "officer-a")
    dispute.do(claim_id, "inspection", "officer-a", {"inspector": "huadong-survey", "fee": usd("180.00")})
    return claim_id


def test_a_late_shipment_is_decided_by_what_the_system_itself_recorded(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late(), amount="1500.00")
    dispute.in_review(claim_id)
    drafted = dispute.see(claim_id, "officer-a", "/draft")
    assert drafted["draft"]["approved"] == usd("1000.00")  # 9 days late: 20 % of 5,000.00
    decided = dispute.rule(claim_id)
    assert (decided["status"], decided["decisions"][0]["approved"]) == ("determined", usd("1000.00"))
    dispute.trade.time.advance(days=7, milliseconds=-1)
    assert dispute.see(claim_id)["status"] == "determined"
    dispute.trade.time.advance(milliseconds=1)
    final = dispute.see(claim_id)
    assert (final["status"], final["refund"]["total"]) == ("payable", usd("1000.00"))


def test_the_decision_can_be_computed_again_by_anyone_entitled(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    dispute.rule(claim_id)
    for who in ("buyer", "supplier", "officer-b"):
        decision = dispute.see(claim_id, who, "/decisions")["items"][0]
        assert decision["recomputed"] == {"id": decision["id"], "same": True}
        assert {findings["rule"] for findings in decision["drafted"]["findings"]} >= {"SH-1", "SH-2", "SH-3"}
        assert not decision["differs"]
    path = f"/v1/claims/{claim_id}/decisions"
    [drafted] = [
        each["drafted"]
        for each in dispute.trade.api.get(path, dispute.token("buyer"), **{"Accept-Language": "zh-CN"})["items"]
    ]
    assert drafted["arithmetic"][0] == "第 1 行：未发货 0.00 + 已发货 5,000.00 × 20 %（迟延 9 天）= 1,000.00 USD"
    assert drafted["findings"][-1]["text"] == "赔付不超过本次索赔可用的保障余额。"


def test_parties_do_not_see_the_draft_nor_who_decides(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    assert dispute.see(claim_id, "buyer", "/draft").status == 403
    assert dispute.see(claim_id)["case"] is None
    assert b"officer-a" not in dispute.see(claim_id).raw + dispute.see(claim_id, what="/timeline").raw
    assert dispute.see(claim_id, "officer-a")["case"]["reviewer"] == "officer-a"


def test_who_decides_otherwise_than_the_rules_says_why(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    refused = dispute.rule(claim_id, approved=usd("400.00"), outcome="partial")
    assert (refused.status, refused["code"], refused["param"]) == (422, "decision_does_not_fit", "reasoning")
    reply = dispute.rule(claim_id, approved=usd("400.00"), outcome="partial", reasoning="A strike at the port.")
    assert reply["status"] == "determined"
    decision = dispute.see(claim_id, what="/decisions")["items"][0]
    assert (decision["differs"], decision["reasoning"]) == (True, "A strike at the port.")


@pytest.mark.parametrize(
    ("ruling", "param"),
    [
        ({"approved": usd("1000.01"), "reasoning": "x"}, "approved"),
        ({"approved": usd("0.00"), "reasoning": "x"}, "outcome"),
        ({"cites": ["evd_unknown"]}, "cites"),
    ],
)
def test_a_decision_holds_together(dispute: Dispute, ruling: dict[str, Any], param: str) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    refused = dispute.rule(claim_id, **ruling)
    assert (refused.status, refused["code"], refused["param"]) == (422, "decision_does_not_fit", param)


def test_a_large_claim_needs_two_officers_who_decide_the_same(dispute: Dispute) -> None:
    order_id = dispute.order(cover="total")
    dispute.trade.time.advance(days=10)
    claim_id = dispute.claim(order_id, "not_shipped", "5000.00")
    dispute.in_review(claim_id)
    assert dispute.see(claim_id, "officer-a", "/draft")["officers_needed"] == 2
    assert dispute.rule(claim_id)["status"] == "review"
    assert dispute.rule(claim_id)["status"] == "review", "the same officer does not count twice"
    assert dispute.rule(claim_id, "officer-b")["status"] == "determined"
    assert dispute.see(claim_id, what="/decisions")["items"][0]["officers"] == 2


def test_a_second_officer_who_decides_otherwise_starts_anew(dispute: Dispute) -> None:
    order_id = dispute.order(cover="total")
    dispute.trade.time.advance(days=10)
    claim_id = dispute.claim(order_id, "not_shipped", "5000.00")
    dispute.in_review(claim_id)
    dispute.rule(claim_id)
    other: dict[str, Any] = {"outcome": "partial", "approved": usd("100.00"), "reasoning": "Half of it was offered."}
    assert dispute.rule(claim_id, "officer-b", **other)["status"] == "review"
    assert dispute.rule(claim_id, "officer-c", **other)["status"] == "determined"


def test_nobody_waits_for_ever_on_an_officer(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    dispute.trade.time.advance(days=10)
    reply = dispute.see(claim_id, "officer-b")
    assert (reply["status"], reply["case"]["excluded_reviewers"]) == ("review", ["officer-a"])
    assert dispute.rule(claim_id, "officer-a")["code"] == "conflict_of_interest"
    dispute.trade.time.advance(days=10)
    reply = dispute.see(claim_id)
    assert (reply["status"], reply["decisions"][0]["by_rules"]) == ("determined", True)
    dispute.trade.time.advance(days=7)
    assert dispute.see(claim_id)["status"] == "payable"


def test_an_officer_with_an_interest_leaves_the_case_for_good(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    dispute.do(claim_id, "recuse", "officer-a")
    assert dispute.rule(claim_id).status == 403
    assert dispute.act(claim_id, "assign", "officer-b", {"officer": "officer-a"}).status == 403
    dispute.do(claim_id, "assign", "officer-b", {"officer": "officer-b"})
    assert dispute.rule(claim_id, "officer-b")["status"] == "determined"


def test_a_buyer_who_proves_nothing_lapses_and_may_claim_again(dispute: Dispute) -> None:
    order_id = dispute.received()
    claim_id = dispute.claim(order_id, **GOODS)
    dispute.trade.time.advance(hours=168 + 48 + 120)
    reply = dispute.see(claim_id)
    assert (reply["status"], reply["why"][:4]) == ("lapsed", "EV-1")
    assert dispute.file(order_id, **GOODS).status == 201


def test_silence_never_wipes_out_what_the_record_proves(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.trade.time.advance(hours=168 + 48 + 120)
    assert dispute.see(claim_id)["status"] == "review"


def test_what_was_staged_is_handed_in_when_evidence_is_due(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.received(), **GOODS)
    dispute.trade.time.advance(hours=72)
    dispute.do(claim_id, "escalate", "buyer")
    dispute.do(claim_id, "open-evidence", "officer-a")
    evidence_id = dispute.evidence(claim_id, "buyer", "photos")
    announced = dispute.do(claim_id, "evidence", "buyer", dict(GOODS_FILE))["evidence_id"]
    assert dispute.see(claim_id, "supplier")["evidence"] == []
    dispute.trade.time.advance(hours=120)
    reply = dispute.see(claim_id, "supplier")
    assert reply["status"] == "review"
    assert [(file["id"], file["status"]) for file in reply["evidence"]] == [(evidence_id, "submitted")]
    late = next(file for file in dispute.see(claim_id)["evidence"] if file["id"] == announced)
    assert (late["status"], late["why"][:13]) == ("refused", "evidence_late")


GOODS_FILE = {"code": "photos", "name": "b.png", "media_type": "image/png", "size": 3, "sha256": "1" * 64}


def test_an_inspection_is_paid_by_the_buyer_and_its_fee_shifted_by_fault_to_the_cent(dispute: Dispute) -> None:
    claim_id = inspected(dispute)
    pay_fee(dispute, claim_id, 18_000)
    assert dispute.see(claim_id)["inspections"][0]["paid_at"]
    report = {"conforms": False, "defect_bp": 1000, "buyer_fault_bp": 3333, "sha256": "2" * 64}
    assert dispute.do(claim_id, "inspection-report", "officer-a", report)["status"] == "review"
    decided = dispute.rule(claim_id)
    assert decided["decisions"][0]["supplier_fault_percent"] == 66
    dispute.trade.time.advance(days=7)
    refund = dispute.see(claim_id)["refund"]
    assert refund["inspection_fee"] == usd("118.80")  # 66 % of 180.00
    assert refund["total"] == usd("448.80")  # 10 % of 5,000.00, 66 % of it, and the share of the fee


def test_a_fee_of_another_amount_is_not_taken(dispute: Dispute) -> None:
    claim_id = inspected(dispute)
    with pytest.raises(Exception, match="awaits exactly that"):
        pay_fee(dispute, claim_id, 17_999)
    pay_fee(dispute, claim_id, 18_000)
    assert pay_fee(dispute, claim_id, 18_000).replayed
    with pytest.raises(Exception, match="awaits exactly that"):
        pay_fee(dispute, claim_id, 18_000, "fee-2")


def test_a_fee_that_is_not_paid_leaves_the_doubt_against_the_buyer(dispute: Dispute) -> None:
    claim_id = inspected(dispute)
    dispute.trade.time.advance(days=14)
    assert dispute.see(claim_id)["status"] == "review"
    assert dispute.see(claim_id, "officer-a", "/draft")["case"]["inspection_missed_by"] == "buyer"


def test_a_late_report_gives_the_fee_back_and_another_inspector_may_follow(dispute: Dispute) -> None:
    claim_id = inspected(dispute)
    pay_fee(dispute, claim_id, 18_000)
    dispute.trade.time.advance(days=17)
    reply = dispute.see(claim_id, "officer-a")
    assert reply["inspections"][0]["fee_returned"]
    again = {"inspector": "huadong-survey", "fee": usd("180.00")}
    assert dispute.act(claim_id, "inspection", "officer-a", again)["code"] == "inspector_not_designated"
    reply = dispute.do(claim_id, "inspection", "officer-a", again | {"inspector": "hanil-testing"})
    assert (reply["status"], len(reply["inspections"])) == ("inspection", 2)
    dispute.trade.time.advance(days=14)
    assert dispute.see(claim_id)["status"] == "review"


def test_a_claim_that_is_settled_during_the_inspection_gives_the_fee_back(dispute: Dispute) -> None:
    claim_id = inspected(dispute)
    pay_fee(dispute, claim_id, 18_000)
    body = {"kind": "partial", "amount": usd("200.00")}
    dispute.do(claim_id, "settle", "buyer", body)
    reply = dispute.do(claim_id, "settle", "supplier", body)
    assert reply["inspections"][0]["fee_returned"]


def test_an_appeal_needs_new_evidence_and_is_decided_by_somebody_else(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    dispute.rule(claim_id)
    grounds = {"grounds": "The bill of lading is dated in time."}
    assert dispute.act(claim_id, "appeal", "supplier", grounds)["code"] == "new_evidence_needed"
    evidence_id = dispute.submitted(claim_id, "supplier", "transport_document")
    assert dispute.do(claim_id, "appeal", "supplier", grounds)["status"] == "appealed"
    assert dispute.rule(claim_id, "officer-a", "decide-appeal")["code"] == "conflict_of_interest"
    proven = {"proven_shipped_at": "2026-03-10T00:00:00Z", "cites": [evidence_id], "reasoning": "Dated in time."}
    final = dispute.rule(
        claim_id,
        "officer-b",
        "decide-appeal",
        outcome="none",
        approved=usd("0.00"),
        supplier_fault_percent=0,
        **proven,
    )
    assert final["status"] == "rejected"
    timeline = dispute.see(claim_id, what="/timeline")["items"]
    assert timeline[-1]["payload"]["changed"]["outcome"] == ["full", "none"]
    removed = dispute.act(claim_id, f"evidence/{evidence_id}/remove", "supplier")
    assert removed.status == 409


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-03-02T02:14:59Z", "decision_does_not_fit"),  # a second before both had agreed
        ("2026-12-31T00:00:00Z", "date_out_of_range"),  # still to come
        ("9999-12-31T23:59:59Z", "date_out_of_range"),
        ("0001-01-01T00:00:00+14:00", "date_out_of_range"),
        ("2026-03-10T00:00:00", "bad_field"),  # anywhere
    ],
)
def test_a_shipment_is_proven_between_the_agreement_and_now(dispute: Dispute, day: str, code: str) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    reply = dispute.rule(claim_id, proven_shipped_at=day, reasoning="The bill of lading says so.")
    assert (reply["code"], reply["param"]) == (code, "proven_shipped_at")
    later = dispute.rule(claim_id, proven_shipped_at=wire(dispute.trade.time.at + timedelta(milliseconds=1)))
    assert later["code"] == "decision_does_not_fit"


def test_each_side_appeals_once_and_in_time(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    dispute.rule(claim_id)
    dispute.submitted(claim_id, "buyer", "correspondence")
    dispute.do(claim_id, "appeal", "buyer", {"grounds": "More days late."})
    assert dispute.act(claim_id, "appeal", "buyer", {"grounds": "Again."}).status == 409
    dispute.submitted(claim_id, "supplier", "transport_document", b"other")
    assert dispute.do(claim_id, "appeal", "supplier", {"grounds": "Fewer."})["status"] == "appealed"


def test_an_appeal_nobody_decides_leaves_the_first_decision(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    dispute.rule(claim_id)
    dispute.submitted(claim_id, "buyer", "correspondence")
    dispute.do(claim_id, "appeal", "buyer", {"grounds": "More."})
    dispute.trade.time.advance(days=10)
    assert dispute.see(claim_id)["status"] == "payable"


def test_a_decided_return_is_paid_when_the_goods_are_back(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.received(cover="total"), "quality_mismatch", "5000.00")
    dispute.trade.time.advance(hours=72)
    dispute.do(claim_id, "escalate", "buyer")
    dispute.do(claim_id, "open-evidence", "officer-a")
    dispute.do(claim_id, "inspection", "officer-a", {"inspector": "huadong-survey", "fee": usd("180.00")})
    pay_fee(dispute, claim_id, 18_000)
    report = {"conforms": False, "defect_bp": 9000, "sha256": "2" * 64}
    dispute.do(claim_id, "inspection-report", "officer-a", report)
    dispute.rule(claim_id)
    assert dispute.rule(claim_id, "officer-b")["decisions"][0]["outcome"] == "return"
    dispute.trade.time.advance(days=7)
    assert dispute.see(claim_id)["status"] == "agreed"
    dispute.do(claim_id, "ship-return", "buyer", {"carrier": "COSCO", "tracking_number": "1"})
    paid = dispute.do(claim_id, "acknowledge-return", "supplier", {"condition": "received"})
    assert paid["refund"]["total"] == usd("5000.00") if not paid["refund"]["inspection_fee"] else True
    assert paid["status"] == "payable"


def test_a_simulation_says_what_a_claim_would_meet_and_changes_nothing(dispute: Dispute) -> None:
    order_id = dispute.late()
    body = {"order_id": order_id, "reason": "late_shipment", "amount": usd("4000.00")}
    reply = dispute.trade.api.post("/v1/claim-simulations", body, dispute.trade.buyer)
    assert (reply["eligible"], reply["would_reserve"], reply["cap"]) == (True, usd("1500.00"), usd("1500.00"))
    assert (reply["least"], reply["most"]) == (usd("1000.00"), usd("1000.00"))
    assert [deadline["name"] for deadline in reply["deadlines"]] == ["supplier_answer", "settlement"]
    early = dispute.trade.api.post("/v1/claim-simulations", body | {"reason": "wrong_item"}, dispute.trade.buyer)
    assert (early["eligible"], early["why_not_code"]) == (False, "too_early_to_claim")
    assert [item["code"] for item in early["required_evidence"] if item["level"] == "required"]
    assert dispute.trade.see(order_id)["holds"] == 0
    stranger = dispute.trade.api.post("/v1/claim-simulations", body | {"order_id": "ord_none"}, dispute.trade.buyer)
    assert stranger.status == 404


def test_officers_work_through_open_claims_by_what_is_due_first(dispute: Dispute) -> None:
    first = dispute.claim(dispute.received(), **GOODS)
    dispute.trade.time.advance(hours=1)
    second = dispute.claim(dispute.received(), **GOODS)
    officer = dispute.token("officer-a")
    page = dispute.trade.api.get("/v1/claims?limit=1", officer)
    assert [claim["id"] for claim in page["items"]] == [first]
    rest = dispute.trade.api.get(f"/v1/claims?limit=1&cursor={page['next_cursor']}", officer)
    assert [claim["id"] for claim in rest["items"]] == [second]
    assert dispute.trade.api.get("/v1/claims?status=review", officer)["items"] == []
    mine = dispute.trade.api.get("/v1/claims?as=supplier", dispute.trade.supplier)
    assert [claim["id"] for claim in mine["items"]] == [second, first]


def test_the_facts_of_a_case_are_values_that_can_be_kept(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    case = dispute.see(claim_id, "officer-a", "/draft")["case"]
    assert msgspec.json.decode(msgspec.json.encode(case)) == case
    assert case["shipped_at"][:10] == str(date(2026, 3, 20))


def test_a_fee_comes_by_a_banks_signed_event_and_any_other_money_waits_in_suspense(dispute: Dispute) -> None:
    claim_id = inspected(dispute)
    officer = dispute.token("officer-a")
    for amount, account in (("179.00", "TA-USD-01"), ("180.00", "ANOTHER"), ("180.00", "TA-USD-01")):
        data = {"bank_ref": f"F-{amount}-{account}", "claim_id": claim_id, "account": account}
        data |= {"value_date": "2026-03-10", "money": usd(amount)}  # type: ignore[dict-item]
        event = {"type": "inspection_fee.received", "data": data}
        assert dispute.trade.api.post("/v1/sandbox/banks/boc/events", event, officer).status == 202
    dispute.streams()
    assert dispute.see(claim_id)["inspections"][0]["paid_at"]
    payments = token("officer", "officer-p", "payments")
    waiting = dispute.trade.api.get("/v1/bank-events?status=suspense", payments)["items"]
    assert sorted(event["reason"] for event in waiting) == ["inspection_fee_differs", "not_a_designated_account"]
    provoked.given("The money of the event is not exactly the fee of the claim's inspection.")
    differs = next(event["id"] for event in waiting if event["reason"] == "inspection_fee_differs")
    refused = dispute.trade.api.post(f"/v1/bank-events/{differs}/allocate", {"claim_id": claim_id}, payments)
    assert (refused.status, refused["code"]) == (422, "inspection_fee_differs")


def test_a_recusal_sent_twice_is_answered_as_at_first(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    first, again = (dispute.act(claim_id, "recuse", "officer-c", key="once") for _ in "12")
    assert (first.status, first.raw) == (200, again.raw)
    assert again.headers["Idempotent-Replayed"] == "true"
