"""What a deposit's money is about beside the amounts: holds, what the platform advanced, what insurers owe, payments under way, corrections
that wait. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Hold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money held back for a case: it covers what is required, and is not released."""

    id: str
    minor: int
    case: str
    reason: str
    at: datetime


class Correction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one officer proposes: another base, or that the violation `risk_id` be struck out. Another officer decides."""

    id: str
    base_minor: int | None = None
    risk_id: str = ""
    reason: str
    by: str
    at: datetime


class Receivable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an insurer owes for the deductions its policy has paid: it stays when the policy is over. `id` is the substitute's. Both sums only grow."""

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
    holds: tuple[Hold, ...] = ()
    corrections: tuple[Correction, ...] = ()
    receivables: tuple[Receivable, ...] = ()

    def receivable(self, policy_id: str) -> Receivable | None:
        """What the insurer of a policy owes, or has owed."""
        return next((each for each in self.receivables if each.id == policy_id), None)

    def with_receivable(self, told: Receivable) -> Account:
        """With this in the place of what was known of the same policy."""
        others = tuple(each for each in self.receivables if each.id != told.id)
        return msgspec.structs.replace(self, receivables=(*others, told))
