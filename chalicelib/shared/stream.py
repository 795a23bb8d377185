"""Streams of tables: what changed, and who draws consequences from it.

Records come at least once, mostly in order, and may come late. A consumer's effect is named after what it comes of, so consuming again
changes nothing. What a consumer cannot take is kept as a dead letter (`dead_letters`) and consumed later from the table itself.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import msgspec

from chalicelib.shared.journal import Entry, JournalRow
from chalicelib.shared.periods import from_ms

Image = dict[str, dict[str, Any]]
Subscriber = Callable[..., Any]
"""Called with an entry; one that takes many together, with several."""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """The stream of a table. `key` is the column that names what a consumer is told of.

    `written_at` reads from an item when it was written; without it, consumers read what they need by the key, and no image is read again.
    """

    table: str
    key: str
    written_at: Callable[[Image], datetime] | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A change of an item, with bytes as the engine gives them. `written_at` is real time, as the stream tells it."""

    key: str
    written_at: datetime
    image: Image = {}
    is_new: bool = True
    number: str = ""

    @cached_property
    def entry(self) -> Entry:
        """The entry of the journal that the image is: read once for all who follow it."""
        return entry_of(self.image)


class Consumer(msgspec.Struct, frozen=True, kw_only=True):
    """Who draws consequences from the records of a stream. `name` is stored with dead letters, so it stays when code is renamed.

    One that `coalesces` is told only of the last of several records of one key in a batch, and of one for each word that `apart` has for them, where
    it matters when they were written. One that can take new records `together` is
    handed those of a batch at once; where it fails, each comes by itself. So both have one effect, whichever is called, and how often.
    """

    name: str
    stream: Stream
    consume: Callable[[Record], Any]
    coalesces: bool = False
    apart: Callable[[Record], str] = lambda record: ""
    together: Callable[[Sequence[Record]], Any] | None = None


def records(stream: Stream, raw: Iterable[dict[str, Any]]) -> Iterator[Record]:
    """The records of a Lambda event, or of the stream itself."""
    for record in raw:
        change = record["dynamodb"]
        created = change["ApproximateCreationDateTime"]
        yield Record(
            key=change["Keys"][stream.key]["S"],
            written_at=created if isinstance(created, datetime) else from_ms(round(float(created) * 1000)),
            image=_plain(change.get("NewImage", {})),
            is_new=record["eventName"] == "INSERT",
            number=change["SequenceNumber"],
        )


def subscriber(name: str, follow: Subscriber, *, many: bool = False) -> Consumer:
    """A consumer of the journal that is told of each new entry; of `many` at once where it takes them."""

    def consume(record: Record) -> None:
        if record.is_new:
            follow(record.entry)

    def together(batch: Sequence[Record]) -> None:
        follow(*(record.entry for record in batch))

    return Consumer(name=name, stream=JOURNAL, consume=consume, together=together if many else None)


def entry_of(image: Image) -> Entry:
    return JournalRow.from_raw_data(image).entry()


JOURNAL: Final = Stream(table="journal", key="entry_id", written_at=lambda image: entry_of(image).written_at)


def _plain(image: Image) -> Image:
    """Lambda hands bytes over in base 64."""
    return {
        name: {"B": b64decode(value["B"])} if isinstance(value.get("B"), str) else value
        for name, value in image.items()
    }
