"""What holds for decisions on all reasons: bounds, names, fees, and what is still likely."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.claims.rules.reasons import REASONS, Reason
from chalicelib.claims.rules.verdict.book import RULES, Verdict
from chalicelib.claims.rules.verdict.case import Finding
from chalicelib.claims.rules.verdict.draft import digest, fee_split
from chalicelib.claims.rules.verdict.outlook import likely_range
from chalicelib.shared.encoding import decode
from chalicelib.shared.money import printed
from tests.claims.rules.decisions import arithmetic, decided, remedies, rule, sent
from tests.claims.rules.given import (
    NEVER_SHIPPED,
    POLICY,
    case_of,
    late_by,
)


def test_more_than_the_cover_is_the_suppliers_own_debt() -> None:
    verdict = decided("not_shipped", **NEVER_SHIPPED, ceiling_minor=150_000)
    assert (verdict.outcome, verdict.approved_minor) == ("partial", 150_000)
    assert rule(verdict, "GE-4").holds
    assert "supplier" in remedies(verdict)
    *_, last = arithmetic("not_shipped", **NEVER_SHIPPED, ceiling_minor=150_000)
    assert last == "approved: the least of 5,000.00, asked 5,000.00, ceiling 1,500.00 = 1,500.00 USD"


def test_no_more_than_was_asked_is_given() -> None:
    verdict = decided("not_shipped", **NEVER_SHIPPED, requested_minor=1)
    assert (verdict.outcome, verdict.approved_minor) == ("full", 1)
    assert rule(verdict, "GE-3").holds


def test_a_decision_has_one_name_for_the_same_case_and_another_for_any_other() -> None:
    proved = sent("buyer", "photos", "expert_statement")
    case = case_of("counterfeit", evidence=proved)
    assert digest(case, POLICY) == digest(replace(case, evidence=(*reversed(proved), *proved)), POLICY)
    others = [
        digest(replace(case, requested_minor=499_999), POLICY),
        digest(replace(case, evidence=()), POLICY),
        digest(case, replace(POLICY, contested_percent=51)),
    ]
    assert len({digest(case, POLICY), *others}) == 4


@pytest.mark.parametrize("reason", REASONS)
def test_every_decision_cites_rules_by_id_and_shows_how_it_was_reached(reason: Reason) -> None:
    verdict = decided(reason)
    assert {finding.rule for finding in verdict.findings} <= set(RULES)
    assert arithmetic(reason)[-1].endswith(f"= {printed(verdict.approved_minor, 'USD')}")
    assert remedies(verdict)[0] == "appeal"


@pytest.mark.parametrize(
    ("fee", "percent", "expected"),
    [
        (30_000, 100, (0, 30_000)),
        (30_000, 0, (30_000, 0)),
        (30_001, 50, (15_001, 15_000)),
        (1, 99, (1, 0)),
        (0, 50, (0, 0)),
    ],
)
def test_an_inspection_is_paid_by_fault_to_the_last_unit(fee: int, percent: int, expected: tuple[int, int]) -> None:
    assert fee_split(fee, percent) == expected


def test_facts_of_the_record_leave_no_doubt() -> None:
    assert likely_range(case_of("not_shipped", **NEVER_SHIPPED), POLICY) == (500_000, 500_000)
    assert likely_range(case_of("late_shipment", **late_by(timedelta(days=9))), POLICY) == (100_000, 100_000)


def test_what_is_not_proved_yet_may_come_to_anything_between() -> None:
    assert likely_range(case_of("quality_mismatch"), POLICY) == (0, 500_000)
    assert likely_range(case_of("quality_mismatch", ceiling_minor=150_000), POLICY) == (0, 150_000)
    assert likely_range(case_of("missing_documents"), POLICY) == (0, 100_000)


def test_after_an_inspection_there_is_nothing_left_to_prove() -> None:
    inspected = case_of("quality_mismatch", inspection=Finding(conforms=False, defect_bp=4_000))
    assert likely_range(inspected, POLICY) == (200_000, 200_000)


def test_a_decision_that_was_kept_with_its_sentences_is_read() -> None:
    """As decisions were kept before 0184, with the arithmetic and the words of rules and remedies."""
    told = (
        b'{"outcome":"partial","approved_minor":120,"supplier_fault_percent":60,"findings":[{"rule":"GE-3","text":"No more'
        b' is given than was asked for.","holds":true,"numbers":{"asked_minor":200}}],"arithmetic":["approved: 1.20 USD"],'
        b'"missed_duty":null,"remaining_remedies":[{"code":"appeal","text":"Appeal once with new evidence."}]}'
    )
    verdict = decode(told, Verdict)
    assert (verdict.approved_minor, remedies(verdict)) == (120, ["appeal"])
    assert rule(verdict, "GE-3").numbers == {"asked_minor": 200}
