"""Goods lost or damaged on the way, and documents that never came."""

from __future__ import annotations

import pytest

from chalicelib.claims.rules.verdict.case import Finding
from tests.claims.rules.decisions import decided, proof, remedies, rule, sent, supported
from tests.claims.rules.given import (
    SHIP_BY,
)


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
    missed = decided("damaged_in_transit", evidence=supported("damaged_in_transit"), inspection_missed_by="buyer")
    assert missed.outcome == "none"
    packed = supported("damaged_in_transit") + sent("supplier", "packaging_record")
    refused = decided("damaged_in_transit", evidence=packed)
    assert refused.outcome == "none"
    assert "carrier" in remedies(refused)


def test_an_inspector_can_find_the_packing_at_fault() -> None:
    finding = Finding(conforms=False, defect_bp=3_000)
    assert decided("damaged_in_transit", inspection=finding).approved_minor == 150_000


def test_missing_documents_are_worth_a_share_until_the_supplier_hands_them_over() -> None:
    listed = sent("buyer", "missing_list")
    assert decided("missing_documents", evidence=listed).approved_minor == 100_000
    assert decided("missing_documents", evidence=listed + sent("supplier", "documents")).outcome == "none"
    unlisted = decided("missing_documents")
    assert unlisted.missed_duty is not None
    assert unlisted.missed_duty.duty == "prove: missing_list"
