"""Installs pinned requirements into a virtual environment, and tells how far it is. Runs under any Python 3 with nothing installed.

    python3 -m infra.local.install .venv requirements-run.txt

It makes the folder where there is none, and never empties or takes one that is something else: `.venv` may be a link to wherever.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from infra.local import system

OLDEST = (3, 11)
SAID_AT_FAILURE = 30
"""Lines of pip's own that are shown where it could not install."""


def main(folder: Path, requirements: Path) -> None:
    print(f"Installing what {requirements} names into {folder}; this happens once.", flush=True)
    _must_be_new_enough(sys.executable)
    if folder.exists() and any(folder.iterdir()) and not (folder / "pyvenv.cfg").is_file():
        sys.exit(
            f"{folder} is there and is no virtual environment. Move it away, or install elsewhere: make VENV=elsewhere …"
        )
    python = folder / "bin" / "python"
    if not (folder / "bin" / "pip").exists():
        _make(folder.resolve())  # `venv` makes none in a link
    _must_be_new_enough(str(python))
    _install(python, requirements)


def _must_be_new_enough(python: str) -> None:
    wanted = ".".join(map(str, OLDEST))
    version = subprocess.run(
        [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, check=True
    ).stdout.strip()
    if tuple(map(int, version.split("."))) < OLDEST:
        sys.exit(f"Python {wanted} or newer is needed; {python} is {version}. Name another: make PYTHON=python3.13 …")


def _make(folder: Path) -> None:
    """The environment with pip in it; on a Debian without `venv` that package is installed first, where we may."""
    command = [sys.executable, "-m", "venv", str(folder)]
    if subprocess.run(command, check=False).returncode and not (
        system.install("python3-venv") and not subprocess.run(command, check=False).returncode
    ):
        sys.exit(f"{folder} could not be made: install the system's package python3-venv, then try again.")


def _install(python: Path, requirements: Path) -> None:
    wanted = len(re.findall(r"(?m)^[A-Za-z0-9][^=\s]*==", requirements.read_text()))
    pip = [str(python), "-m", "pip", "install", "--progress-bar=off", "--require-hashes", "-r", str(requirements)]
    with subprocess.Popen(pip, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        lines = _counted(process.stdout or (), wanted)
    if process.returncode:
        sys.exit("".join(lines[-SAID_AT_FAILURE:]) + f"pip could not install what {requirements} names.")


def _counted(lines: Iterable[str], wanted: int) -> list[str]:
    """What pip says. It is shown as a count: on a terminal in one line that moves, else every tenth package."""
    kept, count, moves = [], 0, sys.stdout.isatty()
    for line in lines:
        kept.append(line)
        if line.startswith(("Collecting ", "Processing ", "Ignoring ", "Requirement already satisfied: ")):
            count += 1
            if moves or count % 10 == 0:
                print(f"  {count} of {wanted} packages", end="\r" if moves else "\n", flush=True)
        elif line.startswith("Installing collected packages"):
            print(f"  {count} of {wanted} packages fetched, unpacking", flush=True)
    return kept


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
