"""Recording declarations, each once, with the days of exporters they count for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.service.file_kinds import FileKind
from chalicelib.daybook.service.recorder import Recorder
from chalicelib.exports import records
from chalicelib.exports.rules import days, declaration, reading
from chalicelib.exports.rules.days import MOST_LINES, ExportDay, ExportLine
from chalicelib.exports.rules.declaration import Declaration, DeclarationFact
from chalicelib.shared import fx
from chalicelib.shared.kept import Key
from chalicelib.shared.periods import business_date

COUNTRY: Final = "CN"
"""Exports are declared at China's customs: an exporter that is not known yet is registered as one of that country."""
FULL: Final = Outcome("refused", "too_many_exports", "released_on")


def record(facts: Sequence[DeclarationFact]) -> list[Outcome]:
    """What became of each fact, in the order given: see `Recorder.record`."""
    return DECLARATIONS.record(facts)


def _tell(was: Declaration | None, fact: DeclarationFact, now: datetime) -> tuple[Declaration | None, Outcome]:
    return declaration.tell(was, fact, fx.quote, business_date(now))


def parts_of(key: Key, known: Declaration) -> tuple[tuple[Key, ExportLine], ...]:
    """What a declaration counts for, by the exporter's day."""
    return tuple(((known.fact.member_id, on.isoformat()), line) for on, line in declaration.lines_of(known))


def amended(page: Key, day: ExportDay | None, before: Sequence[ExportLine], after: Sequence[ExportLine]) -> ExportDay:
    return days.amended(day or ExportDay(on=date.fromisoformat(page[1])), before, after)


DECLARATIONS: Final = Recorder[DeclarationFact, Declaration, ExportLine, ExportDay](
    items=records.DECLARATIONS,
    pages=records.DAYS,
    key_of=lambda fact: (declaration.id_of(fact.declaration_no),),
    tell=_tell,
    parts_of=parts_of,
    amended=amended,
    weight=lambda line: 1,
    size=lambda day: len(day.lines),
    most=MOST_LINES,
    full=FULL,
)
EXPORTS: Final = FileKind[DeclarationFact](
    name="exports",
    columns=reading.COLUMNS,
    required=reading.REQUIRED,
    reference="exporter_ref",
    fact=DeclarationFact,
    read=reading.declaration_fact,
    country_of=lambda fact: COUNTRY,
    record=lambda facts, by: record(facts),
)
"""A file of declarations."""
