"""F3: CPU time of a warm money request, engine time excluded, beside the bare SDK calls it makes.

    make bench-warm                        # 20,000 requests
    make bench-warm ARGS="--requests 2000"

The request is `POST /v1/orders/{id}/accept`: authorised, validated, decided, reserved and answered, as a Lambda event in this process.
The network is stubbed at botocore's `before-send` event, so what is timed is ours, PynamoDB's and botocore's. The bare calls
are the same GetItem and TransactWriteItems with the same parameters, sent through botocore alone; the two take turns.
"""

from __future__ import annotations

import argparse
import base64
import json
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from benchmarks.lambda_events import Application, configure, event

configure()
os.environ["POWERTOOLS_LOG_LEVEL"] = "INFO"

from botocore.awsrequest import AWSResponse, HTTPHeaders  # noqa: E402 - the environment comes first
from botocore.session import get_session  # noqa: E402

from chalicelib.orders.examples import TERMS  # noqa: E402
from chalicelib.shared import clock, observe  # noqa: E402
from chalicelib.shared.tables import engine  # noqa: E402
from chalicelib.suppliers.records import SupplierRow  # noqa: E402
from chalicelib.suppliers.rules.programme import Supplier  # noqa: E402

MEDIAN_MS: Final = 1.2
P99_MS: Final = 3.0
OF_BARE: Final = 1.5
BUYER: Final = "mem_01JQ4Z8N0V7K3M5P9R2T4W6Y8A"
SUPPLIER: Final = "mem_7ZFR3W1X5C9D2E4G6H8J0K1M3N"
ACCEPT: Final = "/v1/orders/{order_id}/accept"


class _Body:
    """A response's body as urllib3 gives it."""

    def __init__(self, told: bytes) -> None:
        self._told = told

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._told


class Stub:
    """Answers the engine's calls from memory, and keeps what was asked."""

    def __init__(self) -> None:
        self.items: dict[str, bytes] = {}
        self.asked: dict[str, dict[str, Any]] = {}
        engine().client.meta.events.register("before-send.dynamodb", self.answer)
        engine().client.meta.events.register("provide-client-params.dynamodb", self._keep)

    def answer(self, request: Any, **_: Any) -> Any:
        operation = request.headers["X-Amz-Target"].decode().split(".")[-1]
        told = b"{}"
        if operation == "GetItem":
            told = self.items.get(json.loads(request.body)["TableName"], b"{}")
        return AWSResponse(request.url, 200, HTTPHeaders(), _Body(told))

    def _keep(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.asked[model.name] = dict(params)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--requests", type=int, default=20_000)
    chosen = asked.parse_args()
    stub, application = Stub(), Application()
    order_id = _propose(stub, application)
    accept = event("POST", ACCEPT, sub=SUPPLIER, body={"version": 1}, order_id=order_id)
    with _quiet():
        ours = _accepting(application, accept)
        ours()
        bare = _bare(stub)
        warm, sdk = _in_turns(ours, bare, chosen.requests)
    return _report(warm, sdk)


def _propose(stub: Stub, application: Application) -> str:
    """One proposed order and an active supplier, as the engine would give them back."""
    stub.items["surety-bench-suppliers"] = _supplier()
    told = application.call(
        "POST", "/v1/orders", expect=201, sub=BUYER, body={"buyer_id": BUYER, "supplier_id": SUPPLIER, "terms": TERMS}
    )
    [order] = [
        action["Put"]["Item"]
        for action in stub.asked["TransactWriteItems"]["TransactItems"]
        if action["Put"]["TableName"].endswith("orders")
    ]
    stub.items["surety-bench-orders"] = json.dumps({"Item": _wire(order)}).encode()
    order_id: str = told["id"]
    return order_id


def _supplier() -> bytes:
    """An active supplier with cover to spare."""
    now = clock.real()
    supplier = Supplier(id=SUPPLIER, version=1, status="active", created_at=now, updated_at=now, limit_minor=10**9)
    row = SupplierRow(
        SUPPLIER,
        version=1,
        head="",
        status="active",
        limit_minor=10**9,
        reserved_minor=0,
        advanced_minor=0,
        available_minor=10**9,
        body=supplier,
    )
    return json.dumps({"Item": _wire(row.serialize())}).encode()


def _wire(item: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name: {kind: base64.b64encode(told).decode() if kind == "B" else told for kind, told in value.items()}
        for name, value in item.items()
    }


def _accepting(application: Application, accept: dict[str, Any]) -> Callable[[], None]:
    """One request after another, each under a key of its own."""
    numbers = iter(range(10**9))

    def once() -> None:
        accept["headers"]["Idempotency-Key"] = f"warm-{next(numbers)}"
        status, told = application.send(accept)
        if status != 200:
            raise SystemExit(f"answered {status}: {told}")

    return once


def _bare(stub: Stub) -> Callable[[], None]:
    client: Any = get_session().create_client("dynamodb")
    client.meta.events.register("before-send.dynamodb", stub.answer)
    get, write = stub.asked["GetItem"], stub.asked["TransactWriteItems"]

    def once() -> None:
        client._make_api_call("GetItem", get)
        client._make_api_call("TransactWriteItems", write)

    return once


def _in_turns(ours: Callable[[], None], bare: Callable[[], None], requests: int) -> tuple[list[float], list[float]]:
    """CPU milliseconds of each, in turns, so that both meet the same machine."""
    for _ in range(200):
        ours()
        bare()
    warm: list[float] = []
    sdk: list[float] = []
    for _ in range(requests):
        for call, spent in ((ours, warm), (bare, sdk)):
            start = time.process_time()
            call()
            spent.append((time.process_time() - start) * 1000)
    return warm, sdk


def _report(warm: list[float], sdk: list[float]) -> int:
    median, p99 = statistics.median(warm), statistics.quantiles(warm, n=100)[98]
    ratio = median / statistics.median(sdk)
    rows = (
        ("request, CPU median", f"{median:.2f} ms", f"at most {MEDIAN_MS} ms", median <= MEDIAN_MS),
        ("request, CPU p99", f"{p99:.2f} ms", f"at most {P99_MS} ms", p99 <= P99_MS),
        ("bare SDK calls, CPU median", f"{statistics.median(sdk):.2f} ms", "", True),
        ("request / bare calls", f"{ratio:.2f}", f"at most {OF_BARE}", ratio <= OF_BARE),
    )
    for name, figure, floor, kept in rows:
        print(f"{name:28} {figure:>9}   {floor}{'' if kept else '   MISSED'}")
    print(f"{len(warm)} requests; every floor kept: {'yes' if all(row[3] for row in rows) else 'no'}")
    return int(not all(row[3] for row in rows))


@contextmanager
def _quiet() -> Iterator[None]:
    """Log lines are made and written, to nowhere."""
    with open(os.devnull, "w") as nowhere:
        kept, sys.stdout = sys.stdout, nowhere
        for handler in observe.logger.handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(nowhere)
        try:
            yield
        finally:
            sys.stdout = kept


if __name__ == "__main__":
    raise SystemExit(main())
