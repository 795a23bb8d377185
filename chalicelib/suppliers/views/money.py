"""A supplier's money as it sends and sees it: bank accounts, payouts, the balance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.members.rules import Member
from chalicelib.shared.money import Money
from chalicelib.suppliers.rules.balance import BankAccount, balance_of
from chalicelib.suppliers.rules.coverage import CoverPosition
from chalicelib.suppliers.rules.exposure import Exposure
from chalicelib.suppliers.rules.programme import Supplier


class BankAccountRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The account takes the place of an earlier one of the same currency; what is on its way still goes to the earlier one."""

    bank_id: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,30}$", examples=["boc"])]
    """A partner bank: see the policy `banks`."""
    account: Annotated[str, Meta(pattern="^[A-Z0-9][A-Z0-9-]{6,32}[A-Z0-9]$", examples=["6217000010001234567"])]
    """Its number there, or an IBAN, without blanks: 8 to 34 capitals, digits and hyphens."""
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", examples=["USD"])]
    """ISO 4217."""


class BankAccountView(msgspec.Struct, frozen=True):
    """All but the last four characters of the account are masked."""

    bank_id: str
    account: str
    currency: str
    registered_at: datetime


class PayoutRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    money: Money
    """How much of the balance is paid out."""


class PayoutView(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank was told to pay. How that goes is told by its instruction."""

    id: str
    version: int
    status: Literal["requested"]
    supplier_id: str
    money: Money
    to: BankAccountView
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[str]


class BalanceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One currency: available = released - drawn, as far as the books have seen it released. `free` of it may be paid out now."""

    currency: str
    released: Money
    drawn: Money
    available: Money
    free: Money


class KeptView(msgspec.Struct, frozen=True, kw_only=True):
    """What stays on the balances of a supplier that is not in good standing, what for, and where that is told in full."""

    what: Literal["running_orders", "advances", "chargebacks"]
    amount: Money
    see: str


class BalanceView(msgspec.Struct, frozen=True, kw_only=True):
    """`version` counts the draws: payouts, set-offs, and what claims took."""

    id: str
    version: int
    status: Literal["open", "limited", "held"]
    """`held`: nothing is paid out while a debt is overdue. `limited`: what `kept_for` names stays until it is over."""
    kept_for: list[KeptView]
    balances: list[BalanceLine]
    accounts: list[BankAccountView]
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[str]


def account_view(account: BankAccount) -> BankAccountView:
    return BankAccountView(account.bank_id, account.masked, account.currency, account.registered_at)


def payout_view(payout_id: str, supplier_id: str, money: Money, to: BankAccount, now: datetime) -> PayoutView:
    return PayoutView(
        id=payout_id,
        version=1,
        status="requested",
        supplier_id=supplier_id,
        money=money,
        to=account_view(to),
        created_at=now,
        updated_at=now,
        allowed_actions=[],
        deadlines=[],
    )


def balance_view(
    member: Member,
    loaded: tuple[Supplier, CoverPosition, int, dict[str, int]] | None,
    credited: dict[str, int],
    open_: Exposure | None = None,
    free: Mapping[str, int] | None = None,
) -> BalanceView:
    """`free` is what may leave in each currency where something is `open_`; all of it, unless said otherwise."""
    supplier, _, draws, drawn = loaded or (None, None, 0, {})
    held = bool(supplier and supplier.overdue)
    kept = open_.kept_for if open_ else []
    lines = [
        _line(currency, credited.get(currency, 0), drawn, draws, 0 if held else (free or {}).get(currency))
        for currency in sorted({*credited, *drawn})
    ]
    payable = not held and any(supplier.account(line.currency) for line in lines) if supplier else False
    return BalanceView(
        id=member.id,
        version=draws,
        status="held" if held else "limited" if kept else "open",
        kept_for=[KeptView(**part) for part in kept],
        balances=lines,
        accounts=[account_view(bank_account) for bank_account in supplier.accounts] if supplier else [],
        created_at=supplier.created_at if supplier else member.created_at,
        updated_at=supplier.updated_at if supplier else member.updated_at,
        allowed_actions=["bank-account", "payouts"] if payable else ["bank-account"],
        deadlines=[],
    )


def _line(currency: str, credited_minor: int, drawn: dict[str, int], draws: int, free: int | None) -> BalanceLine:
    left = balance_of(currency, credited_minor, drawn, draws)
    return BalanceLine(
        currency=currency,
        released=Money.of(max(credited_minor, left.drawn_minor), currency),
        drawn=Money.of(left.drawn_minor, currency),
        available=Money.of(left.minor, currency),
        free=Money.of(left.minor if free is None else free, currency),
    )
