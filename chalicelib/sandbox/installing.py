"""What a sandbox puts in place of the real world when the application starts: a clock that moves, a bank, and who follows entries at once."""

from __future__ import annotations

from chalicelib.consumers import SUBSCRIBERS, TOGETHER
from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.sandbox import clock_offset, partner_bank, service


def install() -> None:
    clock_offset.install()
    partner_bank.install()
    service.subscribers[:] = [
        (ledger_jobs.book, True),
        *((follow, name in TOGETHER) for name, follow in SUBSCRIBERS.items()),
    ]
