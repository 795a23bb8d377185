"""The files of the documentation site: those that were packed with the code, or those of whoever runs the service from its sources."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

from chalicelib.shared.errors import NotFound
from chalicelib.shared.settings import settings
from chalicelib.shared.texts import say

PACKED: Final = Path(__file__).with_name("site.zip")
"""Written by `make package` and not kept in the sources."""
BASE_URL: Final = "https://surety.invalid"
"""Stands in the files for the address of the stage, which packaging does not know."""


class Site(Protocol):
    def read(self, path: str) -> bytes | None:
        """The file at a path such as `docs/errors/not_found`; None where there is none."""


class Packed:
    """Read once for each process: a file is unpacked when it is asked for."""

    def __init__(self, archive: Path) -> None:
        self._archive = zipfile.ZipFile(archive) if archive.exists() else None

    def read(self, path: str) -> bytes | None:
        if self._archive is None or path not in self._archive.namelist():
            return None
        return self._archive.read(path)


_of_sources: list[Site] = []


def made_by(site: Site) -> None:
    """Serve this site where none was packed: for who runs the service from its sources."""
    _of_sources[:] = [site]


def file(path: str) -> str:
    """A file with the stage's own address in it. NotFound where there is none."""
    held = _site().read(path)
    if held is None:
        raise NotFound(
            say("There is no page {path!r:.60}.", path=path), fix="Start at /docs, which leads to every page."
        )
    return held.decode().replace(BASE_URL, settings().base_url)


def _site() -> Site:
    return _of_sources[0] if _of_sources else _packed()


@lru_cache(maxsize=1)
def _packed() -> Site:
    return Packed(PACKED)
