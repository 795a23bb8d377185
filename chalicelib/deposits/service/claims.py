"""A seller's deposit as one of the sources that pay for a claim it lost: read here, decided on by `deducting.given`, written with the claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from chalicelib.deposits.aggregate import DEPOSITS
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deducting import DeductDeposit
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.shared.aggregates import Writer
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.state_machine import Effect


def source(seller_id: str, at: datetime) -> tuple[Deposit, Books] | None:
    """The deposit as a claim finds it at an instant, with everything written that has fallen due, and the rulebooks."""
    loaded = DEPOSITS.catch_up(seller_id, at)
    return (loaded.state, loaded.context) if loaded else None


def _write(seller_id: str, effects: Sequence[DeductDeposit]) -> Put | Update:
    [deduct] = effects
    return DEPOSITS.repository.put(deduct.deposit, DEPOSITS.machine.next_due(deduct.deposit, deduct.books))


EFFECTS: Final[Mapping[type[Effect], Writer]] = {DeductDeposit: _write}
"""For the aggregate of claims."""
