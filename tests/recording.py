"""Running tests so that they write down what they see, instead of comparing it with what was written down before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def note(variable: str, lines: Sequence[dict[str, Any]]) -> None:
    """Add lines to the file that the environment names. Each process of a run has one of its own."""
    with Path(f"{os.environ[variable]}-{os.getpid()}").open("a") as file:
        file.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def run(variable: str, name: str, arguments: Sequence[str]) -> tuple[list[dict[str, Any]], int]:
    """Run pytest with these arguments: every line that was noted meanwhile, and how the run ended."""
    records = Path("build", name)
    records.parent.mkdir(exist_ok=True)
    for file in records.parent.glob(f"{name}-*"):
        file.unlink()
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    ended = subprocess.run(command, env=os.environ | {variable: str(records)}, check=False)
    files = sorted(records.parent.glob(f"{name}-*"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()], ended.returncode
