"""Every CSV file this API writes: RFC 4180 in UTF-8, and no value that a spreadsheet would take for a formula.

A spreadsheet works out whatever begins like a formula, quoted or not, and a reference somebody chose may begin so. Such a value gets an
apostrophe in front, and so does one that begins with an apostrophe: whoever reads the file as data takes one leading apostrophe
away and has the value to the letter. What is a plain number is left as it is, also below zero.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

MEDIA: Final = "text/csv"
_FORMULA: Final = re.compile(r"[=+@'\t\r\n]|-(?!\d+(\.\d+)?\Z)", re.ASCII)
"""How a value begins that is not left as it is."""


def written(rows: Iterable[Sequence[str | int]]) -> bytes:
    """The file of these rows, the header among them."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def cell(value: str | int) -> str | int:
    """A value as it stands in a file."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
