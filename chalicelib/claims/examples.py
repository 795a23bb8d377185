"""Bodies that show how claims are filed, negotiated and decided; the API document prints them, and tests send them."""

from __future__ import annotations

from typing import Any, Final

USD: Final = {"currency": "USD"}

CLAIM: Final[dict[str, Any]] = {
    "reason": "late_shipment",
    "amount": {"amount": "500.00", **USD},
    "statement": "The goods left twelve days after the agreed day.",
}
EDIT: Final[dict[str, Any]] = {"amount": {"amount": "450.00", **USD}}
OFFER: Final[dict[str, Any]] = {"kind": "partial", "amount": {"amount": "250.00", **USD}, "note": "Half, at once."}
REFUSAL: Final[dict[str, Any]] = {"kind": "none", "note": "The vessel was late, not we."}
SETTLEMENT: Final[dict[str, Any]] = {"kind": "partial", "amount": {"amount": "300.00", **USD}}
SHIPMENT: Final[dict[str, Any]] = {"claim": "goes_on"}
EVIDENCE: Final[dict[str, Any]] = {
    "code": "photos",
    "name": "carton.png",
    "media_type": "image/png",
    "size": 68,
    "sha256": "0" * 64,
}
RETURN: Final[dict[str, Any]] = {"carrier": "COSCO", "tracking_number": "COSU6281234560"}
RETURNED: Final[dict[str, Any]] = {"condition": "received"}
INSPECTION: Final[dict[str, Any]] = {"inspector": "huadong-survey", "fee": {"amount": "180.00", **USD}}
REPORT: Final[dict[str, Any]] = {"conforms": False, "defect_bp": 3000, "buyer_fault_bp": 2500, "sha256": "0" * 64}
RULING: Final[dict[str, Any]] = {
    "outcome": "partial",
    "approved": {"amount": "100.00", **USD},
    "supplier_fault_percent": 100,
    "reasoning": "Part of the delay was caused by a strike at the port.",
}
APPEAL: Final[dict[str, Any]] = {"grounds": "The bill of lading shows that the goods left in time."}
APPEAL_AGAINST_A_PART: Final[dict[str, Any]] = APPEAL | {"concedes": {"amount": "60.00", **USD}}
ASSIGNMENT: Final[dict[str, Any]] = {"officer": "officer-2"}
SIMULATION: Final[dict[str, Any]] = {
    "order_id": "ord_01JAZ3V5W8N0R4T6Y8B1D3F5H7",
    "reason": "late_shipment",
    "amount": {"amount": "500.00", **USD},
}
