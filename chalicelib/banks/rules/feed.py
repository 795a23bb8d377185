"""What a bank is told, numbered: one feed for each bank, whose entries are the messages. Pure.

A message's `seq` is its place in the feed, so a number that is missing was not received, and is asked for by its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from msgspec.structs import replace

from chalicelib.shared import ids
from chalicelib.shared.bounds import most
from chalicelib.shared.journal import Event
from chalicelib.shared.state_machine import Change, InvalidTransition, StateMachine, Table, Versioned

PREFIX: Final = "bnk"


class BankFeed(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    bank_id: str
    status: Literal["open"] = "open"
    version: int = 0
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    updated_at: datetime
    policy: str = ""


MACHINE: Final = StateMachine[BankFeed, tuple[()]](
    table=Table(kind="bank_feed", error=InvalidTransition, transitions=(), ends=frozenset())
)


def name_of(bank_id: str) -> str:
    return ids.derived_id(PREFIX, bank_id)


def empty(bank_id: str, now: datetime) -> BankFeed:
    """A feed in which nothing was told yet."""
    return BankFeed(id=name_of(bank_id), bank_id=bank_id, updated_at=now)


def message(was: BankFeed, name: str, data: Mapping[str, Any], at: datetime) -> Change[BankFeed]:
    """One more message, of something that happened `at`. Its entry has the message's type for its kind."""
    after = replace(was, version=was.version + 1, updated_at=max(at, was.updated_at))
    return Change(state=after, event=Event(name, {"bank_id": was.bank_id, **data}), at=at)
