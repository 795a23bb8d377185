"""Many at once on the claims of one order: one ceiling, one outcome, one refund, on a real engine."""

from __future__ import annotations

from collections import Counter

import pytest

from chalicelib.banks.declared import INSTRUCTIONS
from chalicelib.claims.declared import CLAIMS
from chalicelib.claims.records import REPOSITORY
from chalicelib.dead_letters.service.letters import try_again
from chalicelib.shared.journal import JournalRow
from tests.claims.refunds import Refunds, assert_books, refunds, usd
from tests.dispute import Dispute
from tests.letters import waiting
from tests.races.conftest import at_once

__all__ = ["refunds"]

pytestmark = pytest.mark.engine

REASONS = ("quantity_short", "wrong_item", "counterfeit", "missing_documents", "damaged_in_transit", "quality_mismatch")


def test_claims_filed_at_once_on_one_ceiling_reserve_exactly_the_ceiling(dispute: Dispute) -> None:
    order_id = dispute.received()
    replies = at_once(len(REASONS), lambda n: dispute.file(order_id, REASONS[n], "400.00"))
    codes = Counter((reply.status, reply.body.get("code")) for reply in replies)
    assert codes == {(201, None): 4, (409, "nothing_left_to_claim"): 2}
    reserved = sorted(reply["reserved"]["amount"] for reply in replies if reply.status == 201)
    assert reserved == ["300.00", "400.00", "400.00", "400.00"]
    money = dispute.trade.see(order_id, "/money")
    assert (money["claimed"], money["ceiling_left"]) == (usd("1500.00"), usd("0.00"))
    assert dispute.trade.see(order_id)["holds"] == 4
    assert sorted(reply["id"][-2:] for reply in replies if reply.status == 201) == ["01", "02", "03", "04"]


def test_the_same_claim_sent_by_many_at_once_is_filed_once(dispute: Dispute) -> None:
    order_id = dispute.received()
    path, body = f"/v1/orders/{order_id}/claims", {"reason": "wrong_item", "amount": usd("400.00")}
    replies = at_once(8, lambda _: dispute.trade.api.post(path, body, dispute.trade.buyer, key="one-key"))
    assert {(reply.status, reply.raw) for reply in replies} == {(201, replies[0].raw)}
    assert dispute.trade.see(order_id)["holds"] == 1


@pytest.mark.parametrize("attempt", range(3))
def test_of_a_decision_a_withdrawal_and_a_settlement_at_once_one_stands(dispute: Dispute, attempt: int) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    settlement = {"kind": "partial", "amount": usd("600.00")}
    dispute.do(claim_id, "settle", "supplier", settlement)
    ruling = {"outcome": "full", "approved": usd("1000.00"), "supplier_fault_percent": 100, "reasoning": "Late."}
    rivals = [
        lambda: dispute.act(claim_id, "determine", "officer-a", ruling),
        lambda: dispute.act(claim_id, "withdraw", "buyer"),
        lambda: dispute.act(claim_id, "settle", "buyer", settlement),
    ]
    replies = at_once(3, lambda n: rivals[(n + attempt) % 3]())
    assert Counter(reply.status for reply in replies) == {200: 1, 409: 2}
    [won] = [reply for reply in replies if reply.status == 200]
    view = dispute.see(claim_id)
    assert view["status"] == won["status"]
    owed = {"determined": 0, "withdrawn": 0, "payable": -60_000}[view["status"]]
    assert assert_books().get("refunds_payable", 0) == owed
    assert dispute.trade.see(view["order_id"])["holds"] == (view["status"] != "withdrawn")


def test_two_claims_agreed_on_at_once_are_paid_from_one_ceiling(refunds: Refunds) -> None:
    dispute = refunds.dispute
    order_id = dispute.received(early="1500.00")
    refunds.pay_out_balance("1500.00")
    claims = [dispute.claim(order_id, reason, "1000.00") for reason in REASONS[:2]]
    offers = [
        dispute.do(claim_id, "offers", "supplier", {"kind": "full", "amount": usd("1000.00")})["offers"][0]["id"]
        for claim_id in claims
    ]
    agreed = at_once(2, lambda n: dispute.act(claims[n], f"offers/{offers[n]}/accept", "buyer"))
    assert [reply.status for reply in agreed] == [200, 200]
    order = dispute.trade.see(order_id, "/money")
    assert (order["claimed"], order["refunded"]) == (usd("1500.00"), usd("2000.00"))
    assert assert_books()["held"] == -150_000
    assert dispute.trade.standing().reserved_minor == 0


def test_of_appeals_that_concede_at_once_one_is_taken_and_its_share_is_owed_once(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    assert dispute.rule(claim_id).status == 200
    dispute.submitted(claim_id, "supplier", "transport_document")
    body = {"grounds": "Part of it.", "concedes": usd("200.00")}
    replies = at_once(6, lambda _: dispute.act(claim_id, "appeal", "supplier", body))
    assert Counter(reply.status for reply in replies) == {200: 1, 409: 5}
    assert assert_books() == {"bank_clearing": 500_000, "held": -480_000, "refunds_payable": -20_000}
    assert dispute.see(claim_id)["reserved"] == usd("800.00")


def test_words_of_banks_heard_by_many_at_once_pay_exactly_the_ceiling(refunds: Refunds) -> None:
    claim_id, order_id, attempts = refunds.in_flight("4000.00", cover="total")
    for attempt, amount in zip(attempts, ("1500.00", "2500.00"), strict=True):
        for outcome, seq in (("failed", 1), ("settled", 2), ("settled", 2)):
            refunds.say(outcome, attempt, amount, seq)
    records = refunds.dispute.streams.records("bank-events")
    at_once(8, lambda n: _hear("bank_events_changed", records[n % len(records) :] + records[: n % len(records)]))
    written = refunds.dispute.streams.records("journal")
    at_once(8, lambda n: _hear("journal_followed", written[n:] + written[:n]))
    at_once(4, lambda _: (INSTRUCTIONS.sweep(refunds.dispute.trade.time.at), refunds.dispute.streams()))
    refunds.followed()
    claim = refunds.dispute.see(claim_id)
    assert (claim["status"], claim["refund"]["settled"]) == ("paid", usd("4000.00"))
    assert assert_books() == {"bank_clearing": 100_000, "held": -100_000}
    assert (
        Counter(row.entry().event.kind for row in JournalRow.scan() if row.aggregate_id == claim_id)["claim.paid"] == 1
    )
    assert refunds.dispute.trade.see(order_id)["holds"] == 0


def test_sweeps_at_once_take_each_step_once(dispute: Dispute) -> None:
    order_id = dispute.received()
    claims = [dispute.claim(order_id, reason, "500.00") for reason in REASONS[:3]]
    now = dispute.trade.time.advance(days=60)
    at_once(6, lambda _: CLAIMS.sweep(now))
    assert [claim.status for claim in map(REPOSITORY.load, claims) if claim] == ["lapsed"] * 3
    for claim_id in claims:
        seqs = sorted(row.entry().seq for row in JournalRow.scan() if row.aggregate_id == claim_id)
        assert seqs == list(range(1, len(seqs) + 1))
    assert dispute.trade.see(order_id)["holds"] == 0


def _hear(handler: str, batch: list[dict[str, object]]) -> None:
    """As Lambda does it: what could not be done comes again."""
    import app

    for _ in range(20):
        failed = getattr(app, handler)({"Records": batch}, None)["batchItemFailures"]
        names = {item["itemIdentifier"] for item in failed}
        batch = [record for record in batch if record["dynamodb"]["SequenceNumber"] in names]  # type: ignore[index]
        letters = waiting()
        if not failed and not letters:
            return
        for letter in letters:
            try_again(letter.id)
    raise AssertionError(f"{handler} never came to an end")
