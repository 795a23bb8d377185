"""The import of a file of facts: a run that waits for the file, is cut into parts by member, and ends with every row in or reported. Pure.

waiting ── the file arrives ──> preparing ── cut into parts ──> running ── every part done ──> done
   └── no file in time ──> failed   └── not such a file ──> failed
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Generic, Literal, TypeVar, cast

import msgspec

from chalicelib.daybook.rules.unfit_files import NotCsv
from chalicelib.runs.rules import Run, changed
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller

Kind = Literal["trade_history", "exports", "nominations"]
"""What a file holds: trades, export declarations, or an agency's nominations. It is the name of the run's job, too."""
OF_AGENCIES: Final[frozenset[Kind]] = frozenset({"nominations"})
T = TypeVar("T")

PREFIX: Final = "imp"
MOST_BYTES: Final = 512 * 1024 * 1024
"""Two million rows and more; a longer history comes in several files."""
MOST_REFUSED: Final = 1_000_000
"""More bad rows than this, and the file as a whole is not what it should be."""
MOST_LISTED: Final = 1_000_000
"""Rows that were refused when they were recorded are listed up to so many; all are counted. A file may have five million."""
MOST_SHOWN: Final = 100
"""Characters of a refused value that are shown."""
PART_BYTES: Final = 256 * 1024
MOST_PARTS: Final = 128


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an import keeps with its run. `column` is the one at fault where the import failed, `header` is what stands there instead."""

    by: Caller
    size_bytes: int = 0
    etag: str = ""
    object_version: str = ""
    rows: int = 0
    column: str = ""
    header: str = msgspec.field(default="", name="found")
    rejected: str = ""
    """The key of the list of rejected rows, once there is one."""


class Line(msgspec.Struct, Generic[T], frozen=True, array_like=True):
    """A row on its way from the file to a part: the reference of the member it is of, and the fact."""

    reference: str
    fact: T


class Rejected(msgspec.Struct, frozen=True, array_like=True):
    """A row that was not recorded: the physical line it begins on, the column at fault where there is one, the reason, what stood there."""

    line: int
    column: str
    reason: str
    value: str = ""


def opened(import_id: str, kind: Kind, by: Caller, now: datetime) -> Run:
    return Run(
        id=import_id,
        job=kind,
        period=import_id,
        as_of=business_date(now),
        status="waiting",
        version=1,
        about=_kept(About(by=by)),
        created_at=now,
        updated_at=now,
    )


def kind_of(run: Run) -> Kind:
    return cast(Kind, run.job)


def about(run: Run) -> About:
    return msgspec.convert(run.about, About)


def arrived(run: Run, *, size_bytes: int, etag: str, object_version: str, now: datetime) -> Run:
    """The file is there."""
    uploaded = msgspec.structs.replace(about(run), size_bytes=size_bytes, etag=etag, object_version=object_version)
    if size_bytes > MOST_BYTES:
        return changed(run, now, status="failed", reason="too_large", about=_kept(uploaded))
    return changed(run, now, status="preparing", about=_kept(uploaded))


def cut(run: Run, *, rows: int, refused: int, now: datetime) -> Run:
    """The file has been cut into parts, and some rows were refused already."""
    kept = _kept(msgspec.structs.replace(about(run), rows=rows))
    return changed(run, now, status="running", shards=parts(about(run)), counts={"refused": refused}, about=kept)


def failed(run: Run, wrong: NotCsv, now: datetime) -> Run:
    kept = _kept(msgspec.structs.replace(about(run), column=wrong.column, header=wrong.header))
    return changed(run, now, status="failed", reason=wrong.reason, about=kept)


def parts(about: About) -> int:
    """How many parts a file is cut into: it follows from the size, so that cutting it again makes the same parts."""
    return min(MOST_PARTS, 1 + about.size_bytes // PART_BYTES)


def part_of(reference: str, parts: int) -> int:
    """All rows of one member are in one part, 1 … n, in the order of the file."""
    return 1 + zlib.crc32(reference.encode()) % parts


def places(header: list[str], columns: Sequence[str], required: Sequence[str]) -> list[tuple[str, int]]:
    """The known columns and where they stand; others are passed over. NotCsv where a required one is missing."""
    if absent := next((name for name in required if name not in header), None):
        raise NotCsv("missing_column", absent, header=shown(", ".join(header), 500))
    return [(name, header.index(name)) for name in columns if name in header]


def shown(value: str, most: int = MOST_SHOWN) -> str:
    """A value as it can be shown: cut, and bytes that were no UTF-8 by their numbers."""
    return value[:most].encode("utf-8", "backslashreplace").decode()


def source(import_id: str, line: int) -> str:
    """Names the telling of a fact by a line of a file."""
    return f"{import_id}:{line}"


def line_of(source: str) -> int:
    return int(source.rpartition(":")[2])


def _kept(about: About) -> dict[str, Any]:
    kept: dict[str, Any] = msgspec.to_builtins(about)
    return kept
