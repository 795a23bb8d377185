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
from typing import Any, Final

from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.shared.columns import Document, Instant, Packed, WholeNumber
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.journal import Entry
from chalicelib.shared.refusal import Raced, Refusal
from chalicelib.shared.tables import Row, table_name
from chalicelib.suppliers import rules
from chalicelib.suppliers.rules import CoverChange, Draw, Standing
from chalicelib.suppliers.rules.penalties import next_default
from chalicelib.suppliers.rules.programme import Supplier

APPEALS: Final = "appeals"
"""The one part of the index of due things: open appeals are few."""


class Due(GlobalSecondaryIndex[Any]):
    """Sparse: only suppliers with an appeal that waits for a decision, the first to be overdue first."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_for = UnicodeAttribute(hash_key=True)
    due_at = Instant(range_key=True)


class SupplierRow(Row):
    class Meta:
        table_name = table_name("suppliers")

    member_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    head = UnicodeAttribute()
    status = UnicodeAttribute()
    limit_minor = WholeNumber()
    reserved_minor = WholeNumber()
    advanced_minor = WholeNumber()
    available_minor = WholeNumber()
    draws = WholeNumber(null=True)
    drawn = Document[dict[str, int]](dict[str, int], null=True)
    due_for = UnicodeAttribute(null=True)
    due_at = Instant(null=True)
    body = Packed(Supplier)

    due = Due()

    def supplier(self) -> Supplier:
        return replace(self.body, head=self.head)

    def standing(self) -> Standing:
        return Standing(
            status=self.status,
            limit_minor=self.limit_minor,
            reserved_minor=self.reserved_minor,
            advanced_minor=self.advanced_minor,
            available_minor=self.available_minor,
        )


def load(member_id: str) -> tuple[Supplier, Standing] | None:
    row = SupplierRow.find(member_id)
    return (row.supplier(), row.standing()) if row else None


def every(after: str | None = None, *, status: str | None = None) -> Iterator[tuple[Supplier, Standing]]:
    """All that ever joined, or those of one status, in no order that means anything."""
    start = {"member_id": {"S": after}} if after else None
    wanted = SupplierRow.status == status if status else None
    for row in SupplierRow.scan(wanted, last_evaluated_key=start, page_size=100):
        yield row.supplier(), row.standing()


def load_many(member_ids: Iterable[str]) -> dict[str, tuple[Supplier, Standing]]:
    """Those of these members that ever joined, by id: a round trip for each hundred."""
    found = SupplierRow.find_many(member_ids)
    return {row.member_id: (row.supplier(), row.standing()) for row in found}


def create(supplier: Supplier, made: Entry) -> Put:
    """The first standing of a supplier: nothing is reserved yet."""
    row = SupplierRow(
        supplier.id,
        version=supplier.version,
        head=made.head,
        status=supplier.status,
        limit_minor=supplier.limit_minor,
        reserved_minor=0,
        advanced_minor=0,
        available_minor=supplier.limit_minor,
        due_for=APPEALS if _due(supplier) else None,
        due_at=_due(supplier),
        body=replace(supplier, head=""),
    )
    return Put(row, guard=SupplierRow.member_id.does_not_exist())


def change(was: Supplier, now: Supplier, made: Entry) -> Update:
    """A new standing, if nobody changed the old one; what orders did in between stays as it is."""
    return Update(
        SupplierRow(was.id),
        actions=[
            SupplierRow.version.set(now.version),
            SupplierRow.head.set(made.head),
            SupplierRow.status.set(now.status),
            SupplierRow.limit_minor.set(now.limit_minor),
            SupplierRow.available_minor.add(now.limit_minor - was.limit_minor),
            *_due_actions(_due(was), _due(now)),
            SupplierRow.body.set(replace(now, head="")),
        ],
        guard=(SupplierRow.version == was.version) & (SupplierRow.limit_minor == was.limit_minor),
    )


def due_ids(until: datetime, limit: int) -> list[str]:
    """Suppliers with an appeal that nobody decided in time, the longest overdue first."""
    found = SupplierRow.due.query(APPEALS, SupplierRow.due_at <= until, limit=limit)
    return [row.member_id for row in found]


def earliest_due() -> datetime | None:
    return next((row.due_at for row in SupplierRow.due.query(APPEALS, limit=1)), None)


def reserve(member_id: str, minor: int) -> Update:
    def refused(seen: dict[str, Any] | None) -> Refusal:
        return rules.refuse_reservation(member_id, _standing_of(seen), minor)

    return Update(
        SupplierRow(member_id),
        actions=[SupplierRow.available_minor.add(-minor), SupplierRow.reserved_minor.add(minor)],
        guard=(SupplierRow.status == rules.ACTIVE) & (SupplierRow.available_minor >= minor),
        refused=refused,
    )


def change_cover(member_id: str, change: CoverChange, draw: Draw | None = None) -> Update:
    """One update for all that an order, a claim or a recovery does to a supplier at once: of its cover and of its balance.

    What was reserved or advanced has to be there: less is a fault of ours. A draw that was decided on an older balance is Raced.
    """

    def refused(seen: dict[str, Any] | None) -> Refusal:
        row = SupplierRow.from_raw_data(seen) if seen else None
        if row and draw and (row.draws or 0) != draw.seen.draws:
            return Raced(f"The balance of {member_id} was drawn on in between.")
        raise AssertionError(f"{member_id} has less reserved or advanced than {change} takes: {_standing_of(seen)}")

    return Update(
        SupplierRow(member_id),
        actions=[*_cover_actions(change), *(_draw_actions(draw) if draw else ())],
        guard=_guard(change, draw),
        refused=refused,
    )


def drawn(member_id: str) -> tuple[int, dict[str, int]]:
    """How often the balance was drawn on, and what was drawn by currency."""
    found = load_with_draws(member_id)
    return (found[1], found[2]) if found else (0, {})


def load_with_draws(member_id: str) -> tuple[Supplier, int, dict[str, int]] | None:
    """The supplier, how often its balance was drawn on, and what was drawn by currency."""
    row = SupplierRow.find(member_id)
    return (row.supplier(), row.draws or 0, row.drawn or {}) if row else None


def _due(supplier: Supplier) -> datetime | None:
    first = next_default(supplier.penalties)
    return first.decided_by if first else None


def _due_actions(was: datetime | None, now: datetime | None) -> list[Action]:
    if was == now:
        return []
    if now is None:
        return [SupplierRow.due_for.remove(), SupplierRow.due_at.remove()]
    return [SupplierRow.due_for.set(APPEALS), SupplierRow.due_at.set(now)]


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
    return both


def _standing_of(seen: dict[str, Any] | None) -> Standing | None:
    return SupplierRow.from_raw_data(seen).standing() if seen else None
