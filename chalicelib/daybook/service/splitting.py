"""The first half of an import: the file, read once in little memory, is judged row by row and cut into parts by member.

Doing it again writes the same parts under the same keys, so it may die anywhere and be done anew.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import msgspec

from chalicelib.daybook.rules import imports
from chalicelib.daybook.rules.csv_files import CsvFile
from chalicelib.daybook.rules.imports import Line, Rejected
from chalicelib.daybook.rules.reading import Unreadable
from chalicelib.daybook.rules.unfit_files import NotCsv
from chalicelib.daybook.service.file_kinds import FileKind
from chalicelib.daybook.service.imports import key_of
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Run
from chalicelib.shared import clock, files
from chalicelib.shared.files import FileReplaced
from chalicelib.shared.journal import Event

IN_MEMORY_BYTES: Final = 32 * 1024 * 1024
"""So much of the parts is kept before it is written out, whatever the size of the file."""
TELL_EVERY: Final = 20_000
"""Rows between two tellings of how far it has come."""
REJECTED: Final = 0
"""Rejected rows are kept where parts are, as part 0."""


def split(kind: FileKind[Any], run: Run) -> None:
    """Cut the file of an import into parts and start them; a file that will not do fails the import."""
    try:
        cut = _cut(kind, run)
    except NotCsv as wrong:
        failed = imports.failed(run, wrong, clock.now())
        runs.advance(failed, Event("import.failed", {"reason": wrong.reason, "column": wrong.column}))
        return
    facts = {"rows": imports.about(cut).rows, "parts": cut.shards, **cut.counts}
    runs.start(runs.advance(cut, Event("import.cut", facts)))


def prefix(import_id: str, part: int) -> str:
    """Where the pieces of a part are."""
    return f"import-parts/{import_id}/{part:04d}/"


def _cut(kind: FileKind[Any], run: Run) -> Run:
    about = imports.about(run)
    try:
        with files.stream(key_of(run.id), about.etag, about.object_version) as content:
            return _cut_file(kind, run, CsvFile(content, kind.columns))
    except FileReplaced:
        raise NotCsv("file_replaced") from None


def _cut_file(kind: FileKind[Any], run: Run, file: CsvFile) -> Run:
    places = imports.places(file.header, kind.columns, kind.required)
    pieces = Pieces(run.id, imports.parts(imports.about(run)))
    rows = 0
    for rows, (line, row) in enumerate(file, 1):
        try:
            pieces.add(_read(kind, run.id, line, row, places))
        except Unreadable as wrong:
            pieces.reject(Rejected(line, wrong.column, wrong.reason, _value(row, wrong.column, places)))
        if rows % TELL_EVERY == 0:
            runs.report_progress(
                run.id,
                bytes_read=min(file.bytes_read, imports.about(run).size_bytes),
                rows_read=rows,
                refused=pieces.refused,
            )
    pieces.write()
    return imports.cut(run, rows=rows, refused=pieces.refused, now=clock.now())


def _read(
    kind: FileKind[Any], import_id: str, line: int, row: list[str] | str, places: list[tuple[str, int]]
) -> Line[Any]:
    if isinstance(row, str):
        raise Unreadable("", row)
    values = {name: row[place] for name, place in places if row[place]}
    return Line(values.get(kind.reference, ""), kind.read(values, imports.source(import_id, line)))


def _value(row: list[str] | str, column: str, places: list[tuple[str, int]]) -> str:
    """What stands in a row's column, as far as it can be shown."""
    place = dict(places).get(column)
    return imports.shown(row[place]) if place is not None and not isinstance(row, str) else ""


class Pieces:
    """The parts as they grow, written out piece by piece so that memory stays bounded."""

    def __init__(self, import_id: str, parts: int) -> None:
        self._import_id, self._parts = import_id, parts
        self._pending: defaultdict[int, bytearray] = defaultdict(bytearray)
        self._bytes = 0
        self._written = 0
        self._encoder = msgspec.json.Encoder()
        self.refused = 0

    def add(self, line: Line[Any]) -> None:
        self._append(imports.part_of(line.reference, self._parts), line)

    def reject(self, rejected: Rejected) -> None:
        self.refused += 1
        if self.refused > imports.MOST_REFUSED:
            raise NotCsv("too_many_bad_rows")
        self._append(REJECTED, rejected)

    def write(self) -> None:
        """Write out what is pending, and begin the next pieces."""
        for part, pending in sorted(self._pending.items()):
            files.put(f"{prefix(self._import_id, part)}{self._written:06d}", bytes(pending), "application/jsonl")
        self._pending.clear()
        self._bytes = 0
        self._written += 1

    def _append(self, part: int, line: Line[Any] | Rejected) -> None:
        encoded = self._encoder.encode(line)
        pending = self._pending[part]
        pending += encoded
        pending += b"\n"
        self._bytes += len(encoded)
        if self._bytes >= IN_MEMORY_BYTES:
            self.write()
