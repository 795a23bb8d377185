"""The import of a trade history: a run that waits for a file, is cut into parts by supplier, and ends with every row in or reported. Pure.

waiting ── the file arrives ──> preparing ── cut into parts ──> running ── every part done ──> done
   └── no file in time ──> failed   └── not such a file ──> failed
"""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any, Final

import msgspec

from chalicelib.daybook.rules.reading import COLUMNS, REQUIRED
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.daybook.rules.unfit_files import NotCsv
from chalicelib.runs.rules import Run, changed
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller

PREFIX: Final = "imp"
TRADE_HISTORY: Final = "trade_history"
MOST_BYTES: Final = 512 * 1024 * 1024
"""Two million rows and more; a longer history comes in several files."""
MOST_REFUSED: Final = 1_000_000
"""More bad rows than this, and the file as a whole is not what it should be."""
MOST_SHOWN: Final = 100
"""Characters of a refused value that are shown."""
PART_BYTES: Final = 256 * 1024
MOST_PARTS: Final = 128


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an import keeps with its run. `column` is the one at fault where the import failed, `found` is what stands there instead."""

    by: Caller
    size_bytes: int = 0
    etag: str = ""
    object_version: str = ""
    rows: int = 0
    column: str = ""
    found: str = ""
    rejected: str = ""
    """The key of the list of rejected rows, once there is one."""


class Line(msgspec.Struct, frozen=True, array_like=True):
    """A row on its way from the file to a part."""

    supplier_ref: str
    fact: TradeFact


class Rejected(msgspec.Struct, frozen=True, array_like=True):
    """A row that was not recorded: the physical line it begins on, the column at fault where there is one, the reason, what stood there."""

    line: int
    column: str
    reason: str
    value: str = ""


def opened(import_id: str, by: Caller, now: datetime) -> Run:
    return Run(
        id=import_id,
        job=TRADE_HISTORY,
        period=import_id,
        as_of=business_date(now),
        status="waiting",
        version=1,
        about=_kept(About(by=by)),
        created_at=now,
        updated_at=now,
    )


def about(run: Run) -> About:
    return msgspec.convert(run.about, About)


def arrived(run: Run, *, size_bytes: int, etag: str, object_version: str, now: datetime) -> Run:
    """The file is there."""
    told = msgspec.structs.replace(about(run), size_bytes=size_bytes, etag=etag, object_version=object_version)
    if size_bytes > MOST_BYTES:
        return changed(run, now, status="failed", reason="too_large", about=_kept(told))
    return changed(run, now, status="preparing", about=_kept(told))


def cut(run: Run, *, rows: int, refused: int, now: datetime) -> Run:
    """The file has been cut into parts, and some rows were refused already."""
    kept = _kept(msgspec.structs.replace(about(run), rows=rows))
    return changed(run, now, status="running", shards=parts(about(run)), counts={"refused": refused}, about=kept)


def failed(run: Run, wrong: NotCsv, now: datetime) -> Run:
    kept = _kept(msgspec.structs.replace(about(run), column=wrong.column, found=wrong.found))
    return changed(run, now, status="failed", reason=wrong.reason, about=kept)


def parts(about: About) -> int:
    """How many parts a file is cut into: it follows from the size, so that cutting it again makes the same parts."""
    return min(MOST_PARTS, 1 + about.size_bytes // PART_BYTES)


def part_of(supplier_ref: str, parts: int) -> int:
    """All rows of one supplier are in one part, 1 … n, in the order of the file."""
    return 1 + zlib.crc32(supplier_ref.encode()) % parts


def places(header: list[str]) -> list[tuple[str, int]]:
    """The columns of a trade history and where they stand; unknown ones are passed over. NotCsv where a required one is missing."""
    if absent := next((name for name in REQUIRED if name not in header), None):
        raise NotCsv("missing_column", absent, found=shown(", ".join(header), 500))
    return [(name, header.index(name)) for name in COLUMNS if name in header]


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
