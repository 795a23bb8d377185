"""A bank's event from its arrival to its one effect. Pure.

received ─→ applied        its effect is made (or it needs none)
    ├────→ parked          it came before an earlier one of the same order; applied when the gap fills
    │         └─ overdue ─→ suspense
    ├────→ suspense        money that matches nothing, with a reason and an owner
    │         ├─ allocate ─→ allocating ─→ allocated   an officer says which order it is for, or whose deposit
    │         │                   └─ it is refused there ─→ suspense
    │         └─ return or overdue ─→ returned         owed back to the remitter
    └────→ refused         nothing we can act on, with the reason
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.ledger.rules import BANK_CLEARING, REFUNDS_PAYABLE, SUSPENSE
from chalicelib.shared import ids
from chalicelib.shared.journal import Posting, transfer
from chalicelib.shared.refusal import Conflict, Refusal
from chalicelib.shared.webhooks import Signed

PREFIX: Final = "bev"
Status = Literal["received", "parked", "refused", "suspense", "applied", "allocating", "allocated", "returned"]
SHOWN: Final[frozenset[Status]] = frozenset({"parked", "refused", "suspense", "allocating"})
"""What somebody has to look at."""
CONSUMED_WITHIN: Final = timedelta(minutes=5)
"""So long the consumer has for its part; then the sweep looks."""
NO_EFFECT: Final = frozenset({"ping"})
"""Types that only show that the line works."""


class EventIdReused(Conflict):
    code = "event_id_reused"
    title = "That webhook-id belongs to another message."
    fix = "Send a new message under a new webhook-id; repeat an old one only with the same body."


class NotSuspended(Conflict):
    code = "not_in_suspense"
    title = "The event's money is not in suspense."
    fix = "Read the event again and choose one of its allowed actions."


class Movement(msgspec.Struct, frozen=True):
    """So many minor units that a bank says came in to our account there, or went out of it."""

    amount_minor: int
    currency: str
    incoming: bool

    def suspend(self, event_id: str, bank_id: str) -> tuple[Posting, ...]:
        """Book the movement against suspense: nobody's money yet, or nobody's debt yet."""
        bank, nobody = (BANK_CLEARING, bank_id), (SUSPENSE, event_id)
        debit_to, credit_to = (bank, nobody) if self.incoming else (nobody, bank)
        return transfer(self.amount_minor, self.currency, debit_to=debit_to, credit_to=credit_to)

    def free(self, event_id: str, bank_id: str) -> tuple[Posting, ...]:
        """Take the movement out of suspense again, for an order or a deposit to book."""
        return replace(self, incoming=not self.incoming).suspend(event_id, bank_id)

    def owe_back(self, event_id: str) -> tuple[Posting, ...]:
        """What lies in suspense becomes a debt to whoever sent it."""
        return transfer(
            self.amount_minor, self.currency, debit_to=(SUSPENSE, event_id), credit_to=(REFUNDS_PAYABLE, event_id)
        )


class _Typed(msgspec.Struct):
    type: str


class BankEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A verified event. `version` counts what was decided about it since it arrived, `head` is its chain's last link.

    An event that was applied at once stays `received` here: its entry in the journal, which bears its name, says that it was.
    """

    id: str
    bank_id: str
    webhook_id: str
    digest: str
    received_at: datetime
    updated_at: datetime
    version: int = 0
    head: str = ""
    status: Status = "received"
    order_id: str = ""
    seller_id: str = ""
    seq: int = 0
    movement: Movement | None = None
    reason: str = ""
    detail: str = ""
    due_at: datetime | None = None

    @property
    def sender(self) -> str:
        """The bank as the author of journal entries."""
        return f"bank:{self.bank_id}"

    @property
    def shown(self) -> bool:
        return self.status in SHOWN

    @property
    def has_default(self) -> bool:
        """Whether something happens to it by itself: only what a bank took back waits until somebody decides."""
        return self.status == "parked" or (self.movement is not None and self.movement.incoming)

    def is_due(self, now: datetime) -> bool:
        return self.due_at is not None and now >= self.due_at

    @property
    def next_look(self) -> datetime | None:
        """When it is looked at again: at its deadline; before, where its consumer may not have come to an end with it, because the index
        that shows what waits for an event is a little behind."""
        return self.looked_at_after(self.updated_at)

    def looked_at_after(self, now: datetime) -> datetime | None:
        """The next look from a moment on."""
        soon = self.updated_at + CONSUMED_WITHIN
        if self.status == "allocating" or (self.status == "parked" and now < soon):
            return soon
        return self.due_at if self.status in ("parked", "suspense") and self.has_default else None


def name_of(bank_id: str, webhook_id: str) -> str:
    """An event's id follows from the bank's own name for it: the same message twice is the same event."""
    return ids.named(PREFIX, bank_id, webhook_id)


def arrived(bank_id: str, signed: Signed, body: bytes, now: datetime) -> BankEvent:
    return BankEvent(
        id=name_of(bank_id, signed.id),
        bank_id=bank_id,
        webhook_id=signed.id,
        digest=hashlib.sha256(body).hexdigest()[:43],
        received_at=now,
        updated_at=now,
    )


def parked(event: BankEvent, order_id: str, seq: int, *, expected: int, wait: timedelta, now: datetime) -> BankEvent:
    """It waits for the events before it, counted from its arrival."""
    return _next(
        event,
        "parked",
        now,
        order_id=order_id,
        seq=seq,
        reason="too_early",
        detail=f"It is number {seq} of the order; number {expected} has not arrived.",
        due_at=event.received_at + wait,
    )


def applied(event: BankEvent, now: datetime) -> BankEvent:
    return _next(event, "applied", now, reason="", detail="", due_at=None)


def suspended(event: BankEvent, movement: Movement, why: Refusal, *, wait: timedelta, now: datetime) -> BankEvent:
    return _next(event, "suspense", now, movement=movement, reason=why.code, detail=why.detail[:300], due_at=now + wait)


def refused(event: BankEvent, why: Refusal, now: datetime) -> BankEvent:
    return _next(event, "refused", now, reason=why.code, detail=why.detail[:300], due_at=None)


def allocating(event: BankEvent, now: datetime, *, order_id: str = "", seller_id: str = "") -> BankEvent:
    """Its money has left suspense for an order or a seller's deposit, which has still to take it."""
    return _next(event, "allocating", now, order_id=order_id, seller_id=seller_id, reason="", detail="", due_at=None)


def allocated(event: BankEvent, now: datetime) -> BankEvent:
    return _next(event, "allocated", now)


def returned(event: BankEvent, now: datetime) -> BankEvent:
    return _next(event, "returned", now, due_at=None)


def settled(event: BankEvent, at: datetime, order_id: str) -> BankEvent:
    """An event that was applied as soon as it came, as its journal entry tells of it."""
    return replace(event, status="applied", updated_at=at, order_id=order_id)


def type_of(body: bytes) -> str:
    """What a message says it is, as far as it can be read."""
    try:
        return msgspec.json.decode(body, type=_Typed).type[:100]
    except (ValueError, RecursionError):
        return ""


def allowed(event: BankEvent, now: datetime) -> list[str]:
    """What an officer may do about it now. Money that a bank took back cannot be given back, and waits for its order."""
    if event.status != "suspense" or event.movement is None:
        return []
    if not event.movement.incoming:
        return ["allocate"]
    return [] if event.is_due(now) else ["allocate", "return"]


def must_be_suspended(event: BankEvent, action: str, now: datetime) -> Movement:
    """The money an officer decides about, or NotSuspended."""
    if event.movement is None or action not in allowed(event, now):
        raise NotSuspended(
            f"The event is {event.status}; {action} is not drawn from there.",
            status=event.status,
            version=event.version,
            allowed_actions=allowed(event, now),
        )
    return event.movement


def _next(event: BankEvent, status: Status, now: datetime, **changes: object) -> BankEvent:
    return replace(event, status=status, version=event.version + 1, updated_at=now, **changes)
