from __future__ import annotations

from itertools import pairwise

import pytest

from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.reasons import PARTIES, REASONS
from chalicelib.shared import policies
from tests.claims.rules.given import ABOUT_SHIPMENT, POLICY


def test_every_version_reads_as_a_claim_policy() -> None:
    assert [version.version for version in policies.versions("claims")] == ["2026.1"]
    assert isinstance(policies.versions("claims")[0].read_as(ClaimPolicy), ClaimPolicy)


def test_every_reason_says_what_proof_it_asks_of_each_party_and_which_points_it_brings() -> None:
    assert set(POLICY.evidence) == set(POLICY.points) == set(REASONS)
    assert all(set(needed) == set(PARTIES) for needed in POLICY.evidence.values())


def test_every_kind_of_evidence_that_is_asked_for_is_described_and_taken() -> None:
    body = {
        code
        for reason in REASONS
        for needed in POLICY.evidence[reason].values()
        for code in (*needed.required, *needed.large, *needed.recommended)
    }
    assert body == set(POLICY.evidence_kinds)
    for kind in POLICY.evidence_kinds.values():
        assert set(kind.media_types) <= set(POLICY.evidence_limits.media_types)
        assert 1 <= kind.most_count <= POLICY.evidence_limits.most_files


def test_what_the_system_records_needs_no_proof_of_the_buyer() -> None:
    for reason in ABOUT_SHIPMENT:
        assert POLICY.evidence[reason]["buyer"].required == ()


def test_a_longer_delay_is_never_worth_less_and_never_all() -> None:
    steps = [(step.from_day, step.worth_bp) for step in POLICY.lateness]
    assert steps == sorted(steps)
    assert all(first[1] < second[1] < 10_000 for first, second in pairwise(steps))


def test_automatic_escalation_comes_after_the_day_from_which_either_side_may() -> None:
    assert POLICY.respond_hours <= POLICY.escalate_from_hours < POLICY.auto_escalate_hours


@pytest.mark.parametrize(
    ("reason", "ending", "advanced", "expected"),
    [
        ("not_shipped", "settled", False, ("negotiated_non_delivery",)),
        ("not_shipped", "determined", False, ("failed_delivery",)),
        ("not_shipped", "determined", True, ("failed_delivery",)),
        ("quality_mismatch", "settled", False, ()),
        ("quality_mismatch", "determined", True, ("failed_delivery",)),
        ("counterfeit", "settled", False, ("serious_resolved",)),
        ("counterfeit", "determined", False, ("serious_resolved",)),
        ("counterfeit", "determined", True, ("serious_unresolved",)),
    ],
)
def test_points_follow_from_how_a_claim_was_lost(
    reason: str, ending: str, advanced: bool, expected: tuple[str, ...]
) -> None:
    assert POLICY.penalties(reason, ending, advanced=advanced) == expected  # type: ignore[arg-type]


def test_silence_and_forged_proof_bring_points_of_their_own() -> None:
    assert POLICY.penalties("quality_mismatch", "settled", silent=True) == ("no_answer",)
    assert POLICY.penalties("late_shipment", "determined", silent=True, forged=True) == (
        "failed_delivery",
        "no_answer",
        "forged_proof",
    )
