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
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class ReceivableNamed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A protected order that you supply, by its id, or an invoice that its buyer has confirmed, by the receivable's."""

    kind: Kind
    """An order, or an invoice."""
    id: Id
    """The order's id, or the receivable's."""


class DrawRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """So much of a line, for so many months, or for those of the line. Where the product lends against receivables, `receivables` names them."""

    money: Money
    """How much is drawn of the line."""
    months: Annotated[int, msgspec.Meta(ge=1, le=60)] | None = None
    """For how many months. Left out: those of the line."""
    receivables: Annotated[list[ReceivableNamed], msgspec.Meta(max_length=MOST_RECEIVABLES)] = []
    """What is drawn against, where the product lends against receivables."""


class LoansQuery(Waiting, frozen=True, kw_only=True):
    """A firm sees its own, a bank those it gave. Officers name a firm or a bank."""

    status: Status | None = None
    """Only those in this status."""
    member_id: Id | None = None
    """The member, by its id."""
    bank_id: Id | None = None
    """The bank, by its id."""


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
    """What would be paid on that day."""


class SimulationRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Payments that might be made for a loan, with what they would save against paying as the schedule asks."""

    loan_id: Id
    """The loan, by its id."""
    payments: Annotated[list[PaymentPlan], msgspec.Meta(min_length=1, max_length=24)]
    """Payments one thinks of, at most 24."""


class HardshipRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Days on which the firm cannot pay, `to_on` not among them."""

    from_on: ContractDay
    to_on: ContractDay
    reason: Reason
    """Why the firm cannot pay, by code."""


class InstalmentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row of a schedule, in minor units of the loan's currency: what is to be paid on that day."""

    number: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    """Which instalment it is, from 1."""
    due_date: DueDay
    principal: MinorOrNone
    """Of what was lent, in minor units."""
    interest: MinorOrNone
    """Of interest, in minor units."""
    fee: MinorOrNone = 0
    """Of fees, in minor units."""

    @property
    def planned(self) -> PlannedInstalment:
        return PlannedInstalment(**msgspec.structs.asdict(self))


class RestructuringRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another schedule for all that is lent, as the bank will report it once it is in force."""

    schedule: Annotated[list[InstalmentRequest], msgspec.Meta(min_length=1, max_length=MOST_INSTALMENTS)]
    """The whole schedule that would take the place of the present one."""
    reason: Reason
    """Why the loan is to be paid otherwise."""


class SignRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hash: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    """Of what is signed, as the loan shows it."""
