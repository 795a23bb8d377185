"""Goods that were lost or damaged on the way, and documents that never came: who carried the risk decides."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.verdict import goods
from chalicelib.claims.rules.verdict.book import Judgement, MissedDuty, RuleApplied, applied, step
from chalicelib.claims.rules.verdict.case import Case
from chalicelib.orders.rules.terms import Incoterm

RISK_IS_THE_SUPPLIERS: Final[frozenset[Incoterm]] = frozenset({"DAP", "DPU", "DDP"})
"""Until arrival. Under all other terms the risk passes when the goods are handed over (Incoterms 2020, A3)."""


def judge_not_received(case: Case, policy: ClaimPolicy) -> Judgement:
    """Proof of delivery ends it; proof of handing over ends it where the risk passed with that. Else the goods count as lost."""
    risk, delivered, handed, absent = _delivery(case)
    lost = absent and not delivered and (risk or not handed)
    duty = "prove_delivery" if risk else "prove_handing_over"
    return Judgement(
        disputed_minor=case.asked_minor if lost else 0,
        fault_percent=100 if lost else 0,
        findings=(
            _risk(case),
            applied("TR-2", delivered),
            applied("TR-3", handed),
            applied("TR-4", absent),
        ),
        arithmetic=(step("lost", lost_minor=case.asked_minor if lost else 0),),
        missed_duty=MissedDuty(party="supplier", duty=duty, rule="TR-1" if risk else "TR-3")
        if lost
        else _undeclared(absent),
        remedies=() if lost or risk or delivered else ("carrier",),
    )


def judge_damaged(case: Case, policy: ClaimPolicy) -> Judgement:
    """Where the supplier carried the risk, damage is its own; else it answers for bad packing only."""
    risk = _risk(case)
    if case.inspection is not None:
        judgement = goods.inspected(case, case.inspection, policy)
    elif risk.holds:
        judgement = goods.on_record(case, policy, rebuttable=False)
    else:
        judgement = _badly_packed(case, policy)
    return _with(judgement, risk)


def judge_missing_documents(case: Case, policy: ClaimPolicy) -> Judgement:
    """The buyer lists what is missing; the supplier shows that it handed it over."""
    handed = "documents" in case.sent("supplier")
    missing = goods.missing_proof(case, "buyer", policy)
    worth = case.claimed_minor * policy.missing_documents_bp // 10_000
    owed = 0 if handed or missing else worth
    return Judgement(
        disputed_minor=owed,
        fault_percent=100 if owed else 0,
        findings=(
            applied("RE-1", not missing, missing=", ".join(sorted(missing))),
            applied("MD-1", handed),
            applied("MD-2", owed > 0, worth_bp=policy.missing_documents_bp),
        ),
        arithmetic=(
            step(
                "documents",
                claimed_minor=case.claimed_minor,
                worth_bp=policy.missing_documents_bp,
                worth_minor=worth,
            ),
        ),
        missed_duty=_documents_missed(bool(missing), owed),
    )


def _delivery(case: Case) -> tuple[bool, bool, bool, bool]:
    """Whose risk, delivered, handed over, absent: an arrival only one side reported gives way to the buyer's declaration."""
    confirmed = case.received_at is not None and not case.received_automatically
    sent = case.sent("supplier")
    absent = case.delivered_at is None or "declaration" in case.sent("buyer")
    return (
        case.incoterm in RISK_IS_THE_SUPPLIERS,
        confirmed or "proof_of_delivery" in sent,
        "transport_document" in sent,
        absent,
    )


def _badly_packed(case: Case, policy: ClaimPolicy) -> Judgement:
    """The buyer's risk: shared only where its proof is complete and supported, and no record of packing stands against it."""
    packed = goods.is_rebutted(case, policy)
    shared = not packed and not goods.missing_proof(case, "buyer", policy) and goods.is_supported(case, policy)
    shared = shared and case.inspection_missed_by != "buyer"
    return Judgement(
        disputed_minor=case.asked_minor if shared else 0,
        fault_percent=policy.contested_percent if shared else 0,
        findings=(applied("TR-5", packed),),
        arithmetic=(step("shared", disputed_minor=case.asked_minor if shared else 0),),
        missed_duty=MissedDuty(party="supplier", duty="prove_packing", rule="TR-5") if shared else None,
        remedies=("carrier",),
    )


def _risk(case: Case) -> RuleApplied:
    return applied("TR-1", case.incoterm in RISK_IS_THE_SUPPLIERS, incoterm=case.incoterm)


def _with(judgement: Judgement, rule: RuleApplied) -> Judgement:
    return replace(judgement, findings=(rule, *judgement.findings))


def _undeclared(absent: bool) -> MissedDuty | None:
    return None if absent else MissedDuty(party="buyer", duty="prove: declaration", rule="TR-4")


def _documents_missed(unlisted: bool, owed: int) -> MissedDuty | None:
    if owed:
        return MissedDuty(party="supplier", duty="hand_over_documents", rule="MD-1")
    return MissedDuty(party="buyer", duty="prove: missing_list", rule="RE-1") if unlisted else None
