"""What suppliers and officers send about recoveries."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.banks.rules.references import BankRef
from chalicelib.recoveries.rules.instalments import Part
from chalicelib.recoveries.rules.receiving import OtherCurrency
from chalicelib.recoveries.rules.recovery import Status
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import ContractDay
from chalicelib.shared.text import prose
from chalicelib.shared.texts import say


class RecoveriesQuery(Waiting, frozen=True, kw_only=True):
    supplier_id: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    """Officers only may name another supplier than themselves; a member sees its own."""
    status: Status | None = None
    """Only those in this status."""


class PlannedInstalment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    on: ContractDay
    """A business date in Shanghai: it is called for when that day begins."""
    money: Money
    """What is paid on that day."""


class PlanRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Instalments in the order of their dates; together they are what is left."""

    instalments: Annotated[list[PlannedInstalment], Meta(min_length=1, max_length=24)]
    """What is paid when; together they are all that is left."""

    def parts(self, currency: str) -> list[Part]:
        """Days and minor units; OtherCurrency where one is not in the recovery's."""
        return [(part.on, _minor(part.money, currency, f"instalments[{i}]")) for i, part in enumerate(self.instalments)]


class ReceiptRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Money that reached a bank of ours and that no debit of ours collected."""

    money: Money
    """How much has arrived."""
    bank_id: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,29}$")]
    """The bank that it reached."""
    bank_ref: BankRef
    """The bank's own reference: it is recorded once."""


class WriteOffRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reason: Annotated[str, prose(500, least=1)]
    """Why nothing more is to be had."""


def _minor(money: Money, currency: str, param: str) -> int:
    if money.currency != currency:
        raise OtherCurrency(
            say("The recovery is in {currency}.", currency=currency), param=f"{param}.money.currency", currency=currency
        )
    return money.minor(param=f"{param}.money.amount", least=1)
