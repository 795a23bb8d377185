"""What the journal's stream and the clock do with instructions to banks. Records may come twice, late and in any order."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.banks import service
from chalicelib.banks.records import outbox as records
from chalicelib.banks.rules.instruction import INSTRUCTION
from chalicelib.shared import ids, observe
from chalicelib.shared.journal import Entry
from chalicelib.shared.refusal import Refusal
from chalicelib.shared.store_errors import STORE_ERRORS

BATCH: Final = 50
MOST_BATCHES: Final = 100


def instruct(made: Entry) -> None:
    """Make instructions of what an entry tells banks to do, and carry on the one that it is of."""
    if ids.looks_like(made.thing, INSTRUCTION):
        service.carry_on(made.thing)
    elif made.event.instructs:
        service.take_over(made)


def carry_on_due(now: datetime) -> int:
    """Carry on with everything that fell due until `now`, the earliest first. Returns how many instructions were looked at."""
    due = records.due_ids(now, BATCH)
    for instruction_id in due:
        try:
            service.carry_on(instruction_id)
        except (Refusal, *STORE_ERRORS):
            observe.logger.exception("an instruction has to wait", extra={"instruction_id": instruction_id})
    return len(due)


def carry_on_all(until: datetime) -> int:
    """The same, batch after batch, for everything that has fallen due until then. Returns how many were looked at."""
    looked_at = batch = carry_on_due(until)
    while batch == BATCH and looked_at < MOST_BATCHES * BATCH:
        batch = carry_on_due(until)
        looked_at += batch
    return looked_at


def next_due() -> datetime | None:
    """The earliest instant at which something happens to any instruction by itself."""
    return records.earliest_due()
