"""Which endpoint an allowed action of a thing is. Pure.

A thing says `allowed_actions` by name: `determine`, `close-risk`, `add-document`. Each is a POST below the thing's own path, and is called after it:
`…/determine`, `…/risks/{risk_id}/close`, `…/documents`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

IRREGULAR: Final[Mapping[str, tuple[str, ...]]] = {"disclosures": ("disclose",)}
"""Paths whose action is called after the deed and not after the thing that comes of it."""


def thing_of(path: str) -> str:
    """The path of the thing that a command's path is below: `/v1/claims/{claim_id}`; empty where it is below none."""
    parts = path.split("/")
    named = next((place for place, part in enumerate(parts) if part.startswith("{")), 0)
    return "/".join(parts[: named + 1]) if 0 < named < len(parts) - 1 else ""


def actions_of(path: str) -> list[str]:
    """The names under which a thing may allow the command of that path."""
    thing = thing_of(path)
    parts = path.removeprefix(f"{thing}/").split("/") if thing else []
    words = [part for part in parts if not part.startswith("{")]
    return list(dict.fromkeys(_names(words)))


def _names(words: list[str]) -> Iterator[str]:
    """`[risks, close]`: close-risk, close. `[documents]`: documents, document, add-document, propose-document."""
    if not words:
        return
    *before, last = words
    if before:
        yield f"{last}-{_one(before[-1])}"
        yield last
    else:
        yield from (last, last.replace("-", "_"), _one(last), f"add-{_one(last)}", f"propose-{_one(last)}")
        yield from IRREGULAR.get(last, ())


def _one(word: str) -> str:
    return word.removesuffix("s")
