"""The claims' table. A claim's name holds its order's, so one round trip reads both."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.claims.rules.claim import ENDS, Claim
from chalicelib.orders.rules.order import Side
from chalicelib.shared import due
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class ClaimRow(AggregateRow):
    Meta = table("claims")
    claim_id = UnicodeAttribute(hash_key=True)
    buyer_id = UnicodeAttribute()
    supplier_id = UnicodeAttribute()
    ended_as = UnicodeAttribute(null=True)
    body = Packed(Claim)

    by_buyer = index(buyer_id, claim_id)
    by_supplier = index(supplier_id, claim_id)
    by_end = index(ended_as, claim_id)
    """Sparse: a claim is in it once it has ended. Open ones are among the due."""


REPOSITORY: Final = Repository[Claim](
    ClaimRow,
    lambda claim: {
        "buyer_id": claim.buyer_id,
        "supplier_id": claim.supplier_id,
        "ended_as": claim.status if claim.status in ENDS else None,
    },
)


def ids_of(member_id: str, side: Side, before: str | None) -> Iterator[str]:
    """A party's claims, the newest orders' first, from before an id."""
    index = ClaimRow.by_buyer if side == "buyer" else ClaimRow.by_supplier
    return REPOSITORY.ids(index, member_id, after=before, newest_first=True)


ids_ended = partial(REPOSITORY.ids, ClaimRow.by_end, newest_first=True)
"""The claims that ended so, the newest orders' first, from before an id."""


def waiting(after: due.Place | None) -> Iterator[due.Place]:
    """Every open claim, by when something happens to it."""
    return due.every(ClaimRow, after)
