"""A supplier's money: what was released to it and not drawn yet, and where it is paid out. Pure.

    balance = credits of SUPPLIER_BALANCE that the books have seen - what was drawn

Credits only grow and everything that leaves is a draw, so books that lag behind make the balance smaller than it is, never larger.
Every draw rests on the one before it (`draws` counts them): two that were decided on the same balance cannot both be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from chalicelib.shared.errors import Conflict
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say


class BalanceShort(Conflict):
    code = "balance_short"
    title = "The supplier's balance does not suffice."
    fix = "Ask for at most `maximum`; what was released a moment ago may take a few seconds to show."


class NoBankAccount(Conflict):
    code = "no_bank_account"
    title = "The supplier has no bank account for that currency."
    fix = "Register one first: POST /v1/suppliers/{id}/bank-account."


class PayoutHeld(Conflict):
    code = "payout_held"
    title = "Nothing is paid out while a debt is overdue."
    fix = "Pay what is owed: GET /v1/recoveries."


class BankAccount(msgspec.Struct, frozen=True):
    """Where a supplier is paid, and what it owes is debited: its account at a partner bank, one for each currency."""

    bank_id: str
    account: str
    currency: str
    registered_at: datetime

    @property
    def masked(self) -> str:
        """What may be shown of it: the last four characters."""
        return "*" * (len(self.account) - 4) + self.account[-4:]


class Balance(msgspec.Struct, frozen=True):
    """What may be drawn in one currency, in its minor units, and what it rests on: the draws so far, in it and `elsewhere`."""

    minor: int
    drawn_minor: int
    draws: int
    elsewhere: dict[str, int] = {}


class Draw(msgspec.Struct, frozen=True):
    """So many minor units taken from a balance as it was `seen`; where that was decided on a standing, while it is that `status` still."""

    currency: str
    minor: int
    seen: Balance
    status: str = ""

    @property
    def drawn(self) -> dict[str, int]:
        """All that was drawn after this, by currency."""
        return {**self.seen.elsewhere, self.currency: self.seen.drawn_minor + self.minor}


def balance_of(currency: str, credited_minor: int, drawn: dict[str, int], draws: int) -> Balance:
    """The balance of one currency. Books that know of a credit later than a draw on it never make it negative."""
    mine = drawn.get(currency, 0)
    elsewhere = {code: minor for code, minor in drawn.items() if code != currency}
    return Balance(max(0, credited_minor - mine), mine, draws, elsewhere)


def must_have_account(account: BankAccount | None, currency: str) -> BankAccount:
    if account is None:
        raise NoBankAccount(
            say("No bank account is registered for {currency}.", currency=currency), param="money.currency"
        )
    return account


def must_owe_nothing(overdue: Mapping[str, str]) -> None:
    if overdue:
        raise PayoutHeld(say("Overdue: {overdue}.", overdue=", ".join(sorted(overdue))), overdue=sorted(overdue))


def draw(currency: str, minor: int, balance: Balance) -> Draw:
    """A draw that the balance covers, or BalanceShort (`shortfall`, `maximum`)."""
    if minor > balance.minor:
        most, short = Money.of(balance.minor, currency), Money.of(minor - balance.minor, currency)
        raise BalanceShort(
            say("There are {amount} {currency} to draw from.", amount=most.grouped, currency=currency),
            shortfall=msgspec.to_builtins(short),
            maximum=msgspec.to_builtins(most),
        )
    return Draw(currency, minor, balance)
