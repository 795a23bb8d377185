"""The only writer: one change, one transaction, all or nothing.

    made = journal.entry(request, event, of=order.id, seq=order.version, prev=was.head, answer=…)
    return commit(made, records.replace(order, made), suppliers.reserve(...))

`commit` writes the journal entry and every changed record in one TransactWriteItems, of at most as many actions as the engine takes. Each change is
guarded: by the version it was decided on, or, on contended records, by a condition on the value that matters. A
condition that fails becomes the refusal it stands for; an entry that is there already becomes the first answer; a conflict with a
transaction in flight is tried again below (`shared/retries.py`). A thing whose chain was found broken is refused by name: see
`shared/broken.py`.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, ParamSpec, TypeVar

import msgspec
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.shared import broken, retries
from chalicelib.shared.journal import Also, Entry, Event, Instruct, JournalRow, Posting
from chalicelib.shared.refusal import Busy, Conflict, NotAllowed, NotFound, Raced, Refusal, Unfit
from chalicelib.shared.request import Request
from chalicelib.shared.settings import settings
from chalicelib.shared.store_errors import is_transient
from chalicelib.shared.tables import Row, engine

P = ParamSpec("P")
R = TypeVar("R")

MOST_TRIES: Final = 8
"""Times that a use-case decides anew because somebody else was faster."""


class TooManyActions(AssertionError):
    """A fault of ours: a change that touches more records than one transaction holds has to be a process. Nothing is written."""


class SameItemTwice(AssertionError):
    """A fault of ours: two actions of a commit touch one item; all effects on a target are one update. Nothing is written."""


class KeyReused(Unfit):
    code = "idempotency_key_reused"
    title = "That Idempotency-Key belongs to another request."
    fix = "Use a new Idempotency-Key for a new request; repeat the old one only with the same method, path and body."


class Answer(msgspec.Struct, frozen=True):
    """What the caller is told. `replayed` where it was told so before.

    `expired_of`: the answer has been removed since; the request has been served, and this is the aggregate whose entry says so.
    """

    body: bytes
    status: int = 200
    replayed: bool = False
    version: int | None = None
    expired_of: str = ""


class Put(msgspec.Struct, frozen=True):
    """A record in its new form, if `guard` holds; else `refused` says why not."""

    row: Row
    guard: Condition
    refused: Refusal | None = None


class Update(msgspec.Struct, frozen=True):
    """A change of some columns of a record, if `guard` holds; else `refused` says why not.

    `refused` may be a function of the item that made the condition fail (raw, or None where there was none). `is_of_mark`: it puts or lifts
    the mark of a broken chain, and so is made to a record that bears one.
    """

    row: Row
    actions: Sequence[Action]
    guard: Condition
    refused: Refusal | Callable[[dict[str, Any] | None], Refusal] | None = None
    is_of_mark: bool = False


class Joined(msgspec.Struct, frozen=True):
    """What a slice above commits together with a change it asks a slice below for: records of its own, legs, instructions, its answer.

    `also` names the aggregates it changes.
    """

    changes: tuple[Put | Update, ...] = ()
    postings: tuple[Posting, ...] = ()
    instructs: tuple[Instruct, ...] = ()
    answer: bytes = b""
    also: tuple[Also, ...] = ()

    def told_with(self, event: Event) -> Event:
        """The event of the change, with what else the same entry books and instructs."""
        return msgspec.structs.replace(
            event, postings=event.postings + self.postings, instructs=event.instructs + self.instructs
        )


NOTHING_ELSE: Final = Joined()


_heard: ContextVar[list[Entry] | None] = ContextVar("heard", default=None)


@contextmanager
def overheard() -> Iterator[list[Entry]]:
    """The entries that are committed meanwhile, in order: for the sandbox, which draws their consequences at once."""
    heard: list[Entry] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def commit(made: Entry, *changes: Put | Update) -> Answer:
    """Write the entry and all changes, or nothing. Returns the answer, or the first answer where this is a repetition."""
    puts = [change for change in changes if isinstance(change, Put)]
    updates = [change for change in changes if isinstance(change, Update)]
    _require_one_transaction(made, changes)
    try:
        _write(made, puts, updates)
    except TransactWriteError as failure:
        if any(reason and reason.code == "ConditionalCheckFailed" for reason in failure.cancellation_reasons):
            return _refuse(made, [None, *puts, *updates], failure)
        if failure.cancellation_reasons and is_transient(failure):
            raise Busy("The records concerned are being changed by many at once.") from failure
        raise
    if (heard := _heard.get()) is not None:
        heard.append(made)
    return Answer(made.answer, made.status, version=made.thing_version)


def _require_one_transaction(made: Entry, changes: Sequence[Put | Update]) -> None:
    needed, most = 1 + len(changes), settings().most_actions
    if needed > most:
        raise TooManyActions(f"{made.event.kind} needs {needed} actions; a commit has at most {most}")
    items = Counter(change.row.item_key for change in changes)
    if twice := [item for item, times in items.items() if times > 1]:
        raise SameItemTwice(f"{made.event.kind} changes {twice} by more than one action")


def first_answer(entry_id: str, digest: str) -> Answer | None:
    """The answer this very request was given before, or None; KeyReused where the key was spent on another one."""
    row = JournalRow.find(entry_id)
    return _replay(row.entry(), digest) if row else None


def once(request: Request, use_case: Callable[[], Answer]) -> Answer:
    """Serve a request once, however often it is sent and whoever else is at work on the same things.

    A use-case that lost a race decides again on the present state. One that is refused may have been served before: then the
    state is of its own making, and the answer is the first one.
    """
    try:
        return persistently(use_case)()
    except (Conflict, Unfit, NotFound, NotAllowed):
        first = first_answer(request.entry_id, request.digest)
        if first is None:
            raise
        return first


def persistently(use_case: Callable[P, R]) -> Callable[P, R]:
    """Decide again on the present state when somebody else was faster. The last loss is the caller's to hear of."""

    @functools.wraps(use_case)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for left in range(MOST_TRIES - 1, 0, -1):
            try:
                return use_case(*args, **kwargs)
            except Raced:
                retries.pause(MOST_TRIES - left)
        return use_case(*args, **kwargs)

    return tried


def _write(made: Entry, puts: Sequence[Put], updates: Sequence[Update]) -> None:
    """Puts before updates: the order in which PynamoDB sends them, and so the order of the reasons for a refusal."""
    with TransactWrite(connection=engine()) as change:
        change.save(JournalRow.of(made), condition=JournalRow.entry_id.does_not_exist(), return_values="ALL_OLD")
        for put in puts:
            change.save(put.row, condition=_guard(put), return_values="ALL_OLD")
        for update in updates:
            change.update(update.row, actions=list(update.actions), condition=_guard(update), return_values="ALL_OLD")


def _guard(change: Put | Update) -> Condition:
    """A record that is changed needs a sound chain, whoever changes it."""
    return change.guard & broken.UNMARKED if _needs_soundness(change) else change.guard


def _needs_soundness(change: Put | Update) -> bool:
    return isinstance(change, Put) or not change.is_of_mark


def _refuse(made: Entry, actions: Sequence[Put | Update | None], failure: TransactWriteError) -> Answer:
    for action, reason in zip(actions, failure.cancellation_reasons, strict=True):
        if reason is None or reason.code != "ConditionalCheckFailed":
            continue
        if action is None:
            seen = (
                JournalRow.find(made.entry_id) if reason.raw_item is None else JournalRow.from_raw_data(reason.raw_item)
            )
            if seen is None:
                raise Raced("The entry was being written by another request.") from failure
            return _replay(seen.entry(), made.digest)
        if (mark := broken.mark_in(reason.raw_item)) and _needs_soundness(action):
            raise broken.refusal(mark) from failure
        if action.refused is None:
            raise Raced("Somebody else changed this in between.") from failure
        refused = (
            action.refused(reason.raw_item)
            if isinstance(action, Update) and callable(action.refused)
            else action.refused
        )
        raise refused from failure  # type: ignore[misc]
    raise Raced("Somebody else changed this in between.") from failure


def _replay(first: Entry, digest: str) -> Answer:
    if first.digest != digest:
        raise KeyReused(
            "This Idempotency-Key was used before with another method, path or body.", param="Idempotency-Key"
        )
    expired_of = first.thing if first.removed_answer else ""
    return Answer(first.answer, first.status, replayed=True, version=first.thing_version, expired_of=expired_of)
