"""The second half of an import: each part recorded member by member, and in the end one list of the rows that were refused.

A fact remembers the import and line that told it, so a part that is worked on twice comes to the same counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

import msgspec

from chalicelib.daybook.rules import imports
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.imports import Line, Rejected
from chalicelib.daybook.rules.reasons import WANTED
from chalicelib.daybook.service.file_kinds import FileKind
from chalicelib.daybook.service.recorder import OfFile
from chalicelib.daybook.service.splitting import REJECTED, prefix
from chalicelib.members import service as members
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.shared import clock, csv_files, files
from chalicelib.shared.request import RequestContext

F = TypeVar("F", bound=OfFile)

AT_ONCE: Final = 10_000
"""Rows of a part in memory at a time."""


def import_part(kind: FileKind[F], run: Run, part: int) -> ShardResult:
    """Record the rows of a part, and keep those refused beside it."""
    counts: Counter[str] = Counter()
    refused: list[Rejected] = []
    lines = _each(run.id, part, msgspec.json.Decoder(Line[kind.fact]))  # type: ignore[name-defined]
    while batch := list(islice(lines, AT_ONCE)):
        outcomes = _record(kind, run, batch)
        counts.update(outcome.result for outcome in outcomes)
        refused += _refused(batch, outcomes)
    if refused:
        files.put(_refused_key(run.id, part), msgspec.json.Encoder().encode_lines(refused), "application/jsonl")
    return ShardResult(counts=dict(counts))


def finish_import(run: Run, results: Mapping[int, ShardResult]) -> None:
    """One list of refused rows, in the order of the file, and the import is done. It holds what fits into memory: `MOST_LISTED`."""
    decoder = msgspec.json.Decoder(Rejected)
    rejected = list(_each(run.id, REJECTED, decoder))
    for part, result in results.items():
        if result.counts.get("refused") and len(rejected) < imports.MOST_LISTED:
            rejected += decoder.decode_lines(files.read(_refused_key(run.id, part)))
    about = {}
    rejected = rejected[: imports.MOST_LISTED]
    if rejected:
        about["rejected"] = f"imports/{run.id}/rejected-rows.csv"
        files.put(about["rejected"], _csv(rejected), csv_files.MEDIA)
    runs.finish(run.id, **about)


def _record(kind: FileKind[F], run: Run, batch: Sequence[Line[F]]) -> list[Outcome]:
    by = imports.about(run).by
    request = RequestContext(caller=by, now=clock.now(), request_id=run.id)
    if kind.country_of:
        members.ensure({line.reference: kind.country_of(line.fact) for line in batch}, request)
    return kind.record([line.fact for line in batch], by)


def _refused(batch: Sequence[Line[F]], outcomes: Sequence[Outcome]) -> Iterator[Rejected]:
    for line, outcome in zip(batch, outcomes, strict=True):
        if outcome.result == "refused":
            yield Rejected(imports.line_of(line.fact.source), outcome.column, outcome.reason)


def _each(import_id: str, part: int, decoder: msgspec.json.Decoder[Any]) -> Iterator[Any]:
    """What a part holds, piece after piece."""
    for key in files.keys(prefix(import_id, part)):
        yield from decoder.decode_lines(files.read(key))


def _refused_key(import_id: str, part: int) -> str:
    return f"import-parts/{import_id}/refused/{part:04d}"


def _csv(rejected: Sequence[Rejected]) -> bytes:
    rows = sorted(rejected, key=lambda row: row.line)
    lines = ((row.line, row.column, row.value, row.reason, WANTED.get(row.reason, "")) for row in rows)
    return csv_files.written([("line", "column", "value", "reason", "wanted"), *lines])
