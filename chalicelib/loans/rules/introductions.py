"""What a bank owes the platform for having introduced a borrower: a part of what it disburses, as its product says. None by default. Pure.

It is worked out once, when the bank tells that it has disbursed, by the product that the draw was made under, and stands on the statement of
that month: what a bank tells of late, with an earlier value date, is on the next statement, and no statement that was made is changed.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.credit.rules.products import Product
from chalicelib.loans.rules.loan import Introduction
from chalicelib.shared.money import divide
from chalicelib.shared.periods import business_date, month_of


def introduction(disbursed_minor: int, product: Product, told_at: datetime) -> Introduction | None:
    """None where the bank owes nothing. Half a fen is rounded to the even one."""
    if not product.introduction_fee_bp:
        return None
    fee_minor = divide(disbursed_minor * product.introduction_fee_bp, 10_000)
    return Introduction(told_at=told_at, fee_bp=product.introduction_fee_bp, fee_minor=fee_minor)


def fee_in(introduced: Introduction | None, month: str) -> int:
    """What of it stands on a month's statement."""
    return introduced.fee_minor if introduced and month_told(introduced) == month else 0


def month_told(introduced: Introduction) -> str:
    return month_of(business_date(introduced.told_at))


def statement_of(bank_id: str, month: str) -> str:
    """What the lines of a bank's month are found under."""
    return f"{bank_id}#{month}"
