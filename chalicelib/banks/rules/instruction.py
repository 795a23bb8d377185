"""What a bank is to do with money for us, and every try of it, as values.

    paid       what settled attempts moved, up to the amount: the payable is settled, once
    remaining  what is still to be moved of the amount
    overpaid   what they moved beyond it: owed back to us (or, collected too much, by us), never silently

All follow from the attempts alone, and what an attempt moved is what its bank says last, be it another amount than was sent. So whatever is told of them, however often and in whatever order, the books end the same.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.banks.rules.partners import InstructionPolicy
from chalicelib.banks.rules.references import NO_REFERENCE
from chalicelib.ledger.rules.chart import (
    BANK_CLEARING,
    COLLECTED,
    PAYOUTS_PAYABLE,
    REFUNDS_PAYABLE,
    RETURNED_RECEIVABLE,
)
from chalicelib.shared import ids
from chalicelib.shared.bounds import NoRoom, most
from chalicelib.shared.journal import PaymentOrder, Posting, transfer

INSTRUCTION: Final = "ins"
ATTEMPT: Final = "att"

Kind = Literal["refund", "payout", "debit", "stop"]
Outcome = Literal["open", "failed", "settled"]
Status = Literal["created", "sent", "unknown", "failed", "needs_account", "manual", "settled", "stopped"]

MOST_ATTEMPTS: Final = 120
MOST_MANUAL: Final = 80
"""So many attempts, and nobody asks for more: the rest is left for what the bank still says, and for settling by hand."""
SETTLED_SHORT: Final = "settled_short"
"""Why an instruction is an officer's of which its bank moved a part."""
TAKEN_BACK: Final = "payment_charged_back"
"""Why a refund is over of which not all that was asked for was paid: the payment that it refunds was charged back."""
HELD_BACK: Final = "held_back"
ALREADY_LEFT: Final = "already_left"
"""Why a stop is over: all of it was held back, or what was not had left already."""
OPEN: Final[frozenset[Status]] = frozenset({"created", "sent", "unknown", "failed", "needs_account", "manual"})
"""Not at an end: somebody, or the clock, has still to do something."""


class TooManyAttempts(NoRoom):
    code = "too_many_attempts"
    title = "So much was tried that trying once more is refused."
    fix = "Agree with the bank and the party on another way, and settle it by hand."


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a party wants its money, in the words of the bank there."""

    account: str
    bank: str = ""
    holder: str = ""

    @property
    def masked(self) -> str:
        """Enough to know it again, and too little to use it."""
        return f"…{self.account[-4:]}" if len(self.account) > 4 else "…"


class StatusReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a bank says came of an attempt. `seq` numbers what it says of one attempt, from 1; 0 says no number.

    The highest number holds. Of two with the same one the settlement does: it is the one that must not happen twice. Of two
    settlements with the same one that does which names another amount than was sent, and of two such the larger.
    `moved_minor` is what a settlement moved; 0 names no amount and means all that was sent.
    `value_date` is the day on which it moved, where the bank names one.
    """

    outcome: Literal["failed", "settled"]
    seq: int = 0
    moved_minor: int = 0
    bank_ref: str = ""
    reason: str = ""
    value_date: date | None = None


class Attempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One try, under a name of its own that the bank takes for an idempotency key. `manual`: an officer says that it settled.

    `amount_minor` was sent; `other_minor` is what a settlement moved where that is another amount, else 0.
    """

    id: str
    amount_minor: int
    sent_at: datetime
    outcome: Outcome = "open"
    seq: int = 0
    bank_ref: str = ""
    reason: str = ""
    account: Account | None = None
    inquiries: int = 0
    manual: bool = False
    other_minor: int = 0
    value_date: date | None = None

    @property
    def moved_minor(self) -> int:
        return (self.other_minor or self.amount_minor) if self.outcome == "settled" else 0

    def accepts(self, report: StatusReport) -> bool:
        """Whether a word is news. What an officer has settled by hand stays settled."""
        if self.outcome == "open":
            return True
        return self.apply_status(report)._rank > self._rank and not (self.manual and report.outcome == "failed")

    def apply_status(self, report: StatusReport) -> Attempt:
        """The attempt as a word tells of it."""
        return replace(
            self,
            outcome=report.outcome,
            seq=report.seq,
            bank_ref=report.bank_ref or self.bank_ref,
            reason=report.reason,
            value_date=report.value_date,
            other_minor=0 if report.moved_minor == self.amount_minor else report.moved_minor,
        )

    @property
    def _rank(self) -> tuple[int, bool, int]:
        return self.seq, self.outcome == "settled", self.other_minor


class Instruction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money to be moved once. `seq` counts its own journal entries, `version` its changes: a stop also changes with refunds.

    `requested_minor` is what was first asked for, `amount_minor` what is left of it after stops. `first` is the attempt from which
    tries are counted: a new account and an officer's retry begin anew. After `until` nothing goes that way any more.
    """

    id: str
    kind: Kind
    bank_id: str
    aggregate_id: str
    cause: str
    party: str
    currency: str
    requested_minor: int
    amount_minor: int
    created_at: datetime
    updated_at: datetime
    bank_ref: str = ""
    purpose: str = ""
    until: datetime | None = None
    account: Account | None = None
    status: Status = "created"
    version: int = 1
    seq: int = 1
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    attempts: Annotated[tuple[Attempt, ...], most(MOST_ATTEMPTS)] = ()
    first: int = 0
    due_at: datetime | None = None
    indeterminate_since: datetime | None = None
    reason: str = ""

    @property
    def policy(self) -> str:
        """None is pinned: whoever carries it out is as patient as the policy in force says."""
        return ""

    @property
    def moved_minor(self) -> int:
        return sum(attempt.moved_minor for attempt in self.attempts)

    @property
    def paid_minor(self) -> int:
        return min(self.moved_minor, self.amount_minor)

    @property
    def remaining_minor(self) -> int:
        return self.amount_minor - self.paid_minor

    @property
    def overpaid_minor(self) -> int:
        return self.moved_minor - self.paid_minor

    def is_too_late(self, now: datetime) -> bool:
        """Whether the way it came is closed to it."""
        return self.until is not None and now >= self.until

    @property
    def is_paid(self) -> bool:
        return self.amount_minor > 0 and self.remaining_minor == 0

    @property
    def is_short(self) -> bool:
        """Since tries are counted a part was moved, and the rest was not."""
        return self.remaining_minor > 0 and any(attempt.outcome == "settled" for attempt in self.attempts[self.first :])

    @property
    def is_settled(self) -> bool:
        """It is paid, and whoever follows it was told."""
        return self.is_paid and self.status == "settled"

    @property
    def is_over(self) -> bool:
        return self.status in ("settled", "stopped")

    @property
    def unresolved(self) -> tuple[Attempt, ...]:
        """Attempts of which nobody knows yet what came of them."""
        return tuple(attempt for attempt in self.attempts if attempt.outcome == "open")

    @property
    def tries(self) -> int:
        """Failed attempts since tries are counted."""
        return sum(attempt.outcome == "failed" for attempt in self.attempts[self.first :])

    @property
    def can_be_recalled(self) -> bool:
        """A refund of which something is left to be moved, and nothing may be leaving."""
        return self.kind == "refund" and self.status in OPEN and not self.unresolved and self.remaining_minor > 0

    def attempt(self, attempt_id: str) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.id == attempt_id), None)

    def is_due(self, now: datetime) -> bool:
        return self.due_at is not None and now >= self.due_at

    def payload(self) -> dict[str, Any]:
        """What every entry of it tells."""
        payload = {
            "kind": self.kind,
            "cause": self.cause,
            "aggregate_id": self.aggregate_id,
            "party": self.party,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
        }
        return payload | ({"purpose": self.purpose} if self.purpose else {})


def id_of(entry_id: str, number: int) -> str:
    """The instruction that is the n-th of an entry, whoever carries it out and however often."""
    return ids.derived_id(INSTRUCTION, entry_id, str(number))


def create(
    payment_order: PaymentOrder, entry_id: str, number: int, cause: str, now: datetime, policy: InstructionPolicy
) -> Instruction:
    """The instruction an entry gives, due at once; a stop waits for the refunds it holds back."""
    waits = timedelta(hours=policy.stop_hours) if payment_order.kind == "stop" else timedelta(0)
    return Instruction(
        id=id_of(entry_id, number),
        kind=payment_order.kind,
        bank_id=payment_order.bank_id,
        aggregate_id=payment_order.aggregate_id,
        cause=cause,
        party=payment_order.party,
        currency=payment_order.currency,
        requested_minor=payment_order.amount_minor,
        amount_minor=payment_order.amount_minor,
        bank_ref=payment_order.bank_ref,
        purpose=payment_order.purpose,
        until=payment_order.until,
        account=Account(account=payment_order.account) if payment_order.account else None,
        created_at=now,
        updated_at=now,
        due_at=now + waits,
    )


def newly_settled(was: Instruction, after: Instruction) -> tuple[Attempt, ...]:
    """The attempts that a bank's reference has become known for: each of these references is booked as its attempt, once for ever."""
    before = {attempt.id: attempt.bank_ref for attempt in was.attempts if attempt.outcome == "settled"}
    return tuple(
        attempt
        for attempt in after.attempts
        if attempt.outcome == "settled"
        and attempt.bank_ref not in NO_REFERENCE
        and before.get(attempt.id) != attempt.bank_ref
    )


def postings(was: Instruction, after: Instruction) -> tuple[Posting, ...]:
    """What a change does to the books, from what was paid, paid too much and held back before and after it."""
    if was.kind == "stop":
        return ()
    bank, payable = (BANK_CLEARING, was.bank_id), (_PAYABLES[was.kind], was.aggregate_id)
    beyond = (REFUNDS_PAYABLE if was.kind == "debit" else RETURNED_RECEIVABLE, was.aggregate_id)
    incoming = was.kind == "debit"
    return (
        *_moved(after.paid_minor - was.paid_minor, was.currency, payable, bank, incoming),
        *_moved(after.overpaid_minor - was.overpaid_minor, was.currency, beyond, bank, incoming),
        *_moved(
            was.amount_minor - after.amount_minor, was.currency, payable, (RETURNED_RECEIVABLE, was.aggregate_id), False
        ),
    )


def _moved(
    minor: int, currency: str, theirs: tuple[str, str], ours: tuple[str, str], incoming: bool
) -> tuple[Posting, ...]:
    """An outgoing amount debits their account and credits ours; one that comes in, or comes back, the other way round."""
    if (minor < 0) != incoming:
        theirs, ours = ours, theirs
    return transfer(abs(minor), currency, debit_to=theirs, credit_to=ours)


_PAYABLES: Final[dict[str, str]] = {"refund": REFUNDS_PAYABLE, "payout": PAYOUTS_PAYABLE, "debit": COLLECTED}
