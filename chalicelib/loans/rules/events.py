"""What banks say about loans: the `data` of each type of event (credit.md 10.2). Pure. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.banks.rules.protocol import BankMessage, Minor, MinorOrNone
from chalicelib.banks.rules.references import BankRef
from chalicelib.credit.rules.terms import RateBp
from chalicelib.loans.rules.loan import MOST_INSTALMENTS, Cause, Payer, PlannedInstalment, Split
from chalicelib.shared.ranges import BankDay

Currency = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
Words = Annotated[str, msgspec.Meta(max_length=200)]
Days = Annotated[int, msgspec.Meta(ge=0, le=36_600)]


class AboutLoan(BankMessage, frozen=True, kw_only=True):
    """`data` of `loan.cured`, `loan.closed`, `default.revoked`. `loan_id` is our name of the loan, which is that of its draw."""

    loan_id: BankRef


class AboutDraw(BankMessage, frozen=True, kw_only=True):
    """`data` of `draw.approved`. `draw_id` is our name of the draw, which its loan keeps."""

    draw_id: BankRef


class DrawFailed(AboutDraw, frozen=True, kw_only=True):
    """`data` of `draw.failed`: the bank does not disburse, and why not."""

    reason: Words


class CardCharged(BankMessage, frozen=True, kw_only=True):
    """`data` of `card.charged`: the firm has paid with its card, on `business_date`. `bank_ref` names the payment."""

    line_id: BankRef
    currency: Currency
    amount: Minor
    merchant: Words = ""


class OfMoney(AboutLoan, frozen=True, kw_only=True):
    currency: Currency


Schedule = Annotated[list[PlannedInstalment], msgspec.Meta(min_length=1, max_length=MOST_INSTALMENTS)]


class Disbursed(OfMoney, frozen=True, kw_only=True):
    """`data` of `draw.disbursed`: the draw has become a loan. `fee` is what the bank has kept of it; where it is not told, what was agreed."""

    amount: Minor
    value_date: BankDay
    rate_bp: Annotated[int, msgspec.Meta(ge=0, le=10_000)]
    schedule: Schedule
    draw_id: BankRef = ""
    fee: MinorOrNone | None = None


class ScheduleChanged(OfMoney, frozen=True, kw_only=True):
    """`data` of `schedule.changed`: what is to be paid after `business_date`. `consent_refs` name the restructuring that the borrower signed.

    `rate_bp`, where it is told, is the loan's: rates are fixed.
    """

    version: Annotated[int, msgspec.Meta(ge=2, le=10_000)]
    schedule: Schedule
    rate_bp: RateBp | None = None
    consent_refs: Annotated[list[BankRef], msgspec.Meta(max_length=20)] = []


class ReportedSplit(msgspec.Struct, frozen=True, kw_only=True):
    """What a payment went to, by the bank. What is missing to its amount was owed for nothing."""

    penalty: MinorOrNone = 0
    fee: MinorOrNone = 0
    interest: MinorOrNone = 0
    principal: MinorOrNone = 0

    def of(self, amount_minor: int) -> Split:
        parts = self.penalty + self.fee + self.interest + self.principal
        return Split(
            penalty_minor=self.penalty,
            fee_minor=self.fee,
            interest_minor=self.interest,
            principal_minor=self.principal,
            surplus_minor=amount_minor - parts,
        )


class ReportedPayer(msgspec.Struct, frozen=True, kw_only=True):
    kind: Payer = "debtor"
    seat: int | None = None


class RepaymentReceived(OfMoney, frozen=True, kw_only=True):
    """`data` of `repayment.received`. Without a `split` the product's order spreads it. `outstanding_after` is principal."""

    amount: Minor
    split: ReportedSplit | None = None
    payer: ReportedPayer = ReportedPayer()
    call_id: BankRef | None = None
    outstanding_after: MinorOrNone | None = None


class RepaymentReversed(OfMoney, frozen=True, kw_only=True):
    """`data` of `repayment.reversed`: the bank takes back `amount` of the payment it called `original_bank_ref`."""

    original_bank_ref: BankRef
    amount: Minor
    reason: Words = ""


class Charged(OfMoney, frozen=True, kw_only=True):
    """`data` of `interest.charged` and `penalty.charged`: all that the loan has borne on the days from `from` to before `to`."""

    amount: MinorOrNone
    from_on: BankDay = msgspec.field(name="from")
    to_on: BankDay = msgspec.field(name="to")


class Overdue(OfMoney, frozen=True, kw_only=True):
    """`data` of `loan.overdue`: what the bank has as days past due and as overdue on `business_date`."""

    dpd: Days
    amount: MinorOrNone


class Hardship(AboutLoan, frozen=True, kw_only=True):
    """`data` of `hardship.granted` and `hardship.ended`: the days of a pause, `to` not among them."""

    from_on: BankDay = msgspec.field(name="from")
    to_on: BankDay = msgspec.field(name="to")


class DefaultDeclared(OfMoney, frozen=True, kw_only=True):
    cause: Cause
    amount: MinorOrNone


class AboutCall(AboutLoan, frozen=True, kw_only=True):
    """`data` of `call.confirmed` and `call.withdrawn`. `call_id` is what the bank has named the call on the guarantors."""

    call_id: BankRef


class CallRequested(OfMoney, frozen=True, kw_only=True):
    """`data` of `call.requested`: the bank asks the guarantors for what it certifies to be owed on `cut_off`."""

    call_id: BankRef
    principal: MinorOrNone
    interest: MinorOrNone
    penalty: MinorOrNone
    cut_off: BankDay


class RecoveryReceived(OfMoney, frozen=True, kw_only=True):
    amount: Minor
    source: Payer = "debtor"


class WrittenOff(OfMoney, frozen=True, kw_only=True):
    amount: MinorOrNone
