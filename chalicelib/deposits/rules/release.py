"""The six conditions of a release, one by one: whether each holds, and when it will. Pure.

No open trade, no open refund, no open complaint, no arrears nor an advance of the platform's, no violation hold, 30 days since the last completed trade.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from chalicelib.deposits.rules.book import Book
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.requirement import to_pay
from chalicelib.shared.errors import Conflict
from chalicelib.shared.money import printed
from chalicelib.shared.periods import end_of_business_date
from chalicelib.shared.texts import Text, one_after_the_other, say

QUIET: Final = timedelta(days=30)
"""After the day of the last completed trade: a complaint may still come."""

Condition = Literal[
    "no_open_trade", "no_open_refund", "no_open_complaint", "no_arrears", "no_violation_hold", "quiet_30_days"
]


class ReleaseRefused(Conflict):
    code = "release_refused"
    title = "The deposit is not released yet."
    fix = "Wait until every one of `checks` holds; `passes_at` says when, where that is known."


class Business(msgspec.Struct, frozen=True, kw_only=True):
    """What is going on in a shop: open trades, refunds on their way, open complaints, what was advanced, the day of the last completed trade."""

    trades: int = 0
    refunds: int = 0
    complaints: int = 0
    owes_advance: bool = False
    last_completed: date | None = None


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One condition. `passes_at` is when it will hold by itself; null where that depends on what somebody does."""

    condition: Condition
    passes: bool
    text: Text
    passes_at: datetime | None = None


def checks(deposit: Deposit, business: Business, book: Book, now: datetime) -> tuple[Check, ...]:
    """All six, in this order."""
    return (
        Check(
            condition="no_open_trade",
            passes=not business.trades,
            text=say("Open trade: {n}.", n=business.trades) if business.trades else say("There is no open trade."),
        ),
        Check(
            condition="no_open_refund",
            passes=not business.refunds,
            text=say("Refund on its way: {n}.", n=business.refunds)
            if business.refunds
            else say("There is no refund on its way."),
        ),
        Check(
            condition="no_open_complaint",
            passes=not business.complaints,
            text=say("Open complaint: {n}.", n=business.complaints)
            if business.complaints
            else say("There is no open complaint."),
        ),
        _arrears(to_pay(deposit, book, now), book.terms.currency, business.owes_advance),
        _hold(deposit, now),
        _quiet(business.last_completed, now),
    )


def must_pass(results: Sequence[Check]) -> None:
    """ReleaseRefused with all six where one fails."""
    failed = [check for check in results if not check.passes]
    if failed:
        raise ReleaseRefused(one_after_the_other(*(check.text for check in failed)), checks=list(results))


def _arrears(minor: int, currency: str, owes_advance: bool) -> Check:
    text = say("Nothing is to be paid.")
    if minor:
        text = say("{amount} is to be paid.", amount=printed(minor, currency))
    if owes_advance:
        advance = say("What the platform advanced for a claim is not paid back: GET /v1/recoveries.")
        text = one_after_the_other(text, advance)
    return Check(condition="no_arrears", passes=minor == 0 and not owes_advance, text=text)


def _hold(deposit: Deposit, now: datetime) -> Check:
    risks = [risk.ends_at for risk in deposit.risks if risk.ends_at is None or now < risk.ends_at]
    passes = not risks and not deposit.account.holds
    known = [at for at in risks if at is not None]
    ends = max(known) if known and len(known) == len(risks) and not deposit.account.holds else None
    text = (
        say("No violation is open and nothing is held.")
        if passes
        else say("A violation is open or its time is not over, or money is held for a case.")
    )
    return Check(condition="no_violation_hold", passes=passes, text=text, passes_at=ends)


def _quiet(last: date | None, now: datetime) -> Check:
    passes_at = end_of_business_date(last) + QUIET if last else now
    if passes_at <= now:
        text = say("30 days have passed since the last completed trade.")
        return Check(condition="quiet_30_days", passes=True, text=text)
    text = say("30 days have not passed since the last completed trade.")
    return Check(condition="quiet_30_days", passes=False, text=text, passes_at=passes_at)
