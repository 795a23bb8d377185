"""What was generated, and of what: made anew where anything it is made of has changed, and by one process at a time.

kept(folder, *parts, make=…)   `parts` are the texts it is made of
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

MARK: Final = ".made-of"


def kept(folder: Path, *parts: bytes, make: Callable[[], object]) -> bool:
    """Whether it had to be made. A folder that is not marked as made here is never emptied."""
    digest = hashlib.sha256(b"\n".join(parts)).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = folder / MARK
        if mark.is_file() and mark.read_text() == digest:
            return False
        _empty(folder)
        make()
        mark.write_text(digest)
        return True


def _empty(folder: Path) -> None:
    if any(folder.iterdir()) and not (folder / MARK).is_file():
        raise FileExistsError(f"{folder} holds what was not generated: move it away.")
    for each in folder.iterdir():
        if each.name != MARK:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
