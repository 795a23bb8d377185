"""A seller's deposit as one of the sources that pay for a claim it lost: read here, given by `rules.giving`, written with the claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final

from chalicelib.deposits import records
from chalicelib.deposits.rulebooks import shelf
from chalicelib.deposits.rules.giving import DeductDeposit, Source
from chalicelib.deposits.service.settling import settled
from chalicelib.shared import fx
from chalicelib.shared.aggregates import Writer
from chalicelib.shared.commit import Put
from chalicelib.shared.periods import business_date
from chalicelib.shared.state_machine import Effect


def source(seller_id: str, currency: str, at: datetime) -> Source | None:
    """What a deposit could give at an instant for a claim in a currency, at the table rate of the day; None where there is no deposit."""
    deposit = settled(seller_id, at)
    if deposit is None:
        return None
    books = shelf.books(at)
    rate = _rate(books.in_force(at).terms.currency, currency, at)
    return Source(deposit=deposit, books=books, currency=currency, rate=rate, at=at)


def _write(seller_id: str, effects: Sequence[DeductDeposit]) -> Put:
    [effect] = effects
    return records.put(effect.deposit, effect.due_at)


EFFECTS: Final[Mapping[type[Effect], Writer]] = {DeductDeposit: _write}
"""For the aggregate of claims."""


def _rate(own: str, currency: str, at: datetime) -> Fraction:
    """Minor units of the claim's currency for one of the deposit's, exactly, over the table's common currency. NoRate."""
    on = business_date(at)
    return Fraction(1) if own == currency else fx.cross_rate(fx.quote(own, on), fx.quote(currency, on))
