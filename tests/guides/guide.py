"""Guides as they are written: Markdown with blocks of commands, each followed by what it answers.

```sh                        runs as it stands
```json 201                  the status and answer of the block above it: recorded, never written by hand
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.guides.shell import Shown, printed
from tests.provoked import NEW_EACH_TIME

FOLDER: Final = Path(__file__).parents[2] / "docs" / "guides"
_OF_THE_SERVICE: Final = re.compile(r'(?<="doc_url": ")[^"]*?(?=/docs)')
_BLOCK: Final = re.compile(r"^```(\w+)(?: (\d+))?\n(.*?)^```\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of commands, with the answer that is recorded below it, if there is one, and where that stands."""

    script: str
    ends: int
    recorded: str = ""
    recorded_ends: int = 0


def guides() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def blocks(text: str) -> Iterator[Block]:
    found = list(_BLOCK.finditer(text))
    for place, block in enumerate(found):
        if block[1] != "sh":
            continue
        after = found[place + 1] if place + 1 < len(found) else None
        if after and after[1] == "json" and not text[block.end() : after.start()].strip():
            yield Block(block[3], block.end(), after[0], after.end())
        else:
            yield Block(block[3], block.end())


def answer_of(shown: Shown) -> str:
    """As it stands in the guide."""
    return f"```json {shown.status}\n{printed(shown.answer)}\n```\n"


def same_each_time(answer: str) -> str:
    """But for ids, hashes, where this service is, and blanks: how an answer is laid out is no part of it."""
    return "".join(NEW_EACH_TIME.sub("…", _OF_THE_SERVICE.sub("", answer)).split())


def with_answers(text: str, shown: list[Shown | None]) -> str:
    """The guide with what its blocks answered now; where an answer says the same as before, it stays to the letter."""
    told, last = "", 0
    for block, one in zip(blocks(text), shown, strict=True):
        told += text[last : block.ends]
        last = max(block.ends, block.recorded_ends)
        if one is not None:
            now = answer_of(one)
            told += "\n" + (block.recorded if same_each_time(block.recorded) == same_each_time(now) else now)
    return told + text[last:]
