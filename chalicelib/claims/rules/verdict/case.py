"""All that a decision on a claim rests on, as one value."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.claims.rules.reasons import PartyName, Reason
from chalicelib.orders.rules.order import Order, left_to_ship
from chalicelib.orders.rules.terms import CoverChoice, Incoterm, Item, LineNumber
from chalicelib.shared.bounds import most


class ClaimedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the order that is claimed on: its price, the price of what never left, and when the last of it left."""

    line: LineNumber
    amount_minor: int
    unshipped_minor: int = 0
    shipped_at: datetime | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a designated inspector found: the share of the goods that fails the contract, and the buyer's share of the fault."""

    conforms: bool
    defect_bp: int = 0
    buyer_fault_bp: int = 0


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One claim at the moment it is decided. Amounts are minor units of `currency`; `policy` is the hash of the claim policy.

    `evidence` is what was submitted, as (party, code). `proven_shipped_at` is the day of shipment an officer accepted from a transport
    document. `inspection_missed_by` is who kept an ordered inspection from taking place.
    """

    policy: str
    reason: Reason
    filed_at: datetime
    currency: str
    requested_minor: int
    requested_usd_minor: int
    ceiling_minor: int
    total_minor: int
    lines: Annotated[tuple[ClaimedLine, ...], most(100)]
    cover: CoverChoice
    cap_minor: int
    incoterm: Incoterm
    ship_by_at: datetime | None
    shipped_at: datetime | None = None
    proven_shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    received_at: datetime | None = None
    received_automatically: bool = False
    evidence: Annotated[tuple[tuple[PartyName, str], ...], most(80)] = ()
    supplier_silent: bool = False
    buyer_silent: bool = False
    inspection: Finding | None = None
    inspection_missed_by: PartyName | None = None
    forged_by: PartyName | None = None

    @property
    def claimed_minor(self) -> int:
        """The price of the claimed lines."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def unshipped_minor(self) -> int:
        """The price of what of them never left: a fact of the system's own record."""
        return sum(line.unshipped_minor for line in self.lines)

    @property
    def asked_minor(self) -> int:
        """What is in dispute: what was asked for, at most the price of the claimed lines."""
        return min(self.requested_minor, self.claimed_minor)

    def sent(self, party: PartyName) -> frozenset[str]:
        """The proof of a party that counts: none of it where some was forged."""
        if self.forged_by == party:
            return frozenset()
        return frozenset(code for sender, code in self.evidence if sender == party)


def claimed_lines(order: Order, lines: Collection[int] = ()) -> tuple[ClaimedLine, ...]:
    """The lines a claim names, as the order stands; all of them where it names none."""
    left = left_to_ship(order)
    return tuple(
        _claimed_line(order, item, left.get(item.line, 0))
        for item in order.terms.items
        if not lines or item.line in lines
    )


def _claimed_line(order: Order, item: Item, left: int) -> ClaimedLine:
    sent = [shipment.at for shipment in order.shipments if any(carried.line == item.line for carried in shipment.lines)]
    return ClaimedLine(
        line=item.line,
        amount_minor=item.amount_minor,
        unshipped_minor=item.part_minor(left),
        shipped_at=max(sent, default=None),
    )
