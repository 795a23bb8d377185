"""Quotes as an aggregate: what ties their machine to their table and their view."""

from __future__ import annotations

from typing import Final

from chalicelib.quotes.records import REPOSITORY
from chalicelib.quotes.rules.quote import MACHINE, Actor, Context, Quote
from chalicelib.quotes.views.quote import view
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.request import Caller


def actor_of(quote: Quote, caller: Caller) -> Actor | None:
    if caller.is_officer:
        return "officer"
    return "buyer" if caller.is_member(quote.buyer_id) else None


QUOTES: Final = Aggregate[Quote, Context, Actor](
    name="quotes",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda quotes, now: [()] * len(quotes),
    actor_of=actor_of,
    view=view,
)
"""Orders bring the next version of a quote `also`: `rules.quote.use`."""
