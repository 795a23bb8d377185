"""What orders, claims and recoveries do to a supplier's cover and balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.members import service as members
from chalicelib.members.rules import Member
from chalicelib.shared.aggregates import Writer
from chalicelib.shared.commit import Update
from chalicelib.shared.state_machine import Effect
from chalicelib.suppliers import records
from chalicelib.suppliers.rules.balance import Draw
from chalicelib.suppliers.rules.coverage import CoverChange, Standing
from chalicelib.suppliers.rules.effects import (
    AdvanceCover,
    DrawBalance,
    ReleaseCover,
    RepayCover,
    ReserveCover,
    SupplierEffect,
)


def write_effects(supplier_id: str, effects: Sequence[SupplierEffect]) -> Update:
    """Everything a commit does to one supplier, as the one update a transaction may hold of it.

    CapacityExceeded or SupplierNotActive where cover cannot be reserved at the moment of writing. A draw is Raced where somebody drew in
    between. What is reserved goes with nothing else: an order takes cover or gives it back.
    """
    if reserve := [effect for effect in effects if isinstance(effect, ReserveCover)]:
        assert len(reserve) == len(effects), f"{effects} reserve and more"
        minor = sum(effect.usd_minor for effect in reserve)
        return records.reserve(supplier_id, minor, exactly=all(effect.exactly for effect in reserve))
    change = CoverChange(
        release_minor=sum(effect.usd_minor for effect in effects if isinstance(effect, ReleaseCover)),
        advance_minor=sum(effect.usd_minor for effect in effects if isinstance(effect, AdvanceCover)),
        repay_minor=sum(effect.usd_minor for effect in effects if isinstance(effect, RepayCover)),
    )
    draws = [effect.draw for effect in effects if isinstance(effect, DrawBalance)]
    assert len(draws) <= 1, f"{effects} draw twice"
    return records.change_cover(supplier_id, change, *draws)


EFFECTS: Final[Mapping[type[Effect], Writer]] = dict.fromkeys(
    (ReserveCover, ReleaseCover, AdvanceCover, RepayCover, DrawBalance), write_effects
)
"""For the aggregates of slices above."""


def reserve(supplier_id: str, usd_minor: int, *, exactly: bool = True) -> Update:
    """For an order's commit: take so many US cents of the supplier's cover, if it is active and has them free.

    The guard decides at the moment of writing; CapacityExceeded or SupplierNotActive say why not, and to the supplier how much is free
    (`exactly`: `shortfall`, `maximum`), which is nobody else's to know.
    """
    return records.reserve(supplier_id, usd_minor, exactly=exactly)


def release(supplier_id: str, usd_minor: int) -> Update:
    """For an order's commit: give back so many US cents. Open to suppliers of every status."""
    return change_cover(supplier_id, release_usd=usd_minor)


def change_cover(
    supplier_id: str, *, release_usd: int = 0, advance_usd: int = 0, repay_usd: int = 0, draw: Draw | None = None
) -> Update:
    """For a commit: everything it does to one supplier, as the one update a transaction may hold of it. US cents.

    `release_usd` is given back to what orders may reserve, `advance_usd` of what was reserved is lent by the platform, `repay_usd` of
    that was recovered; `draw` takes from the balance, and is Raced where somebody drew in between. Open to suppliers of every status.
    The postings that go with it: `rules.release_postings`, `advance_postings`, `repay_postings`.
    """
    change = CoverChange(release_minor=release_usd, advance_minor=advance_usd, repay_minor=repay_usd)
    return records.change_cover(supplier_id, change, draw)


def standing(supplier_id: str) -> Standing | None:
    """Status and cover as they are now, or None for a member that never joined. One consistent read."""
    found = records.load(supplier_id)
    return found[1] if found else None


def standing_beside(supplier_id: str, member_id: str) -> tuple[Standing | None, Member | None]:
    """The same, and a member who is about to trade with the supplier: one round trip for both."""
    row, member = members.beside(records.SupplierRow, supplier_id, member_id)
    return row.standing() if row else None, member
