"""What queues call for the day-book. Each message may come twice, and the process may die at any instruction."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from chalicelib.daybook.service.file_kinds import TRADE_HISTORY, FileKind
from chalicelib.daybook.service.imports import UPLOADS, file_arrived
from chalicelib.daybook.service.parts import finish_import, import_part
from chalicelib.daybook.service.splitting import split
from chalicelib.runs.jobs import Job


def importing(kind: FileKind[Any]) -> Job:
    """The import of a kind of file, which bears the kind's name."""
    return Job(shard=partial(import_part, kind), prepare=partial(split, kind), finish=finish_import)


IMPORT: Final = TRADE_HISTORY.name
IMPORTING: Final = importing(TRADE_HISTORY)

__all__ = ["IMPORT", "IMPORTING", "UPLOADS", "file_arrived", "importing"]
