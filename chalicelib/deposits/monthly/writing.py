"""Changed sellers are written together, each with the journal entry of its change: all of a group or none.

Each deposit is guarded by the version it was decided on, each entry is named after the seller and the period and put if absent. A group
that is refused goes again without those who were the reason; these are read and decided again one by one. A seller that somebody else has
written for this period is done. One that cannot be kept at all, or whose chain is broken, is set aside with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace
from pynamodb.exceptions import TransactWriteError

from chalicelib.deposits import records
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.decision import applied, decide
from chalicelib.deposits.rules.deposit import Decision, Deposit, chain_of
from chalicelib.deposits.rules.timers import MACHINE
from chalicelib.deposits.rules.transitions import TABLE
from chalicelib.shared import due, journal, observe, quarantine, retries, table_pages
from chalicelib.shared.commit import MOST_TRIES
from chalicelib.shared.errors import Unavailable
from chalicelib.shared.failed_items import reason_of
from chalicelib.shared.journal import Entry, JournalRow
from chalicelib.shared.periods import to_ms
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.settings import settings
from chalicelib.shared.store_errors import STORE_ERRORS, is_transient, is_unstorable
from chalicelib.shared.tables import transact
from chalicelib.shared.texts import say

SEEN_AND_SOUND: Final = f"#v = :v AND {quarantine.NOT_QUARANTINED_TEXT}"
"""It is still what was decided on, and its chain is not broken."""


class Task(NamedTuple):
    """What is decided: the month, under which book, when it is written down; a rehearsal writes nothing."""

    period: str
    book: Book
    books: Books
    now: datetime
    writes: bool = True


class FailedItem(NamedTuple):
    """A seller that could not be decided or written, and why."""

    seller_id: str
    reason: str


Change = tuple[Deposit, Decision]
"""A deposit as it was read, and the decision that changes it."""


def group_size() -> int:
    """Sellers in one transaction: two actions each."""
    return max(1, settings().bulk_actions // 2)


def write(group: Sequence[Change], task: Task) -> Iterator[Decision | FailedItem]:
    """Write changed sellers. Tells the decision that then stands for each, or why there is none, in any order."""
    if len(group) == 1:
        yield isolated(group[0][0].id, partial(_write_alone, group[0], task))
        return
    try:
        _put(group, task)
    except TransactWriteError as failure:
        if is_transient(failure):
            raise
        for part in _parted(group, failure):
            yield from write(part, task)
    except (Unavailable, MemoryError):
        raise
    except Exception:  # one of them cannot even be put into words; alone it will say why
        for change in group:
            yield from write([change], task)
    else:
        yield from (decision for _, decision in group)


def isolated(seller_id: str, work: Callable[[], Decision]) -> Decision | FailedItem:
    """The work's decision, or the seller set aside where it makes the work fail. The store's own trouble is not the seller's."""
    try:
        return work()
    except (Unavailable, MemoryError):
        raise
    except STORE_ERRORS as failure:
        if not (isinstance(failure, TransactWriteError) and is_unstorable(failure)):
            raise
        return _failed_item(seller_id, failure)
    except Exception as poison:
        return _failed_item(seller_id, poison)


def change(deposit: Deposit, decision: Decision, task: Task) -> tuple[Entry, Deposit]:
    """The journal entry of a decision, and the deposit it leaves: what the kernel would write, for many at once."""
    adjusted = TABLE.change(
        deposit,
        "adjusted",
        task.now,
        state=applied(deposit, decision, task.now, task.books),
        payload=facts_of(decision, task.book.terms.currency),
        policy=decision.hash,
    )
    after, chain = adjusted.state, chain_of(deposit.id)
    entry = journal.entry(
        request(chain, task.period, task.now),
        adjusted.event,
        aggregate_id=chain,
        seq=after.seq,
        prev=deposit.entry_hash,
        version=after.version,
    )
    return entry, replace(after, entry_hash=entry.entry_hash, recent=journal.recent(deposit.recent, entry))


def request(chain: str, period: str, now: datetime) -> RequestContext:
    """What the clock asks of a seller's chain for a period: the entry's name follows from the two, whoever writes it and when."""
    name = f"{chain}#ADJ#{period}"
    return RequestContext(caller=CLOCK, now=now, request_id=f"clock:{name}", key=name, digest="due")


def item(deposit: Deposit, due_at: datetime | None) -> dict[str, dict[str, Any]]:
    """The item of a deposit as `records.REPOSITORY` makes it, at a tenth of the cost."""
    columns: dict[str, dict[str, Any]] = {
        "member_id": {"S": deposit.id},
        "version": {"N": str(deposit.version)},
        "body": {"B": msgspec.json.encode(deposit)},
    }
    if due_at is None:
        return columns
    where = due.columns(deposit.id, due_at)
    return columns | {"due_shard": {"N": str(where["due_shard"])}, "due_at": {"N": str(to_ms(due_at))}}


def _put(group: Sequence[Change], task: Task) -> None:
    puts = [put for deposit, decision in group for put in _puts(deposit, decision, task)]
    with retries.outlasting():
        transact(puts)


def _puts(deposit: Deposit, decision: Decision, task: Task) -> tuple[dict[str, Any], dict[str, Any]]:
    entry, after = change(deposit, decision, task)
    return (
        {
            "TableName": JournalRow.Meta.table_name,
            "Item": table_pages.journal_item(entry, after.entry_hash),
            "ConditionExpression": "attribute_not_exists(entry_id)",
        },
        {
            "TableName": records.DepositRow.Meta.table_name,
            "Item": item(after, MACHINE.next_due(after, task.books)),
            "ConditionExpression": SEEN_AND_SOUND,
            "ExpressionAttributeNames": {"#v": "version"},
            "ExpressionAttributeValues": {":v": {"N": str(deposit.version)}},
        },
    )


def _write_alone(change: Change, task: Task) -> Decision:
    """Write one seller; where it has changed since it was read, decide again on what it is now."""
    deposit, decision = change
    for tried in range(MOST_TRIES):
        if not decision.changes or deposit.adjusted >= task.period:
            return decision
        try:
            _put([(deposit, decision)], task)
        except TransactWriteError as failure:
            if is_unstorable(failure) or is_transient(failure):
                raise
            retries.pause(tried)
            deposit = reload(deposit.id)
            decision = decide(deposit, task.book, task.period)
        else:
            return decision
    raise Unavailable(say("{id} is being changed by many at once.", id=deposit.id))


def reload(seller_id: str) -> Deposit:
    """The deposit as it is now. ChainBroken where it is marked."""
    deposit = records.load_sound(seller_id)
    if deposit is None:
        raise LookupError(f"{seller_id} has no deposit any more")
    return deposit


def _parted(group: Sequence[Change], failure: TransactWriteError) -> Iterator[Sequence[Change]]:
    """Each seller that was a reason for the refusal by itself, and all others together; halves where nobody is named."""
    named = {place // 2 for place, reason in enumerate(failure.cancellation_reasons) if reason is not None}
    if not named:
        middle = len(group) // 2
        yield from (group[:middle], group[middle:])
        return
    if others := [change for place, change in enumerate(group) if place not in named]:
        yield others
    yield from ([group[place]] for place in sorted(named))


def facts_of(decision: Decision, currency: str) -> dict[str, Any]:
    """What a statement tells of a month: what changed and why. All that it rests on is on the deposit, and in the line of the certificate."""
    return {
        "seller_id": decision.seller_id,
        "period": decision.period,
        "book": decision.book,
        "orders": decision.orders,
        "category": decision.category,
        "previous_minor": decision.prev_minor,
        "raw_minor": decision.raw_minor,
        "base_minor": decision.base_minor,
        "clause": decision.clause,
        "in_debt": decision.in_debt,
        "awaits_first_trade_again": decision.awaits_first_trade_again,
        "arrears_minor": decision.arrears_minor,
        "releasable_minor": decision.releasable_minor,
        "currency": currency,
    }


def _failed_item(seller_id: str, fault: Exception) -> FailedItem:
    observe.logger.warning("seller set aside", extra={"seller": seller_id, "reason": f"{type(fault).__name__}"})
    return FailedItem(seller_id, reason_of(fault))
