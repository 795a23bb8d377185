"""Letters: keeping what a consumer could not take, trying it again, and replaying what was written.

Everything may run twice, at the same time and late: consumers' effects are named after what they come of. No entry of the journal is written
about a letter, so that the consequences of one never come of another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from chalicelib.dead_letters import records, registry, rules
from chalicelib.dead_letters.rules import DeadLetter, Kind
from chalicelib.dead_letters.views import DeadLettersQuery, DeadLetterView, view
from chalicelib.shared import clock, observe, pages, queues
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.failed_items import reason_of
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext
from chalicelib.shared.stream import Consumer, Record


class ItemGone(Exception):
    """The item a letter is about is not in its table any more."""


class NobodyTakesIt(Exception):
    """No consumer has that name: it was renamed or taken away while a letter waited for it."""


def consume(consumer: Consumer, record: Record) -> bool:
    """Hand a record to its consumer. False where it cannot take it: the failure is kept as a dead letter then."""
    try:
        consumer.consume(record)
    except Exception as failure:
        observe.logger.exception("not consumed", extra={"consumer": consumer.name, "key": record.key})
        keep(consumer.name, "change", record.key, reason_of(failure, rules.MOST_REASON), written_at=record.written_at)
        return False
    return True


def consume_together(consumer: Consumer, batch: Sequence[Record]) -> bool:
    """Hand records to a consumer that takes them together. False where it does not, or fails: then each has to be handed over by itself."""
    if consumer.together is None or not batch:
        return False
    try:
        consumer.together(batch)
    except Exception:
        observe.logger.warning("not consumed together", extra={"consumer": consumer.name}, exc_info=True)
        return False
    return True


@retry_on_conflict
def keep(
    consumer: str, kind: Kind, key: str, reason: str, *, written_at: datetime | None = None, body: str = ""
) -> DeadLetter:
    """Keep a failure: a new letter, or one failure more of the letter there is."""
    now = clock.now()
    before = records.load(rules.id_of(consumer, key))
    letter = (
        rules.failed(before, reason, now, written_at=written_at)
        if before
        else rules.first(consumer, kind, key, reason, now, written_at=written_at, body=body)
    )
    _put(letter)
    if letter.is_stuck:
        observe.count("DeadLetterStuck")
    return letter


def keep_message(queue: str, body: str, reason: str) -> DeadLetter:
    """Keep a message of a queue: the same message is the same letter, however often it comes back."""
    digest = hashlib.sha256(body.encode()).hexdigest()
    return keep(queue, "message", digest, reason, body=body)


def try_again(letter_id: str, *, only: Iterable[str] = ()) -> str | None:
    """Try a letter, wherever it is in its pauses. Tells why it failed again, or None where it was taken or has gone."""
    letter = records.load(letter_id)
    if letter is None or letter.status != "waiting" or (only and letter.consumer not in only):
        return None
    begun = rules.begun(letter, clock.now())
    if not records.put(begun):
        return None  # somebody else is trying it
    try:
        _work(begun)()
    except Exception as failure:
        reason = reason_of(failure, rules.MOST_REASON)
        observe.logger.exception(
            "dead letter failed again", extra={"letter_id": letter.id, "consumer": letter.consumer}
        )
        keep(letter.consumer, letter.kind, letter.key, reason)
        return reason
    if begun.kind == "message":
        records.put(rules.returned(begun, clock.now()))
    else:
        records.remove(begun)
    return None


def listed(query: DeadLettersQuery, request: RequestContext) -> Page[DeadLetterView]:
    """Letters that wait, by their next try."""
    of = "dead-letters"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    places = islice(records.waiting(pages.place_after(after)), query.limit + 1)
    page = pages.page(places, query.limit, position=lambda place: place, caller=request.caller, of=of)
    letters = records.load_many([letter_id for *_, letter_id in page.items])
    return Page(items=[view(letter) for letter in letters if letter.due_at], next_cursor=page.next_cursor)


waiting = records.waiting
"""The places of letters by their next try, from behind one of them on. For slices above."""


def known(letter_ids: list[str]) -> dict[str, DeadLetter]:
    """Those of these letters that wait, by id."""
    return {letter.id: letter for letter in records.load_many(letter_ids) if letter.due_at}


def of_record(table: str, key: str) -> list[DeadLetter]:
    """The letters about a record of a table's stream that wait, of whichever consumer. For slices above."""
    consumers = (consumer.name for consumer in registry.declared().streams.values() if consumer.stream.table == table)
    return list(known([rules.id_of(name, key) for name in consumers]).values())


def replay(item: dict[str, Any], consumers: Iterable[Consumer], written_at: datetime) -> int:
    """Hand an item of a table to its consumers once more; a letter about it ends where it is taken. Returns how many could not take it."""
    failed = 0
    for consumer in consumers:
        stream = consumer.stream
        record = Record(key=item[stream.key]["S"], written_at=written_at, image=item if stream.written_at else {})
        before = records.load(rules.id_of(consumer.name, record.key))
        if not consume(consumer, record):
            failed += 1
        elif before is not None:
            records.remove(before)
    return failed


def _work(letter: DeadLetter) -> Callable[[], object]:
    """What has to be done for a letter."""
    known = registry.declared()
    if letter.kind == "message":
        return lambda: queues.send_back(letter.consumer, letter.body)
    if letter.kind == "schedule":
        tick: dict[str, Any] = msgspec.json.decode(letter.body)
        if letter.consumer not in known.schedules:
            raise NobodyTakesIt(letter.consumer)
        return lambda: known.schedules[letter.consumer](tick)
    consumer = known.streams.get(letter.consumer)
    if consumer is None:
        raise NobodyTakesIt(letter.consumer)
    return lambda: [consumer.consume(record) for record in _read_again(consumer, letter)]


def _read_again(consumer: Consumer, letter: DeadLetter) -> list[Record]:
    """The record of a letter, from the table as it is now: the last one, and before it the first where the consumer tells them apart."""
    last = letter.written_at or letter.created_at
    stream, image = consumer.stream, {}
    if stream.written_at is not None and not (image := records.read_again(stream.table, stream.key, letter.key) or {}):
        raise ItemGone(letter.key)
    first_and_last = [
        Record(key=letter.key, written_at=at, image=image) for at in (letter.first_written_at or last, last)
    ]
    return list({consumer.apart(record): record for record in first_and_last}.values())


def _put(letter: DeadLetter) -> None:
    if not records.put(letter):
        raise WriteConflict("The letter was changed meanwhile.")
