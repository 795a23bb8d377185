"""Subsidies as exporters and officers see them, and where an exporter wants them paid."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.exports.rules.declaration import Channel
from chalicelib.exports.rules.subsidy import Account, Line, Reason
from chalicelib.shared.fx import LIMIT_CURRENCY
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.views import view_of


class SubsidyAccountRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The account takes the place of an earlier one; what is on its way still goes to the earlier one."""

    bank_id: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,30}$", examples=["boc"])]
    """A partner bank: see the policy `banks`."""
    account: Annotated[str, Meta(pattern="^[A-Z0-9][A-Z0-9-]{6,32}[A-Z0-9]$", examples=["6217000010001234567"])]
    """Its number there, or an IBAN, without blanks: 8 to 34 capitals, digits and hyphens."""


class SubsidiesQuery(Paging, frozen=True, kw_only=True):
    """Lines of tax refunds from one Shanghai date up to but not including another."""

    start: BookDay = msgspec.field(name="from")
    end: BookDay = msgspec.field(name="to")


class PayeeView(msgspec.Struct, frozen=True, kw_only=True):
    """All but the last four characters of the account are masked."""

    bank_id: str
    account: str


class SubsidyAccountView(msgspec.Struct, frozen=True, kw_only=True):
    """`unpaid` waits for an account to be paid to; `owed` was paid and reversed since, and is set off against what is booked next."""

    member_id: str
    version: int
    unpaid: Money
    owed: Money
    payee: PayeeView | None


class SubsidyLineView(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration's subsidy: `rate` for each dollar of `usd`, what the export counted for when the subsidy was booked.

    `reason`: `booked` (all of it counted), `lowered_by_returns` (goods had come back before the tax refund), `monthly_cap` (the month's most was
    reached; `capped` is what that left out), `reversed_in_part` and `reversed` (goods came back since, the export was cancelled or corrected). Where
    nothing was booked: `cancelled`, `exported_elsewhere` (verified, but not sold through the platform), `told_too_late` (so long after the tax
    refund that the policy gives nothing), `all_returned` (all of the goods had come back before).
    """

    declaration_id: str
    declaration_no: str
    refund_on: date
    channel: Channel
    rate: str
    usd: Money
    booked: Money
    capped: Money
    reversed: Money
    net: Money
    reason: Reason
    booked_at: datetime
    updated_at: datetime


class SubsidiesView(SubsidyAccountView, frozen=True, kw_only=True):
    items: list[SubsidyLineView]
    """By the dates of tax refunds, oldest first."""
    next_cursor: str | None


def account_view(account: Account) -> SubsidyAccountView:
    return view_of(SubsidyAccountView, account, account.currency, payee=_payee(account))


def line_view(line: Line, currency: str) -> SubsidyLineView:
    return view_of(SubsidyLineView, line, currency, usd=Money.of(line.usd_minor, LIMIT_CURRENCY))


def view(account: Account, lines: Page[SubsidyLineView]) -> SubsidiesView:
    return view_of(
        SubsidiesView,
        account,
        account.currency,
        payee=_payee(account),
        items=lines.items,
        next_cursor=lines.next_cursor,
    )


def _payee(account: Account) -> PayeeView | None:
    payee = account.payee
    return PayeeView(bank_id=payee.bank_id, account=payee.masked) if payee else None
