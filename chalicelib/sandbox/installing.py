"""What a sandbox puts in place of the real world when the application starts: a clock that moves, a bank, and who follows entries at once."""

from __future__ import annotations

from chalicelib.consumers import FOLLOWERS, TOGETHER
from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.sandbox import bent_clock, partner_bank, service


def install() -> None:
    bent_clock.install()
    partner_bank.install()
    service.followers[:] = [
        (ledger_jobs.book, True),
        *((follow, name in TOGETHER) for name, follow in FOLLOWERS.items()),
    ]
