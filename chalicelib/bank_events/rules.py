"""What a bank's event says, as a fact an order or an instruction understands. Pure.

What a bank adds to the fields that are known is ignored, and kept: the event holds the message as it was signed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

import msgspec

from chalicelib.bank_events.parsing import read_money, read_text
from chalicelib.banks.rules.inbox import BankEvent, Movement
from chalicelib.banks.rules.instruction import StatusReport
from chalicelib.banks.rules.outbox import AttemptStatus
from chalicelib.banks.rules.references import BankRef
from chalicelib.orders.rules.payments import BankFact, PaymentReceived, PaymentReturned
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.money import ReportedMoney
from chalicelib.shared.periods import business_date
from chalicelib.shared.ranges import believed
from chalicelib.shared.uses import Use

Seq = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Words = Annotated[str, msgspec.Meta(max_length=200)]

NAMES: Final = ("order_id", "payment_id", "seller_id", "claim_id", "member_claim_id", "attempt_id")
"""The fields in which a bank says what money is for."""
INCOMING: Final = frozenset(
    {
        "payment.received",
        "inspection_fee.received",
        "deposit.received",
        "member_claim.received",
        "debit.settled",
        "payment.captured",
    }
)
OUTGOING: Final = frozenset(
    {
        "payment.returned",
        "refund.settled",
        "payout.settled",
        "payment.refunded",
        "settlement.paid",
        "chargeback.opened",
    }
)
"""Which way a type of event moves money. A type in neither is not booked: its direction would be a guess."""


class UnknownType(RuleViolation):
    code = "unknown_event_type"
    title = "That type of event is not known."
    fix = "Send one of the types the API document lists."


class GapNotFilled(Conflict):
    code = "gap_not_filled"
    title = "The events before it never came."
    fix = "Ask the bank for the missing events, or allocate the money."


class DuplicateNotice(Conflict):
    code = "duplicate_notice"
    title = "That money was told of before."
    fix = "Nothing is to be done: it was booked when it was first told of."


class NotOurAccount(RuleViolation):
    code = "not_a_designated_account"
    title = "The money did not arrive on an account of ours."
    fix = "Allocate it, or give it back."


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """`data` of `payment.received`. `money` is what arrived; `fees` what banks on the way kept."""

    bank_ref: BankRef
    seq: Seq
    order_id: BankRef
    account: BankRef
    value_date: date
    money: ReportedMoney
    remitter: Words = ""
    fees: ReportedMoney | None = None


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """`data` of `payment.returned`: the bank takes back `money` of the payment called `bank_ref`."""

    bank_ref: BankRef
    seq: Seq
    order_id: BankRef
    money: ReportedMoney
    value_date: date | None = None
    account: BankRef = "-"
    remitter: Words = ""
    reason: Words = ""


class FeeReceived(msgspec.Struct, frozen=True, kw_only=True):
    """`data` of `inspection_fee.received`: what a buyer paid for the inspection of a claim, which its remittance names."""

    bank_ref: BankRef
    claim_id: BankRef
    account: BankRef
    value_date: date
    money: ReportedMoney
    remitter: Words = ""


class DepositReceived(msgspec.Struct, frozen=True, kw_only=True):
    """`data` of `deposit.received`: what a seller paid for its deposit, which its remittance names. `seq` is the bank's own count."""

    seller_id: BankRef
    bank_ref: BankRef
    seq: Seq
    money: ReportedMoney
    account: BankRef
    value_date: date | None = None
    remitter: Words = ""


class MemberClaimReceived(msgspec.Struct, frozen=True, kw_only=True):
    """`data` of `member_claim.received`: what a member paid on a claim between members, which its remittance names."""

    member_claim_id: BankRef
    bank_ref: BankRef
    account: BankRef
    value_date: date
    money: ReportedMoney
    remitter: Words = ""


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """`data` of `refund.settled`, `payout.settled`, `debit.settled`, of an acquirer `payment.refunded`, `settlement.paid`: the attempt moved `money`, be it more or less than was sent.

    `seq` numbers what is said of the attempt; a later one with another amount says what moved in truth.
    """

    attempt_id: BankRef
    bank_ref: BankRef
    seq: Seq
    money: ReportedMoney
    value_date: date | None = None


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """`data` of `refund.failed`, `payout.failed`, `debit.failed`, of an acquirer `settlement.failed`: the attempt did not move `money`, which is what was sent, or it came back."""

    attempt_id: BankRef
    seq: Seq
    money: ReportedMoney
    bank_ref: BankRef = "-"
    reason: Words = ""
    value_date: date | None = None


OF_ATTEMPTS: Final[dict[str, str]] = {
    **{f"{kind}.{outcome}": kind for kind in ("refund", "payout", "debit") for outcome in ("settled", "failed")},
    "payment.refunded": "refund",
    "settlement.paid": "payout",
    "settlement.failed": "payout",
}
"""What came of an attempt, and of which kind of instruction: banks and acquirers have words of their own for it."""

Form = Received | Returned | FeeReceived | DepositReceived | MemberClaimReceived | Settled | Failed

FORMS: Final[dict[str, type[Form]]] = {
    "deposit.received": DepositReceived,
    "inspection_fee.received": FeeReceived,
    "member_claim.received": MemberClaimReceived,
    "payment.received": Received,
    "payment.returned": Returned,
    **{name: Failed if name.endswith(".failed") else Settled for name in OF_ATTEMPTS},
}


def fact_of(bank_id: str, data: Received | Returned, told_on: date) -> BankFact:
    """The fact for the order; Malformed or RuleViolation name what is wrong with an amount. `told_on` stands in for a value date that cannot be meant."""
    minor = data.money.minor(param="data.money.amount", least=1)
    if isinstance(data, Returned):
        return PaymentReturned(
            bank_id=bank_id,
            bank_ref=data.bank_ref,
            seq=data.seq,
            amount_minor=minor,
            currency=data.money.currency,
            reason=data.reason,
            value_date=believed(data.value_date, told_on),
        )
    return PaymentReceived(
        bank_id=bank_id,
        bank_ref=data.bank_ref,
        seq=data.seq,
        account=data.account,
        value_date=believed(data.value_date, told_on),
        amount_minor=minor,
        currency=data.money.currency,
        fees_minor=_fees(data),
        remitter=data.remitter,
    )


def status_of(bank_id: str, event_type: str, data: Settled | Failed) -> AttemptStatus:
    """What the bank says of an attempt; Malformed or RuleViolation name what is wrong with the amount."""
    settled = isinstance(data, Settled)
    minor = data.money.minor(param="data.money.amount", least=1)
    return AttemptStatus(
        attempt_id=data.attempt_id,
        bank_id=bank_id,
        kind=OF_ATTEMPTS[event_type],
        amount_minor=minor,
        currency=data.money.currency,
        report=StatusReport(
            outcome="settled" if settled else "failed",
            seq=data.seq,
            moved_minor=minor if settled else 0,
            bank_ref=data.bank_ref,
            reason="" if isinstance(data, Settled) else data.reason or "no_reason_given",
            value_date=data.value_date,
        ),
    )


def movement_of(event_type: str, data: Any) -> Movement | None:
    """The money an event moves, from as little as can be read of it; None where it moves none, or none that is sure."""
    money = read_money(data) if event_type in INCOMING | OUTGOING else None
    return Movement(*money, event_type in INCOMING) if money else None


def allocation_of(event: BankEvent, movement: Movement, data: Any, payment_ref: str) -> BankFact:
    """The fact for the order an officer chose, from what can be read of the event. It is outside the bank's numbering: `seq` 0.

    `payment_ref` is the order's payment that a bank took back, where the event calls it otherwise.
    """
    value_date = believed(read_text(data, "value_date", date), business_date(event.received_at))
    if not movement.incoming:
        return PaymentReturned(
            bank_id=event.bank_id,
            bank_ref=payment_ref or event.bank_ref,
            seq=0,
            amount_minor=movement.amount_minor,
            currency=movement.currency,
            reason=read_text(data, "reason", Words) or "",
            value_date=value_date,
        )
    return PaymentReceived(
        bank_id=event.bank_id,
        bank_ref=event.bank_ref,
        seq=0,
        account=read_text(data, "account", BankRef) or "",
        value_date=value_date,
        amount_minor=movement.amount_minor,
        currency=movement.currency,
        remitter=read_text(data, "remitter", Words) or "",
    )


def reference_of(event: BankEvent, data: Any) -> str:
    """The bank's reference of an event's money, as far as it can be read; else the event's own name."""
    return read_text(data, "bank_ref", BankRef) or event.id


def use_of(event: BankEvent, movement: Movement, data: Any) -> Use:
    """What the reference of suspended money is used for: the event, and what the bank said it was for."""
    named = tuple(ref for name in NAMES if (ref := read_text(data, name, BankRef)))
    return Use(
        by=event.id,
        named=named,
        at=event.received_at,
        amount_minor=movement.amount_minor,
        currency=movement.currency,
    )


def _fees(data: Received) -> int:
    if data.fees is None:
        return 0
    if data.fees.currency != data.money.currency:
        raise RuleViolation("The fees are in another currency than the money.", param="data.fees.currency")
    return data.fees.minor(param="data.fees.amount")
