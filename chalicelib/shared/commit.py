"""The only writer: one change, one transaction, all or nothing.

    entry = journal.entry(request, event, aggregate_id=order.id, seq=order.version, prev=was.entry_hash, response=…)
    return commit(entry, repository.put(order, due_at), suppliers.reserve(...))

`commit` writes the journal entry and every changed record in one TransactWriteItems, of at most as many actions as the engine takes. Each change is
guarded: by the version it was decided on, or, on contended records, by a condition on the value that matters. A
condition that fails becomes the refusal it stands for; an entry that is there already becomes the first answer; a conflict with a
transaction in flight is tried again below (`shared/retries.py`). A thing whose chain was found broken is refused by name: see
`shared/quarantine.py`.
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

from chalicelib.shared import quarantine, retries
from chalicelib.shared.errors import (
    Conflict,
    DomainError,
    NotAllowed,
    NotFound,
    RuleViolation,
    Unavailable,
    WriteConflict,
)
from chalicelib.shared.journal import Also, Entry, Event, JournalRow, PaymentOrder, Posting
from chalicelib.shared.request import RequestContext
from chalicelib.shared.settings import settings
from chalicelib.shared.store_errors import is_transient
from chalicelib.shared.tables import Row, transact

P = ParamSpec("P")
R = TypeVar("R")

MOST_TRIES: Final = 8
"""Times that a use-case decides anew because somebody else was faster."""


class TooManyActions(AssertionError):
    """A fault of ours: a change that touches more records than one transaction holds has to be a process. Nothing is written."""


class SameItemTwice(AssertionError):
    """A fault of ours: two actions of a commit touch one item; all effects on a target are one update. Nothing is written."""


class KeyReused(RuleViolation):
    code = "idempotency_key_reused"
    title = "That Idempotency-Key belongs to another request."
    fix = "Use a new Idempotency-Key for a new request; repeat the old one only with the same method, path and body."


class StoredResponse(msgspec.Struct, frozen=True):
    """What the caller is told. `replayed` where it was told so before.

    `expired_of`: the answer has been removed since; the request has been served, and this is the aggregate whose entry says so.
    """

    body: bytes
    status: int = 200
    replayed: bool = False
    version: int | None = None
    expired_of: str = ""


class Put(msgspec.Struct, frozen=True):
    """A record in its new form, if `guard` holds; else `error` says why not."""

    row: Row
    guard: Condition
    error: DomainError | None = None


class Update(msgspec.Struct, frozen=True):
    """A change of some columns of a record, if `guard` holds; else `error` says why not.

    `error` may be a function of the item that made the condition fail (raw, or None where there was none). `is_of_quarantine`: it puts or lifts
    the mark of a broken chain, and so is made to a record that bears one.
    """

    row: Row
    actions: Sequence[Action]
    guard: Condition
    error: DomainError | Callable[[dict[str, Any] | None], DomainError] | None = None
    is_of_quarantine: bool = False


class Joined(msgspec.Struct, frozen=True):
    """What a slice above commits together with a change it asks a slice below for: records of its own, legs, instructions, its answer.

    `also` names the aggregates it changes.
    """

    changes: tuple[Put | Update, ...] = ()
    postings: tuple[Posting, ...] = ()
    payment_orders: tuple[PaymentOrder, ...] = ()
    response: bytes = b""
    also: tuple[Also, ...] = ()

    def added_to(self, event: Event) -> Event:
        """The event of the change, with what else the same entry books and instructs."""
        return msgspec.structs.replace(
            event, postings=event.postings + self.postings, payment_orders=event.payment_orders + self.payment_orders
        )


NOTHING_ELSE: Final = Joined()


_captured: ContextVar[list[Entry] | None] = ContextVar("heard", default=None)


@contextmanager
def capture_entries() -> Iterator[list[Entry]]:
    """The entries that are committed meanwhile, in order: for the sandbox, which draws their consequences at once."""
    heard: list[Entry] = []
    token = _captured.set(heard)
    try:
        yield heard
    finally:
        _captured.reset(token)


def commit(entry: Entry, *changes: Put | Update) -> StoredResponse:
    """Write the entry and all changes, or nothing. Returns the answer, or the first answer where this is a repetition."""
    puts = [change for change in changes if isinstance(change, Put)]
    updates = [change for change in changes if isinstance(change, Update)]
    _require_one_transaction(entry, changes)
    try:
        _write(entry, puts, updates)
    except TransactWriteError as failure:
        if any(reason and reason.code == "ConditionalCheckFailed" for reason in failure.cancellation_reasons):
            return _refuse(entry, [None, *puts, *updates], failure)
        if failure.cancellation_reasons and is_transient(failure):
            raise Unavailable("The records concerned are being changed by many at once.") from failure
        raise
    if (heard := _captured.get()) is not None:
        heard.append(entry)
    return StoredResponse(entry.response, entry.status, version=entry.aggregate_version)


def _require_one_transaction(entry: Entry, changes: Sequence[Put | Update]) -> None:
    needed, most = 1 + len(changes), settings().most_actions
    if needed > most:
        raise TooManyActions(f"{entry.event.kind} needs {needed} actions; a commit has at most {most}")
    items = Counter(change.row.item_key for change in changes)
    if twice := [item for item, times in items.items() if times > 1]:
        raise SameItemTwice(f"{entry.event.kind} changes {twice} by more than one action")


def find_replay(entry_id: str, digest: str) -> StoredResponse | None:
    """The answer this very request was given before, or None; KeyReused where the key was spent on another one."""
    row = JournalRow.find(entry_id)
    return _replay(row.entry(), digest) if row else None


def idempotent(request: RequestContext, use_case: Callable[[], StoredResponse]) -> StoredResponse:
    """Serve a request once, however often it is sent and whoever else is at work on the same things.

    A use-case that lost a race decides again on the present state. One that is refused may have been served before: then the
    state is of its own making, and the answer is the first one.
    """
    try:
        return _tried(use_case)
    except (Conflict, RuleViolation, NotFound, NotAllowed):
        first = find_replay(request.entry_id, request.digest)
        if first is None:
            raise
        return first


def retry_on_conflict(use_case: Callable[P, R]) -> Callable[P, R]:
    """Decide again on the present state when somebody else was faster. The last loss is the caller's to hear of."""

    @functools.wraps(use_case)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        return _tried(lambda: use_case(*args, **kwargs))

    return tried


def _tried(use_case: Callable[[], R]) -> R:
    for left in range(MOST_TRIES - 1, 0, -1):
        try:
            return use_case()
        except WriteConflict:
            retries.pause(MOST_TRIES - left)
    return use_case()


def _write(entry: Entry, puts: Sequence[Put], updates: Sequence[Update]) -> None:
    transact(
        puts=[
            JournalRow.of(entry).put_action(JournalRow.entry_id.does_not_exist(), tells_old=True),
            *(put.row.put_action(_guard(put), tells_old=True) for put in puts),
        ],
        updates=[update.row.update_action(update.actions, _guard(update), tells_old=True) for update in updates],
    )


def _guard(change: Put | Update) -> Condition:
    """A record that is changed needs a sound chain, whoever changes it."""
    return change.guard & quarantine.NOT_QUARANTINED if _needs_soundness(change) else change.guard


def _needs_soundness(change: Put | Update) -> bool:
    return isinstance(change, Put) or not change.is_of_quarantine


def _refuse(entry: Entry, actions: Sequence[Put | Update | None], failure: TransactWriteError) -> StoredResponse:
    for action, reason in zip(actions, failure.cancellation_reasons, strict=True):
        if reason is None or reason.code != "ConditionalCheckFailed":
            continue
        if action is None:
            journal_row = (
                JournalRow.find(entry.entry_id)
                if reason.raw_item is None
                else JournalRow.from_raw_data(reason.raw_item)
            )
            if journal_row is None:
                raise WriteConflict("The entry was being written by another request.") from failure
            return _replay(journal_row.entry(), entry.digest)
        if (mark := quarantine.quarantine_in(reason.raw_item)) and _needs_soundness(action):
            raise quarantine.quarantined(mark) from failure
        if action.error is None:
            raise WriteConflict("Somebody else changed this in between.") from failure
        error = action.error(reason.raw_item) if isinstance(action, Update) and callable(action.error) else action.error
        raise error from failure  # type: ignore[misc]
    raise WriteConflict("Somebody else changed this in between.") from failure


def _replay(first: Entry, digest: str) -> StoredResponse:
    if first.digest != digest:
        raise KeyReused(
            "This Idempotency-Key was used before with another method, path or body.", param="Idempotency-Key"
        )
    expired_of = first.aggregate_id if first.removed_answer else ""
    return StoredResponse(
        first.response, first.status, replayed=True, version=first.aggregate_version, expired_of=expired_of
    )
