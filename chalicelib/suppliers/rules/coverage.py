"""A supplier's protection amount: what orders may reserve of it, and what is booked when they do. Pure.

    limit = available + reserved + advanced        (available is below zero only after a cut of the limit)

All amounts are US cents: limits are kept in one currency.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from chalicelib.ledger.rules.chart import COVER_ADVANCED, COVER_AVAILABLE, COVER_GRANTED, COVER_RESERVED
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import Posting, transfer
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say, term
from chalicelib.suppliers.rules.schedule import next_evaluation

USD: Final = "USD"

NOT_ENROLLED: Final = "not_enrolled"
APPLIED: Final = "applied"
ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
DISQUALIFIED: Final = "disqualified"
STATUSES: Final = (NOT_ENROLLED, APPLIED, ACTIVE, SUSPENDED, DISQUALIFIED)


class SupplierNotActive(Conflict):
    code = "supplier_not_active"
    title = "The supplier takes no new cover at present."
    fix = "Agree the order without cover, or wait until the supplier's status is active again."


class CapacityExceeded(Conflict):
    code = "capacity_exceeded"
    title = "The supplier's protection amount does not suffice."
    fix = "Lower the covered amount, to at most `maximum` where that is told, or wait until other orders release their cover."


class Uncovered(msgspec.Struct, frozen=True, kw_only=True):
    """Why a supplier takes no new cover: `why` by code, and what is `awaited`, with the instant at which that comes by itself."""

    why: str
    awaited: str
    at: datetime | None = None


class CoverChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an order, a claim or a recovery does to a supplier's cover, in US cents, none of them below zero.

    `release`: reserved becomes available. `advance`: reserved becomes advanced. `repay`: advanced becomes available.
    """

    release_minor: int = 0
    advance_minor: int = 0
    repay_minor: int = 0

    def __post_init__(self) -> None:
        if min(self.release_minor, self.advance_minor, self.repay_minor) < 0:
            raise AssertionError(f"a change of cover is never below zero: {self}")

    @property
    def available_minor(self) -> int:
        return self.release_minor + self.repay_minor

    @property
    def reserved_minor(self) -> int:
        return -self.release_minor - self.advance_minor

    @property
    def advanced_minor(self) -> int:
        return self.advance_minor - self.repay_minor


class CoverPosition(msgspec.Struct, frozen=True, kw_only=True):
    """The contended columns: whether a supplier may take new cover, and how much. US cents."""

    status: str
    limit_minor: int = 0
    reserved_minor: int = 0
    advanced_minor: int = 0
    available_minor: int = 0

    @property
    def coverable_minor(self) -> int:
        """What a new order could reserve now."""
        return max(0, self.available_minor) if self.status == ACTIVE else 0


def uncovered(position: CoverPosition | None, now: datetime) -> Uncovered | None:
    """Why a supplier on that standing takes no new cover, or None where it does."""
    status = position.status if position else NOT_ENROLLED
    if status == ACTIVE:
        return None
    if status == APPLIED:
        return Uncovered(why="supplier_not_qualified", awaited="evaluation", at=next_evaluation(now))
    if status == NOT_ENROLLED:
        return Uncovered(why="supplier_not_enrolled", awaited="enrolment")
    return Uncovered(why="supplier_not_active", awaited="reinstatement" if status == SUSPENDED else "reapplication")


def refuse_reservation(
    supplier_id: str, position: CoverPosition | None, asked_minor: int, *, exactly: bool = True
) -> Conflict:
    """Why a reservation could not be made, from the supplier as it was at that moment: `exactly` for its own eyes alone."""
    if position is None or position.status != ACTIVE:
        status = position.status if position else NOT_ENROLLED
        return SupplierNotActive(
            say("The supplier {supplier_id} is {status}.", supplier_id=supplier_id, status=term("programme", status)),
            supplier_status=status,
        )
    if not exactly:
        return CapacityExceeded("The supplier cannot cover that much at present.")
    maximum = position.coverable_minor
    return CapacityExceeded(
        say("The supplier can cover at most {amount} {usd} more.", amount=Money.of(maximum, USD).grouped, usd=USD),
        shortfall=msgspec.to_builtins(Money.of(asked_minor - maximum, USD)),
        maximum=msgspec.to_builtins(Money.of(maximum, USD)),
    )


def reserve_postings(supplier_id: str, minor: int) -> tuple[Posting, ...]:
    return transfer(minor, USD, debit_to=(COVER_RESERVED, supplier_id), credit_to=(COVER_AVAILABLE, supplier_id))


def release_postings(supplier_id: str, minor: int) -> tuple[Posting, ...]:
    return transfer(minor, USD, debit_to=(COVER_AVAILABLE, supplier_id), credit_to=(COVER_RESERVED, supplier_id))


def advance_postings(supplier_id: str, minor: int) -> tuple[Posting, ...]:
    """What the platform pays a buyer in the supplier's place was reserved, and is lent now."""
    return transfer(minor, USD, debit_to=(COVER_ADVANCED, supplier_id), credit_to=(COVER_RESERVED, supplier_id))


def repay_postings(supplier_id: str, minor: int) -> tuple[Posting, ...]:
    """What the supplier paid back of an advance may be reserved again."""
    return transfer(minor, USD, debit_to=(COVER_AVAILABLE, supplier_id), credit_to=(COVER_ADVANCED, supplier_id))


def limit_postings(supplier_id: str, *, was_minor: int, now_minor: int) -> tuple[Posting, ...]:
    """A raised limit grants cover; a cut takes it back, even where orders already hold it."""
    available, granted = (COVER_AVAILABLE, supplier_id), (COVER_GRANTED, supplier_id)
    if now_minor >= was_minor:
        return transfer(now_minor - was_minor, USD, debit_to=available, credit_to=granted)
    return transfer(was_minor - now_minor, USD, debit_to=granted, credit_to=available)
