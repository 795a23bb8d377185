"""A CSV file as records, each with the physical line it begins on; what is not a record is told of and passed over. Pure.

RFC 4180 in UTF-8, with or without a byte order mark, lines ended by LF or CRLF, quoted fields over several lines. A broken record
costs its first line only: reading goes on with the next, so that one stray quote does not swallow the rest of a file.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

MOST_LINE_BYTES: Final = 16_384
MOST_LINES: Final = 32
"""Lines one record may span."""

ReadLine = Callable[[int], bytes]
"""Reads up to so many bytes of a line, its end included; nothing at the end of the file."""


class NotCsv(Exception):
    """The file as a whole is not what it should be: `reason` and, where one is concerned, `column`."""

    def __init__(self, reason: str, column: str = "") -> None:
        super().__init__(f"{reason} {column}".strip())
        self.reason = reason
        self.column = column


class CsvFile:
    """Iterates `(line, values)` for a record and `(line, reason)` for what is not one. `header` are the names of the columns."""

    def __init__(self, readline: ReadLine) -> None:
        self._lines = _Lines(readline)
        self.header = self._read_header()

    @property
    def bytes_read(self) -> int:
        return self._lines.bytes_read

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        lines, width = self._lines, len(self.header)
        reader = csv.reader(lines, strict=True)
        while True:
            begins = lines.begin()
            try:
                values = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong) as broken:
                yield begins, "too_long" if isinstance(broken, _TooLong) else "bad_csv"
                lines.go_back_after_first()
                reader = csv.reader(lines, strict=True)
                continue
            if len(values) == width:
                yield begins, values
            elif values:
                yield begins, "wrong_number_of_fields"
                lines.go_back_after_first()

    def _read_header(self) -> list[str]:
        reader = csv.reader(self._lines, strict=True)
        try:
            names = next((values for values in iter(reader) if values), None)
        except (csv.Error, _TooLong):
            raise NotCsv("not_csv") from None
        if names is None:
            raise NotCsv("empty_file")
        names = [name.strip() for name in names]
        if not all(name.isprintable() for name in names):
            raise NotCsv("not_csv")
        if twice := next((name for name in names if name and names.count(name) > 1), None):
            raise NotCsv("duplicate_column", twice[:100])
        return names


class _TooLong(Exception):
    """A line has too many bytes, or a record too many lines."""


class _Lines:
    """The lines of a file as text, numbered from 1, with those of the present record at hand to be given again."""

    def __init__(self, readline: ReadLine) -> None:
        self._readline = readline
        self._again: deque[str | None] = deque()
        self._present: list[str | None] = []
        self._given = 0
        self.bytes_read = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._present) >= MOST_LINES:
            raise _TooLong
        line = self._again.popleft() if self._again else self._next_line()
        self._present.append(line)
        self._given += 1
        if line is None:
            raise _TooLong
        return line

    def begin(self) -> int:
        """A new record begins: the number of its first line."""
        self._present.clear()
        return self._given + 1

    def go_back_after_first(self) -> None:
        """Give the lines of the present record again, but for the first."""
        self._given -= len(self._present) - 1
        self._again.extendleft(reversed(self._present[1:]))

    def _next_line(self) -> str | None:
        """The next line; None for one that is too long, which is passed over."""
        raw = self._readline(MOST_LINE_BYTES)
        if not raw:
            raise StopIteration
        is_first = self.bytes_read == 0
        self.bytes_read += len(raw)
        if len(raw) == MOST_LINE_BYTES and raw[-1:] != b"\n":
            self._pass_over()
            return None
        return raw.decode("utf-8-sig" if is_first else "utf-8", "surrogateescape")

    def _pass_over(self) -> None:
        while rest := self._readline(MOST_LINE_BYTES):
            self.bytes_read += len(rest)
            if rest[-1:] == b"\n":
                return
