"""The pre-offers' table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.credit.rules.pre_offer import PreOffer
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import AT_ONCE, index, table


class PreOfferRow(AggregateRow):
    Meta = table("pre-offers")
    pre_offer_id = UnicodeAttribute(hash_key=True)
    firm_id = UnicodeAttribute()
    period = UnicodeAttribute()
    body = Packed(PreOffer)

    by_firm = index(firm_id, period)
    """By the month they are of."""


REPOSITORY: Final = Repository[PreOffer](PreOfferRow, lambda offer: {"firm_id": offer.firm_id, "period": offer.period})


def ids(firm_id: str, before: str | None = None) -> Iterator[tuple[str, str]]:
    """The months and ids of a firm's pre-offers, newest first: those before a month, where one is named."""
    earlier = PreOfferRow.period < before if before else None
    rows = PreOfferRow.by_firm.query(firm_id, earlier, scan_index_forward=False, page_size=AT_ONCE)
    return ((row.period, row.pre_offer_id) for row in rows)


def last(firm_id: str) -> PreOffer | None:
    """The newest of a firm's pre-offers."""
    newest = next(ids(firm_id), None)
    return REPOSITORY.load(newest[1]) if newest else None
