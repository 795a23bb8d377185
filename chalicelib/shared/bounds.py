"""How much an item may hold.

An item of the store takes 400 KB, and whoever may lengthen a list in it could otherwise stop everybody who has to write to it: the other
side, the clock, banks, officers. So every list says at its field how long it gets (`most`), and a rule refuses one more by name. A test
goes through the forms of all tables: a list that says nothing, or an item that could pass MOST_ITEM_BYTES with every list full, fails it.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any, Final

from msgspec import Meta

from chalicelib.shared.errors import Conflict
from chalicelib.shared.texts import say

MOST_ITEM_BYTES: Final = 350_000
"""Of an item with all its lists full: what is left to 400 KB is for its other columns."""


class NoRoom(Conflict):
    """One more would be too many. Each rule has its own class, with what to do instead."""

    code = "no_room"
    title = "There is no room for one more."
    fix = "Use what is there."


def most(number: int, *, why: str = "", together: int = 0) -> Meta:
    """At a list: so many at most; `together` so many in all lists of that kind in an item. `why` says what keeps it so, if no refusal does."""
    return Meta(extra={"most": number, "why": why, "together": together})


def characters(number: int) -> Meta:
    """At a text that people write: so many characters at most, as the request that brings it says."""
    return Meta(extra={"characters": number})


def must_have_room(there: Sized | int, number: int, error: type[NoRoom], **numbers: Any) -> None:
    """NoRoom of that class where there are so many already."""
    count = there if isinstance(there, int) else len(there)
    if count >= number:
        raise error(
            say("There are {count}; {number} is the most.", count=count, number=number), maximum=number, **numbers
        )
