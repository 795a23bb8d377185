"""The day row of an exporter: what its declarations counted for on one Shanghai date. Pure.

An export counts on the day customs released it, a return below zero on the day the goods came back: credit.md 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.shared.bounds import most

Origin = Literal["platform", "elsewhere"]
"""`elsewhere`: exported outside the platform, and proven by documents."""

MOST_LINES: Final = 1_200
"""Releases and returns of one exporter on one date."""


class ExportLine(msgspec.Struct, frozen=True, array_like=True):
    """What one declaration counts for on a day: US cents, those of a return below zero."""

    order_ref: str
    buyer_ref: str
    usd_minor: int
    origin: Origin = "platform"
    is_related: bool = False
    """Exporter and buyer are related parties."""


class ExportDay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One exporter on one Shanghai date. The sums follow from the lines; amounts are US cents at the table rate of the export's month."""

    on: date
    lines: Annotated[tuple[ExportLine, ...], most(MOST_LINES)] = ()

    @property
    def platform_usd_minor(self) -> int:
        """Exported through the platform, less what came back."""
        return sum(line.usd_minor for line in self.lines if line.origin == "platform")

    @property
    def elsewhere_usd_minor(self) -> int:
        """Verified elsewhere, less what came back."""
        return sum(line.usd_minor for line in self.lines if line.origin == "elsewhere")

    @property
    def related_usd_minor(self) -> int:
        """The part of `platform_usd_minor` that went to related parties."""
        return sum(line.usd_minor for line in self.lines if line.origin == "platform" and line.is_related)


def amended(day: ExportDay, before: Iterable[ExportLine], after: Iterable[ExportLine]) -> ExportDay:
    """The day when a declaration that counted for the lines `before` counts for the lines `after`."""
    lines = list(day.lines)
    for line in before:
        lines.remove(line)
    return ExportDay(on=day.on, lines=(*lines, *after))
