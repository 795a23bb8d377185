"""What orders do to a supplier's cover."""

from __future__ import annotations

from chalicelib.shared.commit import Update
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import Standing


def reserve(supplier_id: str, usd_minor: int) -> Update:
    """For an order's commit: take so many US cents of the supplier's cover, if it is active and has them free.

    The guard decides at the moment of writing; CapacityExceeded (`shortfall`, `maximum`) or SupplierNotActive say why not.
    """
    return records.reserve(supplier_id, usd_minor)


def release(supplier_id: str, usd_minor: int) -> Update:
    """For an order's commit: give back so many US cents. Open to suppliers of every status."""
    return records.release(supplier_id, usd_minor)


def standing(supplier_id: str) -> Standing | None:
    """Status and cover as they are now, or None for a member that never joined. One consistent read."""
    found = records.load(supplier_id)
    return found[1] if found else None
