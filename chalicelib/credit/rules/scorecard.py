"""The scorecard: how a firm's figures become points, a band, and reasons that a person can read and act on. Pure.

    points of an attribute = those of the bin in which its figure lies; of a figure that is not known, those the card calls neutral
    score                  = their sum, at most 1,000
    reasons                = the attributes that lost most points, four at most, in the card's order where they lost as many

What is not known is listed and is never a reason. The card is a policy in versions, all of it whole numbers. A figure is a number about a firm: nothing
about a person goes in, but how long somebody has signed for it (credit.md 8). Band D says that a person decides, and refuses nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared.bounds import characters, most
from chalicelib.shared.texts import NOTHING, Text, of_policy, one_after_the_other, say

Band = Literal["A", "B", "C", "D"]
Block = Literal["enterprise", "operation", "owner", "peers", "conduct"]
Unit = Literal["number", "percent", "yuan", "share"]
"""How a figure is read: as it is, hundredths of a percent as percent, whole yuan, ten-thousandths as a share of one."""
MOST_ATTRIBUTES: Final = 30
MOST_REASONS: Final = 4


class Figures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a firm, by the names of the card's attributes. None: not known, which is neither zero nor good nor bad.

    Shares are hundredths of a percent. `growth`: of the last six months' sales over the six before; `buyer_concentration`: the sum of the
    squares of the buyers' shares, 10,000 for one buyer; `sales_rank` and `dispute_rank`: the part of its peers that it does better than.
    """

    years_registered: int | None = None
    verification: int | None = None
    paid_in_capital: int | None = None
    tax_grade: int | None = None
    growth: int | None = None
    active_months: int | None = None
    buyer_concentration: int | None = None
    dispute_rate: int | None = None
    login_weeks: int | None = None
    on_time_shipping: int | None = None
    signer_months: int | None = None
    loans_repaid: int | None = None
    court_list: int | None = None
    sales_rank: int | None = None
    dispute_rank: int | None = None
    worst_dpd: int | None = None
    line_use: int | None = None
    calls_honoured: int | None = None


class Bin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From a figure on, up to the next bin. `word` says what such a figure is called, where it is no quantity."""

    least: int
    points: int
    word: str = ""


class Attribute(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the card. Figures below the first bin are in it. `advice` is what the firm can do."""

    name: str
    block: Block
    title: str
    advice: str
    unit: Unit = "number"
    neutral: int
    bins: tuple[Bin, ...]

    @property
    def most(self) -> int:
        return max(each.points for each in self.bins)


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The policy `scorecard`. A score of `bands[…]` or more is in that band; peers are compared where there are `least_peers` others.

    An officer looks at a score in band D within `review_business_days`.
    """

    attributes: tuple[Attribute, ...]
    bands: dict[Band, int]
    least_peers: int
    review_business_days: int

    @property
    def most(self) -> int:
        return sum(each.most for each in self.attributes)


class Points(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an attribute came to. `why` is the figure in words, `change` what would bring more points: empty where there are none to bring."""

    name: Annotated[str, characters(40)]
    block: Block
    figure: int | None
    points: int
    most: int
    why: Text
    change: Text = NOTHING

    @property
    def lost(self) -> int:
        return self.most - self.points


class Score(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A firm's score with every point of it. `reasons` and `missing` are names of attributes."""

    points: int
    most: int
    band: Band
    attributes: Annotated[tuple[Points, ...], most(MOST_ATTRIBUTES, why="those of a card")]
    reasons: Annotated[tuple[str, ...], most(MOST_REASONS)] = ()
    missing: Annotated[tuple[str, ...], most(MOST_ATTRIBUTES, why="those of a card")] = ()

    @property
    def needs_person(self) -> bool:
        """Whether the score decides nothing without somebody who looks."""
        return self.band == "D"


def score(figures: Figures, card: Card) -> Score:
    """The score of figures by a card. The same in every run."""
    lines = tuple(_line(each, getattr(figures, each.name)) for each in card.attributes)
    points = sum(line.points for line in lines)
    return Score(
        points=points,
        most=card.most,
        band=band_of(points, card),
        attributes=lines,
        reasons=main_reasons(lines),
        missing=tuple(line.name for line in lines if line.figure is None),
    )


def main_reasons(lines: Sequence[Points]) -> tuple[str, ...]:
    """The attributes that lost most points: of what is known, and only where points were lost."""
    losing = [line for line in lines if line.figure is not None and line.lost > 0]
    return tuple(line.name for line in sorted(losing, key=lambda line: -line.lost)[:MOST_REASONS])


def band_of(points: int, card: Card) -> Band:
    known: tuple[Band, ...] = get_args(Band)
    return next((band for band in known if points >= card.bands.get(band, 0)), known[-1])


def _line(attribute: Attribute, figure: int | None) -> Points:
    if figure is None:
        points, change = attribute.neutral, of_policy(attribute.advice)
        why = say("{title}: not known.", title=of_policy(attribute.title))
    else:
        own = _bin(attribute, figure)
        points = own.points
        why = say(
            "{title}: {figure}.",
            title=of_policy(attribute.title),
            figure=of_policy(own.word) if own.word else _shown(figure, attribute.unit),
        )
        change = _change(attribute, own)
    return Points(
        name=attribute.name,
        block=attribute.block,
        figure=figure,
        points=points,
        most=attribute.most,
        why=why,
        change=change,
    )


def _bin(attribute: Attribute, figure: int) -> Bin:
    return next((each for each in reversed(attribute.bins) if figure >= each.least), attribute.bins[0])


def _change(attribute: Attribute, own: Bin) -> Text:
    """The nearest figure with more points, and how many more."""
    place = attribute.bins.index(own)
    above = next((each for each in attribute.bins[place + 1 :] if each.points > own.points), None)
    below = next(
        (
            (lower, upper)
            for lower, upper in reversed([*pairwise(attribute.bins[: place + 1])])
            if lower.points > own.points
        ),
        None,
    )
    if above:
        least = say("{figure} or more", figure=_shown(above.least, attribute.unit))
        target, more = of_policy(above.word) if above.word else least, above.points - own.points
    elif below:
        lower, upper = below
        most = say("less than {figure}", figure=_shown(upper.least, attribute.unit))
        target, more = of_policy(lower.word) if lower.word else most, lower.points - own.points
    else:
        return NOTHING
    with_that = say("With {target}: {more} points more.", target=target, more=more)
    return one_after_the_other(of_policy(attribute.advice), with_that)


def _shown(figure: int, unit: Unit) -> str:
    match unit:
        case "percent":
            return f"{figure / 100:.10g} %"
        case "yuan":
            return f"{figure:,} CNY"
        case "share":
            return f"{figure / 10_000:.10g}"
        case "number":
            return f"{figure:,}"
