"""What suspended money may be for: orders that it names, that await just so much, or that a buyer with the remitter's name has not paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

import msgspec

from chalicelib.banks.rules.inbox import Movement
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.members import service as members
from chalicelib.members.rules import Member
from chalicelib.office.records import terms as records
from chalicelib.office.rules import awaited, terms
from chalicelib.office.rules.awaited import Reason
from chalicelib.office.service import homes
from chalicelib.office.views.suggestions import SuggestionsView, SuggestionView
from chalicelib.orders.rules.order import Order
from chalicelib.orders.service import reading as orders
from chalicelib.shared import ids
from chalicelib.shared.money import Money
from chalicelib.shared.request import RequestContext

MOST: Final = 10
MOST_OF_ONE_KIND: Final = 20
"""So many orders are looked at for each way to find one."""
MOST_REMITTERS: Final = 5


class _Message(msgspec.Struct):
    data: dict[str, Any] = {}


def of(event_id: str, request: RequestContext) -> SuggestionsView:
    """Of money that came in and lies in suspense; of anything else there are none."""
    event, raw = banks_inbox.find(event_id)
    if event.status != "suspense" or event.movement is None or not event.movement.incoming:
        return SuggestionsView(items=[])
    data = msgspec.json.decode(raw, type=_Message).data
    named = set(awaited.orders_named(data))
    word = awaited.first_word(str(data.get("remitter", "")))
    candidates = _orders({*named, *_of_amount(event.movement), *_of_remitter(word)}, request.now)
    buyers = members.known({order.buyer_id for order in candidates.values()})
    views = (_view(order, buyers, event.movement, named=order.id in named, word=word) for order in candidates.values())
    agreeing = sorted((view for view in views if view.because), key=lambda view: (-len(view.because), view.order_id))
    return SuggestionsView(items=agreeing[:MOST])


def _of_amount(movement: Movement) -> Iterator[str]:
    text = awaited.term_of(movement.amount_minor, movement.currency)
    places = records.beginning_with(terms.exact(text), f"{text}{records.BETWEEN}")
    return (place.name for _, place in islice(places, MOST_OF_ONE_KIND))


def _of_remitter(word: str) -> Iterator[str]:
    """Orders of buyers whose name begins like the remitter's."""
    if not word:
        return
    places = records.beginning_with(terms.bucket(word), word)
    buyers = (place.name for _, place in places if ids.is_id(place.name, ids.MEMBER))
    for buyer_id in islice(buyers, MOST_REMITTERS):
        yield from orders.bought_by(buyer_id, MOST_OF_ONE_KIND)


def _orders(names: set[str], now: datetime) -> dict[str, Order]:
    return homes.states("ord", sorted(name for name in names if ids.is_id(name, "ord")), now)


def _view(order: Order, buyers: Mapping[str, Member], movement: Movement, *, named: bool, word: str) -> SuggestionView:
    name = buyers[order.buyer_id].name if order.buyer_id in buyers else ""
    is_of_remitter = bool(word) and awaited.first_word(name) == word
    because: list[Reason] = awaited.reasons(
        order, movement.amount_minor, movement.currency, named=named, is_of_remitter=is_of_remitter
    )
    amounts = awaited.awaited_by(order) or (0,)
    return SuggestionView(
        order_id=order.id,
        buyer_id=order.buyer_id,
        buyer_name=name,
        status=order.status,
        next=Money.of(amounts[0], order.terms.currency),
        left=Money.of(amounts[-1], order.terms.currency),
        because=because,
    )
