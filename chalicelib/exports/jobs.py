"""What queues call for exports. Each message may come twice, and the process may die at any instruction."""

from __future__ import annotations

from typing import Final

from chalicelib.daybook import jobs as daybook_jobs
from chalicelib.exports.service.recording import EXPORTS

IMPORT: Final = EXPORTS.name
IMPORTING: Final = daybook_jobs.importing(EXPORTS)
