"""A firm beside its peers: the part of the others that it does better than. Pure.

    rank = (worse + as good / 2) / number of the others        in hundredths of a percent, rounded down      (credit.md 17)

Peers are firms of the same industry, region and size; where fewer than the card asks for are known, those of wider groups. What peers have is kept
as counts of figures to two digits, so that a group is one small item however many are in it, and the counts of parts add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.shared.bounds import most

Figure = Literal["sales", "disputes"]
MOST_COUNTS: Final = 2_000
"""Figures to two digits: ninety in each power of ten."""
WHOLE: Final = 10_000

Counts = Annotated[dict[int, int], most(MOST_COUNTS, why="figures to two digits")]


class PeerFigures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of one firm is compared: sales of twelve months in US cents, and claims for each order in hundredths of a percent."""

    sales: int | None = None
    disputes: int | None = None


class Compared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A firm's figures of a month, with the groups that count them."""

    figures: PeerFigures
    groups: Annotated[tuple[str, ...], most(5, why="the groups of a firm")]


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many firms of a group have which figure."""

    sales: Counts = {}
    disputes: Counts = {}


class Ranks(msgspec.Struct, frozen=True, kw_only=True):
    """The firm's rank by each figure; None where too few others are known."""

    sales: int | None = None
    disputes: int | None = None


NO_RANKS: Final = Ranks()


def groups_of(industry: str, branch: str, region: str, size: str) -> tuple[str, ...]:
    """The names of the groups that a firm is in, the narrowest first."""
    return (f"{industry}|{region}|{size}", f"{branch}*|{region}|{size}", f"{branch}*||{size}", f"||{size}", "||")


def coarse(figure: int) -> int:
    """A figure to its first two digits, towards zero."""
    digits = len(str(abs(figure)))
    step = int(10 ** max(0, digits - 2))
    return abs(figure) // step * step * (1 if figure >= 0 else -1)


def counted(known: Iterable[Compared]) -> dict[str, Group]:
    """The groups that firms come to, each firm in all of its groups."""
    groups: dict[str, Group] = {}
    for firm in known:
        for name in firm.groups:
            group = groups.setdefault(name, Group(sales={}, disputes={}))
            _count(group.sales, firm.figures.sales)
            _count(group.disputes, firm.figures.disputes)
    return groups


def _count(counts: dict[int, int], figure: int | None) -> None:
    if figure is not None:
        counts[coarse(figure)] = counts.get(coarse(figure), 0) + 1


def ranks(own: PeerFigures, is_counted: bool, groups: Iterable[Group], least: int) -> Ranks:
    """By the first group with enough others, each figure by itself. `is_counted`: the firm is one of those that the groups count."""
    known = list(groups)
    return Ranks(
        sales=_first(own.sales, is_counted, [each.sales for each in known], least, more_is_better=True),
        disputes=_first(own.disputes, is_counted, [each.disputes for each in known], least, more_is_better=False),
    )


def rank(own: int, others: Mapping[int, int], *, more_is_better: bool) -> int:
    """The part of the others that are worse, and half of those as good."""
    worse = sum(n for figure, n in others.items() if (figure < own if more_is_better else figure > own))
    return (2 * worse + others.get(own, 0)) * WHOLE // (2 * sum(others.values()))


def _first(
    own: int | None, is_counted: bool, groups: Iterable[Mapping[int, int]], least: int, *, more_is_better: bool
) -> int | None:
    if own is None:
        return None
    figure = coarse(own)
    for counts in groups:
        others = dict(counts)
        if is_counted and others.get(figure):
            others[figure] -= 1
        if sum(others.values()) >= least:
            return rank(figure, others, more_is_better=more_is_better)
    return None
