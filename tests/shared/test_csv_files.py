"""Files that a spreadsheet opens without working anything out, and that a program reads to the letter."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.shared.csv_files import cell, written

PRODUCT = Path(__file__).parents[2] / "chalicelib"


@pytest.mark.parametrize(
    "value",
    [
        '=HYPERLINK("http://x")',
        "+1-2",
        "-2+3",
        "-cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "-",
        "-1.",
        "'it",
    ],
)
def test_what_a_spreadsheet_would_work_out_gets_an_apostrophe(value: str) -> None:
    assert cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "ACME-7", "a=1", "0.50", "-5", "-1234.50", 7, -7])
def test_everything_else_stands_as_it_is(value: str | int) -> None:
    assert cell(value) == value


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=2, max_size=4), max_size=5))
def test_a_reader_who_takes_one_apostrophe_away_has_every_value_to_the_letter(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(written(rows).decode(), newline=""), strict=True))
    assert [[value.removeprefix("'") for value in row] for row in read] == rows
    assert not any(re.match(r"[=+@\t\r\n]|-\D", value) for row in read for value in row)


def test_lines_end_as_rfc_4180_says() -> None:
    assert written([["a", "b"], [1, 'x,"y"']]) == b'a,b\r\n1,"x,""y"""\r\n'


def test_nothing_else_of_the_product_writes_csv() -> None:
    sources = {path: path.read_text() for path in PRODUCT.rglob("*.py")}
    writers = [path for path, source in sources.items() if re.search(r"csv\.(writer|DictWriter)", source)]
    assert writers == [PRODUCT / "shared" / "csv_files.py"]
