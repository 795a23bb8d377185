"""A CSV file as records, each with the physical line it begins on; what is not a record is told of and passed over. Pure.

RFC 4180 in UTF-8, with or without a byte order mark, lines ended by LF, CRLF or CR, quoted fields over several lines; in UTF-16 too. The delimiter is
what a first line `sep=;` says, else that of comma, semicolon, tab and bar at which the header's names are known. A broken record costs its
first line only: reading goes on with the next, so that one stray quote does not swallow the rest of a file.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import Final

from chalicelib.daybook.rules.file_forms import Readable, as_utf8
from chalicelib.daybook.rules.unfit_files import NotCsv

MOST_LINE_BYTES: Final = 16_384
MOST_LINES: Final = 32
"""Lines one record may span."""
DELIMITERS: Final = ",;\t|"

ReadLine = Callable[[int], bytes]
"""Reads up to so many bytes of a line, its end included; nothing at the end of the file."""


class CsvFile:
    """Iterates `(line, values)` for a record and `(line, reason)` for what is not one. `header` are the names of the columns.

    `names` are those that are known: they tell which delimiter it is.
    """

    def __init__(self, content: Readable, names: Collection[str] = ()) -> None:
        self._lines = _Lines(as_utf8(content).readline)
        self.header = self._read_header(names)

    @property
    def bytes_read(self) -> int:
        return self._lines.bytes_read

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        lines, width = self._lines, len(self.header)
        reader = csv.reader(lines, strict=True, delimiter=self._delimiter)
        while True:
            begins = lines.begin()
            try:
                values = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong) as broken:
                yield begins, "too_long" if isinstance(broken, _TooLong) else "bad_csv"
                lines.go_back_after_first()
                reader = csv.reader(lines, strict=True, delimiter=self._delimiter)
                continue
            if len(values) == width:
                yield begins, values
            elif values:
                yield begins, "wrong_number_of_fields"
                lines.go_back_after_first()

    def _read_header(self, known: Collection[str]) -> list[str]:
        lines = self._lines
        self._delimiter = self._named_delimiter() or self._likeliest(known)
        reader = csv.reader(lines, strict=True, delimiter=self._delimiter)
        try:
            names = next((values for values in iter(reader) if values), None)
        except (csv.Error, _TooLong):
            raise NotCsv("not_csv") from None
        if names is None:
            raise NotCsv("empty_file")
        names = [name.strip() for name in names]
        if not set(names).intersection(known) and (strange := [name for name in names if not name.isprintable()]):
            raise NotCsv("not_utf8" if all(map(_is_escaped, strange)) else "not_csv")
        if twice := next((name for name in names if name and names.count(name) > 1), None):
            raise NotCsv("duplicate_column", twice[:100])
        return names

    def _named_delimiter(self) -> str:
        """The delimiter that a first line `sep=;` names, as Excel writes it; the line is passed over then."""
        header = self._first_line().rstrip("\r\n")
        if len(header) == 5 and header.lower().startswith("sep=") and header[4] in DELIMITERS:
            return header[4]
        self._lines.go_back()
        return ""

    def _likeliest(self, known: Collection[str]) -> str:
        """The delimiter at which most names of the header's first line are known; a comma where none is."""
        line = self._first_line()
        self._lines.go_back()
        return max(
            DELIMITERS, key=lambda one: len({name.strip(' "\r\n') for name in line.split(one)}.intersection(known))
        )

    def _first_line(self) -> str:
        """The first line that is not blank, or nothing; the lines up to it are the present record's."""
        self._lines.begin()
        try:
            return next((line for line in self._lines if line.strip()), "")
        except _TooLong:
            return ""


def _is_escaped(name: str) -> bool:
    """Whether all that cannot be shown of a name are bytes that were no UTF-8."""
    return all(letter.isprintable() or "\udc80" <= letter <= "\udcff" for letter in name)


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

    def go_back(self) -> None:
        """Give all lines of the present record again."""
        self._given -= len(self._present)
        self._again.extendleft(reversed(self._present))
        self._present.clear()

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
