"""Why a file as a whole is not recorded: a code for programs, and words that a person can act on. Rows: see `reasons.py`. Pure."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from chalicelib.shared.texts import Text, say

FileReason = Literal[
    "never_uploaded",
    "too_large",
    "file_replaced",
    "empty_file",
    "not_csv",
    "not_utf8",
    "spreadsheet",
    "compressed",
    "other_format",
    "missing_column",
    "duplicate_column",
    "too_many_bad_rows",
]


class Words(NamedTuple):
    """What is wrong with a file, and what to do about it."""

    fault: Text
    fix: Text


_SAVE_AS: Final = say(
    'Save it as "CSV UTF-8" (in Excel: File, Save as, "CSV UTF-8 (comma delimited)") and upload it to a new import.'
)
FILE_WORDS: Final[dict[str, Words]] = {
    "never_uploaded": Words(
        say("No file came in time."), say("Open a new import and upload the file within the hour.")
    ),
    "too_large": Words(
        say("The file is larger than an import takes."), say("Cut it into several files, each with the header line.")
    ),
    "file_replaced": Words(
        say("Another file took its place before it was read."), say("Open a new import and upload one file to it.")
    ),
    "empty_file": Words(say("The file is empty."), say("Upload a file with a header line and rows.")),
    "not_csv": Words(say("The beginning of the file is no header line of a CSV file."), _SAVE_AS),
    "not_utf8": Words(say("The names of the columns are not in UTF-8 (GBK or another encoding)."), _SAVE_AS),
    "spreadsheet": Words(say("The file is a workbook of a spreadsheet or a zip, whatever its name says."), _SAVE_AS),
    "compressed": Words(say("The file is compressed."), say("Unpack it and upload the CSV file in it.")),
    "other_format": Words(say("The file is of another format (PDF, HTML, JSON, a program)."), _SAVE_AS),
    "missing_column": Words(
        say("The header line lacks a column."),
        say("Add the column named in `column`, spelled exactly so; the API document lists them all."),
    ),
    "duplicate_column": Words(say("The header line names a column twice."), say("Leave one of the two out.")),
    "too_many_bad_rows": Words(
        say("More than a million rows will not do."),
        say("Compare the file with the form of its kind before it is sent again."),
    ),
}


class NotCsv(Exception):
    """The file as a whole is not what it should be: `reason` and, where one is concerned, `column`; `header` is what stands there instead."""

    def __init__(self, reason: str, column: str = "", *, header: str = "") -> None:
        super().__init__(f"{reason} {column}".strip())
        self.reason = reason
        self.column = column
        self.header = header
