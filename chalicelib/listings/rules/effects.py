"""What orders and listings do to the stock of a listing, as effects of their changes. Pure."""

from __future__ import annotations

from chalicelib.shared.state_machine import Effect


class StockEffect(Effect, frozen=True, kw_only=True):
    listing_id: str

    @property
    def target(self) -> str:
        return self.listing_id


class ReserveStock(StockEffect, frozen=True, kw_only=True):
    """Available becomes reserved, if that very offer is on sale and so many are there: StockShort says how many are, OfferChanged."""

    quantity: int
    offer: int


class ReturnStock(StockEffect, frozen=True, kw_only=True):
    """Reserved becomes available: the order ends without these goods."""

    quantity: int


class SendStock(StockEffect, frozen=True, kw_only=True):
    """What was reserved is on hand no more: it was shipped."""

    quantity: int


class TakeBackStock(StockEffect, frozen=True, kw_only=True):
    """What was shipped is on hand again, and available."""

    quantity: int


class CountStock(StockEffect, frozen=True, kw_only=True):
    """The supplier states what is on hand: `more` than at the `count` it read, or less. StockCounted, BelowReserved."""

    more: int
    count: int


class PutOnSale(StockEffect, frozen=True, kw_only=True):
    """This offer is on sale from now on; none where it is 0."""

    offer: int
