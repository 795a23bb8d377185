"""The table of risk pools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.guarantees.rules.pool import RiskPool
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class RiskPoolRow(AggregateRow):
    Meta = table("risk-pools")
    pool_id = UnicodeAttribute(hash_key=True)
    bank_id = UnicodeAttribute()
    body = Packed(RiskPool)

    by_bank = index(bank_id, pool_id)


REPOSITORY: Final = Repository[RiskPool](RiskPoolRow, lambda pool: {"bank_id": pool.bank_id})


def ids_of(bank_id: str, after: str | None) -> Iterator[str]:
    """A bank's pools, oldest first."""
    return REPOSITORY.ids(RiskPoolRow.by_bank, bank_id, after=after)
