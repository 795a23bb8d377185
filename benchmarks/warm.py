"""F3: CPU time of a warm money request, engine time excluded, beside the bare SDK calls it makes.

    make bench-warm                        # 20,000 requests
    make bench-warm ARGS="--requests 2000"

The request is `POST /v1/orders/{id}/accept`: authorised, validated, decided, reserved and answered, as a Lambda event in this process.
The network is stubbed at botocore's `before-send` event, so what is timed is ours, PynamoDB's and botocore's. The floor is of what the
request spends in the client as the product configures it, while it is served: the same calls made one after another find everything in the
processor's caches, and take a third less. Through a bare client, which looks every parameter over, they are made in turns with the request.
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from benchmarks.lambda_events import Application, configure, event

configure()
os.environ["POWERTOOLS_LOG_LEVEL"] = "INFO"

from botocore.awsrequest import AWSResponse, HTTPHeaders  # noqa: E402 - the environment comes first
from botocore.session import get_session  # noqa: E402

from chalicelib.members.records import MemberRow  # noqa: E402
from chalicelib.members.rules import Member  # noqa: E402
from chalicelib.orders.examples import TERMS  # noqa: E402
from chalicelib.shared import clock, observe  # noqa: E402
from chalicelib.shared.tables import engine  # noqa: E402
from chalicelib.suppliers.records import SupplierRow  # noqa: E402
from chalicelib.suppliers.rules.programme import Supplier  # noqa: E402

OF_CLIENT: Final = 1.5
BUYER: Final = "mem_01JQ4Z8N0V7K3M5P9R2T4W6Y8A"
SUPPLIER: Final = "mem_7ZFR3W1X5C9D2E4G6H8J0K1M3N"
ACCEPT: Final = "/v1/orders/{order_id}/accept"


class _Body:
    """A response's body as urllib3 gives it."""

    def __init__(self, content: bytes) -> None:
        self._told = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._told


class Stub:
    """Answers the engine's calls from memory, and keeps what was asked."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.asked: dict[str, dict[str, Any]] = {}
        engine().client.meta.events.register("before-send.dynamodb", self.answer)
        engine().client.meta.events.register("provide-client-params.dynamodb", self._keep)

    def answer(self, request: Any, **_: Any) -> Any:
        operation = request.headers["X-Amz-Target"].decode().split(".")[-1]
        response: dict[str, Any] = {}
        if operation == "GetItem":
            response = {"Item": self.items[json.loads(request.body)["TableName"]]}
        elif operation == "BatchGetItem":
            response = {"Responses": {table: [self.items[table]] for table in json.loads(request.body)["RequestItems"]}}
        return AWSResponse(request.url, 200, HTTPHeaders(), _Body(json.dumps(response).encode()))

    def _keep(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.asked[model.name] = dict(params)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=20_000)
    chosen = parser.parse_args()
    stub, application = Stub(), Application()
    order_id = _propose(stub, application)
    accept = event("POST", ACCEPT, sub=SUPPLIER, body={"version": 1}, order_id=order_id)
    with _quiet():
        ours = _accepting(application, accept)
        ours()
        bare: Any = get_session().create_client("dynamodb")
        bare.meta.events.register("before-send.dynamodb", stub.answer)
        within = _timed(engine().client)
        warm, sdk = _in_turns([ours, _calls(stub, bare)], chosen.requests)
    of_requests = within[-2 * chosen.requests :]  # each reads once and writes once
    return _report(warm, [read + write for read, write in zip(of_requests[::2], of_requests[1::2], strict=True)], sdk)


def _timed(client: Any) -> list[float]:
    """CPU milliseconds of each call that the client will make."""
    spent: list[float] = []
    send = client._make_api_call

    def timed(*arguments: Any) -> Any:
        start = time.process_time()
        try:
            return send(*arguments)
        finally:
            spent.append((time.process_time() - start) * 1000)

    client._make_api_call = timed
    return spent


def _propose(stub: Stub, application: Application) -> str:
    """One proposed order and an active supplier, as the engine would give them back."""
    stub.items |= {"surety-bench-suppliers": _supplier(), "surety-bench-members": _buyer()}
    proposed = application.call(
        "POST", "/v1/orders", expect=201, sub=BUYER, body={"buyer_id": BUYER, "supplier_id": SUPPLIER, "terms": TERMS}
    )
    [order] = [
        action["Put"]["Item"]
        for action in stub.asked["TransactWriteItems"]["TransactItems"]
        if action["Put"]["TableName"].endswith("orders")
    ]
    stub.items["surety-bench-orders"] = _wire(order)
    order_id: str = proposed["id"]
    return order_id


def _buyer() -> dict[str, Any]:
    now = clock.real()
    buyer = Member(
        id=BUYER, external_ref="b", name="ACME", country="DE", zone="UTC", version=1, created_at=now, updated_at=now
    )
    return _wire(MemberRow(BUYER, version=1, entry_hash="", body=buyer).serialize())


def _supplier() -> dict[str, Any]:
    """An active supplier with cover to spare."""
    now = clock.real()
    supplier = Supplier(id=SUPPLIER, version=1, status="active", created_at=now, updated_at=now, limit_minor=10**9)
    row = SupplierRow(
        SUPPLIER,
        version=1,
        entry_hash="",
        status="active",
        limit_minor=10**9,
        reserved_minor=0,
        advanced_minor=0,
        available_minor=10**9,
        body=supplier,
    )
    return _wire(row.serialize())


def _wire(item: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name: {kind: base64.b64encode(content).decode() if kind == "B" else content for kind, content in value.items()}
        for name, value in item.items()
    }


def _accepting(application: Application, accept: dict[str, Any]) -> Callable[[], None]:
    """One request after another, each under a key of its own."""
    numbers = iter(range(10**9))

    def once() -> None:
        accept["headers"]["Idempotency-Key"] = f"warm-{next(numbers)}"
        answer = application.answer({**accept, "requestContext": dict(accept["requestContext"])})
        if answer["statusCode"] != 200:
            raise SystemExit(f"answered {answer}")

    return once


def _calls(stub: Stub, client: Any) -> Callable[[], None]:
    get, write = stub.asked["GetItem"], stub.asked["TransactWriteItems"]

    def once() -> None:
        client._make_api_call("GetItem", get)
        client._make_api_call("TransactWriteItems", write)

    return once


def _in_turns(calls: Sequence[Callable[[], None]], requests: int) -> list[list[float]]:
    """CPU milliseconds of each, in turns, so that all meet the same machine."""
    for _ in range(200):
        for call in calls:
            call()
    spent: list[list[float]] = [[] for _ in calls]
    for _ in range(requests):
        for call, times in zip(calls, spent, strict=True):
            start = time.process_time()
            call()
            times.append((time.process_time() - start) * 1000)
    return spent


def _report(warm: list[float], client: list[float], bare: list[float]) -> int:
    median, p99 = statistics.median(warm), statistics.quantiles(warm, n=100)[98]
    of_client, of_bare = (median / statistics.median(calls) for calls in (client, bare))
    kept = of_client <= OF_CLIENT
    for name, figure, floor in (
        ("request, CPU median", f"{median:.2f} ms", ""),
        ("request, CPU p99", f"{p99:.2f} ms", ""),
        ("of that, in the client as configured", f"{statistics.median(client):.2f} ms", ""),
        ("the same calls, bare client", f"{statistics.median(bare):.2f} ms", ""),
        ("request / client as configured", f"{of_client:.2f}", f"at most {OF_CLIENT}{'' if kept else '   MISSED'}"),
        ("request / bare client", f"{of_bare:.2f}", ""),
    ):
        print(f"{name:38} {figure:>9}   {floor}".rstrip())
    print(f"{len(warm)} requests")
    return int(not kept)


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
