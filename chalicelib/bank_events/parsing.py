"""What can be read of a partner's message that may have any form: its type, its data, the money it moves. Pure.

A message that the strict forms do not take may still tell of money that has moved. What is unambiguous is read: an amount as a text or
a number, with no more digits than its currency has. What could mean two things is not: a sign, a comma, a field that stands twice
with two values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from chalicelib.shared.errors import DomainError
from chalicelib.shared.money import MOST_MINOR, digits_of

_PLAIN: Final = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,9}))?", re.ASCII)


class Ambiguous:
    """Stands for a field that a message holds twice, with different values."""


def parse_leniently(raw: bytes) -> tuple[str, Any]:
    """Type and data of a message, or ("", None) where it is no JSON object."""
    try:
        loose = json.loads(
            raw.decode("utf-8", "replace"), object_pairs_hook=_pairs, parse_float=_Digits, parse_constant=_nothing
        )
    except (ValueError, RecursionError):
        return "", None
    if not isinstance(loose, dict) or not isinstance(loose.get("type"), str):
        return "", None
    return loose["type"], loose.get("data")


def read_money(data: Any) -> tuple[int, str] | None:
    """Minor units and currency of `money`, as far as they can be read for certain; None where nothing can."""
    money = data.get("money") if isinstance(data, Mapping) else None
    if not isinstance(money, Mapping):
        return None
    amount, currency = money.get("amount"), money.get("currency")
    if not isinstance(amount, str | int) or isinstance(amount, bool) or not isinstance(currency, str):
        return None
    code, plain = currency.strip().upper(), _PLAIN.fullmatch(str(amount).strip())
    try:
        digits = digits_of(code)
    except DomainError:
        return None
    rest = (plain[2] or "").rstrip("0") if plain else ""
    if plain is None or len(rest) > digits:
        return None
    minor = int(plain[1] + rest.ljust(digits, "0"))
    return (minor, code) if 0 < minor < MOST_MINOR else None


def read_text(data: Any, name: str, form: Any) -> Any:
    """A field in its form, or None where it is not in it."""
    try:
        return msgspec.convert(data.get(name), form) if isinstance(data, Mapping) else None
    except msgspec.ValidationError:
        return None


class _Digits(str):
    """A number with a fraction, in the digits it was written with."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        fields[name] = value if fields.get(name, value) == value else Ambiguous
    return fields


def _nothing(_: str) -> None:
    """NaN and Infinity are no numbers of anything."""
