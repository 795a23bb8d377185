"""Updates of a supplier's cover and balance, as commits of orders, claims and recoveries make them. US cents."""

from __future__ import annotations

from chalicelib.shared.commit import Update
from chalicelib.suppliers.rules.balance import Draw
from chalicelib.suppliers.rules.effects import AdvanceCover, DrawBalance, ReleaseCover, RepayCover, ReserveCover
from chalicelib.suppliers.service.cover import write_effects


def reserve(supplier_id: str, minor: int) -> Update:
    return write_effects(supplier_id, [ReserveCover(supplier_id=supplier_id, usd_minor=minor, exactly=True)])


def change(supplier_id: str, *, release: int = 0, advance: int = 0, repay: int = 0, draw: Draw | None = None) -> Update:
    effects = (
        ReleaseCover(supplier_id=supplier_id, usd_minor=release),
        AdvanceCover(supplier_id=supplier_id, usd_minor=advance),
        RepayCover(supplier_id=supplier_id, usd_minor=repay),
    )
    draws = [DrawBalance(supplier_id=supplier_id, draw=draw)] if draw else []
    return write_effects(supplier_id, [*effects, *draws])
