"""Which of the languages that a text is written in its reader prefers, by the header Accept-Language (RFC 9110). Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

ENGLISH: Final = "en"
OFFERED: Final = (ENGLISH, "zh-Hans", "ko")
"""What public texts are written in."""
_PART = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(0(?:\.[0-9]{1,3})?|1(?:\.0{1,3})?)\s*)?"
)
_TRADITIONAL = re.compile(r"zh-(?:.*-)?(?:hant|tw|hk|mo)(?:-.*)?", re.IGNORECASE)


def preferred(header: str, offered: Collection[str] = OFFERED, default: str = ENGLISH) -> str:
    """The offered language that the header likes best, by its tag or by its first part: `zh-SG` is served `zh-Hans`. Else the default.

    Who reads Traditional characters is not served Simplified ones, unless the header asks for `zh` itself.
    """
    for tag in _by_preference(header):
        for language in offered:
            if tag.casefold() == language.casefold():
                return language
        if _TRADITIONAL.fullmatch(tag):
            continue
        for language in offered:
            if tag.casefold().partition("-")[0] == language.casefold().partition("-")[0]:
                return language
    return default


def _by_preference(header: str) -> Iterator[str]:
    """The tags of a header, the best first; what cannot be read of it, or is refused by it, is left out."""
    parts = (_PART.fullmatch(part) for part in header[:1000].split(","))
    weighed = [(float(part[2] or 1), part[1]) for part in parts if part]
    return (tag for weight, tag in sorted(weighed, key=lambda each: -each[0]) if weight)
