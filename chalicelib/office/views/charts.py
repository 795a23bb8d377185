"""A figure of a report as a chart: a bar for each period."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.office.views.reports import ReportColumn, ReportView
from chalicelib.shared import svg
from chalicelib.shared.texts import in_language, say

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 240, 10, 44, 206
INK, BAR, BELOW = "#1a202c", "#1b6e3c", "#9b1c1c"


def draw(shown: ReportView, column: ReportColumn, series: Sequence[tuple[str, float]], language: str) -> str:
    """No script, no link, no outside request; a reader hears title and description."""
    title = in_language(
        say(
            "{title}: {figure}, {since} to {until}",
            title=shown.title,
            figure=column.name,
            since=shown.since,
            until=shown.until,
        ),
        language,
    )
    highest = max((abs(number) for _, number in series), default=0.0)
    description = in_language(
        say(
            "{formula}; {periods} periods, at most {highest:g}",
            formula=column.formula,
            periods=len(series),
            highest=highest,
        ),
        language,
    )
    root = svg.document(title, [description], WIDTH, HEIGHT, language)
    svg.text(root, LEFT, 20, title, font_size="13", font_weight="700", fill=INK)
    step = (WIDTH - 2 * LEFT) / max(len(series), 1)
    for number, (_, value) in enumerate(series):
        height = abs(value) * (BOTTOM - TOP) / highest if highest else 0
        style = {"fill": BAR if value >= 0 else BELOW}
        svg.box(root, LEFT + number * step, BOTTOM - height, max(step - 1, 0.5), height, style)
    svg.text(root, LEFT, HEIGHT - 14, description, font_size="10", fill=INK)
    return svg.written(root)
