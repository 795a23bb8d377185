"""Every example of every guide runs as it is pasted, in order, and answers what stands below it. `make guides` records the answers anew."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import app
from chalicelib.reference import problems, service
from chalicelib.sandbox import service as sandbox
from chalicelib.sandbox.views import HappenedView
from chalicelib.shared import clock, webhooks
from infra.local.gateway import LocalServer
from tests.guides.conftest import Settled
from tests.guides.guide import FOLDER, answer_of, blocks, guides, same_each_time, with_answers
from tests.guides.shell import Shell

RECORDS: Final = "SURETY_RECORDS_GUIDES"
SHELL_AND_FRIENDS: Final = ("bash", "curl", "jq")
LISTED: Final = re.compile(r"^\| `([a-z]+(?:_[a-z]+)+)`[^|]*\|", re.MULTILINE)
FIELDS: Final = {"request_id", "doc_url"}
SECRET: Final = "whsec_" + "Ab1+" * 8
TESTS: Final = Path(__file__).parents[1]
PROGRAM: Final = re.compile(r"^```(\w+)", re.MULTILINE)
NO_PROGRAM: Final = {"sh", "json", "text", "toml"}
"""Commands, which run above, and what is read."""
RUN_BY: Final = {
    ("clients-python", "python"): ("clients/test_python_examples.py", "test_the_guide_runs_as_it_is_pasted"),
    ("clients-typescript", "js"): ("clients/test_typescript_client.py", "test_the_guide_runs_as_it_is_pasted"),
    ("webhooks", "python"): ("guides/test_guides.py", "test_the_guides_receiver_takes_what_we_sign_and_nothing_else"),
}
"""The tests that run what else a guide lets one paste."""


@pytest.mark.parametrize("guide", guides(), ids=lambda guide: guide.stem)
def test_a_guide_runs_as_it_stands(shell: Shell, guide: Path) -> None:
    text = guide.read_text()
    shown = [shell.run(block.script) for block in blocks(text)]
    if RECORDS in os.environ:
        guide.write_text(with_answers(text, shown))
        return
    for block, now in zip(blocks(text), shown, strict=True):
        answer = answer_of(now) if now else ""
        assert same_each_time(block.recorded) == same_each_time(answer), f"make guides: {block.script}"


@pytest.mark.skipif(not all(map(shutil.which, SHELL_AND_FRIENDS)), reason="it takes bash, curl and jq")
@pytest.mark.parametrize("guide", ["start", "claims"])
def test_the_shell_of_these_tests_does_what_a_real_one_does(
    settled: Settled, monkeypatch: pytest.MonkeyPatch, guide: str
) -> None:
    """A guide in bash, with curl and jq, against the service on a port; one moves the clock, which arrives with its second request."""
    travel = sandbox._travel
    on_the_way: Iterator[tuple[list[HappenedView], bool]] = iter([([], False)])
    monkeypatch.setattr(sandbox, "_travel", lambda target: next(on_the_way, None) or travel(target))
    text = (FOLDER / f"{guide}.md").read_text()
    with LocalServer(app.app) as server:
        server._http.gateway = settled
        ran = subprocess.run(
            ["bash", "-euc", "\n".join(block.script for block in blocks(text))],
            env={"PATH": os.environ["PATH"], "SURETY": server.url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    assert (next(on_the_way, None) is None) == (guide == "claims")
    recorded = "".join(re.sub(r"```\w* ?\d*\n", "", block.recorded) for block in blocks(text))
    assert same_each_time(ran.stdout) == same_each_time(recorded.replace("```\n", ""))


def test_every_program_of_a_guide_is_run_by_a_test() -> None:
    programs = {
        (guide.stem, language)
        for guide in guides()
        for language in PROGRAM.findall(guide.read_text())
        if language not in NO_PROGRAM
    }
    assert programs == RUN_BY.keys()
    for file, test in RUN_BY.values():
        assert f"def {test}(" in (TESTS / file).read_text()


def test_the_guides_receiver_takes_what_we_sign_and_nothing_else(tmp_path: Path) -> None:
    [pasted] = re.findall(r"```python\n(.*?)```", (FOLDER / "webhooks.md").read_text(), re.DOTALL)
    program = tmp_path / "pasted.py"
    program.write_text(pasted)
    hear = runpy.run_path(str(program))["hear"]
    body = b'{"type": "order.shipped"}'
    headers = webhooks.sign([webhooks.key_of(SECRET)], "ntc_1", clock.real(), body)
    assert hear(SECRET, headers, body) == {"type": "order.shipped"}
    assert hear(SECRET, headers, body.replace(b"shipped", b"expired")) is None
    assert hear(SECRET.swapcase().replace("WHSEC_", "whsec_"), headers, body) is None


def test_every_code_that_a_guide_explains_is_one() -> None:
    service.endpoints()
    codes = {error.code for error in problems.every()}
    named = {code for guide in guides() for code in LISTED.findall(guide.read_text())}
    assert named - codes == FIELDS


def test_every_guide_leads_to_guides_that_are_there() -> None:
    for guide in guides():
        for link in re.findall(r"\]\(([\w./-]+)\)", guide.read_text()):
            assert (FOLDER / link).is_file(), f"{guide.name} leads to {link}"
