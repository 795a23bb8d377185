"""Pre-offers, as the firm and officers see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.credit.rules.need import NeedKind
from chalicelib.credit.rules.pre_offer import MACHINE, Actor, Context, PreOffer, Status
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class PreOffersQuery(Waiting, frozen=True, kw_only=True):
    """An officer names the firm; a firm sees its own."""

    firm_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The firm, by its member id."""
    status: Status | None = None
    """Only those in this status."""


class NeedView(msgspec.Struct, frozen=True, kw_only=True):
    """What the firm could use, why, and which products suit, the cheapest first. `amount` lies within what its `limit` over all banks leaves."""

    kind: NeedKind
    amount: Money
    limit: Money
    product_ids: list[str]
    reasons: list[str]


class PreOfferView(msgspec.Struct, frozen=True, kw_only=True):
    """What the platform found for a firm in a month. No bank has been asked, and none knows of it: a bank decides when the firm applies."""

    id: str
    version: int
    firm_id: str
    status: Status
    period: str
    need: NeedView
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    allowed_actions: list[str]
    deadlines: list[Deadline]


def view(pre_offer: PreOffer, context: Context, actor: Actor, now: datetime) -> PreOfferView:
    return view_of(PreOfferView, pre_offer, **MACHINE.offer(pre_offer, actor, context, now))
