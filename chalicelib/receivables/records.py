"""The receivables' table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.receivables.rules.receivable import Receivable
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.due import DueIndex
from chalicelib.shared.tables import table_name


class BySupplier(GlobalSecondaryIndex["ReceivableRow"]):
    class Meta:
        index_name = "by_supplier"
        projection = KeysOnlyProjection()

    supplier_id = UnicodeAttribute(hash_key=True)
    receivable_id = UnicodeAttribute(range_key=True)


class ByBuyer(GlobalSecondaryIndex["ReceivableRow"]):
    class Meta:
        index_name = "by_buyer"
        projection = KeysOnlyProjection()

    buyer_id = UnicodeAttribute(hash_key=True)
    receivable_id = UnicodeAttribute(range_key=True)


class ReceivableRow(AggregateRow):
    class Meta:
        table_name = table_name("receivables")

    receivable_id = UnicodeAttribute(hash_key=True)
    supplier_id = UnicodeAttribute()
    buyer_id = UnicodeAttribute()
    body = Packed(Receivable)

    by_supplier = BySupplier()
    by_buyer = ByBuyer()
    due = DueIndex()


REPOSITORY: Final = Repository[Receivable](
    ReceivableRow, lambda receivable: {"supplier_id": receivable.supplier_id, "buyer_id": receivable.buyer_id}
)


def ids_of(member_id: str, side: Literal["supplier", "buyer"], after: str | None) -> Iterator[str]:
    """What a member is owed, or owes, by id."""
    return REPOSITORY.ids(
        ReceivableRow.by_supplier if side == "supplier" else ReceivableRow.by_buyer, member_id, after=after
    )
