"""Imports in tests: open one, put its file into the bucket, let the queues run, read how it went."""

from __future__ import annotations

import csv
import io
from typing import Any

from chalicelib.daybook.service.imports import key_of
from chalicelib.shared import files
from chalicelib.shared.aws import client
from tests.world import Api, Pump, Reply

HEADER = (
    "trade_id,supplier_ref,buyer_ref,supplier_country,buyer_country,category,currency,amount,"
    "ordered_at,paid_at,ship_by,shipped_at,promised_by,delivered_at,status"
)
ROW = {
    "trade_id": "T-1",
    "supplier_ref": "lantern-works",
    "buyer_ref": "acme",
    "supplier_country": "CN",
    "buyer_country": "CN",
    "category": "lanterns",
    "currency": "USD",
    "amount": "10.00",
    "ordered_at": "2017-06-10T12:00:00+08:00",
    "paid_at": "2017-06-11T12:00:00+08:00",
    "ship_by": "2017-06-20T12:00:00+08:00",
    "shipped_at": "2017-06-15T12:00:00+08:00",
    "promised_by": "",
    "delivered_at": "2017-07-01T12:00:00+08:00",
    "status": "completed",
}


def row(**given: Any) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow((ROW | given).values())
    return out.getvalue()


def lines(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return (end.join([header, *rows]) + end).encode("utf-8", "surrogateescape")


def opened(api: Api, officer: str, kind: str = "trade_history") -> str:
    reply = api.post("/v1/imports", {"kind": kind}, officer)
    assert reply.status == 201, reply.body
    import_id: str = reply["id"]
    return import_id


def upload(import_id: str, content: bytes) -> None:
    client("s3").put_object(Bucket=files.bucket(), Key=key_of(import_id), Body=content)


def imported(
    api: Api, officer: str, pump: Pump, content: bytes, *, times: int = 1, kind: str = "trade_history"
) -> Reply:
    """The import of a file when nothing is left to do; every message is delivered `times` times."""
    import_id = opened(api, officer, kind)
    upload(import_id, content)
    pump(times=times)
    return api.get(f"/v1/imports/{import_id}", officer)


def rejected(reply: Reply) -> list[str]:
    """Line, column and reason of each rejected row."""
    return [f"{row['line']},{row['column']},{row['reason']}" for row in rejected_rows(reply)]


def rejected_rows(reply: Reply) -> list[dict[str, str]]:
    """The list of rejected rows."""
    if reply["rejected_rows"] is None:
        return []
    content = files.read(f"imports/{reply['id']}/rejected-rows.csv").decode()
    reader = csv.DictReader(io.StringIO(content))
    assert reader.fieldnames == ["line", "column", "value", "reason", "wanted"]
    return list(reader)
