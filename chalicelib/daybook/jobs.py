"""What queues call for the day-book. Each message may come twice, and the process may die at any instruction."""

from __future__ import annotations

from typing import Final

from chalicelib.daybook.rules.imports import TRADE_HISTORY
from chalicelib.daybook.service.imports import UPLOADS, file_arrived
from chalicelib.daybook.service.parts import finish_import, import_part
from chalicelib.daybook.service.splitting import split
from chalicelib.runs.jobs import Job

IMPORT: Final = TRADE_HISTORY
IMPORTING: Final = Job(shard=import_part, prepare=split, finish=finish_import)

__all__ = ["IMPORT", "IMPORTING", "UPLOADS", "file_arrived"]
