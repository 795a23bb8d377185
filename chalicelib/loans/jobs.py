"""What the journal's stream and the clock do with loans. Everything may come late, and twice.

`portfolio-monthly` runs on the second of each month: a shard for each partner bank.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.loans.service import following, portfolios
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, month_of, start_of

PORTFOLIO: Final = "portfolio-monthly"


def follow(entry: Entry) -> None:
    """Free or collect receivables, and make loans of payments by card: as an entry says.

    What an order pays goes to the bank before the supplier can have it, so the books have to hold it before its balance is read.
    """
    now = clock.now()
    if entry.event.kind in following.PAYING:
        if not following.pays_a_loan(entry, now):
            return
        ledger_jobs.book(entry)
    following.follow(entry, now)


def begin_portfolio(fired_at: datetime) -> Run:
    """What the schedule calls on the second: the month before."""
    return start_portfolio(business_date(fired_at))


def start_portfolio(as_of: date) -> Run:
    """Report the month before the one of a day. May be called twice."""
    last = as_of.replace(day=1) - timedelta(days=1)
    return runs.begin(PORTFOLIO, month_of(last), last, len(portfolios.banks(start_of(last))))


def portfolio_shard(run: Run, shard: int) -> ShardResult:
    """One bank's month."""
    bank_id = portfolios.banks(start_of(run.as_of))[shard - 1]
    return ShardResult(counts={"loans": portfolios.report(bank_id, run.as_of, clock.now())})


REPORTING: Final = Job(shard=portfolio_shard)
