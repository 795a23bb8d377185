"""A channel as anybody sees it, and what officers send."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from chalicelib.channels.rules.channel import MOST_AGENCIES, MOST_CODES, Actor, Channel, Context, Language, Status
from chalicelib.channels.rules.channel_machine import MACHINE
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import TermDay
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import one_line, prose
from chalicelib.shared.views import view_of

Country = Annotated[str, Meta(pattern="^[A-Z]{2}$(?!\n)")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$(?!\n)")]
AgencyId = Annotated[str, Meta(pattern="^[a-z0-9-]{1,40}$(?!\n)")]
Category = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,39}$(?!\n)")]
LISTS: Final = (
    "agencies",
    "languages",
    "required_languages",
    "buyer_markets",
    "price_currencies",
    "categories",
    "hs_categories",
)
"""The terms that are lists of codes."""
BasisPoints = Annotated[int, Meta(ge=0, le=10_000)]


class BandView(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a small lot comes to for its buyer, both ends included."""

    least: Money
    """The least an order may come to."""
    most: Money
    """The most it may come to."""


class BadgeTextView(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the national badge of a valid member says in a language: one for each of the channel's."""

    language: Language
    """The language, as BCP 47 has it, such as `zh-Hans`."""
    text: Annotated[str, one_line(60)]
    """What the badge says."""


class TargetsView(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a channel is to reach: suppliers with a valid badge, published listings, and what is paid a day."""

    suppliers: Annotated[int, Meta(ge=0, le=10**9)]
    """How many suppliers with a valid badge."""
    listings: Annotated[int, Meta(ge=0, le=10**9)]
    """How many published listings."""
    paid_a_day: Money
    """How much is paid in a day."""


class TermsView(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The terms of a channel. Of a price the exporter leaves `fee_bp` (hundredths of a percent); a quote adds `spread_bp` to the rate.

    `hs_categories` are those whose listings need an HS code, `required_languages` those that they must have text in. It opens and closes
    by itself at the beginning of `opens_on` and at the end of `closes_on`.
    """

    agencies: Annotated[list[AgencyId], Meta(min_length=1, max_length=MOST_AGENCIES)]
    """The agencies that may nominate, by their ids."""
    languages: Annotated[list[Language], Meta(min_length=1, max_length=4)]
    """Languages that listings may be in."""
    required_languages: Annotated[list[Language], Meta(min_length=1, max_length=4)]
    """Languages that each listing has to be in."""
    buyer_markets: Annotated[list[Country], Meta(min_length=1, max_length=MOST_CODES)]
    """Countries whose members may buy."""
    price_currencies: Annotated[list[Currency], Meta(min_length=1, max_length=MOST_CODES)]
    """Currencies that listings may be priced in."""
    settlement_currency: Currency
    """The currency exporters are paid in."""
    categories: Annotated[list[Category], Meta(min_length=1, max_length=MOST_CODES)]
    """Categories that may be sold."""
    hs_categories: Annotated[list[Category], Meta(max_length=MOST_CODES)] = []
    """Those of them that need a code of the Harmonised System."""
    band: BandView
    """What an order may come to."""
    fee_bp: BasisPoints
    """What the exporter leaves of a price, in hundredths of a percent."""
    spread_bp: BasisPoints
    """What a quote adds to the rate, in hundredths of a percent."""
    badge: Annotated[list[BadgeTextView], Meta(min_length=1, max_length=4)]
    """What the badge says, by language."""
    colour: Annotated[str, Meta(pattern="^#[0-9a-f]{6}$(?!\n)")]
    """The colour of the badge, such as `#0b3d91`."""
    targets: TargetsView
    """What the channel is to reach."""
    opens_on: TermDay | None = None
    closes_on: TermDay | None = None


class PlanRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A channel of a country. Without `terms` or a `name` it has those that are shipped for the country."""

    country: Country
    """The country of its exporters, as ISO 3166 has it in two letters."""
    name: Annotated[str, one_line(100)] | None = None
    """What the channel is called. Left out: the name that is shipped for the country."""
    terms: TermsView | None = None
    """Its terms. Left out: those that are shipped for the country."""


class AmendRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All terms, as they are from now on."""

    name: Annotated[str, one_line(100)] | None = None
    """What the channel is called from now on."""
    terms: TermsView
    """All terms, as they are from now on."""


class ReasonRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, prose(500, least=1)]
    """Why, in words that those concerned read."""


class ChannelsQuery(Waiting, frozen=True, kw_only=True):
    status: Status | None = None
    """Only those in this status."""


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """A country channel. Orders may be placed in it while it is `open`."""

    id: str
    version: int
    country: str
    name: str
    status: Status
    reason: str | None
    terms: TermsView
    created_at: datetime
    updated_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    allowed_actions: list[str]
    deadlines: list[Deadline]


def view(channel: Channel, context: Context, actor: Actor, now: datetime) -> ChannelView:
    terms, band = channel.terms, channel.terms.band
    return view_of(
        ChannelView,
        channel,
        terms=view_of(
            TermsView,
            terms,
            band=BandView(
                least=Money.of(band.least_minor, band.currency), most=Money.of(band.most_minor, band.currency)
            ),
            badge=[BadgeTextView(language=language, text=each.text) for language, each in terms.badge.items()],
            targets=view_of(TargetsView, terms.targets, band.currency),
            **{name: list(getattr(terms, name)) for name in LISTS},
        ),
        **MACHINE.offer(channel, actor, context, now),
    )
