"""Why a file, a row or a fact is not recorded: a code for programs, and words that a person can act on. Pure."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

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
RowReason = Literal[
    "bad_amount",
    "bad_category",
    "bad_country",
    "bad_csv",
    "bad_date",
    "bad_reference",
    "bad_value",
    "contradicts_earlier",
    "missing_value",
    "negative_amount",
    "no_exchange_rate",
    "not_utf8",
    "nul_byte",
    "too_long",
    "too_many_inquiries",
    "too_many_replies",
    "unknown_currency",
    "unknown_status",
    "wrong_number_of_fields",
]


class Words(NamedTuple):
    """What was found, and what to do about it."""

    found: str
    fix: str


_SAVE_AS: Final = (
    'Save it as "CSV UTF-8" (in Excel: File, Save as, "CSV UTF-8 (comma delimited)") and upload it to a new import.'
)
FILE_WORDS: Final[dict[str, Words]] = {
    "never_uploaded": Words("No file came in time.", "Open a new import and upload the file within the hour."),
    "too_large": Words(
        "The file is larger than an import takes.", "Cut it into several files, each with the header line."
    ),
    "file_replaced": Words(
        "Another file took its place before it was read.", "Open a new import and upload one file to it."
    ),
    "empty_file": Words("The file is empty.", "Upload a file with a header line and rows."),
    "not_csv": Words("The beginning of the file is no header line of a CSV file.", _SAVE_AS),
    "not_utf8": Words("The names of the columns are not in UTF-8 (GBK or another encoding).", _SAVE_AS),
    "spreadsheet": Words("The file is a workbook of a spreadsheet or a zip, whatever its name says.", _SAVE_AS),
    "compressed": Words("The file is compressed.", "Unpack it and upload the CSV file in it."),
    "other_format": Words("The file is of another format (PDF, HTML, JSON, a program).", _SAVE_AS),
    "missing_column": Words(
        "The header line lacks a column.",
        "Add the column named in `column`, spelled exactly so; the API document lists them all.",
    ),
    "duplicate_column": Words("The header line names a column twice.", "Leave one of the two out."),
    "too_many_bad_rows": Words(
        "More than a million rows will not do.",
        "Compare the file with the form of a trade history before it is sent again.",
    ),
}
WANTED: Final[dict[str, str]] = {
    "bad_amount": "a decimal number with a point and exactly the currency's digits: 1500.00 for USD, 1500 for KRW",
    "bad_category": "1 to 64 characters that can be seen",
    "bad_country": "a code of ISO 3166-1 in two capitals: DE",
    "bad_csv": "quotes around a field in pairs, and doubled within one",
    "bad_date": "RFC 3339 with offset, of the years 2000 to 2099: 2026-03-02T10:15:00+08:00",
    "bad_reference": "1 to 64 visible ASCII characters, the first not a tilde",
    "bad_value": "a value of the column's form: see the API document",
    "contradicts_earlier": "what was told of this trade before, or what may follow it",
    "missing_value": "a value: the column is required",
    "negative_amount": "an amount of zero or more",
    "no_exchange_rate": "a currency for which the table of rates has a rate on that day",
    "not_utf8": "UTF-8: save the file as CSV UTF-8",
    "nul_byte": "text without NUL bytes",
    "too_long": "at most 64 characters in a field, 16 KB in a line, 32 lines in a row",
    "too_many_inquiries": "a date with fewer inquiries",
    "too_many_replies": "a thread with fewer replies",
    "unknown_currency": "a code of ISO 4217 in three capitals: USD",
    "unknown_status": "placed, paid, shipped, completed, cancelled or refunded",
    "wrong_number_of_fields": "as many fields as the header line has columns; a field with the delimiter in it stands in quotes",
}
"""The form that would have done, by reason."""


class NotCsv(Exception):
    """The file as a whole is not what it should be: `reason` and, where one is concerned, `column`; `found` is what stands there instead."""

    def __init__(self, reason: str, column: str = "", *, found: str = "") -> None:
        super().__init__(f"{reason} {column}".strip())
        self.reason = reason
        self.column = column
        self.found = found
