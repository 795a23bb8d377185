"""Amounts in sentences are written for people: with the currency's digits and its code, never in smallest units."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import chalicelib
from chalicelib.shared import money

ROOT: Final = Path(chalicelib.__file__).parent
SAYS: Final = ("say", "say_count")
NO_SENTENCES: Final = {"listings/rules/catalogue.py", "office/rules/awaited.py", "office/service/reports.py"}
"""Here texts with amounts are keys of an index, or amounts as they stand on the wire."""


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (129_000, "KRW", "129,000 KRW"),
        (150_000, "USD", "1,500.00 USD"),
        (-123_456_789, "USD", "-1,234,567.89 USD"),
        (5, "USD", "0.05 USD"),
        (1_234_567, "KWD", "1,234.567 KWD"),
    ],
)
def test_an_amount_is_grouped_and_has_its_currencys_digits(minor: int, currency: str, shown: str) -> None:
    assert money.printed(minor, currency) == shown


def test_no_sentence_shows_smallest_units() -> None:
    files = [file for file in sorted(ROOT.rglob("*.py")) if file.relative_to(ROOT).as_posix() not in NO_SENTENCES]
    found = [place for file in files for place in _raw(file)]
    assert not found


def _raw(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYS:
            shown = [keyword.value for keyword in node.keywords]
            told = [text.value for text in node.args if isinstance(text, ast.Constant)]
        elif isinstance(node, ast.JoinedStr):
            shown = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
            told = [part.value for part in node.values if isinstance(part, ast.Constant)]
        else:
            continue
        if any(_is_raw(value) for value in shown) or any("minor units" in str(text) for text in told):
            yield f"{file.relative_to(ROOT)}:{node.lineno}"


def _is_raw(value: ast.expr) -> bool:
    """Smallest units, or an amount as it stands on the wire."""
    is_on_the_wire = isinstance(value, ast.Attribute) and value.attr == "amount"
    return _is_minor(value) or is_on_the_wire or (isinstance(value, ast.Call) and _is_wire_text(value))


def _is_wire_text(call: ast.Call) -> bool:
    return getattr(call.func, "id", getattr(call.func, "attr", "")) == "text" and len(call.args) == 2


def _is_minor(value: ast.expr) -> bool:
    """A name that ends so, by itself or inside a sum."""
    if isinstance(value, ast.BinOp):
        return _is_minor(value.left) or _is_minor(value.right)
    if isinstance(value, ast.IfExp):
        return _is_minor(value.body) or _is_minor(value.orelse)
    name = getattr(value, "id", getattr(value, "attr", ""))
    return name == "minor" or name.endswith("_minor")
