"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

REVERSE: Final[dict[str, Any]] = {
    "why": "false_data",
    "note": "The accounts that the application was approved by were not the firm's.",
}
PROPOSE: Final[dict[str, Any]] = {
    "loan_id": "lon_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
    "measure": "no_draws",
    "ground": "dpd",
    "reason": "The instalment of 2 September is ten days past due, and the firm has not answered two reminders.",
    "evidence_ids": ["lon_01JV8QZ7N4K3T5W6X8Y9ABCDEF"],
}
APPEAL: Final[dict[str, Any]] = {"text": "We paid on 3 September; the bank booked it on another loan."}
DECIDE_APPEAL: Final[dict[str, Any]] = {
    "outcome": "overturned",
    "note": "The bank confirms the payment of 3 September.",
}
LIFT: Final[dict[str, Any]] = {"note": "The bank and the firm have agreed on a plan."}
FLAG_INQUIRY: Final[dict[str, Any]] = {"purpose": "The firm has applied for a loan with us."}
