"""What each bank has lent, month by month: worked out once from its loans when the month is over, kept, and read by one read.

A month is reported in an entry of its own, and stands as it was reported; what banks tell later with an earlier value date is seen in the
months after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Final

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.credit.service import reviews
from chalicelib.firms.service.reading import profile
from chalicelib.loans import records
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules import portfolio as rules
from chalicelib.loans.rules.loan import Context, Loan
from chalicelib.loans.rules.portfolio import Figures
from chalicelib.loans.views import introductions
from chalicelib.loans.views.introductions import IntroductionFeesQuery, IntroductionFeesView
from chalicelib.loans.views.portfolio import PortfolioQuery, PortfolioView, view
from chalicelib.shared import ids, journal, pages
from chalicelib.shared.commit import commit
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import Event
from chalicelib.shared.money import Money
from chalicelib.shared.periods import month_of, months_after, start_of
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.texts import say

AT_ONCE: Final = 100
CURRENCY: Final = "CNY"


class MonthNotReported(NotFound):
    code = "month_not_reported"
    title = "That month is not reported."
    fix = "Ask for a month that is over: it is reported on the second day of the next one."


def banks(now: datetime) -> list[str]:
    """The partner banks, in the order of the shards of a run."""
    return sorted(partner.id for partner in banks_inbox.policy(now).partners)


def report(bank_id: str, last: date, now: datetime) -> int:
    """Report the month that ends on a day, once. How many loans it is about."""
    before, month = last.replace(day=1) - timedelta(days=1), month_of(last)
    loans = [rules.part_of(loan, context, last, before) for loan, context in _disbursed(bank_id, last, now)]
    parts = (rules.part_of_review(review, month) for review in reviews.of_bank(bank_id))
    counted = (part for part in parts if part.figures != Figures())
    portfolio = rules.reported(bank_id, month, CURRENCY, (*loans, *counted), cache(_region))
    chain = ids.derived_id("prt", bank_id, month)
    request = RequestContext(caller=CLOCK, now=now, request_id="", key=chain, digest="reported")
    payload = {"bank_id": bank_id, "month": month, "loans": len(loans), "currency": CURRENCY}
    entry = journal.entry(
        request, Event("portfolio.reported", payload), aggregate_id=chain, seq=1, prev=journal.GENESIS
    )
    commit(entry, records.put_portfolio(portfolio))
    return len(loans)


def read(query: PortfolioQuery, request: RequestContext) -> PortfolioView:
    """A bank reads its own, an officer anybody's."""
    own = "" if request.caller.is_officer else request.caller.sub
    bank_id = query.bank or own
    portfolio = records.portfolio(bank_id, query.month) if bank_id and own in ("", bank_id) else None
    if portfolio is None:
        raise MonthNotReported(
            say("There is no report of {month} for {bank_id!r:.60}.", month=query.month, bank_id=bank_id)
        )
    return view(portfolio, query.by)


def introduction_fees(query: IntroductionFeesQuery, request: RequestContext) -> IntroductionFeesView:
    """The statement of what banks owe for introductions told of in a month: a bank's own; an officer's of one bank, or of all."""
    caller, month = request.caller, query.month
    own = query.bank if caller.is_officer else caller.sub
    last = months_after(date.fromisoformat(f"{month}-01"), 1) - timedelta(days=1)
    candidates = [own] if own else banks(min(request.now, start_of(last)))  # those whose months were reported
    bank_ids = candidates if query.bank in (None, own) else []
    of = f"introduction-fees:{own}:{query.bank}:{month}"
    after = tuple(pages.decode_cursor(query.cursor, caller, of)) if query.cursor else None
    places = pages.in_groups(bank_ids, after, lambda bank, begun: records.introduced(bank, month, begun))
    lines = pages.filtered(places, records.REPOSITORY.load_many, introductions.line_view, query, request, of)
    reported = [portfolio for bank in bank_ids if (portfolio := records.portfolio(bank, month))]
    fee_minor = sum(each.total.introduction_fee_minor for each in reported)
    is_over = bool(reported) and len(reported) == len(bank_ids)
    return IntroductionFeesView(
        month=month,
        fee=Money.of(fee_minor, CURRENCY) if is_over else None,
        items=lines.items,
        next_cursor=lines.next_cursor,
    )


def _disbursed(bank_id: str, last: date, now: datetime) -> Iterator[tuple[Loan, Context]]:
    """A bank's loans that were disbursed by a day, some at a time."""
    names = records.ids("by_bank", bank_id, None)
    while some := list(islice(names, AT_ONCE)):
        for loaded in LOANS.load_many(some, now).values():
            loan = LOANS.preview_at(loaded, now).state
            if loan.value_on is not None and loan.value_on <= last:
                yield loan, loaded.context


def _region(member_id: str) -> str:
    firm = profile(member_id)
    return firm.region if firm else ""
