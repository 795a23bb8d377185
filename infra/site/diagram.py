"""A state machine as a picture: statuses in columns, and between them who moves what along by which action.

Transitions that lead from the same statuses to the same one share a line, and stand as words on it. What leaves the
status as it is, or only leads about among its own, is not drawn: the table below the picture has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from chalicelib.shared import svg
from infra.site.layering import Edge, Layout, columns, laid_out

LETTER: Final = 6.6
LINE: Final = 16.0
STATUS_HEIGHT: Final = 30.0
BETWEEN: Final = 46.0
"""From one column to the next."""
ROWS: Final = 26.0
"""From one row to the next, where columns are drawn as rows."""
WIDEST: Final = 1040.0
"""What a page of the documentation has room for on a desk."""
EDGE: Final = 12.0
MOST_NAMES: Final = 6
"""On one line; those beyond are in the table below the picture."""

Moves = Mapping[tuple[frozenset[str], str], Sequence[str]]
"""From which statuses to which one: the names of the transitions."""


def moves(transitions: Sequence[Any]) -> Moves:
    """What leads on, to a status that is none of those it leads from; and what else is the only way to one. A table begins with the beginning."""
    by_ends: dict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    for each in transitions:
        for target in sorted(each.targets - each.sources):
            by_ends[each.name, target] |= each.sources
    reached = {target for _, target in by_ends} | transitions[0].sources
    for target in sorted(frozenset[str]().union(*(each.targets for each in transitions)) - reached):
        ways = [each for each in transitions if target in each.targets and each.sources != {target}]
        nearest = min(ways, key=lambda each: len(each.targets))
        by_ends[nearest.name, target] |= nearest.sources - {target}
    together: dict[tuple[frozenset[str], str], list[str]] = defaultdict(list)
    for (name, target), sources in by_ends.items():
        together[sources, target].append(name)
    return together


def drawn(title: str, sentence: str, transitions: Sequence[Any], ends: frozenset[str]) -> str:
    """The picture as SVG, styled by the page it stands on: from left to right where a page has the room, else from top to bottom."""
    lines = moves(transitions)
    statuses = _in_order(lines, ends)
    picture = _Picture(statuses, lines, is_down=False)
    if picture.length > WIDEST:
        picture = _Picture(statuses, lines, is_down=True)
    return svg.written(picture.drawn(title, sentence, ends))


def _in_order(lines: Moves, ends: frozenset[str]) -> list[str]:
    """What nothing leads to comes first, the rest as it is reached."""
    targets = {target for _, target in lines}
    sources = {source for group, _ in lines for source in group}
    waiting = sorted(sources - targets) or sorted(sources - ends)[:1]
    order: list[str] = []
    while waiting:
        status = waiting.pop(0)
        if status not in order:
            order.append(status)
            waiting += [target for group, target in lines if status in group]
    return order + sorted((sources | targets) - set(order))


class _Picture:
    """Statuses stand in every other column, and in those between the words of what leads to one.

    A place is (along, across): along the columns, and across them. Drawn down, columns are rows.
    """

    def __init__(self, statuses: Sequence[str], lines: Moves, *, is_down: bool) -> None:
        self._statuses, self._is_down = statuses, is_down
        self._layout, self._labels = self._laid_out(lines)
        self._depths = self._depths_of_columns()
        self._begins = list(accumulate((depth + (ROWS if is_down else BETWEEN) for depth in self._depths), initial=0.0))

    @property
    def length(self) -> float:
        """Along the columns."""
        return self._begins[-2] + self._depths[-1] + EDGE * 2

    def drawn(self, title: str, sentence: str, ends: frozenset[str]) -> Element:
        root = self._sheet(title, sentence)
        for start, end in self._layout.lines:
            self._line(root, start, end)
        for node, number in self._layout.column.items():
            if "@" in node:
                begin, across = self._begins[number], self._layout.middle[node]
                is_back = node.partition("@")[0].endswith("<")
                self._path(
                    root, f"M{self._at(begin, across)}L{self._at(begin + self._depths[number], across)}", is_back
                )
        for node, words in self._labels.items():
            self._label(root, node, words)
        for status in self._statuses:
            self._status(root, status, is_end=status in ends)
        return root

    def _laid_out(self, lines: Moves) -> tuple[Layout, dict[str, list[str]]]:
        edges = [(source, target) for group, target in lines for source in sorted(group)]
        place, back = columns(self._statuses, edges)
        column = {status: number * 2 for status, number in place.items()}
        labels: dict[str, list[str]] = {}
        through: list[Edge] = []
        for number, ((group, target), names) in enumerate(lines.items()):
            for is_back in (False, True):
                sources = [source for source in sorted(group) if ((source, target) in back) == is_back]
                if sources:
                    node = f"{number}{'<' if is_back else '>'}"
                    labels[node] = _words(names)
                    column[node] = column[target] + (1 if is_back else -1)
                    through += [(source, node) for source in sources] + [(node, target)]
        sizes = {status: _size_of_status(status) for status in self._statuses}
        sizes |= {node: _size_of(words) for node, words in labels.items()}
        return laid_out(column, through, {node: size[not self._is_down] for node, size in sizes.items()}), labels

    def _depths_of_columns(self) -> list[float]:
        depths = [0.0] * (max(self._layout.column.values()) + 1)
        for node, number in self._layout.column.items():
            if "@" not in node:
                size = _size_of(self._labels[node]) if node in self._labels else _size_of_status(node)
                depths[number] = max(depths[number], size[self._is_down])
        return depths

    def _sheet(self, title: str, sentence: str) -> Element:
        width, height = self._turned(self.length, self._layout.height + EDGE * 2)
        view = f"{-EDGE:g} {-EDGE:g} {width:.0f} {height:.0f}"
        root = Element("svg", {"viewBox": view, "width": f"{width:.0f}", "height": f"{height:.0f}", "role": "img"})
        root.set("class", "diagram")
        root.set("aria-label", f"{title}. {sentence}")
        return root

    def _line(self, root: Element, start: str, end: str) -> None:
        """Straight on where it leaves and where it enters; with a head where it enters a status."""
        one, other = self._layout.column[start], self._layout.column[end]
        is_back = other < one
        leaves = self._begins[one] + (0 if is_back else self._depths[one])
        enters = self._begins[other] + (self._depths[other] if is_back else 0)
        before, after = self._layout.middle[start], self._layout.middle[end]
        bend = (enters - leaves) / 2
        control = f"{self._at(leaves + bend, before)} {self._at(enters - bend, after)}"
        self._path(root, f"M{self._at(leaves, before)}C{control} {self._at(enters, after)}", is_back)
        if end in self._statuses:
            tail = enters + (6 if is_back else -6)
            tip = f"L{self._at(enters, after)}"
            self._path(root, f"M{self._at(tail, after - 4)}{tip}L{self._at(tail, after + 4)}", is_back)

    def _label(self, root: Element, node: str, words: Sequence[str]) -> None:
        """Words in the middle of a column, and the line on both sides of them."""
        number, across = self._layout.column[node], self._layout.middle[node]
        begin, depth, is_back = self._begins[number], self._depths[number], node.endswith("<")
        free = (depth - _size_of(words)[self._is_down]) / 2
        if free > 1:
            for one, other in ((begin, begin + free), (begin + depth, begin + depth - free)):
                self._path(root, f"M{self._at(one, across)}L{self._at(other, across)}", is_back)
        x, y = self._turned(begin + depth / 2, across)
        top = y - LINE * len(words) / 2
        for index, word in enumerate(words):
            place = {"x": f"{x:.1f}", "y": f"{top + LINE * index + 12:.1f}", "class": "action"}
            ElementTree.SubElement(root, "text", place).text = word

    def _status(self, root: Element, status: str, *, is_end: bool) -> None:
        number = self._layout.column[status]
        x, y = self._turned(self._begins[number] + self._depths[number] / 2, self._layout.middle[status])
        width = _size_of_status(status)[0] if self._is_down else self._depths[number]
        place = {"x": f"{x - width / 2:.1f}", "y": f"{y - STATUS_HEIGHT / 2:.1f}", "width": f"{width:.1f}"}
        box = ElementTree.SubElement(root, "rect", place | {"height": f"{STATUS_HEIGHT:g}", "rx": "6"})
        box.set("class", "end" if is_end else "status")
        text = ElementTree.SubElement(root, "text", {"x": f"{x:.1f}", "y": f"{y + 4:.1f}"})
        text.set("class", "name")
        text.text = status

    def _turned(self, along: float, across: float) -> tuple[float, float]:
        """From left to right, and from top to bottom."""
        return (across, along) if self._is_down else (along, across)

    def _at(self, along: float, across: float) -> str:
        x, y = self._turned(along, across)
        return f"{x:.1f} {y:.1f}"

    @staticmethod
    def _path(root: Element, steps: str, is_back: bool) -> None:
        ElementTree.SubElement(root, "path", {"d": steps, "class": "back" if is_back else "line"})


def _words(names: Sequence[str]) -> list[str]:
    left = len(names) - MOST_NAMES
    return [*names[:MOST_NAMES], f"and {left} more"] if left > 0 else list(names)


def _size_of(words: Sequence[str]) -> tuple[float, float]:
    """Width and height of what stands on a line."""
    return LETTER * max(map(len, words)), LINE * len(words)


def _size_of_status(status: str) -> tuple[float, float]:
    return LETTER * len(status) + 24, STATUS_HEIGHT
