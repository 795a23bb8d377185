"""Places for the nodes of a drawing in columns, so that lines run from left to right and cross seldom (after Sugiyama). Pure.

A line over several columns passes through a place in each between, which all lines to the same end share. The same drawing always comes out
the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

SWEEPS: Final = 12
GAP: Final = 8.0
"""Between what stands below each other."""

Edge = tuple[str, str]


class Layout(NamedTuple):
    """`middle` is where a node stands from top to bottom, `column` from left to right. `lines` lead from one column to the one beside it;
    a name with `@` in it is a place that lines only pass."""

    column: dict[str, int]
    middle: dict[str, float]
    lines: list[Edge]
    height: float


def columns(nodes: Sequence[str], edges: Iterable[Edge]) -> tuple[dict[str, int], set[Edge]]:
    """The column of each node, left of all it leads to, and the edges that lead back. `nodes` begin with what everything begins with."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for start, end in edges:
        if start != end and end not in after[start]:
            after[start].append(end)
    back = _leading_back(nodes, after)
    place: dict[str, int] = {}

    def of(node: str) -> int:
        if node not in place:
            before = [start for start in nodes if node in after[start] and (start, node) not in back]
            place[node] = max((of(start) + 1 for start in before), default=0)
        return place[node]

    return {node: of(node) for node in nodes}, back


def _leading_back(nodes: Sequence[str], after: Mapping[str, Sequence[str]]) -> set[Edge]:
    """Edges to something that is still open in a walk in depth."""
    back: set[Edge] = set()
    done: set[str] = set()

    def walk(node: str, open_: tuple[str, ...]) -> None:
        for end in after[node]:
            if end in open_ or end == node:
                back.add((node, end))
            elif end not in done:
                walk(end, (*open_, end))
        done.add(node)

    for node in nodes:
        if node not in done:
            walk(node, (node,))
    return back


def laid_out(column: Mapping[str, int], edges: Sequence[Edge], heights: Mapping[str, float]) -> Layout:
    """Where everything stands. An edge may lead to a column on the right or on the left, not to its own."""
    places = dict(column)
    lines = list(dict.fromkeys(line for edge in edges for line in pairwise(_route(edge, places))))
    rows: list[list[str]] = [[] for _ in range(max(places.values()) + 1)]
    for node, number in places.items():
        rows[number].append(node)
    near: dict[str, list[str]] = {node: [] for node in places}
    for one, other in lines:
        near[one].append(other)
        near[other].append(one)
    _order(rows, near, places)
    middle = _middles(rows, near, heights)
    return Layout(places, middle, lines, max(middle[node] + heights.get(node, 0) / 2 for node in places))


def _route(edge: Edge, places: dict[str, int]) -> list[str]:
    start, end = edge
    step = 1 if places[end] > places[start] else -1
    between = range(places[start] + step, places[end], step)
    passed = [f"{end}@{number}" for number in between]
    places.update(zip(passed, between, strict=True))
    return [start, *passed, end]


def _order(rows: list[list[str]], near: Mapping[str, Sequence[str]], places: Mapping[str, int]) -> None:
    """Each node goes to the average of its neighbours in the column before, then in the column after, and again."""
    for sweep in range(SWEEPS):
        step = 1 if sweep % 2 == 0 else -1
        for number in range(len(rows))[::step]:
            beside = number - step
            if not 0 <= beside < len(rows):
                continue
            at = {node: index / max(len(rows[beside]) - 1, 1) for index, node in enumerate(rows[beside])}
            own = {node: index / max(len(rows[number]) - 1, 1) for index, node in enumerate(rows[number])}
            rows[number].sort(key=lambda node: _mean([at[other] for other in near[node] if other in at], own[node]))


def _middles(
    rows: Sequence[Sequence[str]], near: Mapping[str, Sequence[str]], heights: Mapping[str, float]
) -> dict[str, float]:
    """From top to bottom in the order of each column, as near to the neighbours as there is room."""
    middle: dict[str, float] = {}
    for row in rows:
        _stack(row, dict.fromkeys(row, 0.0), heights, middle)
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            wanted = {node: _mean([middle[other] for other in near[node]], middle[node]) for node in row}
            _stack(row, wanted, heights, middle)
    top = min(middle[node] - heights.get(node, 0) / 2 for node in middle)
    return {node: place - top for node, place in middle.items()}


def _stack(
    row: Sequence[str], wanted: Mapping[str, float], heights: Mapping[str, float], middle: dict[str, float]
) -> None:
    """Each as near to where it is wanted as its order allows: those that push each other move together, by the average of what they want."""
    groups: list[tuple[float, int, list[tuple[str, float]]]] = []
    for node in row:
        height = heights.get(node, 0) + GAP
        groups.append((wanted[node], 1, [(node, height)]))
        while len(groups) > 1 and _end(groups[-2]) > _start(groups[-1]):
            (one, first, above), (other, second, below) = groups[-2:]
            centre_above = one + (_length(above + below) - _length(above)) / 2
            centre_below = other - (_length(above + below) - _length(below)) / 2
            centre = (centre_above * first + centre_below * second) / (first + second)
            groups[-2:] = [(centre, first + second, above + below)]
    for centre, _, members in groups:
        place = centre - _length(members) / 2
        for node, height in members:
            middle[node] = place + height / 2
            place += height


def _length(members: Sequence[tuple[str, float]]) -> float:
    return sum(height for _, height in members)


def _start(group: tuple[float, int, list[tuple[str, float]]]) -> float:
    return group[0] - _length(group[2]) / 2


def _end(group: tuple[float, int, list[tuple[str, float]]]) -> float:
    return group[0] + _length(group[2]) / 2


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
