"""What answers the monthly run in its benchmark: pages of invented sellers, a table that checks what is written, a bucket on disk.

The time all this takes is kept apart: it is not the product's.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import unquote, urlsplit

import msgspec
from botocore.awsrequest import AWSResponse

from benchmarks import monthly_sellers as sellers
from benchmarks.stub_engine import Raw, _bytes
from chalicelib.deposits.monthly import engine as monthly
from chalicelib.deposits.monthly.service import MONTHLY
from chalicelib.runs.rules import Run, ShardResult, id_of
from chalicelib.shared import clock
from chalicelib.shared.aws import client
from chalicelib.shared.tables import engine

KILOBYTE: Final = 1024
JUST_AFTER: Final = datetime(2023, 3, 5, 16, 30, tzinfo=UTC)


class Stub:
    """A world of `count` sellers in `shards` segments of equal size. `wall` and `cpu` are what it took itself.

    A transaction is answered after so many seconds: `waited` is what that comes to, and is no part of `wall`.
    """

    def __init__(self, folder: Path, count: int, shards: int, *, after_seconds: float = 0.0) -> None:
        self.kinds, self.count, self.shards = sellers.kinds(), count, shards
        self.wall = self.cpu = self.waited = 0.0
        self._after_seconds = after_seconds
        self.meter = dict.fromkeys(("written", "write_units", "half_reads", "transactions", "files", "written_hash"), 0)
        self._files = folder / "files"
        clock.use(lambda: JUST_AFTER)
        for service in (client("s3"), cast(Any, engine().client)):
            service.meta.events.register("before-send", self._answer)

    def decide(self, shard: int) -> ShardResult:
        """What the product does when a message of the queue asks it for a shard."""
        as_of = date(2023, 3, 6)
        run = Run(
            id=id_of(MONTHLY, sellers.PERIOD),
            job=MONTHLY,
            period=sellers.PERIOD,
            as_of=as_of,
            status="running",
            version=1,
            shards=self.shards,
            created_at=JUST_AFTER,
            updated_at=JUST_AFTER,
        )
        return monthly.decide_shard(run, shard)

    def must_equal_the_oracle(self, shard: int, result: ShardResult) -> None:
        """Every seller of the shard has one line, and it says what the oracle says."""
        assert not result.failures, result.failures[:3]
        first, end = self._segment(shard - 1)
        left = end - first
        for path in sorted((self._files / "runs").rglob("lines/*/*.ndjson")):
            for line in path.read_bytes().splitlines():
                adjustment = msgspec.json.decode(line)
                number = int(adjustment["seller_id"][4:])
                assert first <= number < end, adjustment
                assert _outcome(adjustment) == self.kinds[sellers.kind_of(number)].expected, adjustment
                left -= 1
        assert left == 0, f"{left} sellers of shard {shard} have no line"
        assert result.counts["sellers"] == end - first, result.counts

    def _segment(self, segment: int) -> tuple[int, int]:
        return self.count * segment // self.shards, self.count * (segment + 1) // self.shards

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        began, burning = time.monotonic(), time.process_time()
        target = request.headers.get("X-Amz-Target")
        if target is None:
            content = self._s3(request)
        else:
            operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
            answers: dict[str, Callable[[bytes], bytes]] = {
                "Scan": self._scan,
                "TransactWriteItems": self._write,
                "GetItem": lambda _: b"{}",
                "PutItem": lambda _: b"{}",
            }
            content = answers[operation](request.body)
        self.wall += time.monotonic() - began
        self.cpu += time.process_time() - burning
        if target and operation == "TransactWriteItems":
            time.sleep(self._after_seconds)
            self.waited += self._after_seconds
        headers: Any = {"ETag": '"e"', "Content-Length": str(len(content))}
        return AWSResponse(request.url, 200, headers, Raw(_bytes(content)))

    def _scan(self, body: bytes) -> bytes:
        parameters = msgspec.json.decode(body)
        if not parameters["TableName"].endswith("-deposits"):
            return b'{"Items":[],"Count":0,"ScannedCount":0}'
        first, end = self._segment(parameters["Segment"])
        if "ExclusiveStartKey" in parameters:
            first = int(parameters["ExclusiveStartKey"]["member_id"]["S"][4:]) + 1
        text, _, read = sellers.page(self.kinds, first, end)
        self.meter["half_reads"] += -(-read // (4 * KILOBYTE))
        return text

    def _write(self, body: bytes) -> bytes:
        """Count and check a transaction: a journal entry and a deposit for each seller, in turns."""
        actions = [action["Put"] for action in msgspec.json.decode(body)["TransactItems"]]
        self.meter["transactions"] += 1
        for entry, deposit in zip(actions[::2], actions[1::2], strict=True):
            self._check(entry, deposit)
        return b"{}"

    def _check(self, entry: dict[str, Any], deposit: dict[str, Any]) -> None:
        item = deposit["Item"]
        number = int(item["member_id"]["S"][4:])
        kind = self.kinds[sellers.kind_of(number)]
        body = msgspec.json.decode(msgspec.convert(item["body"]["B"], bytes, strict=False))
        assert (body.get("base_minor", 0), body.get("awaiting_first_trade", True)) == (
            kind.expected.base,
            kind.expected.awaits_first_trade_again,
        ), body
        assert item["version"]["N"] == "8"
        assert deposit["ExpressionAttributeValues"] == {":v": {"N": "7"}}
        assert entry["ConditionExpression"] == "attribute_not_exists(entry_id)"
        moved = item.get("due_at", {}).get("N") != (str(kind.due_ms) if kind.due_ms else None)
        size = max(_size(item), kind.item_bytes)
        self.meter["write_units"] += 2 * -(-size // KILOBYTE) + 2 * -(-_size(entry["Item"]) // KILOBYTE)
        self.meter["write_units"] += moved * (("due_at" in item) + (kind.due_ms is not None))
        self.meter["written"] += 1
        digest = hashlib.sha256(item["member_id"]["S"].encode() + item["body"]["B"].encode()).digest()
        self.meter["written_hash"] ^= int.from_bytes(digest[:8])

    def _s3(self, request: Any) -> bytes:
        _, _, key = unquote(urlsplit(request.url).path).lstrip("/").partition("/")
        path = self._files / key
        if request.method != "PUT":
            return path.read_bytes()
        self.meter["files"] += 1
        path.parent.mkdir(parents=True, exist_ok=True)
        body = getattr(request.body, "_raw", request.body)
        path.write_bytes(body if isinstance(body, bytes | bytearray) else body.read())
        return b""


def _outcome(adjustment: dict[str, Any]) -> tuple[Any, ...]:
    return (
        adjustment.get("skipped", ""),
        adjustment.get("orders", 0),
        adjustment.get("category", ""),
        adjustment.get("raw_minor", 0),
        adjustment.get("base_minor", 0),
        adjustment.get("in_debt", False),
        adjustment.get("clause", ""),
        adjustment.get("awaits_first_trade_again", False),
        adjustment.get("arrears_minor", 0),
        adjustment.get("releasable_minor", 0),
    )


def _size(item: dict[str, Any]) -> int:
    """Bytes of an item as DynamoDB counts them: names and values; numbers are two digits a byte and one more."""
    total = 0
    for name, typed in item.items():
        kind, value = next(iter(typed.items()))
        total += len(name)
        total += len(value) if kind == "S" else len(value) // 2 + 2 if kind == "N" else len(value) * 3 // 4
    return total
