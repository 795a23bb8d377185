"""A bank's reference counts once, for ever, whatever it can be booked to: orders, deposits, fees, recoveries, insurers, refunds, suspense. Pure."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from chalicelib.shared.errors import Conflict
from chalicelib.shared.money import Money
from chalicelib.shared.uses import Use

BankRef = Annotated[str, msgspec.Meta(pattern=r"^[\x21-\x7e]{1,64}$(?!\n)")]
"""Visible ASCII. Python's `$` also stands before a last line feed; the rest of the pattern says that it may not."""
NO_REFERENCE: Final = frozenset({"", "-"})
"""What stands where a bank gives none."""


class ReferenceUsed(Conflict):
    code = "bank_reference_used"
    title = "That reference of the bank was booked before."
    fix = "Read what it was booked as, `booked_as`. Money in suspense is allocated, not recorded again; another transfer has another reference."

    def __init__(self, bank_id: str, bank_ref: str, first: Use) -> None:
        super().__init__(
            f"{bank_ref!r:.100} of {bank_id} was booked as {first.by}.",
            param="bank_ref",
            booked_as=first.by,
            money=msgspec.to_builtins(Money.of(first.amount_minor, first.currency)),
        )
        self.first = first


def name_of(bank_id: str, bank_ref: str) -> str:
    """The name that is used once. Case does not tell two references apart: people type them."""
    return f"bank#{bank_id}#{bank_ref.casefold()}"
