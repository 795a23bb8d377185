"""The receivables' table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from pynamodb.attributes import UnicodeAttribute

from chalicelib.receivables.rules.receivable import Receivable
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class ReceivableRow(AggregateRow):
    Meta = table("receivables")
    receivable_id = UnicodeAttribute(hash_key=True)
    supplier_id = UnicodeAttribute()
    buyer_id = UnicodeAttribute()
    body = Packed(Receivable)

    by_supplier = index(supplier_id, receivable_id)
    by_buyer = index(buyer_id, receivable_id)


REPOSITORY: Final = Repository[Receivable](
    ReceivableRow, lambda receivable: {"supplier_id": receivable.supplier_id, "buyer_id": receivable.buyer_id}
)


def ids_of(member_id: str, side: Literal["supplier", "buyer"], after: str | None) -> Iterator[str]:
    """What a member is owed, or owes, by id."""
    return REPOSITORY.ids(
        ReceivableRow.by_supplier if side == "supplier" else ReceivableRow.by_buyer, member_id, after=after
    )
