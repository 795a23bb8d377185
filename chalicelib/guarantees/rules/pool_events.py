"""What banks say of risk pools: the `data` of each type of event (credit.md 10.2). Pure. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.banks.rules.protocol import BankMessage, Minor
from chalicelib.banks.rules.references import BankRef
from chalicelib.guarantees.rules.pool import Source

Currency = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]


class AboutPool(BankMessage, frozen=True, kw_only=True):
    pool_id: BankRef
    currency: Currency
    amount: Minor


class DrawConfirmed(AboutPool, frozen=True, kw_only=True):
    """`data` of `pool.draw_confirmed`: the bank has paid this from the pool for the shortfall of a call."""

    call_id: BankRef


class PaidBack(AboutPool, frozen=True, kw_only=True):
    """`data` of `pool.paid_back`: the bank has given a contributor back what it had paid in, or part of it. Without a name, of what came under none."""

    contributor: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Replenished(AboutPool, frozen=True, kw_only=True):
    """`data` of `pool.replenished`: a contributor has paid in, or what a debtor paid back is the pool's."""

    source: Source = "contribution"
    contributor: Annotated[str, msgspec.Meta(max_length=100)] = ""
