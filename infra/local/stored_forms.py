"""In which forms the data of this machine was written, so that no checkout reads what an older one wrote as if it had written it itself.

Data bears a number. A change of what is stored that a later checkout would misread is a line of CHANGES: its tables are made from the
journal alone, so they can be emptied and made again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple


class Change(NamedTuple):
    """What is stored otherwise from a number on, and in which tables."""

    number: int
    what: str
    tables: tuple[str, ...]


CHANGES: Final = (
    Change(
        1,
        "totals of the books, officers' lists of entries and their reports (decision 0181)",
        ("ledger-lines", "ledger-totals", "office-entries", "office-counts"),
    ),
    Change(2, "figures of channels (decision 0198)", ("channel-days", "channel-entries")),
)
PRESENT: Final = CHANGES[-1].number
FROM_THE_JOURNAL: Final = tuple(table for change in CHANGES for table in change.tables)
_OLD: Final = """\
The data in {data} was written by an older checkout, which stored otherwise: {what}.
To begin anew, move it aside: mv {data} {data}-{number}
To keep it: make run REDRIVE=1 empties {tables}, which are made from the journal, and makes them again before anybody is answered."""
_NEW: Final = """\
The data in {data} was written by a newer checkout than this one (forms {number}, here {present}): it would be misread.
Move it aside to begin anew: mv {data} {data}-{number}"""


class Misread(Exception):
    """The data of this machine has forms that this checkout does not read; the message says what to do."""


class StoredForms:
    """The number beside the data of one machine."""

    def __init__(self, data: Path) -> None:
        self._data, self._file = data, data / "forms"

    def older(self, *, is_redriven: bool, shown: Path | None = None) -> tuple[Change, ...]:
        """What is to be made again. Data that is new gets its number. Misread where it is newer, or older and not to be redriven."""
        if not self._data.exists() or not any(self._data.iterdir()):
            self.keep()
        stored = self._file.read_text().strip() if self._file.exists() else ""
        number = int(stored) if stored.isdecimal() else 0
        lacking = tuple(change for change in CHANGES if change.number > number)
        about = {"data": shown or self._data, "number": number, "present": PRESENT}
        if number > PRESENT:
            raise Misread(_NEW.format(**about))
        if lacking and not is_redriven:
            tables = ", ".join(table for change in lacking for table in change.tables)
            raise Misread(_OLD.format(**about, what="; ".join(change.what for change in lacking), tables=tables))
        return lacking

    def keep(self) -> None:
        """The data is in the present forms."""
        self._data.mkdir(parents=True, exist_ok=True)
        self._file.write_text(str(PRESENT))
