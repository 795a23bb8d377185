"""What a bank is to do with money for us, and every try of it, as values.

    paid    what settled attempts moved, up to the amount: the payable is settled, once
    extra   what they moved beyond it: owed back to us (or, collected twice, by us), never silently

Both follow from the attempts alone. So whatever is told of them, however often and in whatever order, the books end the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from chalicelib.banks.rules.partners import Instructing
from chalicelib.ledger.rules import BANK_CLEARING, COLLECTED, PAYOUTS_PAYABLE, REFUNDS_PAYABLE, RETURNED_RECEIVABLE
from chalicelib.shared import ids
from chalicelib.shared.journal import Instruct, Posting, transfer

INSTRUCTION: Final = "ins"
ATTEMPT: Final = "att"

Kind = Literal["refund", "payout", "debit", "stop"]
Outcome = Literal["open", "failed", "settled"]
Status = Literal["created", "sent", "unknown", "failed", "needs_account", "manual", "settled", "stopped"]

OPEN: Final[frozenset[Status]] = frozenset({"created", "sent", "unknown", "failed", "needs_account", "manual"})
"""Not at an end: somebody, or the clock, has still to do something."""


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a party wants its money, in the words of the bank there."""

    account: str
    bank: str = ""
    holder: str = ""

    @property
    def masked(self) -> str:
        """Enough to know it again, and too little to use it."""
        return f"…{self.account[-4:]}" if len(self.account) > 4 else "…"


class Word(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a bank says came of an attempt. `seq` numbers what it says of one attempt, from 1; 0 says no number.

    The highest number holds. Of two with the same one the settlement does: it is the one that must not happen twice.
    """

    outcome: Literal["failed", "settled"]
    seq: int = 0
    bank_ref: str = ""
    reason: str = ""

    @property
    def rank(self) -> tuple[int, bool]:
        return self.seq, self.outcome == "settled"


class Attempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One try, under a name of its own that the bank takes for an idempotency key. `by_hand`: an officer says that it settled."""

    id: str
    amount_minor: int
    sent_at: datetime
    outcome: Outcome = "open"
    seq: int = 0
    bank_ref: str = ""
    reason: str = ""
    account: Account | None = None
    asked: int = 0
    by_hand: bool = False

    @property
    def rank(self) -> tuple[int, bool]:
        return self.seq, self.outcome == "settled"

    def takes(self, word: Word) -> bool:
        """Whether a word is news. What an officer has settled by hand stays settled."""
        if self.outcome == "open":
            return True
        return word.rank > self.rank and not (self.by_hand and word.outcome == "failed")


class Instruction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money to be moved once. `seq` counts its own journal entries, `version` its changes: a stop also changes with refunds.

    `asked_minor` is what was first asked for, `amount_minor` what is left of it after stops. `first` is the attempt from which
    tries are counted: a new account and an officer's retry begin anew.
    """

    id: str
    kind: Kind
    bank_id: str
    of: str
    cause: str
    party: str
    currency: str
    asked_minor: int
    amount_minor: int
    created_at: datetime
    updated_at: datetime
    bank_ref: str = ""
    purpose: str = ""
    account: Account | None = None
    status: Status = "created"
    version: int = 1
    seq: int = 1
    head: str = ""
    attempts: tuple[Attempt, ...] = ()
    first: int = 0
    due_at: datetime | None = None
    unclear_since: datetime | None = None
    reason: str = ""

    @property
    def moved_minor(self) -> int:
        return sum(attempt.amount_minor for attempt in self.attempts if attempt.outcome == "settled")

    @property
    def paid_minor(self) -> int:
        return min(self.moved_minor, self.amount_minor)

    @property
    def extra_minor(self) -> int:
        return self.moved_minor - self.paid_minor

    @property
    def is_paid(self) -> bool:
        return self.amount_minor > 0 and self.paid_minor == self.amount_minor

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
    def can_be_held_back(self) -> bool:
        """A refund of which no money has left, nor may be leaving."""
        return self.kind == "refund" and self.status in OPEN and not self.unresolved and not self.moved_minor

    def attempt(self, attempt_id: str) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.id == attempt_id), None)

    def is_due(self, now: datetime) -> bool:
        return self.due_at is not None and now >= self.due_at

    def facts(self) -> dict[str, Any]:
        """What every entry of it tells."""
        told = {
            "kind": self.kind,
            "cause": self.cause,
            "of": self.of,
            "party": self.party,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
        }
        return told | ({"purpose": self.purpose} if self.purpose else {})


def id_of(entry_id: str, number: int) -> str:
    """The instruction that is the n-th of an entry, whoever carries it out and however often."""
    return ids.named(INSTRUCTION, entry_id, str(number))


def made(instruct: Instruct, entry_id: str, number: int, cause: str, now: datetime, policy: Instructing) -> Instruction:
    """The instruction an entry gives, due at once; a stop waits for the refunds it holds back."""
    waits = timedelta(hours=policy.stop_hours) if instruct.kind == "stop" else timedelta(0)
    return Instruction(
        id=id_of(entry_id, number),
        kind=instruct.kind,
        bank_id=instruct.bank_id,
        of=instruct.of,
        cause=cause,
        party=instruct.party,
        currency=instruct.currency,
        asked_minor=instruct.amount_minor,
        amount_minor=instruct.amount_minor,
        bank_ref=instruct.bank_ref,
        purpose=instruct.purpose,
        account=Account(account=instruct.account) if instruct.account else None,
        created_at=now,
        updated_at=now,
        due_at=now + waits,
    )


def postings(was: Instruction, after: Instruction) -> tuple[Posting, ...]:
    """What a change does to the books, from what was paid, paid too much and held back before and after it."""
    if was.kind == "stop":
        return ()
    bank, payable = (BANK_CLEARING, was.bank_id), (_PAYABLES[was.kind], was.of)
    beyond = (REFUNDS_PAYABLE if was.kind == "debit" else RETURNED_RECEIVABLE, was.of)
    incoming = was.kind == "debit"
    return (
        *_moved(after.paid_minor - was.paid_minor, was.currency, payable, bank, incoming),
        *_moved(after.extra_minor - was.extra_minor, was.currency, beyond, bank, incoming),
        *_moved(was.amount_minor - after.amount_minor, was.currency, payable, (RETURNED_RECEIVABLE, was.of), False),
    )


def _moved(
    minor: int, currency: str, theirs: tuple[str, str], ours: tuple[str, str], incoming: bool
) -> tuple[Posting, ...]:
    """An outgoing amount debits their account and credits ours; one that comes in, or comes back, the other way round."""
    if (minor < 0) != incoming:
        theirs, ours = ours, theirs
    return transfer(abs(minor), currency, debit_to=theirs, credit_to=ours)


_PAYABLES: Final[dict[str, str]] = {"refund": REFUNDS_PAYABLE, "payout": PAYOUTS_PAYABLE, "debit": COLLECTED}
