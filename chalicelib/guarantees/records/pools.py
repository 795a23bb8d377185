"""The table of risk pools."""

from __future__ import annotations

from functools import partial
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


ids_of = partial(REPOSITORY.ids, RiskPoolRow.by_bank)
"""A bank's pools, oldest first."""
