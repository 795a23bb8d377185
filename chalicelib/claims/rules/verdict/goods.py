"""What goods are worth that fail the contract: an inspector's report decides, or else the record of what both sides proved."""

from __future__ import annotations

from collections.abc import Set
from typing import Final

from chalicelib.claims.rules import evidence
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.reasons import PartyName, Reason
from chalicelib.claims.rules.verdict.book import Judgement, MissedDuty, applied, step
from chalicelib.claims.rules.verdict.case import Case, Finding

_GO_BACK: Final[frozenset[Reason]] = frozenset({"quality_mismatch", "wrong_item"})
"""Goods worth nothing are sent back. Counterfeits are not: nobody may trade in them."""


def judge(case: Case, policy: ClaimPolicy) -> Judgement:
    if case.inspection is not None:
        return inspected(case, case.inspection, policy)
    return on_record(case, policy)


def inspected(case: Case, finding: Finding, policy: ClaimPolicy) -> Judgement:
    """The report's share of the price, less the buyer's share of the fault.

    Fault is told in whole percents, rounded down. Where the supplier's comes to none, what is left is only what never left, and that is
    wholly its fault: as where nothing is in dispute.
    """
    certain, shippable = _certain(case), case.claimed_minor - _certain(case)
    whole = not finding.conforms and finding.defect_bp >= policy.return_from_bp
    share = 0 if finding.conforms else 10_000 if whole else finding.defect_bp
    percent = (10_000 - finding.buyer_fault_bp) // 100
    worth = shippable * share // 10_000
    disputed = worth if percent else 0
    return Judgement(
        certain_minor=certain,
        disputed_minor=disputed,
        fault_percent=percent if disputed else 100 if certain else 0,
        goes_back=whole and case.reason in _GO_BACK,
        findings=(
            applied("IN-1", True, conforms=str(finding.conforms).lower(), defect_bp=finding.defect_bp),
            applied("IN-2", bool(share), supplier_fault_percent=percent, buyer_fault_bp=finding.buyer_fault_bp),
            applied("IN-3", whole, return_from_bp=policy.return_from_bp),
        ),
        arithmetic=(
            step(
                "inspected" if percent else "inspected_buyers_fault",
                shippable_minor=shippable,
                share_bp=share,
                worth_minor=worth,
            ),
        ),
        missed_duty=MissedDuty(party="supplier", duty="deliver_as_agreed", rule="IN-1")
        if disputed or certain
        else None,
    )


def on_record(case: Case, policy: ClaimPolicy, *, rebuttable: bool = True) -> Judgement:
    """Complete proof of the buyer stands unless the supplier's proof stands against it; then the fault is shared.

    `rebuttable` False: the supplier answers for it whatever it proves.
    """
    missing = missing_proof(case, "buyer", policy)
    rebutted = rebuttable and is_rebutted(case, policy)
    percent = 0 if missing else _share(case, policy, rebutted=rebutted)
    certain = min(_certain(case), case.asked_minor)
    disputed = 0 if missing else case.asked_minor - certain
    return Judgement(
        certain_minor=certain,
        disputed_minor=disputed,
        fault_percent=percent if disputed else 100 if certain else 0,
        goes_back=percent == 100 and case.reason == "wrong_item",
        findings=(
            applied("RE-1", not missing, missing=", ".join(sorted(missing))),
            applied("RE-2", rebutted),
            applied("RE-3", 0 < percent < 100, supplier_fault_percent=percent),
            *([applied("IN-4", True, party=case.inspection_missed_by)] if case.inspection_missed_by else []),
        ),
        arithmetic=(
            step(
                "in_dispute",
                asked_minor=case.asked_minor,
                certain_minor=certain,
                disputed_minor=case.asked_minor - certain,
            ),
        ),
        missed_duty=_missed(missing, percent),
    )


def missing_proof(case: Case, party: PartyName, policy: ClaimPolicy) -> Set[str]:
    """Required of a party, and not sent."""
    return _required(case, party, "required", policy) - case.sent(party)


def is_supported(case: Case, policy: ClaimPolicy) -> bool:
    """Whether the buyer also sent all that is recommended."""
    return _required(case, "buyer", "recommended", policy) <= case.sent("buyer")


def is_rebutted(case: Case, policy: ClaimPolicy) -> bool:
    """Whether the supplier sent all that is required of it; it cannot where it refused the inspection."""
    return case.inspection_missed_by != "supplier" and not missing_proof(case, "supplier", policy)


def _share(case: Case, policy: ClaimPolicy, *, rebutted: bool) -> int:
    """The supplier's percentage of the fault where the buyer's proof is complete."""
    if not rebutted and case.inspection_missed_by != "buyer":
        return 100
    supported = is_supported(case, policy) and case.inspection_missed_by != "buyer"
    return policy.corroborated_percent if supported else policy.contested_percent


def _certain(case: Case) -> int:
    """What never left is short without any further proof."""
    return case.unshipped_minor if case.reason == "quantity_short" else 0


def _required(case: Case, party: PartyName, level: evidence.Level, policy: ClaimPolicy) -> Set[str]:
    required = evidence.required(case.reason, party, case.requested_usd_minor, policy)
    return {requirement.code for requirement in required if requirement.level == level}


def _missed(missing: Set[str], percent: int) -> MissedDuty | None:
    if missing:
        return MissedDuty(party="buyer", duty=f"prove: {', '.join(sorted(missing))}", rule="RE-1")
    return MissedDuty(party="supplier", duty="deliver_as_agreed", rule="RE-3" if percent < 100 else "RE-1")
