"""A state machine as a picture: statuses in columns, and between them who moves what along by which action.

Transitions that lead from the same statuses to the same one share a line, and stand as words on it. What leaves the
status as it is, or only leads about among its own, is not drawn: the table below the picture has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from chalicelib.shared import svg
from infra.site.layering import Edge, Layout, columns, laid_out

LETTER: Final = 6.6
LINE: Final = 16.0
STATUS_HEIGHT: Final = 30.0
BETWEEN: Final = 46.0
EDGE: Final = 12.0
MOST_NAMES: Final = 6
"""On one line; those beyond are in the table below the picture."""

Moves = Mapping[tuple[frozenset[str], str], Sequence[str]]
"""From which statuses to which one: the names of the transitions."""


def moves(transitions: Sequence[Any]) -> Moves:
    """What leads on, to a status that is none of those it leads from; and what else is the only way to one. A table begins with the beginning."""
    found: dict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    for each in transitions:
        for target in sorted(each.targets - each.sources):
            found[each.name, target] |= each.sources
    reached = {target for _, target in found} | transitions[0].sources
    for target in sorted(frozenset[str]().union(*(each.targets for each in transitions)) - reached):
        ways = [each for each in transitions if target in each.targets and each.sources != {target}]
        nearest = min(ways, key=lambda each: len(each.targets))
        found[nearest.name, target] |= nearest.sources - {target}
    together: dict[tuple[frozenset[str], str], list[str]] = defaultdict(list)
    for (name, target), sources in found.items():
        together[sources, target].append(name)
    return together


def drawn(title: str, sentence: str, transitions: Sequence[Any], ends: frozenset[str]) -> str:
    """The picture as SVG, styled by the page it stands on."""
    lines = moves(transitions)
    statuses = _in_order(lines, ends)
    layout, labels = _laid_out(statuses, lines)
    widths = _widths(layout, labels)
    lefts = _lefts(widths)
    root = _sheet(title, sentence, lefts[-1] + widths[-1] + EDGE * 2, layout.height + EDGE * 2)
    for start, end in layout.lines:
        _line(root, _Span.of(start, end, layout, lefts, widths), has_head=end in statuses)
    for node in (node for node in layout.column if "@" in node):
        number, is_back = layout.column[node], node.partition("@")[0].endswith("<")
        _path(root, f"M{lefts[number]:.1f} {layout.middle[node]:.1f}h{widths[number]:.1f}", is_back)
    for node, words in labels.items():
        number = layout.column[node]
        _label(root, words, lefts[number], layout.middle[node], widths[number], node.endswith("<"))
    for status in statuses:
        number = layout.column[status]
        _status(root, status, lefts[number], layout.middle[status], widths[number], is_end=status in ends)
    return svg.written(root)


def _in_order(lines: Moves, ends: frozenset[str]) -> list[str]:
    """What nothing leads to comes first, the rest as it is reached."""
    targets = {target for _, target in lines}
    sources = {source for group, _ in lines for source in group}
    waiting = sorted(sources - targets) or sorted(sources - ends)[:1]
    found: list[str] = []
    while waiting:
        status = waiting.pop(0)
        if status not in found:
            found.append(status)
            waiting += [target for group, target in lines if status in group]
    return found + sorted((sources | targets) - set(found))


def _laid_out(statuses: Sequence[str], lines: Moves) -> tuple[Layout, dict[str, list[str]]]:
    """Statuses stand in every other column, and in those between the words of what leads to one."""
    place, back = columns(statuses, [(source, target) for group, target in lines for source in sorted(group)])
    column = {status: number * 2 for status, number in place.items()}
    labels: dict[str, list[str]] = {}
    edges: list[Edge] = []
    for number, ((group, target), names) in enumerate(lines.items()):
        for is_back in (False, True):
            sources = [source for source in sorted(group) if ((source, target) in back) == is_back]
            if sources:
                node = f"{number}{'<' if is_back else '>'}"
                labels[node] = _words(names)
                column[node] = column[target] + (1 if is_back else -1)
                edges += [(source, node) for source in sources] + [(node, target)]
    heights = dict.fromkeys(statuses, STATUS_HEIGHT) | {node: LINE * len(words) for node, words in labels.items()}
    return laid_out(column, edges, heights), labels


def _words(names: Sequence[str]) -> list[str]:
    left = len(names) - MOST_NAMES
    return [*names[:MOST_NAMES], f"and {left} more"] if left > 0 else list(names)


def _widths(layout: Layout, labels: Mapping[str, Sequence[str]]) -> list[float]:
    widths = [0.0] * (max(layout.column.values()) + 1)
    for node, number in layout.column.items():
        if "@" not in node:
            words = labels.get(node, (node,))
            room = LETTER * max(map(len, words)) + (0 if node in labels else 24)
            widths[number] = max(widths[number], room)
    return widths


def _lefts(widths: Sequence[float]) -> list[float]:
    lefts, left = [], 0.0
    for width in widths:
        lefts.append(left)
        left += width + BETWEEN
    return lefts


def _sheet(title: str, sentence: str, width: float, height: float) -> Element:
    view = f"{-EDGE:g} {-EDGE:g} {width:.0f} {height:.0f}"
    root = Element("svg", {"viewBox": view, "width": f"{width:.0f}", "height": f"{height:.0f}", "role": "img"})
    root.set("class", "diagram")
    root.set("aria-label", f"{title}. {sentence}")
    return root


class _Span(NamedTuple):
    """From where to where a line runs, between two columns."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def of(cls, start: str, end: str, layout: Layout, lefts: Sequence[float], widths: Sequence[float]) -> _Span:
        one, other = layout.column[start], layout.column[end]
        leaves = lefts[one] if other < one else lefts[one] + widths[one]
        enters = lefts[other] + widths[other] if other < one else lefts[other]
        return cls(leaves, layout.middle[start], enters, layout.middle[end])

    @property
    def is_back(self) -> bool:
        return self.x1 < self.x0


def _line(root: Element, span: _Span, *, has_head: bool) -> None:
    """Level where it leaves and where it enters; with a head where it enters a status."""
    bend = (span.x1 - span.x0) / 2
    control = f"{span.x0 + bend:.1f} {span.y0:.1f} {span.x1 - bend:.1f} {span.y1:.1f}"
    _path(root, f"M{span.x0:.1f} {span.y0:.1f}C{control} {span.x1:.1f} {span.y1:.1f}", span.is_back)
    if has_head:
        tail = span.x1 + (6 if span.is_back else -6)
        _path(
            root,
            f"M{tail:.1f} {span.y1 - 4:.1f}L{span.x1:.1f} {span.y1:.1f}L{tail:.1f} {span.y1 + 4:.1f}",
            span.is_back,
        )


def _path(root: Element, steps: str, is_back: bool) -> None:
    ElementTree.SubElement(root, "path", {"d": steps, "class": "back" if is_back else "line"})


def _label(root: Element, words: Sequence[str], left: float, middle: float, width: float, is_back: bool) -> None:
    """Words in the middle of a column, and the line on both sides of them."""
    free = (width - LETTER * max(map(len, words))) / 2
    if free > 1:
        _path(root, f"M{left:.1f} {middle:.1f}h{free:.1f}M{left + width:.1f} {middle:.1f}h{-free:.1f}", is_back)
    top = middle - LINE * len(words) / 2
    for index, word in enumerate(words):
        place = {"x": f"{left + width / 2:.1f}", "y": f"{top + LINE * index + 12:.1f}", "class": "action"}
        ElementTree.SubElement(root, "text", place).text = word


def _status(root: Element, status: str, left: float, middle: float, width: float, *, is_end: bool) -> None:
    place = {"x": f"{left:.1f}", "y": f"{middle - STATUS_HEIGHT / 2:.1f}", "width": f"{width:.1f}"}
    box = ElementTree.SubElement(root, "rect", place | {"height": f"{STATUS_HEIGHT:g}", "rx": "6"})
    box.set("class", "end" if is_end else "status")
    text = ElementTree.SubElement(root, "text", {"x": f"{left + width / 2:.1f}", "y": f"{middle + 4:.1f}"})
    text.set("class", "name")
    text.text = status
