"""A table's stream of changes, offered in order to the handler that reads it."""

from __future__ import annotations

import base64
import json
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Any, Final

import boto3

from infra.local.pollers.event_source import (
    AFTER_FAILURE_SECONDS,
    Handler,
    Tell,
    failed_items,
    lambda_context,
    put_aside,
    wire,
)

MOST_TRIES: Final = 5


class Stream:
    """One table's stream, in order, from where it was left: the place is kept in a file where the engine's data outlives us."""

    def __init__(self, handler: Handler, name: str, table: str, batch: int, kept: Path | None, tell: Tell) -> None:
        session = boto3.Session()
        tables: Any = session.client("dynamodb")
        self._streams: Any = session.client("dynamodbstreams")
        self._dead: Any = session.client("sqs")
        self._arn = tables.describe_table(TableName=table)["Table"]["LatestStreamArn"]
        self._handler, self._name, self._table, self._batch = handler, name, table, batch
        self._kept, self._tell = kept, tell
        self._places: dict[str, str] = json.loads(kept.read_text()) if kept and kept.exists() else {}
        self._shards: list[dict[str, Any]] = []
        self._cursors: dict[str, str | None] = {}
        self._tries: Counter[str] = Counter()

    def most_pause(self) -> float:
        return inf

    def turn(self) -> bool:
        """Offer what is new. True where there may be more at once."""
        if self._may_have_new_shards():
            self._shards = self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"]["Shards"]
        more = [self._read(shard["ShardId"]) for shard in self._shards if self._is_next(shard, self._shards)]
        return any(more)

    def _may_have_new_shards(self) -> bool:
        """A shard is followed by others when it is over: as long as each of the last can be read on, there is nothing to ask for."""
        parents = {shard.get("ParentShardId", "") for shard in self._shards}
        last = [shard["ShardId"] for shard in self._shards if shard["ShardId"] not in parents]
        return not last or any(self._cursors.get(shard, "unread") is None for shard in last)

    def _is_next(self, shard: dict[str, Any], among: Sequence[dict[str, Any]]) -> bool:
        """A shard comes after the one it follows, if that is still there and not read to its end."""
        before = shard.get("ParentShardId", "")
        return all(other["ShardId"] != before for other in among) or self._cursors.get(before, "unread") is None

    def _read(self, shard: str) -> bool:
        cursor = self._cursors[shard] if shard in self._cursors else self._start(shard)
        if cursor is None:
            return False
        try:
            response = self._streams.get_records(ShardIterator=cursor, Limit=self._batch)
        except (self._streams.exceptions.ExpiredIteratorException, self._streams.exceptions.TrimmedDataAccessException):
            self._cursors.pop(shard)
            return True
        records = [_as_lambda_tells(record, self._arn) for record in response["Records"]]
        taken = self._taken(records)
        if taken:
            self._keep(shard, _seq(records[taken - 1]))
        if taken < len(records):
            self._put_aside_or_wait(shard, records[taken])
            return True
        self._cursors[shard] = response.get("NextShardIterator")
        return bool(records)

    def _start(self, shard: str) -> str | None:
        place = self._places.get(shard)
        where = (
            {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": place}
            if place
            else {"ShardIteratorType": "TRIM_HORIZON"}
        )
        try:
            response = self._streams.get_shard_iterator(StreamArn=self._arn, ShardId=shard, **where)
        except self._streams.exceptions.TrimmedDataAccessException:
            response = self._streams.get_shard_iterator(
                StreamArn=self._arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
            )
        self._cursors[shard] = response["ShardIterator"]
        return self._cursors[shard]

    def _taken(self, records: Sequence[dict[str, Any]]) -> int:
        """How many records the handler took, counted from the first."""
        if not records:
            return 0
        try:
            response = self._handler({"Records": list(records)}, lambda_context())
        except Exception as failure:
            return self._taken_by_halves(records, failure)
        failed = failed_items(response)
        return next((place for place, record in enumerate(records) if _seq(record) in failed), len(records))

    def _taken_by_halves(self, records: Sequence[dict[str, Any]], failure: Exception) -> int:
        if len(records) == 1:
            self._tell(f"{self._table}: a stream record failed: {failure!r}")
            return 0
        half = len(records) // 2
        taken = self._taken(records[:half])
        return taken if taken < half else half + self._taken(records[half:])

    def _put_aside_or_wait(self, shard: str, record: dict[str, Any]) -> None:
        self._cursors.pop(shard, None)
        self._tries[_seq(record)] += 1
        if self._tries[_seq(record)] < MOST_TRIES:
            time.sleep(AFTER_FAILURE_SECONDS)
            return
        put_aside(self._dead, "streams-dead", self._name, MOST_TRIES, DDBStreamBatchInfo=self._position(shard, record))
        self._tell(f"{self._table}: put aside after {MOST_TRIES} tries: record {_seq(record)}")
        self._keep(shard, _seq(record))

    def _position(self, shard: str, record: dict[str, Any]) -> dict[str, Any]:
        """Where the record stands: Lambda tells no more of what it puts aside."""
        arrived = wire(datetime.fromtimestamp(record["dynamodb"]["ApproximateCreationDateTime"], UTC))
        return {
            "shardId": shard,
            "startSequenceNumber": _seq(record),
            "endSequenceNumber": _seq(record),
            "approximateArrivalOfFirstRecord": arrived,
            "approximateArrivalOfLastRecord": arrived,
            "batchSize": 1,
            "streamArn": self._arn,
        }

    def _keep(self, shard: str, seq: str) -> None:
        self._places[shard] = seq
        if self._kept:
            fresh = self._kept.with_suffix(".new")
            fresh.write_text(json.dumps(self._places))
            fresh.replace(self._kept)


def _seq(record: dict[str, Any]) -> str:
    seq: str = record["dynamodb"]["SequenceNumber"]
    return seq


def _as_lambda_tells(record: dict[str, Any], arn: str) -> dict[str, Any]:
    """Lambda's form of a stream record: binary values in base 64, the moment in seconds."""
    change = _plain(record["dynamodb"])
    if "ApproximateCreationDateTime" in change:
        change["ApproximateCreationDateTime"] = int(change["ApproximateCreationDateTime"].timestamp())
    return {**record, "dynamodb": change, "eventSourceARN": arn}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
