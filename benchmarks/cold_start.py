"""F2: what a cold start costs, on the packaged functions and the real Lambda runtime client.

    make bench-cold                           # 30 processes of each kind
    make bench-cold ARGS="--processes 5"
    LAMBDA_PYTHON=/usr/bin/python3.11 make bench-cold

Lambda's Python is built with profile-guided optimisation; one that is not takes a quarter longer for everything here, and LAMBDA_PYTHON
names another of the same version.

Each figure is the CPU time, user and system, of a new process: to the moment when the runtime client asks for its first event or, for
the money request, until its first answer is in. Beside the product's package, taking turns with it, run bare Python, the runtime
client with an empty handler, and the package as Chalice leaves it. `benchmarks/lambda_runtime.py` stands in for Lambda, moto for
DynamoDB, which is spoken to over HTTPS: its certificate is one more among the roots of trust in the package. The money request is
`POST /v1/orders/{id}/accept`, which reserves cover.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.lambda_events import Application, configure, event

configure()

import boto3  # noqa: E402 - the environment comes first
from cryptography import x509  # noqa: E402

from benchmarks.certificate import certificate_of_loopback  # noqa: E402
from benchmarks.lambda_runtime import PYTHON, copy_runtime_client, start_once  # noqa: E402
from chalicelib.members.rules import id_of  # noqa: E402
from chalicelib.orders.examples import TERMS  # noqa: E402
from chalicelib.shared import clock, journal  # noqa: E402
from chalicelib.shared.commit import commit  # noqa: E402
from chalicelib.shared.journal import Event  # noqa: E402
from chalicelib.shared.request import CLOCK, RequestContext  # noqa: E402
from chalicelib.shared.settings import settings  # noqa: E402
from chalicelib.suppliers import records as suppliers  # noqa: E402
from chalicelib.suppliers.rules.coverage import limit_postings  # noqa: E402
from chalicelib.suppliers.rules.programme import Supplier  # noqa: E402
from infra import roots  # noqa: E402
from infra.local import resources  # noqa: E402
from infra.local.services import OtherServices  # noqa: E402
from infra.package import package  # noqa: E402

AUTHORIZER: Final = "chalicelib.identity.authorizer.signed_in"
ACCEPT: Final = "/v1/orders/{order_id}/accept"
ASKED: Final = {
    "type": "TOKEN",
    "authorizationToken": "Bearer a.b.c",
    "methodArn": "arn:aws:execute-api:us-east-1:1:a/b/GET/c",
}
EMPTY: Final = "def handler(event, context):\n    return {}\n"
BARE: Final = "bare Python"
FLOORS: Final = {
    BARE: None,
    "runtime client, empty handler": None,
    "authorizer, ready": 60,
    "authorizer, first answer": None,
    "API, ready": 150,
    "API, first answer of a money request": 200,
    "API as Chalice packs it, ready": None,
}
"""Milliseconds of CPU at the median; None where a figure is there to compare with."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=30)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _engine(Path(folder)) as (url, certificate):
        starts = _starts(Path(folder), url, certificate, _Orders())
        figures: dict[str, list[float]] = defaultdict(list)
        for _ in range(chosen.processes):
            for name, start in starts.items():
                figures[name].append(start())
    return report(figures)


def report(figures: Mapping[str, list[float]]) -> int:
    """Print every figure beside its floor; 1 where one is missed."""
    print(f"{'CPU ms of a new process':40} {'median':>7} {'least':>7} {'most':>7}   floor (median)")
    missed = 0
    for name, floor in FLOORS.items():
        median = statistics.median(figures[name])
        missed += floor is not None and median > floor
        beside = "" if floor is None else f"{floor}{'   MISSED' if median > floor else ''}"
        print(f"{name:40} {median:7.1f} {min(figures[name]):7.1f} {max(figures[name]):7.1f}   {beside}")
    print(f"{len(figures[BARE])} processes each, Python {platform.python_version()}, {platform.machine()}")
    return int(missed > 0)


def _starts(folder: Path, url: str, certificate: x509.Certificate, orders: _Orders) -> dict[str, Callable[[], float]]:
    trimmed, as_packed, empty = (
        _unpacked(folder / "trimmed"),
        _unpacked(folder / "as-packed", trimmed=False),
        folder / "empty",
    )
    empty.mkdir()
    (empty / "empty.py").write_text(EMPTY)
    client = copy_runtime_client(folder / "client")
    roots.add(certificate, trimmed / "botocore" / "roots")
    there = {"AWS_ENDPOINT_URL": url, "SURETY_STAGE": settings().stage}
    return {
        BARE: _bare,
        "runtime client, empty handler": lambda: start_once(client, empty, "empty.handler"),
        "authorizer, ready": lambda: start_once(client, trimmed, AUTHORIZER),
        "authorizer, first answer": lambda: start_once(client, trimmed, AUTHORIZER, ASKED),
        "API, ready": lambda: start_once(client, trimmed, "app.app"),
        "API, first answer of a money request": lambda: start_once(client, trimmed, "app.app", orders.accept(), there),
        "API as Chalice packs it, ready": lambda: start_once(client, as_packed, "app.app"),
    }


def _unpacked(folder: Path, *, trimmed: bool = True) -> Path:
    here = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    with zipfile.ZipFile(
        package("prod", folder, architecture=here, interpreter=PYTHON, trimmed=trimmed) / "deployment.zip"
    ) as archive:
        archive.extractall(folder / "task")
    return folder / "task"


def _bare() -> float:
    process = subprocess.Popen([PYTHON, "-S", "-s", "-c", "pass"])
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return (used.ru_utime + used.ru_stime) * 1000


@contextmanager
def _engine(folder: Path) -> Iterator[tuple[str, x509.Certificate]]:
    certificate, files = certificate_of_loopback(folder)
    services = OtherServices(tls=files)
    os.environ |= {"AWS_ENDPOINT_URL": services.url, "AWS_CA_BUNDLE": files[0]}
    try:
        resources.create_tables(boto3.Session().client("dynamodb"), settings().stage)
        yield services.url, certificate
    finally:
        services.stop()


class _Orders:
    """Proposed orders of one buyer and one supplier with cover to spare: `accept()` is the event that accepts a new one."""

    def __init__(self) -> None:
        self._application = Application()
        self._buyer, self._supplier = self._member("bench-buyer"), self._member("bench-supplier")
        self._enrol()

    def accept(self) -> dict[str, Any]:
        body = {"buyer_id": self._buyer, "supplier_id": self._supplier, "terms": TERMS}
        order = self._application.call("POST", "/v1/orders", expect=201, sub=self._buyer, body=body)
        return event("POST", ACCEPT, sub=self._supplier, body={"version": order["version"]}, order_id=order["id"])

    def _member(self, ref: str) -> str:
        body = {"external_ref": ref, "name": "Ningbo Oak Furniture Co., Ltd.", "country": "CN"}
        officer = {"sub": "officer-1", "role": "officer", "duties": "admin"}
        self._application.call("POST", "/v1/members", expect=201, body=body, **officer)
        return id_of(ref)

    def _enrol(self) -> None:
        now, limit = clock.now(), 10**12
        supplier = Supplier(
            id=self._supplier, version=1, status="active", created_at=now, updated_at=now, limit_minor=limit
        )
        enrolled = Event("supplier.enrolled", {}, limit_postings(self._supplier, was_minor=0, now_minor=limit))
        request = RequestContext(caller=CLOCK, now=now, request_id="bench", key="enrol")
        entry = journal.entry(request, enrolled, aggregate_id=self._supplier, seq=1, prev=journal.GENESIS)
        commit(entry, suppliers.create(supplier, entry))


if __name__ == "__main__":
    raise SystemExit(main())
