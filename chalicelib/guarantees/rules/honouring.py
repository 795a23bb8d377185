"""Whether a guarantor has paid its share of a call in time. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.guarantees.rules.call import Call, Share
from chalicelib.loans.rules.loan import Loan, Repayment
from chalicelib.shared.periods import end_of_business_date


def payments_of(call: Call, share: Share, loan: Loan) -> Iterator[Repayment]:
    """What the guarantor has paid on the call and the bank has kept, as far as the loan still knows each payment."""
    for each in loan.repayments:
        is_its = each.payer == "guarantor" and (each.seat, each.call_id) == (share.seat, call.call_ref)
        if is_its and each.kept_minor:
            yield each


def is_honoured(call: Call, share: Share, loan: Loan) -> bool | None:
    """Whether nothing of the share is due and each part was paid by its day, by value date. Who failed is noticed no more, and never honours it.

    None where that cannot be said any more: nothing was paid or kept, or payments are folded into a sum.
    """
    if share.failed_at or share.status in ("due", "disputed", "overdue", "failed"):
        return False
    paid = [(end_of_business_date(each.value_on), each.kept_minor) for each in payments_of(call, share, loan)]
    if share.status != "paid" or not paid or sum(minor for _, minor in paid) != share.paid_minor:
        return None
    claimed = 0
    for notice in share.notices:
        claimed += notice.minor
        until = call.paused(notice.due_at, notice.at, share)
        if sum(minor for at, minor in paid if at <= until) < claimed:
            return False
    return True
