"""CONTRIBUTING walks through a machine that is there: its files in the order in which they can be written, by names that they define."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SLICE: Final = ROOT / "chalicelib" / "cases"
KERNEL: Final = ("state_machine", "aggregates", "commit", "bounds", "views", "journal", "errors")
"""Modules of `shared` whose names a step may use."""
LEAST: Final = ("rules/transitions.py", "rules/timers.py", "records.py", "service/*.py")
"""Table, timers, row and service: what every machine needs."""
MOST_LINES: Final = 360


def steps() -> list[str]:
    """The numbered steps of the walk-through."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    section = text.partition("\n## A state machine, from table to endpoint\n")[2].partition("\n## ")[0]
    return re.findall(r"(?ms)^\d+\. (.*?)(?=^\d+\. |^Refusals|\Z)", section)


def files_of(step: str) -> list[str]:
    """Files of the slice that a step is about: those that stand before its colon."""
    return [name for name in re.findall(r"`([\w/]+\.py)`", step.partition(":")[0]) if (SLICE / name).is_file()]


def names_of(step: str) -> list[str]:
    """Identifiers that a step quotes."""
    return re.findall(r"`(_?[A-Za-z]\w*)`", step)


def imported(file: str) -> set[str]:
    """Files of the slice that one imports."""
    found = set()
    for node in ast.walk(ast.parse((SLICE / file).read_text())):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("chalicelib.cases"):
            own = str(node.module).split(".")[2:]
            candidates = ["/".join([*own, each.name]) for each in node.names] + ["/".join(own)]
            found |= {f"{name}.py" for name in candidates if (SLICE / f"{name}.py").is_file()}
    return found


def test_every_file_of_the_slice_has_its_step() -> None:
    walked = [file for step in steps() for file in files_of(step)]
    assert sorted(walked) == sorted(
        str(file.relative_to(SLICE)) for file in SLICE.rglob("*.py") if file.name != "__init__.py"
    )


def test_each_step_stands_on_those_before_it() -> None:
    written: set[str] = set()
    for step in steps():
        written |= set(files_of(step))
        for file in files_of(step):
            assert imported(file) <= written, file


@pytest.mark.parametrize("step", steps(), ids=lambda step: step.split("**")[1])
def test_a_step_uses_names_of_its_files_and_of_the_kernel(step: str) -> None:
    sources = [(SLICE / file).read_text() for file in files_of(step)]
    sources += [(ROOT / "chalicelib" / "shared" / f"{name}.py").read_text() for name in KERNEL]
    sources += [(ROOT / "app.py").read_text()] if "app.py" in step else []
    words = set(re.findall(r"\w+", "\n".join(sources)))
    assert set(names_of(step)) <= words


def test_what_every_machine_needs_stays_as_short_as_it_was_meant() -> None:
    lines = {
        str(file.relative_to(SLICE)): len(file.read_text().splitlines()) for part in LEAST for file in SLICE.glob(part)
    }
    assert len(lines) >= 6
    assert sum(lines.values()) <= MOST_LINES, lines
