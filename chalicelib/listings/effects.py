"""What this slice and those above do to the stock of listings. Their writer is imported with the first: most orders are of no listing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from chalicelib.listings.rules.effects import CountStock, PutOnSale, ReserveStock, ReturnStock, SendStock, TakeBackStock
from chalicelib.shared.aggregates import Writer
from chalicelib.shared.state_machine import Effect

if TYPE_CHECKING:
    from chalicelib.shared.commit import Put, Update


def _write(listing_id: str, effects: Sequence[Any]) -> Put | Update:
    from chalicelib.listings.records import write_effects

    return write_effects(listing_id, effects)


EFFECTS: Final[Mapping[type[Effect], Writer]] = dict.fromkeys(
    (ReserveStock, ReturnStock, SendStock, TakeBackStock, CountStock, PutOnSale), _write
)
