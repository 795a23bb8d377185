"""`make` installs into `.venv`, and never empties a folder it did not make."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STUB = """\
#!/bin/sh
# Python without venv at first: the system's package is missing, and is there after it was installed.
case "$1 $2" in
  "-m venv") test -e "{mark}" || {{ touch "{mark}"; exit 1; }}; shift 2; exec "{python}" -m venv --without-pip "$@" ;;
  "infra/local/system.py python3-venv") exit 0 ;;
esac
exec "{python}" "$@"
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in ("Makefile", "requirements-dev.txt"):
        shutil.copy(ROOT / name, clone)
    stub = clone / "python"
    stub.write_text(STUB.format(mark=tmp_path / "tried", python=sys.executable))
    stub.chmod(0o755)
    return clone


def install(clone: Path) -> subprocess.CompletedProcess[str]:
    command = ["make", "-s", "PYTHON=./python", ".venv/.installed"]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("is_environment", [True, False], ids=["an environment", "no environment"])
@pytest.mark.parametrize("is_link", [True, False], ids=["a link", "a folder"])
def test_what_is_in_the_folder_stays(clone: Path, tmp_path: Path, is_environment: bool, is_link: bool) -> None:
    folder = tmp_path / "elsewhere" if is_link else clone / ".venv"
    folder.mkdir()
    (folder / "precious").write_text("kept")
    if is_environment:
        (folder / "pyvenv.cfg").write_text("")
    if is_link:
        (clone / ".venv").symlink_to(folder)
    told = install(clone)
    assert (folder / "precious").read_text() == "kept"
    assert told.returncode, "there is no pip to install with"
    assert ("is no virtual environment" in told.stderr) is not is_environment


def test_a_clone_without_one_gets_its_own(clone: Path) -> None:
    install(clone)
    assert (clone / ".venv" / "pyvenv.cfg").exists()
