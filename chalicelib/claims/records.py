"""The claims' table. A claim's name holds its order's, so one round trip reads both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.claims.rules.claim import Claim
from chalicelib.shared import due, journal
from chalicelib.shared.columns import Instant, Packed, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.due import DueIndex
from chalicelib.shared.journal import Entry
from chalicelib.shared.tables import AT_ONCE, Row, table_name


class ByBuyer(GlobalSecondaryIndex["ClaimRow"]):
    class Meta:
        index_name = "by_buyer"
        projection = KeysOnlyProjection()

    buyer_id = UnicodeAttribute(hash_key=True)
    claim_id = UnicodeAttribute(range_key=True)


class BySupplier(GlobalSecondaryIndex["ClaimRow"]):
    class Meta:
        index_name = "by_supplier"
        projection = KeysOnlyProjection()

    supplier_id = UnicodeAttribute(hash_key=True)
    claim_id = UnicodeAttribute(range_key=True)


class ClaimRow(Row):
    class Meta:
        table_name = table_name("claims")

    claim_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    buyer_id = UnicodeAttribute()
    supplier_id = UnicodeAttribute()
    due_shard = WholeNumber(null=True)
    due_at = Instant(null=True)
    body = Packed(Claim)

    by_buyer = ByBuyer()
    by_supplier = BySupplier()
    due = DueIndex()


def load(claim_id: str) -> Claim | None:
    row = ClaimRow.find(claim_id)
    return row.body if row else None


def load_many(claim_ids: Iterable[str]) -> dict[str, Claim]:
    return {row.claim_id: row.body for row in ClaimRow.find_many(claim_ids)}


def listed(claim_ids: Iterable[str]) -> list[Claim]:
    """Those of these claims that can be read."""
    return [row.body for row in ClaimRow.listed(claim_ids)]


def linked(claim: Claim, made: Entry) -> Claim:
    """The claim with the entry that made it as the last link of its chain."""
    return replace(claim, head=made.head, recent=journal.recent(claim.recent, made))


def put(claim: Claim, made: Entry, due_at: datetime | None) -> Put:
    """The claim's next version, if the one before is still the present one; its first, if there is none."""
    row = ClaimRow(
        claim.id,
        version=claim.version,
        buyer_id=claim.buyer_id,
        supplier_id=claim.supplier_id,
        **due.columns(claim.id, due_at),
        body=linked(claim, made),
    )
    return Put(
        row, guard=ClaimRow.version == claim.version - 1 if claim.version > 1 else ClaimRow.claim_id.does_not_exist()
    )


def ids_of(member_id: str, side: Literal["buyer", "supplier"], before: str | None) -> Iterator[str]:
    """A party's claims, the newest orders' first, from before an id."""
    index = ClaimRow.by_buyer if side == "buyer" else ClaimRow.by_supplier
    key = ClaimRow.claim_id < before if before else None
    return (row.claim_id for row in index.query(member_id, key, scan_index_forward=False, page_size=AT_ONCE + 1))


def waiting(start: datetime | None) -> Iterator[tuple[datetime, str]]:
    """Every open claim, by when something happens to it."""
    return due.every(ClaimRow, "claim_id", start)
