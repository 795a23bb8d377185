"""Verified peer reports, as facts of monitoring (rule R8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.monitoring.records import reports as records
from chalicelib.monitoring.records.reports import verified as verified
from chalicelib.monitoring.rules.effects import NoteVerifiedReport
from chalicelib.shared.aggregates import Writer
from chalicelib.shared.state_machine import Effect

NOTES: Final[Mapping[type[Effect], Writer]] = {NoteVerifiedReport: records.note}
"""For the aggregate of peer reports, which stands in a slice above."""
