"""A country channel, as a value: data that says who may sell what to whom in it, and on which terms. Pure.

Statuses:

    planned  prepared; nobody orders yet
    open     suppliers with a valid membership are ordered from
    paused   no new orders for a while
    closed   no new orders ever; what is open is finished

Nothing of a country is in the code: the policy `channels` ships the terms of those that are prepared, and an officer may say others.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared.bounds import characters, most
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.state_machine import Versioned
from chalicelib.shared.texts import say

Status = Literal["planned", "open", "paused", "closed"]
Actor = Literal["officer", "agency", "public"]
Language = Literal["en", "zh-Hans", "ko", "ja"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"closed"})
MOST_AGENCIES: Final = 10
MOST_CODES: Final = 50


class BandUnfit(RuleViolation):
    code = "channel_band_unfit"
    title = "That is no band of order amounts."
    fix = "Give the band and the target of a day in one currency, the least not above the most."


class TermsContradict(RuleViolation):
    code = "channel_terms_contradict"
    title = "The terms of the channel contradict themselves."
    fix = "Correct the named field: what is required has to be among what there is."


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """What the order of a small lot comes to for its buyer, both ends included."""

    currency: str
    least_minor: int
    most_minor: int

    def holds(self, minor: int) -> bool:
        return self.least_minor <= minor <= self.most_minor


class BadgeText(msgspec.Struct, frozen=True, kw_only=True):
    """What the national badge of a valid member says."""

    text: Annotated[str, characters(60)]


class Targets(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel is to reach: suppliers with a valid badge, published listings, and what is paid a day in the band's currency."""

    suppliers: int
    listings: int
    paid_a_day_minor: int


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is agreed about a channel, and may be amended. `agencies` may nominate in it: ids of the policy `channels`.

    Prices are in one of `price_currencies`; exporters get `settlement_currency`. Of a price the exporter leaves `fee_bp`; a quote adds
    `spread_bp` to the rate. `hs_categories` need an HS code, `required_languages` are those a listing must have text in.
    It opens and closes by itself at the beginning of `opens_on` and the end of `closes_on` (Shanghai), where those are given.
    """

    agencies: Annotated[tuple[str, ...], most(MOST_AGENCIES, why="the request says so")]
    languages: Annotated[tuple[Language, ...], most(4, why="there are no more")]
    required_languages: Annotated[tuple[Language, ...], most(4, why="there are no more")]
    buyer_markets: Annotated[tuple[str, ...], most(MOST_CODES, why="the request says so")]
    price_currencies: Annotated[tuple[str, ...], most(MOST_CODES, why="the request says so")]
    settlement_currency: str
    categories: Annotated[tuple[str, ...], most(MOST_CODES, why="the request says so")]
    hs_categories: Annotated[tuple[str, ...], most(MOST_CODES, why="the request says so")] = ()
    band: Band
    fee_bp: int
    spread_bp: int
    badge: Annotated[dict[Language, BadgeText], most(4, why="there are no more")]
    colour: str
    targets: Targets
    opens_on: date | None = None
    closes_on: date | None = None


class Channel(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One channel. `country` is its suppliers' (ISO 3166-1 alpha-2)."""

    id: str
    country: str
    name: Annotated[str, characters(100)]
    terms: Terms
    status: Status
    reason: Annotated[str, characters(500)] = ""
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    policy: str

    @property
    def is_open(self) -> bool:
        """Whether orders may be placed in it."""
        return self.status == "open"


Context = tuple[()]
"""A channel is decided on by itself."""


def must_fit(terms: Terms) -> None:
    """BandUnfit, or TermsContradict with the field that does not go with the others."""
    if terms.band.least_minor > terms.band.most_minor:
        raise BandUnfit("The least is above the most.", param="terms.band")
    wrong: dict[str, Collection[str]] = {
        "required_languages": {*terms.required_languages} - {*terms.languages},
        "hs_categories": {*terms.hs_categories} - {*terms.categories},
        "badge": {*terms.languages} ^ {*terms.badge},
    }
    for field, strange in wrong.items():
        if strange:
            raise TermsContradict(
                say("{strange} does not fit.", strange=", ".join(sorted(strange))), param=f"terms.{field}"
            )
    if terms.opens_on and terms.closes_on and terms.closes_on < terms.opens_on:
        raise TermsContradict("It would close before it opens.", param="terms.closes_on")
