"""What goods are worth that fail the contract: on the record and inspected."""

from __future__ import annotations

import pytest

from chalicelib.claims.rules.reasons import Reason
from chalicelib.claims.rules.verdict.case import ClaimedLine, Finding
from tests.claims.rules.decisions import (
    BUYERS_PROOF,
    SUPPLIERS_PROOF,
    arithmetic,
    decided,
    proof,
    remedies,
    rule,
    sent,
    supported,
)
from tests.claims.rules.given import (
    NEVER_SHIPPED,
    POLICY,
    SHIP_BY,
)

ON_RECORD: list[Reason] = ["quality_pre_shipment", "quality_mismatch", "quantity_short", "wrong_item", "counterfeit"]


@pytest.mark.parametrize("reason", ON_RECORD)
def test_complete_proof_of_the_buyer_stands_where_the_supplier_proves_nothing(reason: Reason) -> None:
    for silent in (True, False):
        verdict = decided(reason, evidence=proof(reason, "buyer"), supplier_silent=silent)
        assert (verdict.approved_minor, verdict.supplier_fault_percent) == (500_000, 100)
        assert rule(verdict, "RE-1").holds


@pytest.mark.parametrize("reason", ON_RECORD)
def test_proof_against_proof_shares_the_fault_and_support_makes_the_suppliers_share_larger(reason: Reason) -> None:
    against = sent("supplier", *SUPPLIERS_PROOF[reason])
    shared = decided(reason, evidence=proof(reason, "buyer") + against)
    assert (shared.outcome, shared.approved_minor, shared.supplier_fault_percent) == ("partial", 250_000, 50)
    stronger = decided(reason, evidence=supported(reason) + against)
    assert (stronger.approved_minor, stronger.supplier_fault_percent) == (375_000, 75)


@pytest.mark.parametrize("reason", ON_RECORD)
def test_incomplete_proof_gives_nothing_and_names_what_is_missing(reason: Reason) -> None:
    for missing in BUYERS_PROOF[reason]:
        others = sent("buyer", *(code for code in BUYERS_PROOF[reason] if code != missing))
        verdict = decided(reason, evidence=others, requested_usd_minor=POLICY.report_needed_from_usd_minor)
        assert verdict.outcome == "none"
        assert verdict.missed_duty is not None
        assert (verdict.missed_duty.party, verdict.missed_duty.duty) == ("buyer", f"prove: {missing}")
        assert {"appeal", "other_claim", "law"} <= set(remedies(verdict))


def test_forged_proof_takes_all_proof_of_its_party_with_it() -> None:
    both = proof("wrong_item", "buyer", "supplier")
    assert decided("wrong_item", evidence=both, forged_by="buyer").approved_minor == 0
    assert decided("wrong_item", evidence=both, forged_by="supplier").approved_minor == 500_000


def test_wrong_goods_go_back_when_their_whole_price_is_given_back() -> None:
    mine = proof("wrong_item", "buyer")
    assert decided("wrong_item", evidence=mine).outcome == "return"
    assert decided("wrong_item", evidence=mine, requested_minor=499_999).outcome == "full"
    assert decided("wrong_item", evidence=mine, ceiling_minor=150_000).outcome == "partial"


def test_counterfeits_do_not_go_back() -> None:
    assert decided("counterfeit", evidence=proof("counterfeit", "buyer")).outcome == "full"


def test_what_never_left_is_short_without_further_proof() -> None:
    lines = (ClaimedLine(line=1, amount_minor=500_000, unshipped_minor=120_000, shipped_at=SHIP_BY),)
    silent = decided("quantity_short", lines=lines, buyer_silent=True)
    assert (silent.outcome, silent.approved_minor, silent.supplier_fault_percent) == ("partial", 120_000, 100)
    shared = decided("quantity_short", lines=lines, evidence=proof("quantity_short", "buyer", "supplier"))
    assert shared.approved_minor == 120_000 + 380_000 // 2


def test_who_keeps_an_inspection_from_taking_place_has_the_doubt_against_it() -> None:
    both = proof("quality_mismatch", "buyer", "supplier")
    mine = proof("quality_mismatch", "buyer")
    assert decided("quality_mismatch", evidence=mine, inspection_missed_by="buyer").approved_minor == 250_000
    assert decided("quality_mismatch", evidence=both, inspection_missed_by="supplier").approved_minor == 500_000


def test_goods_that_conform_give_nothing_whatever_was_sent() -> None:
    verdict = decided(
        "quality_mismatch", evidence=proof("quality_mismatch", "buyer"), inspection=Finding(conforms=True)
    )
    assert (verdict.outcome, verdict.approved_minor, verdict.supplier_fault_percent) == ("none", 0, 0)


def test_defects_are_worth_their_share_less_the_buyers_share_of_the_fault() -> None:
    finding = Finding(conforms=False, defect_bp=4_000, buyer_fault_bp=2_500)
    verdict = decided("quality_mismatch", inspection=finding)
    assert (verdict.outcome, verdict.approved_minor, verdict.supplier_fault_percent) == ("partial", 150_000, 75)
    assert arithmetic("quality_mismatch", inspection=finding)[:2] == [
        "inspected: 5,000.00 × 40 % = 2,000.00",
        "supplier's share: 0.00 + 2,000.00 × 75 % = 1,500.00",
    ]


@pytest.mark.parametrize(
    ("buyer_fault_bp", "approved", "percent"), [(9_900, 123_800, 1), (9_901, 120_000, 100), (10_000, 120_000, 100)]
)
def test_what_never_left_is_the_suppliers_fault_also_where_all_defects_are_the_buyers(
    buyer_fault_bp: int, approved: int, percent: int
) -> None:
    lines = (ClaimedLine(line=1, amount_minor=500_000, unshipped_minor=120_000, shipped_at=SHIP_BY),)
    finding = Finding(conforms=False, defect_bp=10_000, buyer_fault_bp=buyer_fault_bp)
    verdict = decided("quantity_short", lines=lines, inspection=finding)
    assert (verdict.approved_minor, verdict.supplier_fault_percent) == (approved, percent)
    without = decided("quality_mismatch", lines=lines, inspection=finding)
    assert (without.outcome == "none") == (without.supplier_fault_percent == 0) == (percent == 100)


@pytest.mark.parametrize(("defects", "outcome", "approved"), [(7_999, "partial", 399_950), (8_000, "return", 500_000)])
def test_from_a_share_of_defects_on_goods_are_worth_nothing_and_go_back(
    defects: int, outcome: str, approved: int
) -> None:
    verdict = decided("quality_mismatch", inspection=Finding(conforms=False, defect_bp=defects))
    assert (verdict.outcome, verdict.approved_minor) == (outcome, approved)


def test_goods_that_never_left_do_not_go_back() -> None:
    finding = Finding(conforms=False, defect_bp=9_000)
    assert decided("quality_pre_shipment", **NEVER_SHIPPED, inspection=finding).outcome == "full"
