"""What firms, banks and officers send about loans."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.banks.rules.protocol import MinorOrNone
from chalicelib.loans.rules.loan import MOST_INSTALMENTS, MOST_RECEIVABLES, PlannedInstalment, Status
from chalicelib.receivables.rules.receivable import Kind
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Paging, Waiting
from chalicelib.shared.ranges import BookDay, ContractDay, DueDay
from chalicelib.shared.text import prose

Reason = Annotated[str, prose(1_000, least=1)]
Id = Annotated[str, msgspec.Meta(max_length=64)]


class ReceivableNamed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A protected order that you supply, by its id, or an invoice that its buyer has confirmed, by the receivable's."""

    kind: Kind
    id: Id


class DrawRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """So much of a line, for so many months, or for those of the line. Where the product lends against receivables, `receivables` names them."""

    money: Money
    months: Annotated[int, msgspec.Meta(ge=1, le=60)] | None = None
    receivables: Annotated[list[ReceivableNamed], msgspec.Meta(max_length=MOST_RECEIVABLES)] = []


class LoansQuery(Waiting, frozen=True, kw_only=True):
    """A firm sees its own, a bank those it gave. Officers name a firm or a bank."""

    status: Status | None = None
    member_id: Id | None = None
    bank_id: Id | None = None


class LoanQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    on: BookDay | None = None
    """As the loan stands on that day, by what is known today: today where it is left out. A day to come supposes that nothing is paid."""


class StatementQuery(Paging, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    since: BookDay | None = None
    """The first business date (Asia/Shanghai) on which a line was booked."""
    until: BookDay | None = None
    """The last one."""


class PayoffRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    on: ContractDay
    """The day on which all is to be paid."""


class PaymentPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    on: ContractDay
    money: Money


class SimulationRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Payments that might be made for a loan, with what they would save against paying as the schedule asks."""

    loan_id: Id
    payments: Annotated[list[PaymentPlan], msgspec.Meta(min_length=1, max_length=24)]


class HardshipRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Days on which the firm cannot pay, `to_on` not among them."""

    from_on: ContractDay
    to_on: ContractDay
    reason: Reason


class InstalmentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row of a schedule, in minor units of the loan's currency: what is to be paid on that day."""

    number: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    due_date: DueDay
    principal: MinorOrNone
    interest: MinorOrNone
    fee: MinorOrNone = 0

    @property
    def planned(self) -> PlannedInstalment:
        return PlannedInstalment(**msgspec.structs.asdict(self))


class RestructuringRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another schedule for all that is lent, as the bank will report it once it is in force."""

    schedule: Annotated[list[InstalmentRequest], msgspec.Meta(min_length=1, max_length=MOST_INSTALMENTS)]
    reason: Reason


class SignRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hash: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    """Of what is signed, as the loan shows it."""
