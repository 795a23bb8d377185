"""What queues and streams call for exports. Each message may come twice, and the process may die at any instruction."""

from __future__ import annotations

from typing import Final

from chalicelib.daybook import jobs as daybook_jobs
from chalicelib.exports.records import STREAM
from chalicelib.exports.service import subsidies
from chalicelib.exports.service.recording import EXPORTS
from chalicelib.shared.stream import Consumer, Record

IMPORT: Final = EXPORTS.name
IMPORTING: Final = daybook_jobs.importing(EXPORTS)


def _settle(record: Record) -> None:
    """Bring the subsidy of a declaration that has changed to what follows from it."""
    subsidies.settle(record.key)


SUBSIDIES: Final = Consumer(name="exports.subsidies", stream=STREAM, consume=_settle, coalesces=True)
