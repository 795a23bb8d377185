"""What work is called: what an officer is to do, as a sentence, for every deadline of officers and everything else that waits for one. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from chalicelib.office.rules.task import APPEAL, NEXT_TRY, REDRIVE, REJECTED_ROWS
from chalicelib.shared.texts import Text, say, term

_OF_A_PART: Final = re.compile(r"_\d+$")
"""The seat whose share of a call has the deadline: `decision_3`."""

TITLES: Final[Mapping[tuple[str, str], Text]] = {
    ("alert", "acknowledgement"): say("Look at an alert"),
    ("alert", "hold"): say("Let go of what an alert holds, or hold it longer"),
    ("alert", "resolution"): say("Say what became of an alert"),
    ("alert", "silence"): say("Look again at an alert that is silenced"),
    ("alert", "supervision"): say("See to an alert as a supervisor"),
    ("application", "screening"): say("Screen an application for credit"),
    ("bank_event", "gap"): say("Find the message of a bank that is missing before this one"),
    ("bank_event", "resolution"): say("Say what a bank's message is about"),
    ("case", "answer"): say("Answer a question or a complaint"),
    ("case", "supervisors_answer"): say("Answer a question or a complaint as a supervisor"),
    ("channel", "closing"): say("Close a channel on its day"),
    ("channel", "opening"): say("Open a channel on its day"),
    ("channel_membership", "appeal_decision"): say("Decide the appeal against the end of a channel membership"),
    ("claim", "appeal_decision"): say("Decide the appeal against the decision of a claim"),
    ("claim", "case_opening"): say("Ask both sides of a claim for evidence"),
    ("claim", "other_inspector"): say("Name another inspector for a claim"),
    ("claim", "refund"): say("See to a claim's refund that the bank has not made"),
    ("claim", "refund_of_share"): say("See to a claim's refund of the undisputed part that the bank has not made"),
    ("claim", "review"): say("Decide a claim"),
    ("dead_letter", NEXT_TRY): say("See to something that failed again and again"),
    ("deposit", "approve-correction"): say("Approve the correction of a deposit, or turn it down"),
    ("firm", "supervisors_verification"): say("Verify the profile of a firm as a supervisor"),
    ("firm", "verification"): say("Verify the profile of a firm"),
    ("guarantee_call", "check"): say("Check a call on guarantors"),
    ("guarantee_call", "confirmation"): say("Say whether a guarantor's payment has come"),
    ("guarantee_call", "decision"): say("Decide what a guarantor objects"),
    ("guarantee_call", "notice"): say("Tell guarantors of a call on them"),
    ("import", REDRIVE): say("Run again what an import has set aside"),
    ("import", REJECTED_ROWS): say("Look at the rows that an import has rejected"),
    ("instruction", "decision"): say("Decide what becomes of an instruction that a bank has not carried out"),
    ("line", "freeze"): say("Look at a frozen credit line before it opens again"),
    ("listing", "moderation"): say("Approve a listing, or turn it down"),
    ("member_claim", "decision"): say("Decide a disputed claim of one member on another"),
    ("nomination", "check"): say("Check a nomination"),
    ("nomination", "invitation"): say("Invite a nominated supplier"),
    ("peer_report", "acknowledgement"): say("Acknowledge a report about a firm"),
    ("peer_report", "decide-unsealing"): say("Decide whether the reporter of a firm is named"),
    ("peer_report", "finding"): say("Say whether a report about a firm is true"),
    ("peer_report", "triage"): say("Decide whether a report about a firm is followed"),
    ("reconciliation_item", "explanation"): say("Explain what a partner's books have otherwise"),
    ("reconciliation_item", "supervisors_explanation"): say(
        "Explain what a partner's books have otherwise, as a supervisor"
    ),
    ("recovery", "answer_to_plan"): say("Answer a supplier that asks to pay in instalments"),
    ("recovery", "write_off"): say("Write off what a supplier still owes, or go on asking"),
    ("run", REDRIVE): say("Run again what a job has set aside"),
    ("sanction", "approval"): say("Approve a sanction, or let it lapse"),
    ("sanction", "decision"): say("Decide the appeal against a sanction"),
    ("score", "review"): say("Review the score of a firm"),
    ("supplier", APPEAL): say("Decide a supplier's appeal against a penalty"),
    ("training", "attendance"): say("Record who attended a training"),
}
"""By the kind of a thing and the name of the deadline, or of the action that is awaited."""


def title_of(kind: str, deadline: str) -> Text:
    """What is to be done about a thing of a kind. Work under a deadline that is none any more is called by both words."""
    known = TITLES.get((kind, deadline)) or TITLES.get((kind, _OF_A_PART.sub("", deadline)))
    return known or say("{kind}: {deadline}", kind=term("kind", kind), deadline=term("deadline", deadline))
