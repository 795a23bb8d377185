"""What the machines of credit decide on: the product and the procedure that were pinned, and the calendar of China's business days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.credit.rules import products
from chalicelib.credit.rules.procedure import Context, procedure
from chalicelib.shared import calendars


class OfABank(Protocol):
    """What one bank decides on, under one of its products."""

    @property
    def product_id(self) -> str: ...
    @property
    def policy(self) -> str: ...


def context_of(product_id: str, policy: str) -> Context:
    return Context(
        product=products.pinned(product_id, policy), procedure=procedure(policy), calendar=calendars.calendar("CN")
    )


def contexts(states: Sequence[OfABank], now: datetime) -> list[Context]:
    return [context_of(state.product_id, state.policy) for state in states]
