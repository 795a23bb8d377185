"""Goods that the buyer claims on before shipment leave with its consent only; the claim then ends or goes on, and both are told."""

from __future__ import annotations

from typing import get_args

import pytest

from chalicelib.claims.rules.reasons import Reason
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules import delivery as orders_delivery
from chalicelib.orders.rules.order import BEFORE_SHIPMENT, Claimed
from chalicelib.orders.rules.transitions import TABLE, ShipmentNeedsConsent
from tests.claims.rules.given import PAID, TERMS_POLICY, consignment, paid_order
from tests.dispute import Dispute

PRE = {"quality": "pre_shipment", "cover": "total"}


def kept_back(dispute: Dispute) -> tuple[str, str]:
    order_id = dispute.order(**PRE)
    return order_id, dispute.claim(order_id, "quality_pre_shipment")


def kinds(dispute: Dispute, claim_id: str, who: str) -> list[str]:
    return [told["kind"] for told in dispute.see(claim_id, who, "/timeline")["items"]]


def test_shipping_is_refused_and_says_whose_consent_it_needs(dispute: Dispute) -> None:
    order_id, claim_id = kept_back(dispute)
    refused = dispute.trade.ship(order_id)
    assert (refused.status, refused["code"], refused["claims"]) == (409, "shipment_needs_consent", [claim_id])
    assert "ship" not in dispute.trade.see(order_id, by=dispute.trade.supplier)["allowed_actions"]
    assert dispute.trade.see(order_id)["shipments"] == []
    assert dispute.act(claim_id, "agree-to-shipment", "supplier", {"claim": "goes_on"}).status == 403
    assert dispute.act(claim_id, "agree-to-shipment", "officer-a", {"claim": "goes_on"}).status == 403


def test_with_consent_the_claim_goes_on_and_both_are_told(dispute: Dispute) -> None:
    order_id, claim_id = kept_back(dispute)
    agreed = dispute.do(claim_id, "agree-to-shipment", "buyer", {"claim": "goes_on"})
    assert (agreed["status"], "agree-to-shipment" in agreed["allowed_actions"]) == ("negotiating", False)
    for who in ("buyer", "supplier"):
        assert kinds(dispute, claim_id, who) == ["claim.filed", "claim.shipment_agreed"]
    shipped = dispute.trade.ship(order_id)
    assert (shipped.status, shipped["status"], shipped["holds"]) == (200, "shipped", 1)
    timeline = dispute.trade.see(order_id, "/timeline")["items"]
    (left,) = [entry for entry in timeline if entry["kind"] == "order.shipped"]
    assert left["payload"]["under_claims"] == [claim_id]
    assert dispute.see(claim_id)["status"] == "negotiating"


def test_with_consent_the_claim_ends_as_agreed_and_can_be_filed_again_while_nothing_has_left(dispute: Dispute) -> None:
    order_id, claim_id = kept_back(dispute)
    ended = dispute.do(claim_id, "agree-to-shipment", "buyer", {"claim": "ends"})
    assert (ended["status"], ended["why"][:4]) == ("withdrawn", "CS-1")
    assert kinds(dispute, claim_id, "supplier")[-1] == "claim.withdrawn"
    assert dispute.trade.see(order_id)["holds"] == 0
    again = dispute.claim(order_id, "quality_pre_shipment")
    assert dispute.trade.ship(order_id)["code"] == "shipment_needs_consent"
    dispute.do(again, "agree-to-shipment", "buyer", {"claim": "ends"})
    assert dispute.trade.ship(order_id).status == 200
    late = dispute.file(order_id, "quality_pre_shipment")
    assert (late.status, late["code"]) == (409, "reason_does_not_fit")


def test_nothing_is_agreed_to_once_the_goods_have_left(dispute: Dispute) -> None:
    order_id, first = kept_back(dispute)
    dispute.do(first, "agree-to-shipment", "buyer", {"claim": "goes_on"})
    assert dispute.trade.ship(order_id).status == 200
    refused = dispute.act(first, "agree-to-shipment", "buyer", {"claim": "ends"})
    assert (refused.status, refused["code"]) == (409, "claim_not_in_this_state")


@pytest.mark.parametrize("reason", get_args(Reason))
@pytest.mark.parametrize("whole", [True, False])
def test_every_reason_about_goods_before_shipment_keeps_them_back_whole_or_in_part(reason: Reason, whole: bool) -> None:
    """Of all reasons of a claim, from their own table; an ended claim keeps nothing back."""
    mark = Claimed(claim_id="clm_1_01", reason=reason, lines=(1,), requested_minor=1)
    order = paid_order(claims=(mark,), paused_since=PAID)
    sent = consignment(PAID, line_1=60, line_2=10) if whole else consignment(PAID, line_1=20)
    if reason in BEFORE_SHIPMENT:
        with pytest.raises(ShipmentNeedsConsent):
            TABLE.require("ship", order, "supplier", TERMS_POLICY, PAID)
        agreed = orders_claims.allow_shipment(order, mark.claim_id, PAID)
        order = agreed
    TABLE.require("ship", order, "supplier", TERMS_POLICY, PAID)
    step = orders_delivery.ship(order, sent, TERMS_POLICY, PAID)
    assert step.event.payload["under_claims"] == ["clm_1_01"]
