"""Amounts of a deposit as callers state them, and what banks are told to move. Pure."""

from __future__ import annotations

from typing import Literal

import msgspec

from chalicelib.deposits.rules.book import Book
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import PaymentOrder
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say


class NotDepositCurrency(RuleViolation):
    code = "not_the_deposits_currency"
    title = "The deposit is in another currency."
    fix = "State the amount in the currency of the rulebook in force."


class MoreThanAvailable(RuleViolation):
    code = "more_than_available"
    title = "That is more than is there."
    fix = "Ask for at most `maximum`."


class Payee(msgspec.Struct, frozen=True, kw_only=True):
    """Who is paid out of a deposit, and where."""

    member_id: str
    bank_id: str
    account: str


def must_be_of(money: Money, book: Book, param: str, *, least: int = 1) -> int:
    """The amount in the deposit's minor units, or NotDepositCurrency."""
    if money.currency != book.terms.currency:
        raise NotDepositCurrency(
            say("Deposits are in {currency}.", currency=book.terms.currency),
            param=f"{param}.currency",
            currency=book.terms.currency,
        )
    return money.minor(param=f"{param}.amount", least=least)


def must_be_there(minor: int, most: int, currency: str) -> None:
    """MoreThanAvailable where there is less."""
    if minor > most:
        raise more_than_available(most, currency)


def more_than_available(most: int, currency: str) -> MoreThanAvailable:
    maximum = Money.of(most, currency)
    return MoreThanAvailable(
        say("There are {amount} {currency}.", amount=maximum.grouped, currency=currency),
        param="money.amount",
        maximum=msgspec.to_builtins(maximum),
    )


def instruct(kind: Literal["payout", "debit"], of: str, minor: int, book: Book, party: Payee) -> PaymentOrder:
    """What a bank is told: `aggregate_id` owns the account that settles it, `party` gets or gives the money."""
    return PaymentOrder(
        kind=kind,
        bank_id=party.bank_id,
        aggregate_id=of,
        currency=book.terms.currency,
        amount_minor=minor,
        party=party.member_id,
        account=party.account,
    )
