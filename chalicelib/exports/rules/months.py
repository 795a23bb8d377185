"""What an exporter exported, by month and buyer: sums over its days. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from chalicelib.exports.rules.days import ExportDay, ExportLine
from chalicelib.shared.periods import month_of


class Sums(msgspec.Struct):
    """Sums of lines in US cents, each less what came back; `returned_minor` is what did, of both kinds. `released` counts declarations."""

    released: int = 0
    platform_minor: int = 0
    elsewhere_minor: int = 0
    related_minor: int = 0
    returned_minor: int = 0

    def add(self, line: ExportLine) -> None:
        if line.usd_minor < 0:
            self.returned_minor -= line.usd_minor
        else:
            self.released += 1
        if line.origin == "elsewhere":
            self.elsewhere_minor += line.usd_minor
            return
        self.platform_minor += line.usd_minor
        self.related_minor += line.usd_minor if line.is_related else 0


class Month(msgspec.Struct, frozen=True):
    """One month, whole and by buyer in the order of their references."""

    month: str
    whole: Sums
    buyers: dict[str, Sums]


def months(days: Iterable[ExportDay]) -> list[Month]:
    """Those months in which something counted, oldest first."""
    whole: defaultdict[str, Sums] = defaultdict(Sums)
    buyers: defaultdict[str, defaultdict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
    for day in days:
        month = month_of(day.on)
        for line in day.lines:
            whole[month].add(line)
            buyers[month][line.buyer_ref].add(line)
    return [
        Month(month, whole[month], {buyer: buyers[month][buyer] for buyer in sorted(buyers[month])})
        for month in sorted(whole)
    ]


def total(days: Iterable[ExportDay]) -> Sums:
    sums = Sums()
    for day in days:
        for line in day.lines:
            sums.add(line)
    return sums
