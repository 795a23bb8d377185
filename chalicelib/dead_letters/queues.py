"""Dead-letter queues, as AWS fills them.

A queue's own holds the messages themselves. That of the streams holds positions only (stream, shard, sequence numbers, moments): what stood
there is read from the stream for a day, and afterwards from the table. That of the schedules holds the tick that failed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from chalicelib.shared import queues
from chalicelib.shared.aws import client
from chalicelib.shared.settings import settings

STREAMS: Final = "streams"
SCHEDULES: Final = "schedules"
AT_ONCE: Final = 10


class Trimmed(Exception):
    """The stream does not hold those records any more: it keeps them for a day."""


class Message(NamedTuple):
    """A message of a dead-letter queue, and what deletes it."""

    body: str
    receipt: str


class Position(msgspec.Struct, frozen=True, rename="camel"):
    """Where in a stream a batch stood that no try could take."""

    stream_arn: str
    shard_id: str
    start_sequence_number: str
    end_sequence_number: str
    approximate_arrival_of_first_record: datetime
    approximate_arrival_of_last_record: datetime
    batch_size: int

    @property
    def table(self) -> str:
        """The table of the stream, as the code calls it."""
        return self.stream_arn.rpartition(":table/")[2].split("/")[0].removeprefix(settings().name(""))


class PutAside(msgspec.Struct, frozen=True):
    position: Position = msgspec.field(name="DDBStreamBatchInfo")


class Context(msgspec.Struct, frozen=True, rename="camel"):
    function_arn: str


class Undone(msgspec.Struct, frozen=True, rename="camel"):
    """An asynchronous invocation that failed: of whom, and with what."""

    request_context: Context
    request_payload: dict[str, Any]


def dead(queue: str) -> list[Message]:
    """The next messages of a dead-letter queue; they come again unless they are deleted."""
    batch = client("sqs").receive_message(QueueUrl=queues.url(f"{queue}-dead"), MaxNumberOfMessages=AT_ONCE)
    return [Message(message["Body"], message["ReceiptHandle"]) for message in batch.get("Messages", [])]


def delete(queue: str, message: Message) -> None:
    client("sqs").delete_message(QueueUrl=queues.url(f"{queue}-dead"), ReceiptHandle=message.receipt)


def position(body: str) -> Position:
    return msgspec.json.decode(body, type=PutAside).position


def undone(body: str) -> Undone:
    return msgspec.json.decode(body, type=Undone)


def records_at(place: Position) -> Iterator[dict[str, Any]]:
    """The records that stood at a position. Trimmed where the stream has them no more."""
    streams = client("dynamodbstreams")
    gone = (streams.exceptions.TrimmedDataAccessException, streams.exceptions.ResourceNotFoundException)
    where = {"StreamArn": place.stream_arn, "ShardId": place.shard_id}
    count, last = 0, int(place.end_sequence_number)
    try:
        cursor = streams.get_shard_iterator(
            **where, ShardIteratorType="AT_SEQUENCE_NUMBER", SequenceNumber=place.start_sequence_number
        )["ShardIterator"]
        while cursor and count < place.batch_size:
            page = streams.get_records(ShardIterator=cursor, Limit=place.batch_size - count)
            for record in page["Records"]:
                if int(record["dynamodb"]["SequenceNumber"]) > last:
                    raise Trimmed(place.shard_id)
                count += 1
                yield record
            if not page["Records"]:
                break
            cursor = page.get("NextShardIterator")
    except gone as failure:
        raise Trimmed(place.shard_id) from failure
    if count < place.batch_size:
        raise Trimmed(place.shard_id)
