"""Two versions of the rules as a picture: for each rule, month by month, how often each alarmed.

The version in force is full, the shadow is framed, so that it reads without colours; every column has its number as words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from chalicelib.monitoring.rules.finding import Rule
from chalicelib.monitoring.rules.shadow import TUNED, RuleSums, Sums, Trial
from chalicelib.shared import svg
from chalicelib.shared.languages import ENGLISH
from chalicelib.shared.periods import months_between

LEFT, TOP, COLUMN, GAP, TALL, HEAD, FOOT, KEY = 24, 70, 20, 14, 72, 34, 36, 16
"""Left of all; above it; of a column; between two months; of the tallest column; above it and below; below all."""
NARROWEST: Final = 520
FULL: Final = {"fill": "#1b6ca8", "stroke": "#1b6ca8"}
FRAMED: Final = {"fill": "#ffffff", "stroke": "#b35900", "stroke-width": "2"}


def plot(trial: Trial, sums: Sums) -> str:
    """The picture of what came of a trial."""
    months = months_between(trial.from_on.isoformat(), trial.until.isoformat())
    title = f"Alarms of {sums.loans} loans, {trial.from_on} to {trial.until}"
    width = max(NARROWEST, 2 * LEFT + len(months) * (2 * COLUMN + GAP))
    height = TOP + len(TUNED) * (HEAD + TALL + FOOT) + KEY
    root = svg.document(title, _sentences(sums), width, height, ENGLISH)
    svg.text(root, LEFT, 28, title, font_size="16")
    svg.box(root, LEFT, 40, 12, 12, FULL)
    svg.text(root, LEFT + 20, 50, "in force")
    svg.box(root, LEFT + 90, 40, 12, 12, FRAMED)
    svg.text(root, LEFT + 110, 50, "shadow")
    for place, rule in enumerate(TUNED):
        _draw(root, rule, sums, months, TOP + place * (HEAD + TALL + FOOT))
    return svg.written(root)


def _draw(root: Element, rule: Rule, sums: Sums, months: list[str], top: int) -> None:
    """One rule, by its own scale: heights are whole points."""
    sides = (("in force", sums.in_force[rule], FULL), ("shadow", sums.shadow[rule], FRAMED))
    tallest = max((of_month.alarms for _, of, _ in sides for of_month in of.months.values()), default=0)
    group = ElementTree.SubElement(root, "g")
    svg.text(group, LEFT, top + 12, rule.replace("_", " "), font_weight="bold")
    ground = top + HEAD + TALL
    for place, month in enumerate(months):
        x = LEFT + place * (2 * COLUMN + GAP)
        svg.text(group, x, ground + 14, month, font_size="9")
        for side, (name, of, style) in enumerate(sides):
            if (of_month := of.months.get(month)) and (count := of_month.alarms):
                tall = max(count * TALL // tallest, 1)
                box = svg.box(group, x + side * COLUMN, ground - tall, COLUMN - 2, tall, style)
                svg.say(box, "title", f"{month}, {name}: {count}")
                svg.text(group, x + side * COLUMN, ground - tall - 3, f"{count}", font_size="9")


def _sentences(sums: Sums) -> Iterator[str]:
    for rule in TUNED:
        words = (
            f"{name}: {_words(side[rule])}" for name, side in (("in force", sums.in_force), ("shadow", sums.shadow))
        )
        yield f"{rule.replace('_', ' ')}, {'; '.join(words)}."


def _words(of: RuleSums) -> str:
    months = ", ".join(f"{month} {of_month.alarms}" for month, of_month in sorted(of.months.items()))
    return f"{of.alarms} alarms" + (f" ({months})" if months else "")
