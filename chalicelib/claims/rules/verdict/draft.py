"""The decision that the rules draft: every rule with its id and numbers, whole numbers only, the same whenever it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.reasons import Reason
from chalicelib.claims.rules.verdict import goods, shipment, transit
from chalicelib.claims.rules.verdict.book import Judgement, Outcome, Remedy, RuleApplied, Step, Verdict, applied, step
from chalicelib.claims.rules.verdict.case import Case
from chalicelib.shared.encoding import sha256_of

_JUDGES: Final[dict[Reason, Callable[[Case, ClaimPolicy], Judgement]]] = {
    "not_shipped": shipment.judge,
    "late_shipment": shipment.judge,
    "quality_pre_shipment": goods.judge,
    "quality_mismatch": goods.judge,
    "quantity_short": goods.judge,
    "wrong_item": goods.judge,
    "counterfeit": goods.judge,
    "not_received": transit.judge_not_received,
    "damaged_in_transit": transit.judge_damaged,
    "missing_documents": transit.judge_missing_documents,
}


def draft(case: Case, policy: ClaimPolicy) -> Verdict:
    """What the rules make of a case: at most what was asked for, and at most what the cover leaves for it."""
    judgement, borne, approved = _worked_out(case, policy)
    return Verdict(
        outcome=_outcome(case, judgement, approved),
        approved_minor=approved,
        supplier_fault_percent=judgement.fault_percent,
        findings=(*_about_parties(case), *judgement.findings, *_bounds(case, borne)),
        missed_duty=judgement.missed_duty,
        remaining_remedies=tuple(Remedy(code=code) for code in _remedies(case, judgement, borne, approved)),
    )


def arithmetic(case: Case, policy: ClaimPolicy) -> tuple[Step, ...]:
    """How the drafted amount is worked out, step by step. It is not kept: a case may have a hundred lines."""
    judgement, borne, approved = _worked_out(case, policy)
    return (
        *judgement.arithmetic,
        step(
            "supplier_share",
            certain_minor=judgement.certain_minor,
            disputed_minor=judgement.disputed_minor,
            fault_percent=judgement.fault_percent,
            borne_minor=borne,
        ),
        step(
            "approved",
            borne_minor=borne,
            requested_minor=case.requested_minor,
            ceiling_minor=case.ceiling_minor,
            approved_minor=approved,
        ),
    )


def _worked_out(case: Case, policy: ClaimPolicy) -> tuple[Judgement, int, int]:
    """The judgement, what the supplier bears by it, and what of that is approved."""
    judgement = _JUDGES[case.reason](case, policy)
    borne = judgement.certain_minor + judgement.disputed_minor * judgement.fault_percent // 100
    return judgement, borne, max(0, min(borne, case.requested_minor, case.ceiling_minor))


def digest(case: Case, policy: ClaimPolicy) -> str:
    """Names the decision: SHA-256 of case and policy in canonical form, 32 hexadecimal digits of it.

    The same proof in another order, or sent twice, is the same case.
    """
    same = msgspec.structs.replace(case, evidence=tuple(sorted(set(case.evidence))))
    return sha256_of([same, policy])[:32]


def fee_split(fee_minor: int, supplier_fault_percent: int) -> tuple[int, int]:
    """An inspection's fee as (buyer's part, supplier's part): by fault, to the last unit."""
    supplier = fee_minor * supplier_fault_percent // 100
    return fee_minor - supplier, supplier


def _outcome(case: Case, judgement: Judgement, approved: int) -> Outcome:
    """Goods go back only where the whole price of the claimed lines does."""
    if approved == 0:
        return "none"
    if judgement.goes_back and approved == case.claimed_minor:
        return "return"
    return "full" if approved == case.requested_minor else "partial"


def _about_parties(case: Case) -> tuple[RuleApplied, ...]:
    findings = [applied("GE-1", True, party=case.forged_by)] if case.forged_by else []
    silent = [
        party for party, is_silent in (("buyer", case.buyer_silent), ("supplier", case.supplier_silent)) if is_silent
    ]
    return (*findings, *([applied("GE-2", True, silent=", ".join(silent))] if silent else []))


def _bounds(case: Case, borne: int) -> tuple[RuleApplied, ...]:
    return (
        applied("GE-3", borne > case.requested_minor, requested_minor=case.requested_minor),
        applied("GE-4", min(borne, case.requested_minor) > case.ceiling_minor, ceiling_minor=case.ceiling_minor),
    )


def _remedies(case: Case, judgement: Judgement, borne: int, approved: int) -> tuple[str, ...]:
    short = approved < case.requested_minor
    above_cover = min(borne, case.requested_minor) > approved
    return (
        "appeal",
        *(("supplier",) if above_cover else ()),
        *judgement.remedies,
        *(("other_claim", "law") if short else ()),
    )
