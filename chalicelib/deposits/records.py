"""The deposits' table: one item for each seller. The monthly run reads all of it, so an item holds what is decided on and nothing else."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError

from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.shared import due
from chalicelib.shared.broken import UNMARKED, Mark, refusal
from chalicelib.shared.columns import Document, Instant, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.due import DueIndex
from chalicelib.shared.journal import Entry
from chalicelib.shared.refusal import Raced
from chalicelib.shared.store_errors import is_condition_failed
from chalicelib.shared.tables import Row, table_name


class DepositRow(Row):
    class Meta:
        table_name = table_name("deposits")

    member_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    due_shard = WholeNumber(null=True)
    due_at = Instant(null=True)
    body = Document[Deposit](Deposit)
    broken = Document[Mark](Mark, null=True)

    due = DueIndex()


def load(seller_id: str) -> Deposit | None:
    row = DepositRow.find(seller_id)
    return row.body if row else None


def load_sound(seller_id: str) -> Deposit | None:
    """The same for one who is about to write it. ChainBroken where it is marked."""
    row = DepositRow.find(seller_id)
    if row and row.broken:
        raise refusal(row.broken)
    return row.body if row else None


def put(deposit: Deposit, due_at: datetime | None, made: Entry | None = None) -> Put:
    """The deposit's next version, if the one before is still the present one; its first, if there is none.

    With `made`, that entry is the last link of its chain; a change that another thing's entry tells of has none of its own.
    """
    kept = replace(deposit, head=made.head) if made else deposit
    first = deposit.version == 1
    guard = DepositRow.member_id.does_not_exist() if first else DepositRow.version == deposit.version - 1
    row = DepositRow(deposit.id, version=deposit.version, **due.columns(deposit.id, due_at), body=kept)
    return Put(row, guard=guard)


def save(deposit: Deposit, due_at: datetime | None) -> None:
    """A change without an entry, such as the days a deposit knows of. Raced where it has changed in between, ChainBroken where it is marked."""
    change = put(deposit, due_at)
    try:
        change.row.save(condition=change.guard & UNMARKED)
    except PutError as failure:
        if not is_condition_failed(failure):
            raise
        load_sound(deposit.id)
        raise Raced("Somebody else changed this in between.") from failure
