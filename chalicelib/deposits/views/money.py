"""How a deposit is paid, and what stands between it and its release."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.banks.rules.partners import Partner
from chalicelib.deposits.rules.book import Book
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.release import Check
from chalicelib.shared import ids
from chalicelib.shared.money import Money
from chalicelib.shared.request import RequestContext
from chalicelib.suppliers.rules.balance import BankAccount


class PayIntoView(msgspec.Struct, frozen=True, kw_only=True):
    """An account of ours that takes deposits."""

    bank_id: str
    bank: str
    account: str


class DepositPaymentView(msgspec.Struct, frozen=True, kw_only=True):
    """A payment that was asked for. `reference` goes with the transfer: by it the bank names the deposit to us."""

    id: str
    version: int
    status: Literal["awaited", "debit_asked"]
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[str]
    seller_id: str
    by: Literal["transfer", "debit"]
    money: Money
    reference: str
    pay_into: list[PayIntoView]
    debited_account: str | None
    due_at: datetime | None


class ReleaseChecksView(msgspec.Struct, frozen=True, kw_only=True):
    """The six conditions of a release; `granted` where all hold and there is something to release."""

    seller_id: str
    granted: bool
    releasable: Money
    checks: list[Check]


def payment_view(
    deposit: Deposit,
    minor: int,
    book: Book,
    request: RequestContext,
    *,
    accounts: Iterable[Partner] = (),
    debited: BankAccount | None = None,
) -> DepositPaymentView:
    currency = book.terms.currency
    return DepositPaymentView(
        id=ids.derived_id("pay", request.entry_id),
        version=1,
        status="debit_asked" if debited else "awaited",
        created_at=request.now,
        updated_at=request.now,
        allowed_actions=[],
        deadlines=[],
        seller_id=deposit.id,
        by="debit" if debited else "transfer",
        money=Money.of(minor, currency),
        reference=deposit.id,
        pay_into=[
            PayIntoView(bank_id=partner.id, bank=partner.name, account=account)
            for partner in accounts
            for account in partner.accounts.get(currency, ())
        ],
        debited_account=debited.masked if debited else None,
        due_at=deposit.due_at,
    )


def release_checks_view(seller_id: str, releasable: Money, checks: Iterable[Check]) -> ReleaseChecksView:
    checks = list(checks)
    granted = all(check.passes for check in checks) and releasable.minor() > 0
    return ReleaseChecksView(seller_id=seller_id, granted=granted, releasable=releasable, checks=checks)
