"""What goods are worth that were never shipped, or late: by the record alone, to the last unit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.claims.rules.reasons import Reason
from chalicelib.claims.rules.verdict.case import ClaimedLine, claimed_lines
from tests.claims.rules.decisions import arithmetic, decided, rule, sent
from tests.claims.rules.given import (
    MILLISECOND,
    NEVER_SHIPPED,
    PAID,
    SHIP_BY,
    consignment,
    late_by,
    paid_order,
)


@pytest.mark.parametrize("reason", ["not_shipped", "late_shipment"])
def test_what_was_never_shipped_is_paid_whole_though_nobody_sent_anything(reason: Reason) -> None:
    silent = decided(reason, **NEVER_SHIPPED, buyer_silent=True, supplier_silent=True)
    assert (silent.outcome, silent.approved_minor, silent.supplier_fault_percent) == ("full", 500_000, 100)
    assert rule(silent, "SH-2").holds
    assert rule(silent, "GE-2").numbers == {"silent": "buyer, supplier"}
    assert silent.missed_duty is not None
    assert (silent.missed_duty.party, silent.missed_duty.duty) == ("supplier", "ship")


@pytest.mark.parametrize(
    ("delay", "days", "approved"),
    [
        (timedelta(0), 0, 0),
        (MILLISECOND, 1, 25_000),
        (timedelta(days=1), 1, 25_000),
        (timedelta(days=3), 3, 25_000),
        (timedelta(days=3) + MILLISECOND, 4, 50_000),
        (timedelta(days=8), 8, 100_000),
        (timedelta(days=14) + MILLISECOND, 15, 150_000),
        (timedelta(days=22), 22, 250_000),
        (timedelta(days=300), 300, 250_000),
    ],
)
def test_a_delay_is_worth_what_the_table_says_for_the_days_it_has_begun(
    delay: timedelta, days: int, approved: int
) -> None:
    verdict = decided("late_shipment", **late_by(delay))
    assert verdict.approved_minor == approved
    assert rule(verdict, "SH-3").numbers["days_late"] == days
    assert verdict.outcome == ("partial" if approved else "none")


def test_a_delay_of_which_less_was_asked_is_given_in_full() -> None:
    assert decided("late_shipment", **late_by(timedelta(days=9)), requested_minor=30_000).outcome == "full"


def test_no_shipment_was_due_while_the_buyer_had_not_paid_what_it_waits_for() -> None:
    verdict = decided("late_shipment", **NEVER_SHIPPED, ship_by_at=None)
    assert (verdict.outcome, verdict.approved_minor) == ("none", 0)
    assert verdict.missed_duty is not None
    assert (verdict.missed_duty.party, verdict.missed_duty.rule) == ("buyer", "SH-1")


def test_a_transport_document_proves_an_earlier_day_once_its_date_is_accepted() -> None:
    late = late_by(timedelta(days=9)) | {"evidence": sent("supplier", "transport_document")}
    assert not rule(decided("late_shipment", **late), "SH-4").holds
    assert decided("late_shipment", **late).approved_minor == 100_000
    proven = decided("late_shipment", **late, proven_shipped_at=SHIP_BY)
    assert rule(proven, "SH-4").holds
    assert (proven.outcome, proven.missed_duty) == ("none", None)


def test_an_accepted_document_also_proves_a_shipment_the_record_does_not_know() -> None:
    assert decided("not_shipped", **NEVER_SHIPPED, proven_shipped_at=SHIP_BY).approved_minor == 0


def test_a_forged_document_proves_no_day() -> None:
    forged = decided("late_shipment", **late_by(timedelta(days=9)), proven_shipped_at=SHIP_BY, forged_by="supplier")
    assert forged.approved_minor == 100_000
    assert rule(forged, "GE-1").numbers == {"party": "supplier"}
    assert not rule(forged, "SH-4").holds


def test_each_line_is_judged_by_its_own_shipment() -> None:
    lines = (
        ClaimedLine(line=1, amount_minor=300_000, unshipped_minor=100_000, shipped_at=SHIP_BY),
        ClaimedLine(line=2, amount_minor=200_000, shipped_at=SHIP_BY + timedelta(days=5)),
    )
    verdict = decided("late_shipment", lines=lines)
    assert verdict.approved_minor == 100_000 + 20_000
    assert arithmetic("late_shipment", lines=lines)[:2] == [
        "line 1: unshipped 1,000.00 + shipped 2,000.00 × 0 % (0 days late) = 1,000.00 USD",
        "line 2: unshipped 0.00 + shipped 2,000.00 × 10 % (5 days late) = 200.00 USD",
    ]


def test_lines_of_an_order_know_what_never_left_and_when_the_last_of_them_did() -> None:
    day = PAID + timedelta(days=1)
    order = paid_order(shipments=(consignment(PAID, line_1=20), consignment(day, line_1=10)))
    assert claimed_lines(order) == (
        ClaimedLine(line=1, amount_minor=300_000, unshipped_minor=150_000, shipped_at=day),
        ClaimedLine(line=2, amount_minor=200_000, unshipped_minor=200_000, shipped_at=None),
    )
    assert [line.line for line in claimed_lines(order, {2})] == [2]
