"""Random claims: settled, signed, sent back, replaced, withdrawn, decided, inspected, left to the clock. Each on an order of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.floors import factories
from benchmarks.floors.disputes import OFFICERS, Dispute
from benchmarks.floors.stage import Stage
from chalicelib.claims.service import deciding as claims_deciding

REASONS = ("quality_mismatch", "quantity_short", "wrong_item", "counterfeit", "missing_documents", "damaged_in_transit")
CODES = ("photos", "correspondence", "transport_document", "measurable_term", "packing_list")


def play(stage: Stage, claims: int) -> None:
    """So many claims, and each story at least once: what has a floor is measured however few are asked for."""
    for number in range(max(claims, len(STORIES))):
        stage.time.begin()
        STORIES[number % len(STORIES)](Dispute(stage))
        stage.follow()


def settled(dispute: Dispute) -> None:
    """Offers back and forth; the last one is accepted, and banks pay it."""
    dispute.late().file("late_shipment")
    body = {"amount": factories.usd(dispute.part()), "statement": factories.words(dispute.stage.chance)}
    dispute.asked_minor = factories.cents(body["amount"])  # type: ignore[arg-type]
    dispute.act("edit a claim", "edit", "buyer", body)
    first = dispute.offer("supplier")
    dispute.act("decline an offer", f"offers/{first}/decline", "buyer")
    dispute.offer("buyer")
    second = dispute.offer("supplier")
    dispute.act("accept an offer: refund", f"offers/{second}/accept", "buyer")
    dispute.paid()


def signed(dispute: Dispute) -> None:
    dispute.received().file(dispute.stage.chance.choice(REASONS))
    body = {"kind": "partial", "amount": factories.usd(dispute.part()), "note": factories.words(dispute.stage.chance)}
    dispute.act("sign a settlement", "settle", "supplier", body)
    dispute.act("sign it too: refund", "settle", "buyer", body)
    dispute.paid()


def sent_back(dispute: Dispute, then: str) -> None:
    """Goods back first, then the money; or what came back is damaged."""
    dispute.received().file("wrong_item")
    offer = dispute.offer("supplier", "return_and_refund")
    dispute.act("accept an offer: goods or remedy first", f"offers/{offer}/accept", "buyer")
    goods = {"carrier": "COSCO", "tracking_number": f"COSU{dispute.stage.chance.randrange(10**10)}"}
    dispute.act("ship a return", "ship-return", "buyer", goods)
    match then:
        case "received":
            dispute.act("acknowledge a return: refund", "acknowledge-return", "supplier", {"condition": "received"})
            dispute.paid()
        case "damaged":
            dispute.act("acknowledge a return: officer", "acknowledge-return", "supplier", {"condition": "damaged"})
            dispute.act("withdraw", "withdraw", "buyer")
        case _:
            dispute.clock("clock: a return counts as received")
            dispute.paid()


def replaced(dispute: Dispute) -> None:
    dispute.received().file("quantity_short")
    offer = dispute.offer("supplier", "replace")
    dispute.act("accept an offer: goods or remedy first", f"offers/{offer}/accept", "buyer")
    dispute.act("confirm a remedy", "confirm-remedy", "supplier")
    dispute.act("confirm it too: the claim ends", "confirm-remedy", "buyer")


def withdrawn(dispute: Dispute) -> None:
    dispute.late().file("late_shipment")
    dispute.offer("supplier", "none")
    dispute.act("withdraw", "withdraw", "buyer")


def decided(dispute: Dispute) -> None:
    """Evidence of both sides, a decision by one or two officers, an appeal with new evidence, and the final decision."""
    dispute.received().file(dispute.stage.chance.choice(REASONS)).opened()
    dispute.act("assign an officer", "assign", "officer-a", {"officer": "officer-b"})
    dispute.act("recuse", "recuse", "officer-d")
    for side in ("buyer", "supplier"):
        for code in dispute.stage.chance.sample(CODES, dispute.stage.chance.randrange(1, 4)):
            dispute.evidence(side, code)
    unwanted = dispute.evidence("buyer", "photos", handed_in=False)
    dispute.act("evidence: remove", f"evidence/{unwanted}/remove", "buyer")
    dispute.complete()
    dispute.rule("determine", "determine", OFFICERS[:2])
    dispute.evidence("buyer", "photos")
    dispute.act("appeal", "appeal", "buyer", {"grounds": factories.words(dispute.stage.chance) or "It is wrong."})
    dispute.rule("decide an appeal", "decide-appeal", OFFICERS[2:3])
    _carried_out(dispute)


def contested(dispute: Dispute, side: str) -> None:
    """The supplier appeals and concedes half, or the buyer alone appeals: what nobody contests is paid, the rest when nobody has decided."""
    stage = dispute.stage
    dispute.late().file("late_shipment").opened()
    dispute.complete()
    decision = dispute.rule("determine", "determine", OFFICERS[:2])["decisions"][-1]
    grounds = {"grounds": factories.words(stage.chance) or "It is wrong."}
    dispute.evidence(side, "correspondence")
    if side == "supplier":
        half = factories.usd(factories.cents(decision["approved"]) // 2)
        dispute.act("appeal, conceding a part: refund", "appeal", side, grounds | {"concedes": half})
    else:
        dispute.act("appeal", "appeal", side, grounds)
        dispute.clock("clock: the supplier does not appeal: refund")
    dispute.paid()
    dispute.clock("clock: nobody decides on the appeal")
    dispute.paid()


def inspected(dispute: Dispute, least_defect_bp: int = 500, **terms: Any) -> None:
    """Everything is claimed, and the buyer pays an inspector; by the report it has the supplier's share of that back."""
    stage = dispute.stage
    dispute.received(cover="total", **terms)
    dispute.file("quality_mismatch", dispute.total).opened()
    for code in ("photos", "measurable_term"):
        dispute.evidence("buyer", code)
    fee = min(18_000, dispute.total)
    body = {"inspector": "huadong-survey", "fee": factories.usd(fee)}
    dispute.act("order an inspection", "inspection", "officer-a", body)
    request, claim_id = stage.request("bank:boc", "bank"), dispute.claim_id
    stage.measured(
        "bank: inspection fee paid",
        lambda: claims_deciding.take_fee(claim_id, f"R-{claim_id[-8:]}", fee, "USD", "boc", request),
    )
    report = {"conforms": False, "defect_bp": stage.chance.randrange(least_defect_bp, 9500), "buyer_fault_bp": 2500}
    dispute.act("inspection report", "inspection-report", "officer-a", report | {"sha256": "ab" * 32})
    dispute.rule("determine", "determine", OFFICERS[:2])
    dispute.clock("clock: no appeal, the decision is carried out")
    _carried_out(dispute)


def left_to_the_clock(dispute: Dispute) -> None:
    """Nobody does anything: every deadline has its default outcome."""
    dispute.late().file("late_shipment")
    dispute.clock("clock: the supplier is silent")
    dispute.clock("clock: escalated")
    dispute.clock("clock: evidence is opened")
    dispute.clock("clock: evidence is due")
    dispute.clock("clock: the review is overdue")
    dispute.clock("clock: the rules decide")
    if dispute.clock("clock: no appeal, the decision is carried out") == "payable":
        dispute.clock("clock: the refund is overdue")


def _carried_out(dispute: Dispute) -> None:
    """Money owed, goods to be sent back first, or nothing at all."""
    if dispute.see()["status"] == "agreed":
        goods = {"carrier": "COSCO", "tracking_number": f"COSU{dispute.stage.chance.randrange(10**10)}"}
        dispute.act("ship a return", "ship-return", "buyer", goods)
        dispute.clock("clock: a return counts as received")
    dispute.paid()


_TABLES = {"name": "Oak table", "quantity": 10, "unit": "piece", "unit_price": factories.usd(15_000)}
_IN_TWO_PAYMENTS: dict[str, Any] = {
    "items": [_TABLES],
    "instalments": [{"name": name, "money": factories.usd(75_000)} for name in ("deposit", "balance")],
}
STORIES: tuple[Callable[[Dispute], None], ...] = (
    settled,
    decided,
    partial(contested, side="supplier"),
    inspected,
    left_to_the_clock,
    partial(sent_back, then="received"),
    signed,
    replaced,
    withdrawn,
    partial(sent_back, then="damaged"),
    partial(contested, side="buyer"),
    partial(sent_back, then="nothing is said"),
    partial(inspected, least_defect_bp=9000, **_IN_TWO_PAYMENTS),  # both payments and the inspector's fee go back
)
