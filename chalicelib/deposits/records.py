"""The deposits' table: one item for each seller. The monthly run reads all of it, so an item holds what is decided on and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.shared import due
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Document
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.quarantine import NOT_QUARANTINED, Quarantine, quarantined
from chalicelib.shared.tables import guarded, table


class DepositRow(AggregateRow):
    Meta = table("deposits")
    member_id = UnicodeAttribute(hash_key=True)
    body = Document[Deposit](Deposit)
    quarantine = Document[Quarantine](Quarantine, null=True)


REPOSITORY: Final = Repository[Deposit](DepositRow)


def waiting(after: due.Place | None) -> Iterator[due.Place]:
    """Every deposit to which something happens by itself, by when."""
    return due.every(DepositRow, after)


def load_sound(seller_id: str) -> Deposit | None:
    """The deposit, for one who is about to write it. ChainBroken where it is marked."""
    row = DepositRow.find(seller_id)
    if row and row.quarantine:
        raise quarantined(row.quarantine)
    return row.body if row else None


def save(deposit: Deposit, due_at: datetime | None) -> None:
    """A change without an entry, such as the days a deposit knows of. WriteConflict where it has changed in between, ChainBroken where it is marked."""
    change = REPOSITORY.put(deposit, due_at)
    if not guarded(lambda: change.row.save(condition=change.guard & NOT_QUARANTINED)):
        load_sound(deposit.id)
        raise WriteConflict("Somebody else changed this in between.")
