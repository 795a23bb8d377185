"""Receivables as values, in each of their statuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from chalicelib.receivables.rules import handling
from chalicelib.receivables.rules.receivable import Context, Receivable
from chalicelib.receivables.rules.timers import MACHINE
from chalicelib.suppliers.rules.balance import Balance

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)
WITH_BALANCE = Context(balance=Balance(80_000_00, 0, 0))


def invoice() -> Receivable:
    presented = Receivable(
        id="rcb_1",
        kind="invoice",
        supplier_id="mem_s",
        buyer_id="mem_b",
        reference="INV-1",
        currency="CNY",
        value_minor=125_000_00,
        due_on=date(2026, 6, 30),
        status="presented",
        version=1,
        created_at=NOW,
        updated_at=NOW,
        due_at=NOW + 14 * DAY,
    )
    return handling.presented(presented, NOW.date()).state


def confirmed() -> Receivable:
    return handling.confirm(invoice(), NOW).state


def pledged() -> Receivable:
    return handling.pledge(confirmed(), confirmed(), "lon_1", "boc", NOW)


def later(receivable: Receivable, now: datetime) -> Receivable:
    """The receivable after everything that fell due."""
    for change in MACHINE.overdue(receivable, Context(), now):
        receivable = change.state
    return receivable
