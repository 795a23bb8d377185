"""What orders, claims and recoveries do to a supplier's cover and balance, as effects of their changes. Pure; US cents."""

from __future__ import annotations

from chalicelib.shared.journal import Posting
from chalicelib.shared.state_machine import Effect
from chalicelib.suppliers.rules.balance import Draw
from chalicelib.suppliers.rules.coverage import advance_postings, release_postings, repay_postings, reserve_postings


class SupplierEffect(Effect, frozen=True, kw_only=True):
    supplier_id: str

    @property
    def target(self) -> str:
        return self.supplier_id


class ReserveCover(SupplierEffect, frozen=True, kw_only=True):
    """Available becomes reserved, if the supplier is active and has it. `exactly`: how much is free may be told, for it is the supplier who asks."""

    usd_minor: int
    exactly: bool = False

    @property
    def postings(self) -> tuple[Posting, ...]:
        return reserve_postings(self.supplier_id, self.usd_minor)


class ReleaseCover(SupplierEffect, frozen=True, kw_only=True):
    """Reserved becomes available."""

    usd_minor: int

    @property
    def postings(self) -> tuple[Posting, ...]:
        return release_postings(self.supplier_id, self.usd_minor)


class AdvanceCover(SupplierEffect, frozen=True, kw_only=True):
    """Reserved becomes advanced: the platform pays in the supplier's place."""

    usd_minor: int

    @property
    def postings(self) -> tuple[Posting, ...]:
        return advance_postings(self.supplier_id, self.usd_minor)


class RepayCover(SupplierEffect, frozen=True, kw_only=True):
    """Advanced becomes available: the supplier has paid it back."""

    usd_minor: int

    @property
    def postings(self) -> tuple[Posting, ...]:
        return repay_postings(self.supplier_id, self.usd_minor)


class DrawBalance(SupplierEffect, frozen=True, kw_only=True):
    """Taken from the balance as it was seen. What it pays is booked by the change that draws."""

    draw: Draw
