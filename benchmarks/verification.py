"""How many entries of the journal one core verifies in a second, both legs: chains followed and hashes made anew, postings added up.

    python -m benchmarks.verification [entries]

Entries are those of an order's life, six to a chain, with postings and an answer each. The engine is answered for at botocore's `before-send` from
bytes that are made beforehand; the CPU time which that takes is left out, botocore's and what decodes items is in it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any, Final

os.environ.update(
    AWS_DEFAULT_REGION="us-east-1",
    AWS_ACCESS_KEY_ID="bench",
    AWS_SECRET_ACCESS_KEY="bench",
    AWS_EC2_METADATA_DISABLED="true",
    POWERTOOLS_LOG_LEVEL="ERROR",
    SURETY_STAGE="bench",
)

from botocore.awsrequest import AWSResponse

from benchmarks.stub_engine import Raw, _bytes
from chalicelib.ledger.records.chains import ChainRow
from chalicelib.ledger.service import verifying
from chalicelib.ledger.service.verifying import Walk
from chalicelib.shared.journal import GENESIS, Entry, Event, JournalRow, credit, debit
from chalicelib.shared.request import Caller
from chalicelib.shared.tables import Row, engine

FLOOR: Final = 15_000
ENTRIES: Final = 60_000
EACH: Final = 6
"""Entries of one chain."""
BEGAN: Final = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
ANSWER: Final = {
    "status": "paid",
    "version": 3,
    "terms": {"quality": "pre_shipment", "cover": {"amount": "500.00", "currency": "USD"}},
}


def main(entries: int) -> int:
    """1 where the floor is missed, or where not every entry was seen and found good."""
    stub = Stub(entries)
    answer: Any = stub.answer
    engine().client.meta.events.register("before-send", answer)
    walk, began = Walk(), time.process_time()
    verifying._go_on(walk, None)
    seconds = time.process_time() - began - stub.spent
    assert (walk.leg, walk.findings.entries, walk.findings.bad, walk.findings.unbooked) == ("done", entries, 0, 0)
    rate = entries / seconds
    print(f"verify: {entries:,} entries in {seconds:.2f} s of CPU ({stub.calls:,} calls, {1e6 / rate:.0f} µs an entry)")
    print(f"        {rate:,.0f} entries a second on one core; floor {FLOOR:,}: {'met' if rate >= FLOOR else 'MISSED'}")
    return int(rate < FLOOR)


class Stub:
    """A journal and its chains."""

    def __init__(self, entries: int) -> None:
        self.spent, self.calls = 0.0, 0
        self._journal: dict[str, str] = {}
        self._chains: dict[tuple[str, str], str] = {}
        prev = GENESIS
        for number in range(entries):
            prev = GENESIS if number % EACH == 0 else prev
            entry = _entry(number, prev)
            prev = entry.entry_hash
            row = JournalRow.of(entry)
            place = ChainRow(entry.aggregate_id, entry.seq, entry_id=entry.entry_id, entry_hash=prev)
            self._journal[entry.entry_id] = _wire(row)
            self._chains[entry.aggregate_id, str(entry.seq)] = _wire(place)
        self._tables = {
            JournalRow.Meta.table_name: list(self._journal.values()),
            ChainRow.Meta.table_name: list(self._chains.values()),
        }

    def answer(self, request: Any, **_: Any) -> AWSResponse:
        began = time.process_time()
        self.calls += 1
        parameters = json.loads(request.body)
        body = self._scan(parameters) if "TableName" in parameters else self._batch(parameters)
        headers: Any = {}
        response = AWSResponse(request.url, 200, headers, Raw(_bytes(body.encode())))
        self.spent += time.process_time() - began
        return response

    def _scan(self, parameters: dict[str, Any]) -> str:
        start = parameters.get("ExclusiveStartKey")
        place = int(next(iter(start.values()))["S"].rpartition("~")[2]) + 1 if start and "entry_id" in start else 0
        if start and "entry_id" not in start:
            place = int(start["aggregate_id"]["S"][4:]) * EACH + int(start["seq"]["N"])
        items = self._tables[parameters["TableName"]]
        most = parameters["Limit"]
        page = items[place : place + most]
        last = ""
        if place + most < len(items):
            item = json.loads(page[-1])
            key = {
                name: item[name]
                for name in (
                    ("entry_id",) if parameters["TableName"] == JournalRow.Meta.table_name else ("aggregate_id", "seq")
                )
            }
            last = f',"LastEvaluatedKey":{json.dumps(key)}'
        return f'{{"Items":[{",".join(page)}],"Count":{len(page)},"ScannedCount":{len(page)}{last}}}'

    def _batch(self, parameters: dict[str, Any]) -> str:
        [(table, wanted)] = parameters["RequestItems"].items()
        if table == JournalRow.Meta.table_name:
            items = [self._journal[key["entry_id"]["S"]] for key in wanted["Keys"]]
        else:
            items = [self._chains[key["aggregate_id"]["S"], key["seq"]["N"]] for key in wanted["Keys"]]
        return f'{{"Responses":{{"{table}":[{",".join(items)}]}},"UnprocessedKeys":{{}}}}'


def _entry(number: int, prev: str) -> Entry:
    order = f"ord_{number // EACH:026d}"
    amount = 1 + number % 97
    legs = (debit("bank_clearing", "boc", "USD", amount), credit("held", order, "USD", amount))
    payload = {"amount_minor": amount, "currency": "USD", "bank_ref": f"R-{number}", "remaining_minor": 0}
    at = BEGAN + timedelta(seconds=number)
    return Entry(
        entry_id=f"bank:boc~{number}",
        aggregate_id=order,
        seq=number % EACH + 1,
        prev=prev,
        at=at,
        by=Caller("bank:boc", "bank"),
        request_id=f"request-{number}",
        digest="d" * 43,
        event=Event("order.payment_received", payload, legs, "orders 2026.1"),
        response=json.dumps({"id": order, "updated_at": at.isoformat()} | ANSWER).encode(),
    )


def _wire(row: Row) -> str:
    """An item as the engine sends it."""
    return json.dumps(
        {
            name: {kind: b64encode(held).decode() if isinstance(held, bytes) else held for kind, held in value.items()}
            for name, value in row.serialize().items()
        }
    )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES))
