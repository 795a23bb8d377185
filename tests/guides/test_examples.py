"""The examples at endpoints run as they are pasted: the same request in curl, Python and JavaScript, about what there is in the sample world."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final, NamedTuple

import pytest

import app
from infra.local.gateway import LocalServer
from infra.site import samples, snippets
from infra.site.endpoints import Endpoints, Operation
from infra.site.snippets import FRESH, Request
from tests.api.api_requests import document
from tests.guides.conftest import Settled

VARIES: Final = "Idempotency-Key"
SAID: Final = ("Authorization", "Content-Type", "Surety-Acting-Person", VARIES)
VALUES: Final = {name: f"{name.lower()}-1" for name in (*samples.MEMBERS, *samples.OTHERS, *samples.IDS)}
RUN_BY: Final = {
    "curl": ("bash", "-c", 'while IFS= read -r -d "" one; do eval "$one"; done'),
    "Python": (
        sys.executable,
        "-c",
        "import sys, httpx\nsame = httpx.Client()\nhttpx.get, httpx.post = same.get, same.post\nfor one in sys.stdin.read().split('\\0')[:-1]: exec(one, {})",
    ),
    "JavaScript": (
        "node",
        "--input-type=module",
        "--eval",
        "import { text } from 'node:stream/consumers';\n"
        "const Program = (async () => {}).constructor;\n"
        "for (const one of (await text(process.stdin)).split('\\0').slice(0, -1)) await new Program(one)();",
    ),
}
"""What runs programs one after the other, each as if it had been pasted into a new shell, with a NUL behind each."""
ONLY_LATER: Final = frozenset(
    {
        "GET /console/{release}/console.css",
        "GET /console/{release}/vendor/{module}",
        "GET /console/{release}/{file}",
        "GET /v1/claims/{claim_id}/evidence/{evidence_id}",
        "GET /v1/credit-applications/{application_id}/documents/{document_id}",
        "GET /v1/credit-lines/{line_id}/data-pack",
        "GET /v1/credit-lines/{line_id}/statement",
        "GET /v1/credit-offers/{credit_offer_id}",
        "GET /v1/exports/{declaration_id}",
        "GET /v1/firms/{member_id}/disclosures/{disclosure_id}",
        "GET /v1/firms/{member_id}/persons",
        "GET /v1/guarantee-groups/{group_id}/briefing",
        "GET /v1/incentives/{incentive_id}",
        "GET /v1/incentives/{incentive_id}/timeline",
        "GET /v1/loans/{loan_id}/restructurings",
        "GET /v1/member-claims/{member_claim_id}",
        "GET /v1/member-claims/{member_claim_id}/timeline",
        "GET /v1/monitoring-shadows/{shadow_id}",
        "GET /v1/payments/{payment_id}",
        "GET /v1/payments/{payment_id}/timeline",
        "GET /v1/peer-reports/{report_id}/documents/{document_id}",
        "GET /v1/portfolio",
        "GET /v1/pre-offers/{pre_offer_id}",
        "GET /v1/quotes/{quote_id}",
        "GET /v1/receivables/{receivable_id}",
        "GET /v1/receivables/{receivable_id}/timeline",
        "GET /v1/scores/{score_id}",
        "GET /v1/scores/{score_id}/timeline",
    }
)
"""What the sample world has nothing of to read, or not of what the examples are about."""
SIGNED: Final = ("/v1/webhooks/banks/{bank_id}", "/v1/webhooks/acquirers/{acquirer_id}")
"""What no token opens, but a signature over the body."""
FOR_OTHERS: Final = frozenset(
    {
        "POST /v1/channel-memberships/{membership_id}/decide-appeal",  # another officer than who revoked it
        "POST /v1/claims/{claim_id}/decide-appeal",  # another officer than who decided it
        "POST /v1/guarantee-calls/{call_id}/shares/{seat}/objections",  # the guarantor whose share it is
    }
)


class Heard(NamedTuple):
    """A request as it came, but for what is another each time."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@contextmanager
def listening() -> Iterator[tuple[str, list[Heard]]]:
    """Somebody who answers everything, and what he was asked."""
    heard: list[Heard] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = {name: self.headers[name] for name in SAID if name in self.headers}
            if VARIES in said:
                said[VARIES] = FRESH if said[VARIES] else "none"
            heard.append(Heard(self.command, self.path, said, json.loads(content) if content else None))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_POST = do_GET  # noqa: N815 - the library calls it so

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", heard
        server.shutdown()


@pytest.fixture(scope="module")
def endpoints() -> Endpoints:
    return Endpoints(document(), has_try_it=True)


def filled(text: str, values: dict[str, str]) -> str:
    return samples.NAME.sub(lambda found: values[found[1]], text)


def meant(request: Request) -> Heard:
    """What an example says, with these values under its names."""
    headers = {name: filled(value, VALUES) for name, value in request.headers}
    headers |= {"Authorization": f"Bearer {VALUES[request.by]}"} if request.by else {}
    headers |= {"Content-Type": "application/json"} if request.body is not None else {}
    body = json.loads(filled(json.dumps(request.body), VALUES))
    return Heard(request.method, filled(request.path, VALUES), headers, body)


@pytest.mark.parametrize("language", snippets.LANGUAGES)
def test_what_is_pasted_sends_what_the_example_says(endpoints: Endpoints, language: str) -> None:
    if shutil.which(RUN_BY[language][0]) is None or shutil.which("curl") is None:
        pytest.skip(f"there is nothing here that runs {language}")
    requests = [*map(endpoints.example, endpoints.operations)]
    pasted = "".join(snippets.in_all(request)[language] + "\0" for request in requests)
    with listening() as (url, heard):
        ran = subprocess.run(
            RUN_BY[language],
            input=pasted,
            env=os.environ | VALUES | {"SURETY": url, "NO_PROXY": "127.0.0.1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [told for told in zip(heard, map(meant, requests), strict=True) if told[0] != told[1]] == []


@pytest.mark.skipif(not all(map(shutil.which, ("bash", "curl", "jq"))), reason="it takes bash, curl and jq")
def test_every_example_is_understood_and_shows_what_there_is(settled: Settled, endpoints: Endpoints) -> None:
    """With the tokens and ids that the site's own prelude finds in the sample world."""
    with LocalServer(app.app) as server:
        server._http.gateway = settled
        told = subprocess.run(
            ["bash", "-euc", f"{samples.prelude(server.url)}\nenv -0"],
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
    values = dict(line.partition("=")[::2] for line in told.stdout.split("\0"))
    assert {name for name in samples.IDS if values[name] in ("", "null")} == set()

    answered = {
        f"{each.method} {each.path}": _status(settled, endpoints, each, values) for each in _reads_first(endpoints)
    }
    read = {name for name, status in answered.items() if name.startswith("GET") and status >= 300}
    assert read == ONLY_LATER
    misunderstood = {
        name: status
        for name, status in answered.items()
        if name.startswith("POST") and status not in (200, 201, 202, 404, 409, 422)
    }
    assert misunderstood == {f"POST {path}": 401 for path in SIGNED} | dict.fromkeys(FOR_OTHERS, 403)


def _reads_first(endpoints: Endpoints) -> list[Operation]:
    """And last what takes a person away, who may be needed to sign."""
    return sorted(endpoints.operations, key=lambda each: (each.method, "{person_id}" in each.path))


def _status(settled: Settled, endpoints: Endpoints, operation: Operation, values: dict[str, str]) -> int:
    request = endpoints.example(operation)
    headers = {name.lower(): filled(value, values) or operation.name for name, value in request.headers}
    headers |= {"authorization": f"Bearer {values[request.by]}"} if request.by else {}
    body = b""
    if request.body is not None:
        headers["content-type"] = "application/json"
        body = filled(json.dumps(request.body), values).encode()
    return settled.answer(request.method, filled(request.path, values), headers, body).status
