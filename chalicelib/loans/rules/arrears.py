"""How late a loan is, and what follows from it: days past due, bucket, stage, class. Pure.

Unpaid amounts are added from the oldest instalment on; days count from the due date at which the sum passes what is material (credit.md 17).
Days of pauses after that date do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, Literal

from chalicelib.credit.rules.products import Materiality
from chalicelib.loans.rules.interest import Bearing, overlaps
from chalicelib.loans.rules.loan import Loan, Pause, Portion
from chalicelib.shared.money import divide

Bucket = Literal["current", "1-30", "31-60", "61-90", "over_90"]
Stage = Literal[1, 2, 3]
"""Of IFRS 9."""
AssetClass = Literal["normal", "special_mention", "substandard", "doubtful", "loss"]
"""The five of China's banks."""

_BUCKETS: Final[tuple[tuple[int, Bucket], ...]] = ((0, "current"), (30, "1-30"), (60, "31-60"), (90, "61-90"))
_CLASSES: Final[tuple[tuple[int, AssetClass], ...]] = (
    (0, "normal"),
    (90, "special_mention"),
    (270, "substandard"),
    (360, "doubtful"),
)


def unpaid_minor(portion: Portion, bearing: Bearing) -> int:
    """What of an instalment is unpaid, penalty aside."""
    return portion.unpaid_principal_minor + portion.unpaid_fee_minor + bearing.unpaid_interest_minor(portion)


def overdue_since(portions: Iterable[Portion], on: date, bearing: Bearing, materiality: Materiality) -> date | None:
    """The due date from which days count, if any."""
    unpaid = 0
    for portion in portions:
        if portion.due_on >= on:
            return None
        own = unpaid_minor(portion, bearing)
        unpaid += own
        paid = portion.principal_paid_minor + portion.interest_paid_minor + portion.fee_paid_minor
        if own and (not paid or unpaid > _material(portion, materiality)):
            return portion.due_on
    return None


def days_past_due(since: date | None, on: date, pauses: Sequence[Pause]) -> int:
    """Days from a due date to a day, those of pauses left out."""
    if since is None:
        return 0
    return (on - since).days - sum((last - first).days for first, last in overlaps(pauses, since, on))


def bucket(dpd: int) -> Bucket:
    return next((name for most, name in _BUCKETS if dpd <= most), "over_90")


def probation_until(loan: Loan, days: int) -> date | None:
    """Until when a loan that was cured or restructured is watched."""
    began = max(filter(None, (loan.cured_on, loan.restructured_on)), default=None)
    return began + timedelta(days=days) if began else None


def stage(loan: Loan, dpd: int, on: date, probation_days: int) -> Stage:
    """A restructured loan is in the second stage at least, for its probation."""
    if loan.defaulted_on or dpd > 90:
        return 3
    restructured = loan.restructured_on
    is_watched = restructured is not None and on < restructured + timedelta(days=probation_days)
    return 2 if dpd > 30 or is_watched else 1


def asset_class(loan: Loan, dpd: int) -> AssetClass:
    """By days past due; a default is substandard at least, and what is written off is a loss."""
    if loan.written_off_on:
        return "loss"
    if loan.defaulted_on:
        dpd = max(dpd, 91)
    return next((name for most, name in _CLASSES if dpd <= most), "loss")


def _material(portion: Portion, materiality: Materiality) -> int:
    whole = portion.principal_minor + portion.interest_minor + portion.fee_minor
    return max(materiality.least_minor, divide(whole * materiality.bp, 10_000, "down"))
