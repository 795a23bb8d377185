"""What the rules draft, reason by reason, to the last unit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.claims.rules.reasons import REASONS, PartyName, Reason
from chalicelib.claims.rules.verdict import (
    RULES,
    ClaimedLine,
    Finding,
    RuleApplied,
    Verdict,
    claimed_lines,
    digest,
    draft,
    fee_split,
    likely_range,
)
from tests.claims.rules.given import (
    MILLISECOND,
    NEVER_SHIPPED,
    PAID,
    POLICY,
    SHIP_BY,
    case_of,
    consignment,
    late_by,
    paid_order,
)

BUYERS_PROOF: dict[Reason, tuple[str, ...]] = {
    reason: (*POLICY.evidence[reason]["buyer"].required, *POLICY.evidence[reason]["buyer"].large) for reason in REASONS
}
SUPPLIERS_PROOF: dict[Reason, tuple[str, ...]] = {
    reason: POLICY.evidence[reason]["supplier"].required for reason in REASONS
}
ON_RECORD: list[Reason] = ["quality_pre_shipment", "quality_mismatch", "quantity_short", "wrong_item", "counterfeit"]


def decided(reason: Reason, **changes: Any) -> Verdict:
    return draft(case_of(reason, **changes), POLICY)


def sent(party: PartyName, *codes: str) -> tuple[tuple[PartyName, str], ...]:
    return tuple((party, code) for code in codes)


def proof(reason: Reason, *parties: PartyName) -> tuple[tuple[PartyName, str], ...]:
    """All that is required of the parties."""
    of: dict[PartyName, tuple[str, ...]] = {"buyer": BUYERS_PROOF[reason], "supplier": SUPPLIERS_PROOF[reason]}
    return tuple(part for party in parties for part in sent(party, *of[party]))


def supported(reason: Reason) -> tuple[tuple[PartyName, str], ...]:
    return proof(reason, "buyer") + sent("buyer", *POLICY.evidence[reason]["buyer"].recommended)


def rule(verdict: Verdict, name: str) -> RuleApplied:
    (found,) = [finding for finding in verdict.findings if finding.rule == name]
    return found


def remedies(verdict: Verdict) -> list[str]:
    return [remedy.code for remedy in verdict.remaining_remedies]


# -- shipment ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["not_shipped", "late_shipment"])
def test_what_was_never_shipped_is_paid_whole_though_nobody_sent_anything(reason: Reason) -> None:
    silent = decided(reason, **NEVER_SHIPPED, buyer_silent=True, supplier_silent=True)
    assert (silent.outcome, silent.approved_minor, silent.supplier_fault_percent) == ("full", 500_000, 100)
    assert rule(silent, "SH-2").holds
    assert rule(silent, "GE-2").numbers == {"silent": "buyer, supplier"}
    assert silent.missed_duty is not None
    assert (silent.missed_duty.party, silent.missed_duty.duty) == ("supplier", "ship")


@pytest.mark.parametrize(
    ("delay", "days", "approved"),
    [
        (timedelta(0), 0, 0),
        (MILLISECOND, 1, 25_000),
        (timedelta(days=1), 1, 25_000),
        (timedelta(days=3), 3, 25_000),
        (timedelta(days=3) + MILLISECOND, 4, 50_000),
        (timedelta(days=8), 8, 100_000),
        (timedelta(days=14) + MILLISECOND, 15, 150_000),
        (timedelta(days=22), 22, 250_000),
        (timedelta(days=300), 300, 250_000),
    ],
)
def test_a_delay_is_worth_what_the_table_says_for_the_days_it_has_begun(
    delay: timedelta, days: int, approved: int
) -> None:
    verdict = decided("late_shipment", **late_by(delay))
    assert verdict.approved_minor == approved
    assert rule(verdict, "SH-3").numbers["days_late"] == days
    assert verdict.outcome == ("partial" if approved else "none")


def test_a_delay_of_which_less_was_asked_is_given_in_full() -> None:
    assert decided("late_shipment", **late_by(timedelta(days=9)), requested_minor=30_000).outcome == "full"


def test_no_shipment_was_due_while_the_buyer_had_not_paid_what_it_waits_for() -> None:
    verdict = decided("late_shipment", **NEVER_SHIPPED, ship_by_at=None)
    assert (verdict.outcome, verdict.approved_minor) == ("none", 0)
    assert verdict.missed_duty is not None
    assert (verdict.missed_duty.party, verdict.missed_duty.rule) == ("buyer", "SH-1")


def test_a_transport_document_proves_an_earlier_day_once_its_date_is_accepted() -> None:
    late = late_by(timedelta(days=9)) | {"evidence": sent("supplier", "transport_document")}
    assert not rule(decided("late_shipment", **late), "SH-4").holds
    assert decided("late_shipment", **late).approved_minor == 100_000
    proven = decided("late_shipment", **late, proven_shipped_at=SHIP_BY)
    assert rule(proven, "SH-4").holds
    assert (proven.outcome, proven.missed_duty) == ("none", None)


def test_an_accepted_document_also_proves_a_shipment_the_record_does_not_know() -> None:
    assert decided("not_shipped", **NEVER_SHIPPED, proven_shipped_at=SHIP_BY).approved_minor == 0


def test_a_forged_document_proves_no_day() -> None:
    forged = decided("late_shipment", **late_by(timedelta(days=9)), proven_shipped_at=SHIP_BY, forged_by="supplier")
    assert forged.approved_minor == 100_000
    assert rule(forged, "GE-1").numbers == {"party": "supplier"}
    assert not rule(forged, "SH-4").holds


def test_each_line_is_judged_by_its_own_shipment() -> None:
    lines = (
        ClaimedLine(line=1, amount_minor=300_000, unshipped_minor=100_000, shipped_at=SHIP_BY),
        ClaimedLine(line=2, amount_minor=200_000, shipped_at=SHIP_BY + timedelta(days=5)),
    )
    verdict = decided("late_shipment", lines=lines)
    assert verdict.approved_minor == 100_000 + 20_000
    assert verdict.arithmetic[:2] == (
        "line 1: unshipped 100000 + shipped 200000 * 0 // 10000 (0 days late) = 100000",
        "line 2: unshipped 0 + shipped 200000 * 1000 // 10000 (5 days late) = 20000",
    )


def test_lines_of_an_order_know_what_never_left_and_when_the_last_of_them_did() -> None:
    day = PAID + timedelta(days=1)
    order = paid_order(shipments=(consignment(PAID, line_1=20), consignment(day, line_1=10)))
    assert claimed_lines(order) == (
        ClaimedLine(line=1, amount_minor=300_000, unshipped_minor=150_000, shipped_at=day),
        ClaimedLine(line=2, amount_minor=200_000, unshipped_minor=200_000, shipped_at=None),
    )
    assert [line.line for line in claimed_lines(order, {2})] == [2]


# -- goods, on the record -----------------------------------------------------------------------------------------------


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


# -- goods, inspected ---------------------------------------------------------------------------------------------------


def test_goods_that_conform_give_nothing_whatever_was_sent() -> None:
    verdict = decided(
        "quality_mismatch", evidence=proof("quality_mismatch", "buyer"), inspection=Finding(conforms=True)
    )
    assert (verdict.outcome, verdict.approved_minor, verdict.supplier_fault_percent) == ("none", 0, 0)


def test_defects_are_worth_their_share_less_the_buyers_share_of_the_fault() -> None:
    found = Finding(conforms=False, defect_bp=4_000, buyer_fault_bp=2_500)
    verdict = decided("quality_mismatch", inspection=found)
    assert (verdict.outcome, verdict.approved_minor, verdict.supplier_fault_percent) == ("partial", 150_000, 75)
    assert "inspected: 500000 * 4000 // 10000 = 200000" in verdict.arithmetic
    assert "supplier's share: 0 + 200000 * 75 // 100 = 150000" in verdict.arithmetic


@pytest.mark.parametrize(("defects", "outcome", "approved"), [(7_999, "partial", 399_950), (8_000, "return", 500_000)])
def test_from_a_share_of_defects_on_goods_are_worth_nothing_and_go_back(
    defects: int, outcome: str, approved: int
) -> None:
    verdict = decided("quality_mismatch", inspection=Finding(conforms=False, defect_bp=defects))
    assert (verdict.outcome, verdict.approved_minor) == (outcome, approved)


def test_goods_that_never_left_do_not_go_back() -> None:
    found = Finding(conforms=False, defect_bp=9_000)
    assert decided("quality_pre_shipment", **NEVER_SHIPPED, inspection=found).outcome == "full"


# -- the way --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("incoterm", ["DAP", "DPU", "DDP"])
def test_goods_lost_at_the_suppliers_risk_are_paid_though_the_buyer_sent_nothing(incoterm: str) -> None:
    handed = sent("supplier", "transport_document")
    verdict = decided("not_received", incoterm=incoterm, evidence=handed, buyer_silent=True)
    assert (verdict.outcome, verdict.approved_minor) == ("full", 500_000)
    assert rule(verdict, "TR-1").numbers == {"incoterm": incoterm}


@pytest.mark.parametrize("incoterm", ["EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP"])
def test_goods_lost_at_the_buyers_risk_are_paid_only_where_handing_over_is_not_proved(incoterm: str) -> None:
    assert decided("not_received", incoterm=incoterm, supplier_silent=True).approved_minor == 500_000
    handed = decided("not_received", incoterm=incoterm, evidence=sent("supplier", "transport_document"))
    assert handed.outcome == "none"
    assert "carrier" in remedies(handed)


def test_proof_of_delivery_ends_it_under_every_term() -> None:
    for incoterm in ("FOB", "DDP"):
        delivered = sent("supplier", "proof_of_delivery") + sent("buyer", "declaration")
        assert decided("not_received", incoterm=incoterm, evidence=delivered).outcome == "none"


def test_an_arrival_only_the_supplier_reported_gives_way_to_the_buyers_declaration() -> None:
    arrived = {"incoterm": "DDP", "delivered_at": SHIP_BY}
    undeclared = decided("not_received", **arrived)
    assert undeclared.outcome == "none"
    assert undeclared.missed_duty is not None
    assert undeclared.missed_duty.party == "buyer"
    assert decided("not_received", **arrived, evidence=sent("buyer", "declaration")).outcome == "full"


def test_receipt_that_the_buyer_confirmed_ends_it_and_receipt_by_the_clock_does_not() -> None:
    received = {"incoterm": "DDP", "received_at": SHIP_BY}
    assert decided("not_received", **received).outcome == "none"
    assert decided("not_received", **received, received_automatically=True).outcome == "full"


def test_damage_at_the_suppliers_risk_is_its_own_whatever_it_proves() -> None:
    verdict = decided("damaged_in_transit", incoterm="DAP", evidence=proof("damaged_in_transit", "buyer", "supplier"))
    assert (verdict.outcome, verdict.supplier_fault_percent) == ("full", 100)


def test_damage_at_the_buyers_risk_is_shared_only_where_bad_packing_is_likely() -> None:
    assert decided("damaged_in_transit", evidence=proof("damaged_in_transit", "buyer")).outcome == "none"
    likely = decided("damaged_in_transit", evidence=supported("damaged_in_transit"))
    assert (likely.approved_minor, likely.supplier_fault_percent) == (250_000, 50)
    packed = supported("damaged_in_transit") + sent("supplier", "packaging_record")
    refused = decided("damaged_in_transit", evidence=packed)
    assert refused.outcome == "none"
    assert "carrier" in remedies(refused)


def test_an_inspector_can_find_the_packing_at_fault() -> None:
    found = Finding(conforms=False, defect_bp=3_000)
    assert decided("damaged_in_transit", inspection=found).approved_minor == 150_000


def test_missing_documents_are_worth_a_share_until_the_supplier_hands_them_over() -> None:
    listed = sent("buyer", "missing_list")
    assert decided("missing_documents", evidence=listed).approved_minor == 100_000
    assert decided("missing_documents", evidence=listed + sent("supplier", "documents")).outcome == "none"
    unlisted = decided("missing_documents")
    assert unlisted.missed_duty is not None
    assert unlisted.missed_duty.duty == "prove: missing_list"


# -- bounds, names, fees ----------------------------------------------------------------------------------------------------


def test_more_than_the_cover_is_the_suppliers_own_debt() -> None:
    verdict = decided("not_shipped", **NEVER_SHIPPED, ceiling_minor=150_000)
    assert (verdict.outcome, verdict.approved_minor) == ("partial", 150_000)
    assert rule(verdict, "GE-4").holds
    assert "supplier" in remedies(verdict)
    assert verdict.arithmetic[-1] == "approved: min(500000, asked 500000, ceiling 150000) = 150000"


def test_no_more_than_was_asked_is_given() -> None:
    verdict = decided("not_shipped", **NEVER_SHIPPED, requested_minor=1)
    assert (verdict.outcome, verdict.approved_minor) == ("full", 1)
    assert rule(verdict, "GE-3").holds


def test_a_decision_has_one_name_for_the_same_case_and_another_for_any_other() -> None:
    proved = sent("buyer", "photos", "expert_statement")
    case = case_of("counterfeit", evidence=proved)
    assert digest(case, POLICY) == digest(replace(case, evidence=(*reversed(proved), *proved)), POLICY)
    others = [
        digest(replace(case, requested_minor=499_999), POLICY),
        digest(replace(case, evidence=()), POLICY),
        digest(case, replace(POLICY, contested_percent=51)),
    ]
    assert len({digest(case, POLICY), *others}) == 4


@pytest.mark.parametrize("reason", REASONS)
def test_every_decision_cites_rules_by_id_and_shows_how_it_was_reached(reason: Reason) -> None:
    verdict = decided(reason)
    assert {finding.rule for finding in verdict.findings} <= set(RULES)
    assert all(finding.text == RULES[finding.rule] for finding in verdict.findings)
    assert verdict.arithmetic[-1].endswith(f"= {verdict.approved_minor}")
    assert remedies(verdict)[0] == "appeal"


@pytest.mark.parametrize(
    ("fee", "percent", "expected"),
    [
        (30_000, 100, (0, 30_000)),
        (30_000, 0, (30_000, 0)),
        (30_001, 50, (15_001, 15_000)),
        (1, 99, (1, 0)),
        (0, 50, (0, 0)),
    ],
)
def test_an_inspection_is_paid_by_fault_to_the_last_unit(fee: int, percent: int, expected: tuple[int, int]) -> None:
    assert fee_split(fee, percent) == expected


# -- outlook ----------------------------------------------------------------------------------------------------------------


def test_facts_of_the_record_leave_no_doubt() -> None:
    assert likely_range(case_of("not_shipped", **NEVER_SHIPPED), POLICY) == (500_000, 500_000)
    assert likely_range(case_of("late_shipment", **late_by(timedelta(days=9))), POLICY) == (100_000, 100_000)


def test_what_is_not_proved_yet_may_come_to_anything_between() -> None:
    assert likely_range(case_of("quality_mismatch"), POLICY) == (0, 500_000)
    assert likely_range(case_of("quality_mismatch", ceiling_minor=150_000), POLICY) == (0, 150_000)
    assert likely_range(case_of("missing_documents"), POLICY) == (0, 100_000)


def test_after_an_inspection_there_is_nothing_left_to_prove() -> None:
    inspected = case_of("quality_mismatch", inspection=Finding(conforms=False, defect_bp=4_000))
    assert likely_range(inspected, POLICY) == (200_000, 200_000)
