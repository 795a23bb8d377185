"""Pre-offers as an aggregate."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.records.pre_offers import REPOSITORY
from chalicelib.credit.rules.pre_offer import MACHINE, Actor, Context, PreOffer
from chalicelib.credit.views.pre_offers import view
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.request import Caller


def actor_of(pre_offer: PreOffer, caller: Caller) -> Actor | None:
    """The firm's own, and officers'; never a bank's."""
    if caller.is_officer:
        return "officer"
    return "firm" if caller.is_member(pre_offer.firm_id) else None


PRE_OFFERS: Final = Aggregate[PreOffer, Context, Actor](
    name="pre-offers",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda offers, now: [() for _ in offers],
    actor_of=actor_of,
    view=view,
)
