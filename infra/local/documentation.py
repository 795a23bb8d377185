"""The documentation of `make run`, made beside the start and kept: a process of its own writes the whole site while the engine comes up.

What is kept is named after the sources it was made from, so the next start finds it. Where it could not be made, a page is made when it is asked for.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Final

from chalicelib.documentation import service
from infra.local.engine import LOCAL

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = LOCAL / "documentation"
SOURCES: Final = ("CHANGELOG.md", "requirements-run.txt", "chalicelib", "docs", "infra/site")
MOST_KEPT: Final = 4
"""With and without a sandbox, for two states of the sources."""


class Documentation(AbstractContextManager["Documentation"]):
    """The site of these sources. What it began ends with it."""

    def __init__(self, *, sandbox: bool, kept: Path = KEPT) -> None:
        self._archive = kept / f"{_fingerprint()}-{'sandbox' if sandbox else 'live'}.zip"
        self._maker = None if self._archive.exists() else _begin(self._archive, sandbox)

    def __exit__(self, *failure: object) -> None:
        if self._maker:
            self._maker.kill()
            self._maker.wait()

    def read(self, path: str) -> bytes | None:
        """A file of the site; who asks before it is made waits for it."""
        if self._maker:
            self._maker.wait()
        return self._site.read(path)

    @cached_property
    def _site(self) -> service.Site:
        if self._archive.exists():
            return service.Packed(self._archive)
        from infra.site.site import Site

        return Site()


def _begin(archive: Path, sandbox: bool) -> subprocess.Popen[bytes]:
    archive.parent.mkdir(parents=True, exist_ok=True)
    oldest_first = sorted(archive.parent.glob("*.zip"), key=lambda file: file.stat().st_mtime)
    for old in oldest_first[: 1 - MOST_KEPT]:
        old.unlink()
    return subprocess.Popen(
        [sys.executable, "-m", "infra.site", str(archive)],
        cwd=ROOT,
        env={**os.environ, "SURETY_SANDBOX": str(sandbox).lower(), "SURETY_BASE_URL": service.BASE_URL},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _fingerprint() -> str:
    """Of every file that a page may be made from: its name, its size and when it was written."""
    digest = hashlib.sha256()
    for file in _files():
        state = file.stat()
        digest.update(f"{file.relative_to(ROOT)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _files() -> Iterator[Path]:
    for name in SOURCES:
        place = ROOT / name
        if place.is_file():
            yield place
        for folder, _, files in os.walk(place):
            yield from (Path(folder, file) for file in files if not file.endswith(".pyc"))
