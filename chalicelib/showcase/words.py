"""How figures, moments and codes are written on public pages. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from chalicelib.shared.money import Money
from chalicelib.shared.periods import wire
from chalicelib.shared.texts import Text, percentage, say, say_count
from chalicelib.showcase.markup import Element, tag

COUNTRIES: Final[dict[str, Text]] = {
    "CN": say("China"),
    "HK": say("Hong Kong"),
    "IN": say("India"),
    "JP": say("Japan"),
    "KR": say("Korea"),
    "PK": say("Pakistan"),
    "TH": say("Thailand"),
    "US": say("United States"),
}
CATEGORIES: Final[dict[str, Text]] = {
    "clothing": say("Clothing"),
    "cosmetics": say("Cosmetics"),
    "jewellery": say("Jewellery"),
    "kitchenware": say("Kitchenware"),
    "stationery": say("Stationery"),
}
UNKNOWN: Final = say("not known yet")


def country(code: str) -> Text | str:
    return COUNTRIES.get(code, code)


def category(code: str) -> Text | str:
    """One that a later channel brings has its code, with blanks."""
    return CATEGORIES.get(code, code.replace("_", " "))


def amount(money: Money) -> str:
    return str(money)


def quantity(number: int, unit: str) -> Text | str:
    """A unit is what its supplier writes; the usual ones are said in the reader's language."""
    match unit.lower():
        case "piece" | "pieces" | "pc" | "pcs":
            return say_count("{n} piece", "{n} pieces", n=number)
        case "pair" | "pairs":
            return say_count("{n} pair", "{n} pairs", n=number)
        case "set" | "sets":
            return say_count("{n} set", "{n} sets", n=number)
        case "box" | "boxes":
            return say_count("{n} box", "{n} boxes", n=number)
        case _:
            return f"{number} {unit}"


def rate(basis_points: int | None) -> Text | str:
    return UNKNOWN if basis_points is None else percentage(basis_points)


def hours(number: int | None) -> Text:
    return UNKNOWN if number is None else say_count("{n} hour", "{n} hours", n=number)


def moment(at: datetime) -> Element:
    return tag("time", f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC", datetime=wire(at))


def day(at: datetime) -> Element:
    return tag("time", f"{at.astimezone(UTC):%Y-%m-%d}", datetime=wire(at))
