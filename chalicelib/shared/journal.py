"""The journal: one entry for each change, at once its audit event, its postings, its first answer and a link of a chain.

An entry is written in the same transaction as what it tells of and never changed. `entry_id` is made of the caller and the caller's
Idempotency-Key, so an entry that is there already *is* the proof that a request has been served. Entries of one thing form
a chain: `seq` is the thing's version, `entry_hash` the SHA-256 of the entry with the previous entry's hash in it. Of the answer it covers the
SHA-256 only: an answer may be removed when its time is over, and the chain still holds.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Literal

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.shared.columns import Instant, Packed, PackedText, PlainText, WholeNumber
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.shared.tables import Row, table

GENESIS: Final = ""
"""What the first entry of a chain has for `prev`."""
RECENT: Final = 4
"""So many of its last entries an item names. All others are found in the books."""


class Posting(msgspec.Struct, frozen=True, omit_defaults=True):
    """One leg: so many minor units on the debit or the credit side of an account, `owner_id` the order, member or bank concerned."""

    account: str
    owner_id: str
    currency: str
    debit_minor: int = 0
    credit_minor: int = 0


class Unbalanced(AssertionError):
    """A fault of ours, never of a caller: debits and credits of a change do not agree. Nothing is written."""


def debit(account: str, owner_id: str, currency: str, minor: int) -> Posting:
    return Posting(account, owner_id, currency, debit_minor=minor)


def credit(account: str, owner_id: str, currency: str, minor: int) -> Posting:
    return Posting(account, owner_id, currency, credit_minor=minor)


def transfer(
    minor: int, currency: str, *, debit_to: tuple[str, str], credit_to: tuple[str, str]
) -> tuple[Posting, ...]:
    """The two legs that move an amount, or none where there is nothing to move."""
    if minor == 0:
        return ()
    return debit(*debit_to, currency, minor), credit(*credit_to, currency, minor)


def imbalance(postings: Iterable[Posting]) -> dict[str, int]:
    """Debits less credits by currency, where they differ. Empty where the postings balance."""
    sums: dict[str, int] = defaultdict(int)
    for posting in postings:
        sums[posting.currency] += posting.debit_minor - posting.credit_minor
    return {currency: total for currency, total in sums.items() if total}


class PaymentOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money a bank is to move because of an entry: a row of the outbox, carried out from the journal's stream.

    `refund` gives back (part of) the payment `bank_ref`; `payout` pays a supplier its balance; `debit` collects what a supplier owes;
    `stop` holds back refunds of the payment `bank_ref` that have not left yet. `aggregate_id` owns the account that settles it: an
    order or a supplier. `party` is the member who gets or gives the money, `account` its account at the bank where it registered one.
    `purpose` tells apart what one thing has banks do for several reasons. `until` is when the way it came is closed to a refund: after that
    an officer pays it by bank transfer.
    """

    kind: Literal["refund", "payout", "debit", "stop"]
    bank_id: str
    aggregate_id: str
    currency: str
    amount_minor: int
    party: str
    bank_ref: str = ""
    account: str = ""
    purpose: str = ""
    until: datetime | None = None


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened: its kind, the facts a reader of the timeline is shown, the postings, the policy it was decided under, and
    what banks are told to do about it."""

    kind: str
    payload: dict[str, Any] = {}
    postings: tuple[Posting, ...] = ()
    policy: str = ""
    payment_orders: tuple[PaymentOrder, ...] = ()


class Also(msgspec.Struct, frozen=True):
    """Another aggregate that an entry changed, and the version it has since."""

    aggregate: str
    version: int


class Entry(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An event with its place in a chain, its author and the answer that was given. What follows from it is worked out once."""

    entry_id: str
    aggregate_id: str
    seq: int
    prev: str
    at: datetime
    by: Caller
    request_id: str
    digest: str
    event: Event
    status: int = 200
    response: bytes = b""
    recorded_at: datetime | None = None
    version: int = 0
    """The version the thing then had, where entries of other things have changed it too; else 0, and it is `seq`."""
    also: tuple[Also, ...] = ()
    """What it changed besides the thing it is an entry of, where that has a timeline in which it must be found."""
    keeps_answer: bool = False
    """The answer is no state that could be read again, and stays."""
    removed_answer: str = ""
    """The SHA-256 of an answer that has been removed."""

    @classmethod
    def of(cls, document: EntryDocument, **columns: Any) -> Entry:
        """The entry with this document, and what stands in columns of its own."""
        return cls(
            by=document.by,
            request_id=document.request_id,
            digest=document.digest,
            event=document.event,
            status=document.status,
            recorded_at=document.recorded_at,
            version=document.version,
            also=document.also,
            keeps_answer=document.keeps_answer,
            **columns,
        )

    @property
    def may_lose_answer(self) -> bool:
        """Whether its answer may ever be removed. That of an entry which moves money stays for ever."""
        return not (self.keeps_answer or self.event.postings or self.event.payment_orders)

    @property
    def answer_digest(self) -> str:
        return digest_of(self.response) if self.response or not self.removed_answer else self.removed_answer

    @property
    def written_at(self) -> datetime:
        """Which may be after it took effect."""
        return self.recorded_at or self.at

    @property
    def aggregate_version(self) -> int:
        return self.version or self.seq

    @cached_property
    def document(self) -> EntryDocument:
        """The part of it that is stored as one document."""
        return EntryDocument(
            by=self.by,
            request_id=self.request_id,
            digest=self.digest,
            event=self.event,
            status=self.status,
            recorded_at=self.recorded_at,
            version=self.version,
            also=self.also,
            keeps_answer=self.keeps_answer,
        )

    @cached_property
    def entry_hash(self) -> str:
        """The link the next entry of this thing hangs on: 43 characters of base 64."""
        body = b"\n".join(
            (
                self.prev.encode(),
                self.entry_id.encode(),
                self.aggregate_id.encode(),
                str(self.seq).encode(),
                self.at.isoformat().encode(),
                _CANONICAL.encode(self.document),
                self.answer_digest.encode(),
            )
        )
        return digest_of(body)


class EntryDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of an entry needs no column of its own."""

    by: Caller
    request_id: str
    digest: str
    event: Event
    status: int = 200
    recorded_at: datetime | None = None
    version: int = 0
    also: tuple[Also, ...] = ()
    keeps_answer: bool = False


def digest_of(content: bytes) -> str:
    """The SHA-256 of bytes: 43 characters of base 64."""
    return urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def entry(
    request: RequestContext,
    event: Event,
    *,
    aggregate_id: str,
    seq: int,
    prev: str,
    response: bytes = b"",
    status: int = 200,
    at: datetime | None = None,
    version: int | None = None,
    also: tuple[Also, ...] = (),
) -> Entry:
    """The entry for a change of the thing `aggregate_id`: number `seq` of its chain. `at` is when it took effect, where that is not now.

    `version` is what the thing becomes, where it also changes in commits of other things and so is ahead of its own entries.
    """
    if off := imbalance(event.postings):
        raise Unbalanced(f"{event.kind} of {aggregate_id} is out of balance by {off}")
    effective = at or request.now
    return Entry(
        entry_id=request.entry_id,
        aggregate_id=aggregate_id,
        seq=seq,
        prev=prev,
        at=effective,
        by=request.caller,
        request_id=request.request_id,
        digest=request.digest,
        event=event,
        status=status,
        response=response,
        recorded_at=None if effective == request.now else request.now,
        version=version if version and version != seq else 0,
        also=also,
        keeps_answer=request.keeps_answer and bool(response),
    )


class JournalRow(Row):
    """The journal's table. Its stream feeds every projection."""

    Meta = table("journal")
    entry_id = PlainText(hash_key=True)
    aggregate_id = UnicodeAttribute()
    seq = WholeNumber()
    prev = UnicodeAttribute(null=True)
    entry_hash = PlainText()
    at = Instant()
    document = Packed(EntryDocument)
    response = PackedText(null=True)
    removed_answer = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, entry: Entry) -> JournalRow:
        return cls(
            entry.entry_id,
            aggregate_id=entry.aggregate_id,
            seq=entry.seq,
            prev=entry.prev or None,
            entry_hash=entry.entry_hash,
            at=entry.at,
            document=entry.document,
            response=entry.response or None,
        )

    def entry(self) -> Entry:
        return Entry.of(
            self.document,
            entry_id=self.entry_id,
            aggregate_id=self.aggregate_id,
            seq=self.seq,
            prev=self.prev or GENESIS,
            at=self.at,
            response=self.response or b"",
            removed_answer=self.removed_answer or "",
        )


def read(entry_id: str) -> Entry | None:
    row = JournalRow.find(entry_id)
    return row.entry() if row else None


def remove_answer(entry: Entry) -> None:
    """Leave the digest of an entry's answer in the place of the answer. Once or many times."""
    JournalRow(entry.entry_id).update(
        actions=[JournalRow.removed_answer.set(entry.answer_digest), JournalRow.response.remove()],
        condition=JournalRow.entry_hash == entry.entry_hash,
    )


def recent(was: tuple[str, ...], entry: Entry) -> tuple[str, ...]:
    """The names of the last entries of an aggregate, for its item: who has written reads it at once, before the books have it."""
    return (*was, entry.entry_id)[-RECENT:]


def read_many(entry_ids: Iterable[str]) -> list[Entry]:
    """Those of these entries that can be read, oldest first. Up to a hundred in one round trip."""
    entries = [row.entry() for row in JournalRow.listed(entry_ids)]
    return sorted(entries, key=lambda entry: (entry.at, entry.seq))


_CANONICAL: Final = msgspec.json.Encoder(order="sorted")
