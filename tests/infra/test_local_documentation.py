"""The documentation of `make run` is made once for the same sources, and a process that makes it ends with the service."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from infra.local import documentation
from infra.local.documentation import MOST_KEPT, Documentation


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was begun: in the place of the process that makes the site, one that waits for nobody."""
    asked: list[list[str]] = []
    start = subprocess.Popen

    def begin(command: list[str], **_: object) -> subprocess.Popen[bytes]:
        asked.append(command)
        return start(["sleep", "60"])

    monkeypatch.setattr(subprocess, "Popen", begin)
    return asked


def archive_of(command: list[str]) -> Path:
    return Path(command[-1])


def test_it_is_made_beside_the_start_and_the_next_one_finds_it(begun: list[list[str]], tmp_path: Path) -> None:
    with Documentation(sandbox=True, kept=tmp_path) as first:
        maker = first._maker
    assert maker is not None
    assert maker.returncode is not None, "it ended with the service"
    with zipfile.ZipFile(archive_of(begun[0]), "w") as site:
        site.writestr("docs", "Start")
    with Documentation(sandbox=True, kept=tmp_path) as second:
        assert (second.read("docs"), second.read("docs/nothing")) == (b"Start", None)
    assert len(begun) == 1
    with Documentation(sandbox=False, kept=tmp_path):
        assert archive_of(begun[1]) != archive_of(begun[0]), "without a sandbox there is nothing to try"


def test_few_are_kept(begun: list[list[str]], tmp_path: Path) -> None:
    for number in range(MOST_KEPT + 2):
        (tmp_path / f"{number}.zip").touch()
    with Documentation(sandbox=True, kept=tmp_path):
        assert len(list(tmp_path.iterdir())) == MOST_KEPT - 1, "and there is room for this one"


def test_other_sources_are_another_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documentation, "ROOT", tmp_path)
    page = tmp_path / "docs" / "guides" / "start.md"
    page.parent.mkdir(parents=True)
    page.write_text("Start")
    before = documentation._fingerprint()
    assert documentation._fingerprint() == before
    page.write_text("Begin here")
    assert documentation._fingerprint() != before
