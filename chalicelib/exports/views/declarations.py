"""Declarations as officers' feeds send and correct them, and as they are shown."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.daybook.rules.reading import Country, Reference
from chalicelib.daybook.views.feeds import MOST_FACTS
from chalicelib.exports.rules.days import Origin
from chalicelib.exports.rules.declaration import MOST_RETURNS, Channel, Declaration, Status
from chalicelib.shared.fx import LIMIT_CURRENCY
from chalicelib.shared.money import Money
from chalicelib.shared.ranges import PastDay
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of


class DeclarationRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An export declaration, in the columns of a file. Each is judged alone: one that will not do is answered as refused.

    Told again it is updated: its status, its dates of release and tax refund, and further returns, one with each telling. Whatever else
    differs is refused as `contradicts`: what was told wrongly is corrected.
    """

    declaration_no: str
    """The number at customs: 1 to 64 visible ASCII characters, the first not a tilde, as all references."""
    exporter_ref: str
    """The marketplace's own identifier of the exporter; an unknown one is registered as a member."""
    order_ref: str
    """The marketplace's name for the order the goods left for."""
    buyer_ref: str
    """The marketplace's name for the buyer."""
    buyer_country: str
    """ISO 3166-1 alpha-2."""
    currency: str
    """ISO 4217."""
    amount: str
    """A decimal string with exactly the currency's digits."""
    channel: str
    """self_service (the exporter placed the export itself) or staff (the platform's staff did)."""
    origin: str = "platform"
    """platform, or elsewhere: exported outside the platform and verified by documents."""
    related_party: str = "no"
    """yes where exporter and buyer are related parties, else no."""
    status: str
    """submitted, released, returned (in part or whole) or cancelled."""
    submitted_on: str
    """A Shanghai date, like all dates here; those that have not come are left out or null. Whatever is released or returned has `released_on`."""
    released_on: str | None = None
    """The day on which customs released the goods."""
    tax_refund_paid_on: str | None = None
    """The day on which the export tax refund was paid."""
    returned_on: str | None = None
    """The date on which goods came back; all that did on one date are told together."""
    returned_amount: str | None = None
    """What the goods that came back were declared to be worth."""


class DeclarationsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    items: Annotated[list[DeclarationRequest], Meta(min_length=1, max_length=MOST_FACTS)]
    """Declarations, at most 500; each is judged alone."""


class ReturnRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    on: PastDay
    money: Money
    """In the declaration's currency."""


class CorrectionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The declaration as it is in truth, whole: it takes the place of what was told, returns among it."""

    reason: Annotated[str, prose(500, least=1)]
    """What was wrong, in words that the firm reads."""
    exporter_ref: Reference
    """The marketplace's name for the exporter."""
    order_ref: Reference
    """The marketplace's name for the order the goods left for."""
    buyer_ref: Reference
    """The marketplace's name for the buyer."""
    buyer_country: Country
    """The buyer's country, as ISO 3166 has it in two letters."""
    money: Money
    """What the goods were declared to be worth."""
    channel: Channel
    """Who made the declaration: the firm itself, or staff of the platform."""
    origin: Origin
    """Whether the goods were sold through the platform or elsewhere."""
    is_related: bool
    """Whether exporter and buyer are related."""
    status: Status
    """What became of the declaration at customs."""
    submitted_on: PastDay
    released_on: PastDay | None = None
    tax_refund_paid_on: PastDay | None = None
    returns: Annotated[list[ReturnRequest], Meta(max_length=MOST_RETURNS)] = []
    """Goods that came back, each with its date."""


class ReturnView(msgspec.Struct, frozen=True, kw_only=True):
    on: date
    money: Money


class DeclarationView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    status: Status
    declaration_no: str
    member_id: str
    """The exporter."""
    order_ref: str
    buyer_ref: str
    buyer_country: str
    money: Money
    usd: Money | None
    """What it counts for as an export, at the table rate of the month of its release; null until it is released."""
    rate: str | None
    rate_as_of: str | None
    """The month of the table that the rate stands in."""
    channel: Channel
    origin: Origin
    is_related: bool
    submitted_on: date
    released_on: date | None
    tax_refund_paid_on: date | None
    returns: list[ReturnView]
    corrections: int
    """How often an officer corrected it."""
    allowed_actions: list[Literal["correct"]]
    deadlines: list[str]


def view(declaration: Declaration, version: int, *, may_correct: bool) -> DeclarationView:
    fact = declaration.fact
    return view_of(
        DeclarationView,
        fact,
        id=declaration.id,
        version=version,
        usd=Money.of(declaration.usd_minor(fact.amount_minor), LIMIT_CURRENCY) if declaration.rate else None,
        rate=declaration.rate or None,
        rate_as_of=declaration.rate_as_of or None,
        returns=[ReturnView(on=each.on, money=Money.of(each.minor, fact.currency)) for each in fact.returns],
        corrections=declaration.seq,
        allowed_actions=["correct"] if may_correct else [],
        deadlines=[],
    )
