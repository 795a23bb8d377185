"""Who gets what a debtor still pays for a loan that its guarantors and a pool have paid for in part. Pure.

Order (credit.md 4.4): the costs of collecting, what the bank is still owed, the members in proportion to what each bore, the pool. The bank
comes before the members by article 519 of the Civil Code: who paid has recourse, not against the creditor's interest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.groups.rules.joint_liability import split


@dataclass(frozen=True)
class Recovered:
    """`surplus_minor` is the debtor's own: nobody is owed anything any more."""

    costs_minor: int
    bank_minor: int
    members: dict[int, int]
    pool_minor: int
    surplus_minor: int


def recovered(
    minor: int, *, costs_minor: int, residual_minor: int, borne: Mapping[int, int], pool_minor: int
) -> Recovered:
    """`minor` from the debtor, shared out to the last unit. `borne` is what each seat bore, `pool_minor` what the pool paid and has not got back."""
    costs = min(minor, costs_minor)
    bank = min(minor - costs, residual_minor)
    left = minor - costs - bank
    of_members = min(left, sum(borne.values()))
    of_pool = min(left - of_members, pool_minor)
    return Recovered(
        costs_minor=costs,
        bank_minor=bank,
        members={seat: part for seat, part in split(of_members, borne).items() if part} if of_members else {},
        pool_minor=of_pool,
        surplus_minor=left - of_members - of_pool,
    )
