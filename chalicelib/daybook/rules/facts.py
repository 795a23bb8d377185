"""What becomes of a fact that is told: new, known, updated or refused, and how a telling is recognised when it comes again."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from chalicelib.shared.bounds import most

Result = Literal["new", "known", "updated", "refused"]


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """`reason` (a stable code) and `column` (the field at fault) are given where the result is refused."""

    result: Result
    reason: str = ""
    column: str = ""


class Contradiction(Exception):
    """Told otherwise before: the `column` in which the two tellings cannot both be true."""

    def __init__(self, column: str, reason: str = "contradicts_earlier") -> None:
        super().__init__(column)
        self.outcome = Outcome("refused", reason, column)


MOST_TELLINGS: Final = 50
"""So many of the last tellings are known by name. An older one that comes again is judged again, and changes nothing that is known."""
History = Annotated[tuple[tuple[str, Result], ...], most(MOST_TELLINGS, why="the last ones")]
"""Which tellings changed an item, by source: the same telling again is answered as it was the first time."""


def is_duplicate(history: History, source: str) -> Outcome | None:
    return next((Outcome(result) for known, result in history if known == source), None) if source else None


def remembered(history: History, source: str, result: Result) -> History:
    return (*history, (source, result))[-MOST_TELLINGS:] if source else history
