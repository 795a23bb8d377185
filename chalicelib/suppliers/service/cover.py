"""What orders, claims and recoveries do to a supplier's cover and balance, and whether it is in good standing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.members import service as members
from chalicelib.members.rules import Member
from chalicelib.shared.aggregates import Writer
from chalicelib.shared.commit import Update
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Effect
from chalicelib.shared.texts import say, term
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import effects as rules
from chalicelib.suppliers.rules import exposure
from chalicelib.suppliers.rules.coverage import USD, CoverChange, CoverPosition


def write_effects(supplier_id: str, effects: Sequence[rules.SupplierEffect]) -> Update:
    """Everything a commit does to one supplier, as the one update a transaction may hold of it.

    CapacityExceeded or SupplierNotActive where cover cannot be reserved at the moment of writing. A draw is WriteConflict where somebody drew in
    between. What is reserved goes with nothing else: an order takes cover or gives it back.
    """
    if reserve := [effect for effect in effects if isinstance(effect, rules.ReserveCover)]:
        assert len(reserve) == len(effects), f"{effects} reserve and more"
        minor = sum(effect.usd_minor for effect in reserve)
        return records.reserve(supplier_id, minor, exactly=all(effect.exactly for effect in reserve))
    change = CoverChange(
        release_minor=sum(effect.usd_minor for effect in effects if isinstance(effect, rules.ReleaseCover)),
        advance_minor=sum(effect.usd_minor for effect in effects if isinstance(effect, rules.AdvanceCover)),
        repay_minor=sum(effect.usd_minor for effect in effects if isinstance(effect, rules.RepayCover)),
    )
    draws = [effect.draw for effect in effects if isinstance(effect, rules.DrawBalance)]
    assert len(draws) <= 1, f"{effects} draw twice"
    return records.change_cover(supplier_id, change, *draws)


EFFECTS: Final[Mapping[type[Effect], Writer]] = dict.fromkeys(
    (rules.ReserveCover, rules.ReleaseCover, rules.AdvanceCover, rules.RepayCover, rules.DrawBalance), write_effects
)
"""For the aggregates of slices above."""


def cover_position(supplier_id: str) -> CoverPosition | None:
    """Status and cover as they are now, or None for a member that never joined. One consistent read."""
    loaded = records.load(supplier_id)
    return loaded[1] if loaded else None


def cover_position_beside(supplier_id: str, member_id: str) -> tuple[CoverPosition | None, Member | None]:
    """The same, and a member who is about to trade with the supplier: one round trip for both."""
    row, member = members.beside(records.SupplierRow, supplier_id, member_id)
    return row.cover_position() if row else None, member


def must_be_in_good_standing(supplier_id: str) -> None:
    """EarlyPayoutHeld where the supplier is not active. One read."""
    loaded = records.load(supplier_id)
    if loaded is not None and not exposure.is_in_good_standing(loaded[0]):
        raise exposure.EarlyPayoutHeld(
            say("The supplier is {status}.", status=term("programme", loaded[0].status)),
            supplier_status=loaded[0].status,
            maximum=Money.of(0, USD),
        )
