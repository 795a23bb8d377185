"""The suppliers' table.

Two kinds of writers change an item. A change of standing (enrolment, a new limit, points, suspension) is guarded by the version
and by the limit it was decided on, and moves `available_minor` by the difference. A change of coverage (an order reserving
or releasing, a claim advancing, a recovery repaying) is guarded by the values it needs and leaves the version alone. So neither
makes the other fail in vain, and `limit = available + reserved + advanced` holds whatever their order. A draw on the
balance is guarded by the draws before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.shared import due
from chalicelib.shared.columns import Document, Instant, Packed, PlainText, WholeNumber
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.errors import DomainError, WriteConflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.tables import AT_ONCE, Row, index, table
from chalicelib.shared.texts import say
from chalicelib.suppliers.rules import coverage
from chalicelib.suppliers.rules.balance import Draw
from chalicelib.suppliers.rules.coverage import ACTIVE, CoverChange, CoverPosition
from chalicelib.suppliers.rules.penalties import next_default
from chalicelib.suppliers.rules.programme import Supplier


class SupplierRow(Row):
    Meta = table("suppliers")
    member_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    entry_hash = UnicodeAttribute()
    status = PlainText()
    limit_minor = WholeNumber()
    reserved_minor = WholeNumber()
    advanced_minor = WholeNumber()
    available_minor = WholeNumber()
    draws = WholeNumber(null=True)
    drawn = Document[dict[str, int]](dict[str, int], null=True)
    due_shard = WholeNumber(null=True)
    due_at = Instant(null=True)
    body = Packed(Supplier)

    by_status = index(status, member_id)
    due = index(due_shard, due_at)

    def supplier(self) -> Supplier:
        return replace(self.body, entry_hash=self.entry_hash)

    def cover_position(self) -> CoverPosition:
        return CoverPosition(
            status=self.status,
            limit_minor=self.limit_minor,
            reserved_minor=self.reserved_minor,
            advanced_minor=self.advanced_minor,
            available_minor=self.available_minor,
        )


def load(member_id: str) -> tuple[Supplier, CoverPosition] | None:
    row = SupplierRow.find(member_id)
    return (row.supplier(), row.cover_position()) if row else None


def names(status: str | None, after: str | None) -> Iterator[str]:
    """The ids of all that ever joined, in no order that means anything, or of those of one status, by id; from behind one of them on."""
    if status is None:
        return SupplierRow.names(after)
    key = SupplierRow.member_id > after if after else None
    return (row.member_id for row in SupplierRow.by_status.query(status, key, page_size=AT_ONCE + 1))


def load_listed(member_ids: Iterable[str]) -> dict[str, tuple[Supplier, CoverPosition]]:
    """For lists: those of these that can be read."""
    return {row.member_id: (row.supplier(), row.cover_position()) for row in SupplierRow.listed(member_ids)}


def load_many(member_ids: Iterable[str]) -> dict[str, tuple[Supplier, CoverPosition]]:
    """Those of these members that ever joined, by id: a round trip for each hundred."""
    rows = SupplierRow.find_many(member_ids)
    return {row.member_id: (row.supplier(), row.cover_position()) for row in rows}


def with_appeals(after: due.Place | None) -> Iterator[due.Place]:
    """Suppliers with an open appeal, by when their first one is due, from behind a place on."""
    return due.every(SupplierRow, after)


def create(supplier: Supplier, entry: Entry) -> Put:
    """The first standing of a supplier: nothing is reserved yet."""
    row = SupplierRow(
        supplier.id,
        version=supplier.version,
        entry_hash=entry.entry_hash,
        status=supplier.status,
        limit_minor=supplier.limit_minor,
        reserved_minor=0,
        advanced_minor=0,
        available_minor=supplier.limit_minor,
        **due.columns(supplier.id, due_at(supplier)),
        body=replace(supplier, entry_hash=""),
    )
    return Put(row, guard=SupplierRow.member_id.does_not_exist())


def change(was: Supplier, now: Supplier, entry: Entry) -> Update:
    """A new standing, if nobody changed the old one; what orders did in between stays as it is."""
    return Update(
        SupplierRow(was.id),
        actions=[
            SupplierRow.version.set(now.version),
            SupplierRow.entry_hash.set(entry.entry_hash),
            SupplierRow.status.set(now.status),
            SupplierRow.limit_minor.set(now.limit_minor),
            SupplierRow.available_minor.add(now.limit_minor - was.limit_minor),
            *due.actions(now.id, due_at(now)),
            SupplierRow.body.set(replace(now, entry_hash="")),
        ],
        guard=(SupplierRow.version == was.version) & (SupplierRow.limit_minor == was.limit_minor),
    )


def reserve(member_id: str, minor: int, *, exactly: bool) -> Update:
    def refused(seen: dict[str, Any] | None) -> DomainError:
        return coverage.refuse_reservation(member_id, _cover_position_of(seen), minor, exactly=exactly)

    return Update(
        SupplierRow(member_id),
        actions=[SupplierRow.available_minor.add(-minor), SupplierRow.reserved_minor.add(minor)],
        guard=(SupplierRow.status == ACTIVE) & (SupplierRow.available_minor >= minor),
        error=refused,
    )


def change_cover(member_id: str, change: CoverChange, draw: Draw | None = None) -> Update:
    """One update for all that an order, a claim or a recovery does to a supplier at once: of its cover and of its balance.

    What was reserved or advanced has to be there: less is a fault of ours. A draw that was decided on an older balance is WriteConflict.
    """

    def refused(seen: dict[str, Any] | None) -> DomainError:
        row = SupplierRow.from_raw_data(seen) if seen else None
        if row and draw and ((row.draws or 0) != draw.seen.draws or row.status != (draw.status or row.status)):
            return WriteConflict(
                say("The balance or the standing of {member_id} has changed in between.", member_id=member_id)
            )
        raise AssertionError(
            f"{member_id} has less reserved or advanced than {change} takes: {_cover_position_of(seen)}"
        )

    return Update(
        SupplierRow(member_id),
        actions=[*_cover_actions(change), *(_draw_actions(draw) if draw else ())],
        guard=_guard(change, draw),
        error=refused,
    )


def drawn(member_id: str) -> tuple[int, dict[str, int]]:
    """How often the balance was drawn on, and what was drawn by currency."""
    loaded = load_with_draws(member_id)
    return (loaded[2], loaded[3]) if loaded else (0, {})


def load_with_draws(member_id: str) -> tuple[Supplier, CoverPosition, int, dict[str, int]] | None:
    """The supplier, its cover, how often its balance was drawn on, and what was drawn by currency."""
    row = SupplierRow.find(member_id)
    return (row.supplier(), row.cover_position(), row.draws or 0, row.drawn or {}) if row else None


def due_at(supplier: Supplier) -> datetime | None:
    """When the first open appeal succeeds by itself."""
    first = next_default(supplier.penalties)
    return first.decided_by if first else None


def _cover_actions(change: CoverChange) -> Iterator[Action]:
    for column, minor in (
        (SupplierRow.available_minor, change.available_minor),
        (SupplierRow.reserved_minor, change.reserved_minor),
        (SupplierRow.advanced_minor, change.advanced_minor),
    ):
        if minor:
            yield column.add(minor)


def _draw_actions(draw: Draw) -> Iterator[Action]:
    yield SupplierRow.draws.set(draw.seen.draws + 1)
    yield SupplierRow.drawn.set(draw.drawn)


def _guard(change: CoverChange, draw: Draw | None) -> Condition:
    """It is there, has enough reserved and advanced, and nobody has drawn since."""
    enough: Condition = (SupplierRow.reserved_minor >= -change.reserved_minor) & (
        SupplierRow.advanced_minor >= change.repay_minor
    )
    if draw is None:
        return enough
    last: Condition = (SupplierRow.draws == draw.seen.draws) if draw.seen.draws else SupplierRow.draws.does_not_exist()
    both: Condition = enough & last
    return both & (SupplierRow.status == draw.status) if draw.status else both


def _cover_position_of(seen: dict[str, Any] | None) -> CoverPosition | None:
    return SupplierRow.from_raw_data(seen).cover_position() if seen else None
