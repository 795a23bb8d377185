"""What a bank has lent, as it and officers see it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.loans.rules.portfolio import Dimension, Figures, Portfolio
from chalicelib.shared.money import Money
from chalicelib.shared.views import view_of


class RollView(msgspec.Struct, frozen=True, kw_only=True):
    """Principal that went from one bucket of days past due to another within the month. `none`: newly lent; `over`: repaid or written off.

    `share_bp` is the roll rate: the part of all that came from `from_bucket`, in hundredths of a percent.
    """

    from_bucket: str
    to_bucket: str
    principal: Money
    share_bp: int


class FiguresView(msgspec.Struct, frozen=True, kw_only=True):
    """Applications that the bank was sent in the month, and those it approved, with the limits. Loans with principal outstanding at the end of the month; of it, what was 1, 31 and 91 days past due or more, or in default.

    `disbursed` and `written_off` are of the month, with what of earlier months the bank told after the report of theirs was made; `recovered` is all that was ever got back of what was written off. `introduction_fee` is
    what the bank owes the platform for what it told in the month that it had disbursed: the sum of its statement.
    """

    name: str
    applied: int
    applied_for: Money
    approved: int
    approved_limit: Money
    loans: int
    outstanding: Money
    par_1: Money
    par_30: Money
    par_90: Money
    defaulted: Money
    new_loans: int
    disbursed: Money
    introduction_fee: Money
    written_off: Money
    recovered: Money


class PortfolioView(msgspec.Struct, frozen=True, kw_only=True):
    """One bank's month: all together, and along the dimension that was asked for."""

    bank_id: str
    month: str
    total: FiguresView
    rolls: list[RollView]
    by: Dimension
    groups: list[FiguresView]


Month = Annotated[str, msgspec.Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
BankId = Annotated[str, msgspec.Meta(max_length=64)]


class PortfolioQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A bank sees its own; officers name one."""

    month: Month
    """The month, such as `2026-03`."""
    bank: BankId | None = None
    """The bank, by its id; an officer names one."""
    by: Dimension = "product"
    """What the loans are told apart by."""


def view(portfolio: Portfolio, by: Dimension) -> PortfolioView:
    currency, rates = portfolio.currency, portfolio.roll_rates()
    return PortfolioView(
        bank_id=portfolio.bank_id,
        month=portfolio.month,
        total=_figures("", portfolio.total, currency),
        rolls=[_roll(roll, Money.of(minor, currency), rates[roll]) for roll, minor in sorted(portfolio.rolls.items())],
        by=by,
        groups=[_figures(name, figures, currency) for name, figures in portfolio.along(by).items()],
    )


def _figures(name: str, figures: Figures, currency: str) -> FiguresView:
    return view_of(
        FiguresView,
        figures,
        currency,
        name=name,
        new_loans=figures.disbursed,
        applied_for=Money.of(figures.applied_minor, currency),
        approved_limit=Money.of(figures.approved_minor, currency),
    )


def _roll(roll: str, principal: Money, share_bp: int) -> RollView:
    start, _, end = roll.partition(">")
    return RollView(from_bucket=start, to_bucket=end, principal=principal, share_bp=share_bp)
