"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

REVERSE: Final[dict[str, Any]] = {
    "why": "false_data",
    "note": "The accounts that the application was approved by were not the firm's.",
}
RESTORE: Final[dict[str, Any]] = {"note": "The accounts are the firm's: it had changed its name in between."}
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
REPORT: Final[dict[str, Any]] = {
    "subject_id": "mem_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
    "category": "asset_removal",
    "facts": "Since Sunday lorries have been taking the machines of its second hall away at night.",
}
REPORT_FILE: Final[dict[str, Any]] = {
    "name": "The yard on 20 September.jpg",
    "media_type": "image/jpeg",
    "size": 48_213,
    "sha256": "9f2feb0f1ef425b292f2f94bc8482494df430413ec0f7d1b4f9b8c1a6b3d2e5f",
}
TRIAGE: Final[dict[str, Any]] = {
    "outcome": "ask",
    "text": "We hear that machines have left your second hall. Which, where to, and why?",
}
DISMISS: Final[dict[str, Any]] = {"outcome": "dismiss", "text": "That a firm sells cheaply is no matter of ours."}
ANSWER_REPORT: Final[dict[str, Any]] = {
    "text": "Four looms went to their maker to be overhauled; the order is enclosed."
}
FIND: Final[dict[str, Any]] = {"finding": "unproven", "note": "The maker confirms that it has the looms."}
UNSEAL: Final[dict[str, Any]] = {"reason": "The firm names a competitor that has threatened it with this."}
DECIDE_UNSEALING: Final[dict[str, Any]] = {"decision": "granted", "note": "Needed to judge whether it was malicious."}
INQUIRE_REPORTER: Final[dict[str, Any]] = {"unsealing_id": "uns_01JV8QZ7N4K3T5W6X8Y9ABCDEF"}
FLAG_INQUIRY: Final[dict[str, Any]] = {"purpose": "The firm has applied for a loan with us."}
