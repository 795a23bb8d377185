"""What the journal's stream tells of instructions to banks, and the daily close. Records may come twice, late and in any order."""

from __future__ import annotations

from typing import Final

from chalicelib.banks.rules.instruction import INSTRUCTION
from chalicelib.banks.service import inbox, outbox
from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.ledger.rules.chart import SUSPENSE
from chalicelib.shared import ids
from chalicelib.shared.journal import Entry

CLOSING: Final = ledger_jobs.closing({SUSPENSE: inbox.in_suspense})
"""The daily close, which compares every account whose every unit belongs to an item with what the items come to."""

SENT: Final = "instruction.sent"
"""Whoever writes this one tells the bank; should it die before, the bank is asked when the answer is overdue."""


def instruct(entry: Entry) -> None:
    """Make instructions of what an entry tells banks to do; ring for the one that it is of, and carry it on."""
    if ids.is_id(entry.aggregate_id, INSTRUCTION):
        outbox.ring(entry)
        if entry.event.kind != SENT:
            outbox.dispatch(entry.aggregate_id)
    elif entry.event.payment_orders:
        outbox.enqueue(entry)
