"""The month's report on sanctions."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.conduct.rules.sanction import Measure


class ReportQuery(msgspec.Struct, frozen=True, kw_only=True):
    month: Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    """As `2026-03`, in Shanghai."""


class MeasureReport(msgspec.Struct, frozen=True, kw_only=True):
    """How many sanctions of a measure came to what in the month. `days_in_force`: of those in force that ended in it, on average, rounded down; null where none did."""

    measure: Measure
    proposed: int
    noticed: int
    appealed: int
    in_force: int
    withdrawn: int
    lapsed: int
    dropped: int
    overturned: int
    lifted: int
    expired: int
    days_in_force: int | None


class ReportView(msgspec.Struct, frozen=True, kw_only=True):
    month: str
    measures: list[MeasureReport]
