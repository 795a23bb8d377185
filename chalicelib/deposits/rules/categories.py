"""What categories of goods are called: the marketplace's own codes, some of which are misspelt. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.shared.texts import Text, term

IN_FULL: Final[Mapping[str, str]] = {
    "arts_and_craftmanship": "arts and crafts",
    "costruction_tools_garden": "construction tools for gardens",
    "costruction_tools_tools": "construction tools",
    "fashio_female_clothing": "women's clothing",
    "home_confort": "home comfort",
}
"""Codes that say too little letter by letter."""


def called(category: str) -> Text:
    return term("field", IN_FULL.get(category, category))
