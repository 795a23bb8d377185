"""The TypeScript client: compiled in strict mode from the document as it is now, tried by Node's own runner and against the running product."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Final

import pytest

from infra.clients import typescript_client
from infra.clients.typescript_client import CLIENT, DIST, NoNode
from tests.api.api_requests import document
from tests.clients.test_python_examples import SAID as OF_PYTHON

GUIDE: Final = CLIENT.parents[1] / "docs" / "guides" / "clients-typescript.md"
MOST_LINES: Final = 30
PATIENCE_SECONDS: Final = 300
SAID: Final = OF_PYTHON | {
    "order": OF_PYTHON["order"] + r"\n409 \w+: .+",
    "pages": r"orders of the buyer: \{.+\}\n\d\d suppliers, one on each page",
}
"""What each example says when it is done: the tasks are those of the Python client."""


@pytest.fixture(scope="module")
def node() -> str:
    try:
        typescript_client.current(document())
    except NoNode as missing:
        pytest.skip(str(missing))
    return typescript_client.node()


def told(*command: str, service: str = "") -> str:
    ran = subprocess.run(
        command,
        env=os.environ | {"SURETY_URL": service},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_its_own_tests_pass(node: str) -> None:
    output = told(node, "--test", "--test-reporter=tap", str(DIST / "test"))
    assert int(re.findall(r"(?m)^# pass (\d+)$", output)[-1]) >= 9


def test_every_example_does_what_it_says_one_after_the_other_at_one_service(node: str, service: str) -> None:
    for example, expected in SAID.items():
        said = told(node, str(DIST / "examples" / f"{example}.js"), service=service)
        assert re.search(expected, said), f"{example}: {said}"


def test_the_guide_runs_as_it_is_pasted(node: str, service: str) -> None:
    [pasted] = re.findall(r"```js\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    package, here = '"surety-client"', json.dumps((DIST / "src" / "index.js").as_uri())
    program = pasted.replace(package, here).replace("http://127.0.0.1:8000", service)
    output = told(node, "--input-type=module", "--eval", program)
    assert re.search(r"(mem_\w+ active\n){2}not_found .+", output), output


def test_every_example_is_tried_and_takes_thirty_lines_at_most() -> None:
    written = {path.stem: path.read_text() for path in (CLIENT / "examples").glob("*.ts")}
    assert set(written) == {*SAID, "parties"}
    assert max(len(text.splitlines()) for text in written.values()) <= MOST_LINES
    assert [
        name for name, text in written.items() if 'post("/v1/sandbox/clock"' in text
    ] == []  # one request may not arrive
