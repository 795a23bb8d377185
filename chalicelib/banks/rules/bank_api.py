"""What is said between us and a bank about an attempt, and how it looks on the wire. Pure.

We send   POST {address}                 {"type": "refund.instruct", "timestamp": …, "data": {attempt_id, instruction_id, money, …}}
          answers: 2xx it is accepted; 409, 422 with {"reason": …} it is refused; all else is unclear
We ask    POST {address}/{attempt_id}    the same envelope of type "refund.ask"
          answers: 2xx with {"status": "settled" | "failed" | "pending" | "unknown", "bank_ref", "reason", "seq", "money"}; all else is unclear

Both are signed like what banks send us (Standard Webhooks 1.0), with the attempt's id as `webhook-id` and `Idempotency-Key`.
`seq` numbers what the bank has said of the attempt so far, its events included. `money` is what moved, where it is another amount than
was sent; a failure is one of all that was sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.banks.rules.instruction import Account, Attempt, Instruction, StatusReport
from chalicelib.shared.errors import DomainError
from chalicelib.shared.money import Money, ReportedMoney
from chalicelib.shared.periods import wire

REFUSING: Final = frozenset({409, 422})

Reason = Annotated[str, msgspec.Meta(max_length=200)]


class Accepted(msgspec.Struct, frozen=True):
    """The bank has it, and will say what comes of it."""


class Refused(msgspec.Struct, frozen=True):
    """The bank will not do it."""

    reason: str


class Indeterminate(msgspec.Struct, frozen=True):
    """A time-out, or an answer that we do not understand."""


class Pending(msgspec.Struct, frozen=True):
    """The bank has it, and is not done with it."""


class UnknownToBank(msgspec.Struct, frozen=True):
    """The bank never heard of the attempt."""


SendResult = Accepted | Refused | Indeterminate
InquiryResult = StatusReport | Pending | UnknownToBank | Indeterminate


class _Refusal(msgspec.Struct, frozen=True):
    reason: Reason


class _Report(msgspec.Struct, frozen=True, kw_only=True):
    status: Literal["settled", "failed", "pending", "unknown"]
    seq: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    bank_ref: Reason = ""
    reason: Reason = ""
    money: ReportedMoney | None = None


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`data` of what we send: what to move for whom. `bank_ref` is the payment it gives back, `account` where else to move it."""

    attempt_id: str
    instruction_id: str
    of: str
    money: Money
    party: str = ""
    bank_ref: str = ""
    account: Account | None = None


class _Envelope(msgspec.Struct, frozen=True):
    type: str
    timestamp: str
    data: Order


def message(instruction: Instruction, attempt: Attempt, kind: str, now: datetime) -> bytes:
    """What we send: `kind` is `instruct` or `ask`."""
    order = Order(
        attempt_id=attempt.id,
        instruction_id=instruction.id,
        of=instruction.aggregate_id,
        money=Money.of(attempt.amount_minor, instruction.currency),
        party=instruction.party,
        bank_ref=instruction.bank_ref,
        account=attempt.account,
    )
    return msgspec.json.encode(_Envelope(f"{instruction.kind}.{kind}", wire(now), order))


def read_send_result(status: int, body: bytes) -> SendResult:
    """What the bank's answer to an instruction means."""
    if 200 <= status < 300:
        return Accepted()
    if status not in REFUSING:
        return Indeterminate()
    try:
        return Refused(msgspec.json.decode(body, type=_Refusal).reason)
    except (ValueError, RecursionError):
        return Indeterminate()


def read_inquiry_result(status: int, body: bytes, money: Money) -> InquiryResult:
    """What the bank's answer to a question means; `money` is what the attempt was to move."""
    if not 200 <= status < 300:
        return Indeterminate()
    try:
        report = msgspec.json.decode(body, type=_Report)
    except (ValueError, RecursionError):
        return Indeterminate()
    match report.status:
        case "pending":
            return Pending()
        case "unknown":
            return UnknownToBank()
        case outcome:
            return _word(outcome, report, money)


def _word(outcome: Literal["settled", "failed"], report: _Report, instructed: Money) -> StatusReport | Indeterminate:
    """Another currency is not understood, nor is a failure of another amount: what became of the rest?"""
    money = report.money or instructed
    if money.currency != instructed.currency or (outcome == "failed" and money.amount != instructed.amount):
        return Indeterminate()
    try:
        moved_minor = money.minor(least=1) if outcome == "settled" else 0
    except DomainError:
        return Indeterminate()
    return StatusReport(
        outcome=outcome, seq=report.seq, moved_minor=moved_minor, bank_ref=report.bank_ref, reason=report.reason
    )
