"""What a bank owes the platform for introductions in a month, as it and officers see it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from chalicelib.loans.rules.loan import Loan
from chalicelib.loans.views.portfolio import BankId, Month
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Paging


class IntroductionFeesQuery(Paging, frozen=True, kw_only=True):
    """A bank sees its own; officers those of one bank, or of all."""

    month: Month
    """The month, such as `2026-03`."""
    bank: BankId | None = None
    """The bank, by its id."""


class IntroductionFeeView(msgspec.Struct, frozen=True, kw_only=True):
    """One draw: `fee` is `fee_bp` of what was `disbursed`, half a fen rounded to the even one. `told_at` is when the bank said so, and decides the month."""

    loan_id: str
    bank_id: str
    member_id: str
    product_id: str
    value_on: date
    told_at: datetime
    disbursed: Money
    fee_bp: int
    fee: Money


class IntroductionFeesView(msgspec.Struct, frozen=True, kw_only=True):
    """The statement of a month: `fee` is all of it, once the month is reported; null until then. What a bank tells of later is on the statement of the month in which it does."""

    month: str
    fee: Money | None
    items: list[IntroductionFeeView]
    """By bank, and by when the draws were asked for, oldest first."""
    next_cursor: str | None


def line_view(loan: Loan) -> IntroductionFeeView | None:
    if loan.introduced is None or loan.value_on is None:
        return None
    return IntroductionFeeView(
        loan_id=loan.id,
        bank_id=loan.bank_id,
        member_id=loan.member_id,
        product_id=loan.product_id,
        value_on=loan.value_on,
        told_at=loan.introduced.told_at,
        disbursed=Money.of(loan.amount_minor, loan.currency),
        fee_bp=loan.introduced.fee_bp,
        fee=Money.of(loan.introduced.fee_minor, loan.currency),
    )
