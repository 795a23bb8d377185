"""What queues call for the day-book. Each message may come twice, and the process may die at any instruction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote_plus

import msgspec

from chalicelib.daybook.rules.imports import TRADE_HISTORY
from chalicelib.daybook.service.imports import file_arrived
from chalicelib.daybook.service.parts import finish_import, import_part
from chalicelib.daybook.service.splitting import split
from chalicelib.runs import jobs as runs
from chalicelib.runs.jobs import Job

IMPORT: Final = TRADE_HISTORY
IMPORTING: Final = Job(shard=import_part, prepare=split, finish=finish_import)


def files_arrived(event: Mapping[str, Any]) -> dict[str, Any]:
    """The bucket tells, through the queue of uploads, of files that were put into it."""
    return runs.serve(event, _file_arrived)


def _file_arrived(body: str) -> None:
    for record in msgspec.json.decode(body).get("Records", []):  # the bucket's test message has none
        told = record["s3"]["object"]
        file_arrived(
            unquote_plus(told["key"]),
            size_bytes=int(told["size"]),
            etag=told["eTag"],
            object_version=told.get("versionId") or "",
        )
