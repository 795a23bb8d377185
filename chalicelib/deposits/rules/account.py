"""What a deposit's money is about beside the amounts: holds, what the platform advanced, what insurers owe, payments under way, corrections
that wait. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import msgspec

from chalicelib.shared.bounds import NoRoom, characters, most

MOST_MATTERS: Final = 20
"""Violations, policies, holds and corrections at a time, of each."""


class TooManyMatters(NoRoom):
    code = "too_many_matters"
    title = "The deposit holds no more of these at a time."
    fix = "Close, lift or decide on one that is there first."


def is_same_case(mine: str, theirs: str) -> bool:
    """Whether two names are of one case: capitals do not tell them apart, be it a violation, a hold or what is deducted for."""
    return mine.casefold() == theirs.casefold()


class Hold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money held back for a case: it covers what is required, and is not released."""

    id: str
    minor: int
    case: str
    reason: Annotated[str, characters(500)]
    at: datetime


class Correction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one officer proposes: another base, or that the violation `risk_id` be struck out. Another officer decides."""

    id: str
    base_minor: int | None = None
    risk_id: str = ""
    reason: Annotated[str, characters(500)]
    by: str
    at: datetime


class Receivable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an insurer owes for the deductions its policy has paid: it stays when the policy is over. `id` is the insurance's. Both sums only grow."""

    id: str
    insurer: str = ""
    claimed_minor: int = 0
    received_minor: int = 0

    @property
    def owed_minor(self) -> int:
        return self.claimed_minor - self.received_minor


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`advance_minor` is what the platform paid where a deduction was larger than the deposit: payments make it good first.

    `debit_minor` is what the bank was told to debit and has not answered yet.
    """

    advance_minor: int = 0
    debit_minor: int = 0
    holds: Annotated[tuple[Hold, ...], most(MOST_MATTERS)] = ()
    corrections: Annotated[tuple[Correction, ...], most(MOST_MATTERS)] = ()
    receivables: Annotated[
        tuple[Receivable, ...],
        most(
            MOST_MATTERS,
            why="a policy is refused while so many stand in or owe, and those that were paid in full make room",
        ),
    ] = ()

    @property
    def is_owed(self) -> bool:
        """Whether an insurer owes anything."""
        return any(each.owed_minor for each in self.receivables)

    def receivable(self, policy_id: str) -> Receivable | None:
        """What the insurer of a policy owes, or has owed."""
        return next((each for each in self.receivables if each.id == policy_id), None)

    def with_receivable(self, receivable: Receivable) -> Account:
        """With this in the place of what was known of the same policy."""
        others = [each for each in self.receivables if each.id != receivable.id]
        if len(others) >= MOST_MATTERS and (settled := next((each for each in others if not each.owed_minor), None)):
            others.remove(settled)
        return msgspec.structs.replace(self, receivables=(*others, receivable))
