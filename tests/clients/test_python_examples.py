"""The examples of the Python client run as they stand against the running product, and are as short as they are said to be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from infra.clients.python_client import CLIENT

EXAMPLES: Final = CLIENT / "examples"
GUIDE: Final = CLIENT.parents[1] / "docs" / "guides" / "clients-python.md"
MOST_LINES: Final = 30
PATIENCE_SECONDS: Final = 300
SAID: Final = {
    "register": r"Nordlicht Handel AB is registered",
    "quote": r"covered for 20\.00 USD",
    "order": r"order agreed; reserved for it: 20\.00 USD",
    "pay": r"order funded; covered: 20\.00 of 20\.00",
    "ship": r"order received; .*\norder\.received",
    "claim": r"claim payable, settled at 5\.00",
    "evidence": r"claim \w+; evidence: photos",
    "webhook": r"genuine: webhook_endpoint\.pinged",
    "deposits": r"due: 100\.00 CNY required\n2026-04: 40 orders come to 200\.00\n  The deposit was opened",
    "pages": r"\d orders of the buyer: .*\n\d\d suppliers, one on each page",
}
"""What each says when it is done."""


def told(program: Path, service: str) -> str:
    ran = subprocess.run(
        [sys.executable, str(program)],
        env=os.environ | {"SURETY_URL": service, "PYTHONPATH": str(CLIENT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("example", SAID)
def test_an_example_does_what_it_says(example: str, service: str) -> None:
    content = told(EXAMPLES / f"{example}.py", service)
    assert re.search(SAID[example], content), content


def test_the_guide_runs_as_it_is_pasted(service: str, tmp_path: Path) -> None:
    [pasted] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    program = tmp_path / "pasted.py"
    program.write_text(pasted.replace("http://127.0.0.1:8000", service))
    assert told(program, service) == "agreed 20.00\n"


def test_every_example_is_tried_and_takes_thirty_lines_at_most() -> None:
    written = {path.stem: path.read_text() for path in EXAMPLES.glob("*.py")}
    assert set(written) == {*SAID, "parties"}
    assert max(len(text.splitlines()) for text in written.values()) <= MOST_LINES
    assert [name for name, text in written.items() if "post_clock" in text] == []  # one request may not arrive
