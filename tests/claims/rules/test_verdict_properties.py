"""What holds for every case: within bounds, more proof never hurts its party, the same case the same decision."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.claims.rules.reasons import PARTIES, REASONS
from chalicelib.claims.rules.verdict.case import Case, ClaimedLine, Finding
from chalicelib.claims.rules.verdict.draft import digest, draft, fee_split
from chalicelib.claims.rules.verdict.outlook import likely_range
from chalicelib.orders.rules.terms import Incoterm
from tests.claims.rules.given import POLICY, SHIP_BY, case_of

MINOR = st.integers(0, 10**15)
CODES = sorted(POLICY.evidence_kinds)
ALL_PROOF = [(party, code) for party in PARTIES for code in CODES]
FEW = st.sets(st.sampled_from(ALL_PROOF), max_size=6)
PROOF = FEW.map(sorted) | FEW.map(lambda left_out: [proof for proof in ALL_PROOF if proof not in left_out])
"""Little of it, or nearly all: complete proof has to be met as often as missing proof."""
INSTANTS = st.integers(-60 * 86_400_000, 60 * 86_400_000).map(lambda ms: SHIP_BY + timedelta(milliseconds=ms))
BASIS_POINTS = st.integers(0, 10_000)


@st.composite
def lines(draw: st.DrawFn) -> tuple[ClaimedLine, ...]:
    def line(number: int) -> ClaimedLine:
        amount = draw(st.integers(1, 10**13))
        shipped_at = draw(st.none() | INSTANTS)
        unshipped = amount if shipped_at is None else draw(st.integers(0, amount))
        return ClaimedLine(line=number, amount_minor=amount, unshipped_minor=unshipped, shipped_at=shipped_at)

    return tuple(line(number) for number in range(1, 1 + draw(st.integers(1, 4))))


FINDINGS = st.builds(Finding, conforms=st.booleans(), defect_bp=BASIS_POINTS, buyer_fault_bp=BASIS_POINTS)
CASES = st.builds(
    Case,
    policy=st.just("0" * 16),
    reason=st.sampled_from(REASONS),
    filed_at=st.just(SHIP_BY + timedelta(days=15)),
    currency=st.just("USD"),
    requested_minor=st.integers(1, 10**15),
    requested_usd_minor=st.integers(0, 400_000),
    ceiling_minor=MINOR,
    total_minor=MINOR,
    lines=lines(),
    cover=st.sampled_from(["deposit", "total"]),
    cap_minor=MINOR,
    incoterm=st.sampled_from(get_args(Incoterm)),
    ship_by_at=st.none() | st.just(SHIP_BY),
    shipped_at=st.none() | INSTANTS,
    proven_shipped_at=st.none() | INSTANTS,
    delivered_at=st.none() | INSTANTS,
    received_at=st.none() | INSTANTS,
    received_automatically=st.booleans(),
    evidence=PROOF.map(tuple),
    supplier_silent=st.booleans(),
    buyer_silent=st.booleans(),
    inspection=st.none() | FINDINGS,
    inspection_missed_by=st.sampled_from([None, *PARTIES]),
    forged_by=st.sampled_from([None, *PARTIES]),
)


@given(case=CASES)
@example(
    case=case_of(
        "quantity_short",
        lines=(ClaimedLine(line=1, amount_minor=2, unshipped_minor=1, shipped_at=SHIP_BY),),
        inspection=Finding(conforms=False, defect_bp=10_000, buyer_fault_bp=9_901),
    )
)
def test_never_below_zero_never_above_what_was_asked_never_above_the_ceiling(case: Case) -> None:
    verdict = draft(case, POLICY)
    assert 0 <= verdict.approved_minor <= min(case.requested_minor, case.ceiling_minor)
    assert 0 <= verdict.supplier_fault_percent <= 100
    assert (verdict.outcome == "none") == (verdict.approved_minor == 0)
    assert verdict.approved_minor == 0 or verdict.supplier_fault_percent > 0
    assert (verdict.outcome == "full") <= (verdict.approved_minor == case.requested_minor)


@given(case=CASES, code=st.sampled_from(CODES))
def test_more_proof_never_hurts_who_sent_it(case: Case, code: str) -> None:
    before = draft(case, POLICY).approved_minor
    assert draft(replace(case, evidence=(*case.evidence, ("buyer", code))), POLICY).approved_minor >= before
    assert draft(replace(case, evidence=(*case.evidence, ("supplier", code))), POLICY).approved_minor <= before


@given(case=CASES, more=st.integers(1, 10**12))
def test_a_higher_ceiling_or_request_never_gives_less(case: Case, more: int) -> None:
    before = draft(case, POLICY).approved_minor
    assert draft(replace(case, ceiling_minor=case.ceiling_minor + more), POLICY).approved_minor >= before
    assert draft(replace(case, requested_minor=case.requested_minor + more), POLICY).approved_minor >= before


@given(case=CASES)
def test_silence_alone_changes_nothing_but_what_is_noted(case: Case) -> None:
    told = draft(case, POLICY).approved_minor
    for party in ("buyer_silent", "supplier_silent"):
        assert draft(replace(case, **{party: True}), POLICY).approved_minor == told


@given(case=CASES, order=st.randoms(use_true_random=False))
def test_the_same_case_gives_the_same_decision_in_whatever_order_proof_came(case: Case, order: object) -> None:
    shuffled = list(case.evidence) * 2
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    same = replace(case, evidence=tuple(shuffled))
    assert draft(same, POLICY) == draft(case, POLICY)
    assert digest(same, POLICY) == digest(case, POLICY)


@given(case=CASES)
def test_what_is_decided_lies_in_the_range_that_was_likely(case: Case) -> None:
    least, most = likely_range(case, POLICY)
    assert 0 <= least <= draft(case, POLICY).approved_minor <= most <= min(case.requested_minor, case.ceiling_minor)


@given(fee=MINOR, percent=st.integers(0, 100))
def test_both_parts_of_a_fee_are_the_fee(fee: int, percent: int) -> None:
    buyer, supplier = fee_split(fee, percent)
    assert buyer + supplier == fee
    assert min(buyer, supplier) >= 0


def test_goods_that_never_left_are_paid_whole_under_every_term_and_silence() -> None:
    for incoterm in get_args(Incoterm):
        case = case_of(
            "not_shipped",
            incoterm=incoterm,
            shipped_at=None,
            lines=(ClaimedLine(line=1, amount_minor=500_000, unshipped_minor=500_000),),
            buyer_silent=True,
        )
        assert draft(case, POLICY).approved_minor == 500_000
