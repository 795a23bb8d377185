"""A data pack: the one document that banks decide on, hashed, signed, and never changed. Pure.

Every bank reads the same bytes, and so does the firm, before they are sent and ever after. What is read is an entry of the pack's own
chain. It holds nothing about persons, so that erasing them leaves it whole.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from datetime import date, datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.credit.rules.consent import DataClass
from chalicelib.shared.bounds import most
from chalicelib.shared.encoding import in_english
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.state_machine import STAYS, Change, InvalidTransition, StateMachine, Table, Transition
from chalicelib.shared.texts import say

Actor = Literal["firm", "bank", "officer"]
Status = Literal["sealed"]

TYPE: Final = "surety-data-pack+jws"
"""What the statement's header calls itself."""
MOST_DOCUMENT_BYTES: Final = 200_000
MOST_BANKS: Final = 20


class PackTooLarge(RuleViolation):
    code = "data_pack_too_large"
    title = "So much does not fit into one data pack."
    fix = "Apply for fewer products at once."


class DataPackNotInThisStatus(InvalidTransition):
    code = "data_pack_not_in_this_status"
    title = "The data pack does not allow that now."


class DataPackNotReady(Conflict):
    code = "data_pack_not_ready"
    title = "There is no data pack yet."
    fix = "Submit the application: the pack is made of what is known at that moment."


class BankRead(msgspec.Struct, frozen=True, kw_only=True):
    """That a bank has read a pack, how often, first and last."""

    bank_id: str
    times: int
    first_at: datetime
    last_at: datetime


class Pack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One pack. `document` is the canonical text that `sha256` is of; with `header` and `signature` it is the statement, a compact JWS.

    `seq` counts its own entries, the reads; the first version is made by the entry of what it is for.
    """

    id: str
    firm_id: str
    consent_id: str
    data_classes: Annotated[tuple[DataClass, ...], most(8, why="each class once")]
    as_of: date
    document: str
    sha256: str
    kid: str
    header: str
    signature: str
    status: Status = "sealed"
    version: int = 1
    seq: int = 0
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str = ""
    reads: Annotated[tuple[BankRead, ...], most(MOST_BANKS, why="partner banks, each once")] = ()

    @property
    def statement(self) -> str:
        """The compact JWS: header, document and signature, each in base64url."""
        payload = urlsafe_b64encode(self.document.encode()).rstrip(b"=").decode()
        return f"{self.header}.{payload}.{self.signature}"


Context = tuple[()]
PackChange = Change[Pack]

TABLE: Final = Table[Pack, Context](
    kind="data_pack",
    error=DataPackNotInThisStatus,
    ends=frozenset(),
    payload=lambda was, pack: {"firm_id": pack.firm_id, "consent_id": pack.consent_id, "sha256": pack.sha256},
    transitions=(Transition("read", frozenset({"sealed"}), frozenset({"bank"}), STAYS),),
)
MACHINE: Final = StateMachine[Pack, Context](table=TABLE)


def canonical(document: msgspec.Struct) -> str:
    """A document as text: JSON with its names in order and no blanks. PackTooLarge."""
    text = msgspec.json.encode(document, order="sorted", enc_hook=in_english)
    if len(text) > MOST_DOCUMENT_BYTES:
        raise PackTooLarge(
            say(
                "The pack has {count} bytes; {most_document_bytes} is the most.",
                count=len(text),
                most_document_bytes=MOST_DOCUMENT_BYTES,
            )
        )
    return text.decode()


def sealed(
    pack_id: str,
    firm_id: str,
    consent_id: str,
    data_classes: tuple[DataClass, ...],
    as_of: date,
    document: str,
    *,
    kid: str,
    statement: str,
    now: datetime,
) -> Pack:
    """The pack of a document, as its statement signs it."""
    header, _, signature = statement.split(".")
    return Pack(
        id=pack_id,
        firm_id=firm_id,
        consent_id=consent_id,
        data_classes=data_classes,
        as_of=as_of,
        document=document,
        sha256=hashlib.sha256(document.encode()).hexdigest(),
        kid=kid,
        header=header,
        signature=signature,
        created_at=now,
        updated_at=now,
    )


def read(was: Pack, bank_id: str, now: datetime) -> PackChange:
    """A bank reads it."""
    known = {each.bank_id: each for each in was.reads}
    first = BankRead(bank_id=bank_id, times=0, first_at=now, last_at=now)
    before = known.get(bank_id, first)
    known[bank_id] = replace(before, times=before.times + 1, last_at=now)
    return TABLE.change(was, "read", now, reads=tuple(known.values()), payload={"bank_id": bank_id})
