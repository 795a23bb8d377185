"""`make` installs into `.venv`, tells how far it is, and never empties a folder it did not make."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from infra.local import install, system

STUB = """\
#!/bin/sh
# Python whose venv fails as long as the system's package is missing, and makes environments without pip: quick, and nothing can be installed.
case "$1 $2" in
  "-m venv") test -e "{package}" || exit 1; shift 2; exec "{python}" -m venv --without-pip "$@" ;;
esac
exec "{python}" "$@"
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The mark of the system's package `python3-venv`: there at first."""
    package, stub = tmp_path / "python3-venv", tmp_path / "python"
    package.touch()
    stub.write_text(STUB.format(package=package, python=sys.executable))
    stub.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(stub))
    monkeypatch.setattr(system, "install", lambda name: False)
    return package


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text("one==1 \\\n    --hash=sha256:00\ntwo==2 \\\n    --hash=sha256:00\n")
    return file


@pytest.mark.parametrize("is_environment", [True, False], ids=["an environment", "no environment"])
@pytest.mark.parametrize("is_link", [True, False], ids=["a link", "a folder"])
def test_what_is_in_the_folder_stays(
    package: Path, requirements: Path, tmp_path: Path, is_environment: bool, is_link: bool
) -> None:
    folder = tmp_path / "elsewhere" if is_link else tmp_path / ".venv"
    folder.mkdir()
    (folder / "precious").write_text("kept")
    if is_environment:
        (folder / "pyvenv.cfg").write_text("")
    if is_link:
        (tmp_path / ".venv").symlink_to(folder)
    with pytest.raises(SystemExit, match="pip could not install" if is_environment else "is no virtual environment"):
        install.main(tmp_path / ".venv", requirements)
    assert (folder / "precious").read_text() == "kept"


def test_a_clone_without_one_gets_its_own_and_is_told_so_before_anything_is_done(
    package: Path, requirements: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match=r"No module named pip\n.*pip could not install"):
        install.main(tmp_path / ".venv", requirements)
    assert (tmp_path / ".venv" / "pyvenv.cfg").exists()
    assert capsys.readouterr().out.startswith(f"Installing what {requirements} names into {tmp_path / '.venv'}")


def test_where_the_system_lacks_venv_its_package_is_installed(
    package: Path, requirements: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package.unlink()
    with pytest.raises(SystemExit, match="python3-venv"):
        install.main(tmp_path / ".venv", requirements)

    def installed(name: str) -> bool:
        package.touch()
        return True

    monkeypatch.setattr(system, "install", installed)
    with pytest.raises(SystemExit, match="pip could not install"):
        install.main(tmp_path / ".venv", requirements)
    assert (tmp_path / ".venv" / "pyvenv.cfg").exists()


def test_a_python_that_is_too_old_is_named(
    package: Path, requirements: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "OLDEST", (9, 9))
    with pytest.raises(SystemExit, match=r"Python 9\.9 or newer is needed.*make PYTHON="):
        install.main(tmp_path / ".venv", requirements)
    assert not (tmp_path / ".venv").exists()


def test_what_pip_does_is_shown_as_a_count(capsys: pytest.CaptureFixture[str]) -> None:
    content = [f"Collecting thing-{number}\n" for number in range(25)] + ["Installing collected packages: all\n"]
    assert install._counted(content, 25) == content
    shown = capsys.readouterr().out.splitlines()
    assert shown == ["  10 of 25 packages", "  20 of 25 packages", "  25 of 25 packages fetched, unpacking"]
