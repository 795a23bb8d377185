"""Answers DynamoDB, S3 and SQS at botocore's `before-send`: what a run costs this machine's processor, without a network or an engine.

Items and files are kept on disk, so that the stub's own memory stays out of the figures; `spent` is the CPU time it took itself.
Conditions always hold. Trades, declarations and members are never there before, as on the first import of a history.
"""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSResponse

KEYS: Final = {"day-book": ("member_id", "month"), "export-days": ("member_id", "day"), "runs": ("run_id", "shard")}
FACTS: Final = ("trades", "exports")
"""The tables whose items are kept; of the others it is enough that they were written."""


class Raw:
    """A body as urllib3 hands it over."""

    def __init__(self, content: Any) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterable[bytes]:
        yield self._content.read()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._content, name)


class StubEngine:
    def __init__(self, folder: Path) -> None:
        self.calls: Counter[str] = Counter()
        self.facts = 0
        self.spent = 0.0
        self.messages: list[dict[str, Any]] = []
        self._files = folder / "files"
        self._items = sqlite3.connect(folder / "items.sqlite", isolation_level=None)
        self._items.execute("PRAGMA synchronous = OFF")
        self._items.execute("PRAGMA journal_mode = OFF")
        self._items.execute(
            "CREATE TABLE items (of TEXT, hash TEXT, range TEXT, item TEXT, PRIMARY KEY (of, hash, range))"
        )

    def attach(self, *clients: Any) -> None:
        for client in clients:
            client.meta.events.register("before-send", self._answer)

    def file(self, key: str) -> Path:
        return self._files / key

    def close(self) -> None:
        self._items.close()

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        began = time.process_time()
        target = request.headers.get("X-Amz-Target")
        if target is None:
            status, headers, content = self._s3(request)
        else:
            operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
            self.calls[operation] += 1
            answer = getattr(self, f"_{operation}")(json.loads(request.body))
            status, headers, content = 200, {}, _bytes(json.dumps(answer).encode())
        self.spent += time.process_time() - began
        told_headers: Any = headers
        return AWSResponse(request.url, status, told_headers, Raw(content))

    def _GetItem(self, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation's own name
        item = self._find(parameters["TableName"], parameters["Key"])
        return {"Item": item} if item else {}

    def _BatchGetItem(self, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        responses = {
            table: [item for key in keys["Keys"] if (item := self._find(table, key))]
            for table, keys in parameters["RequestItems"].items()
        }
        return {"Responses": responses, "UnprocessedKeys": {}}

    def _Query(self, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        hash_key = next(iter(parameters["ExpressionAttributeValues"].values()))["S"]
        of = _short(parameters["TableName"])
        rows = self._items.execute("SELECT item FROM items WHERE of = ? AND hash = ? ORDER BY range", (of, hash_key))
        items = [json.loads(row[0]) for row in rows]
        return {"Items": items, "Count": len(items), "ScannedCount": len(items)}

    def _PutItem(self, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._keep(parameters["TableName"], parameters["Item"])
        return {}

    def _UpdateItem(self, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"Attributes": parameters["Key"]}

    def _TransactWriteItems(self, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        for action in parameters["TransactItems"]:
            self._keep(action["Put"]["TableName"], action["Put"]["Item"])
        return {}

    def _GetQueueUrl(self, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"QueueUrl": f"https://queue.invalid/{parameters['QueueName']}"}

    def _SendMessageBatch(self, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.messages += [json.loads(entry["MessageBody"]) for entry in parameters["Entries"]]
        return {"Successful": [], "Failed": []}

    def _s3(self, request: Any) -> tuple[int, dict[str, str], Any]:
        where = urlsplit(request.url)
        _, _, key = unquote(where.path).lstrip("/").partition("/")
        if request.method == "PUT":
            self.calls["PutObject"] += 1
            self.file(key).parent.mkdir(parents=True, exist_ok=True)
            with self.file(key).open("wb") as kept:
                body = getattr(request.body, "_raw", request.body)  # without the chunks it is sent in
                kept.write(body) if isinstance(body, bytes | bytearray) else shutil.copyfileobj(body, kept)
            return 200, {"ETag": '"e"'}, _bytes(b"")
        if not key:
            self.calls["ListObjectsV2"] += 1
            return 200, {"Content-Type": "application/xml"}, _bytes(self._listing(parse_qs(where.query)["prefix"][0]))
        self.calls["GetObject"] += 1
        return 200, {"Content-Length": str(self.file(key).stat().st_size), "ETag": '"e"'}, self.file(key).open("rb")

    def _listing(self, prefix: str) -> bytes:
        folder = self.file(prefix)
        keys = sorted(f"{prefix}{path.name}" for path in folder.iterdir()) if folder.is_dir() else []
        contents = "".join(f"<Contents><Key>{escape(key)}</Key><Size>1</Size></Contents>" for key in keys)
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>".encode()

    def _find(self, table: str, key: dict[str, Any]) -> dict[str, Any] | None:
        of = _short(table)
        if of not in KEYS:
            return None
        row = self._items.execute(
            "SELECT item FROM items WHERE of = ? AND hash = ? AND range = ?", (of, *_key(of, key))
        ).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def _keep(self, table: str, item: dict[str, Any]) -> None:
        of = _short(table)
        self.facts += of in FACTS
        if of in KEYS:
            self._items.execute(
                "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?)", (of, *_key(of, item), json.dumps(item))
            )


def _short(table: str) -> str:
    return table.split("-", 2)[2]


def _key(of: str, item: dict[str, Any]) -> list[str]:
    return [f"{int(value):09d}" if kind == "N" else value for name in KEYS[of] for kind, value in item[name].items()]


def _bytes(content: bytes) -> Any:
    return io.BytesIO(content)
