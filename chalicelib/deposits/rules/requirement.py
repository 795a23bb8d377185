"""What a deposit must be and what it lacks, at an instant. Pure.

    required   = base + risk + special (+ what an earlier membership period left unpaid)
    need_cash  = required - min(what valid insurances still cover, base)
    arrears    = max(0, need_cash - balance)            balance = available + frozen
    releasable = min(available, max(0, balance - need_cash))

Which part insurances stand in for, and whether frozen amounts cover, are keys of the rulebook.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.deposits.rules.book import Book, Terms
from chalicelib.deposits.rules.deposit import Deposit, Insurance, Risk


class Requirement(msgspec.Struct, frozen=True):
    """The three amounts, what stands in for money, and what follows for the money that is there."""

    base_minor: int
    risk_minor: int
    special_minor: int
    owed_minor: int
    total_minor: int
    insurances_minor: int
    """What of the valid insurances counts."""
    need_cash_minor: int
    held_minor: int
    arrears_minor: int
    releasable_minor: int


def requirement(deposit: Deposit, book: Book, at: datetime) -> Requirement:
    """Everything that is required of a deposit at an instant, and what is missing or too much."""
    terms, base = book.terms, deposit.base_minor
    risk, special = risk_minor(deposit.risks, terms, at), special_minor(deposit)
    rest = risk + special + deposit.owed_minor
    cover = covered(terms, base, rest, cover_minor(deposit, at))
    return Requirement(
        base_minor=base,
        risk_minor=risk,
        special_minor=special,
        owed_minor=deposit.owed_minor,
        total_minor=base + rest,
        insurances_minor=cover,
        need_cash_minor=base + rest - cover,
        held_minor=deposit.held_minor,
        arrears_minor=max(0, base + rest - cover - cash(terms, deposit.available_minor, deposit.frozen_minor)),
        releasable_minor=releasable(terms, base + rest - cover, deposit.available_minor, deposit.frozen_minor),
    )


def to_pay(deposit: Deposit, book: Book, at: datetime) -> int:
    """What a payment has to bring so that nothing is owed: the arrears, with what the platform advanced in them."""
    return max(requirement(deposit, book, at).arrears_minor, deposit.account.advance_minor)


def risk_minor(risks: tuple[Risk, ...], terms: Terms, at: datetime) -> int:
    """Of each class the highest, the classes added, never more than the cap."""
    if not risks:
        return 0
    highest: dict[str, int] = {}
    for risk in risks:
        if risk.opened_at <= at and (risk.ends_at is None or at < risk.ends_at):
            highest[risk.class_] = max(highest.get(risk.class_, 0), risk.minor)
    return min(terms.risk_cap_minor, sum(highest.values()))


def special_minor(deposit: Deposit) -> int:
    """The markets and services a shop is in, added up."""
    return sum(special.minor for special in deposit.specials) if deposit.specials else 0


def cover_minor(deposit: Deposit, at: datetime) -> int:
    """What insurances that are valid at an instant still cover."""
    if not deposit.insurances:
        return 0
    return sum(each.remaining_minor for each in deposit.insurances if is_valid(each, at))


def is_valid(insurance: Insurance, at: datetime) -> bool:
    return insurance.from_ <= at < insurance.until


def covered(terms: Terms, base_minor: int, rest_minor: int, cover: int) -> int:
    """What of the valid insurances counts."""
    return min(cover, base_minor if terms.insurance_scope == "base" else base_minor + rest_minor)


def cash(terms: Terms, available_minor: int, frozen_minor: int) -> int:
    """What of the money covers."""
    return available_minor + frozen_minor if terms.frozen_covers else available_minor


def releasable(terms: Terms, need_cash_minor: int, available_minor: int, frozen_minor: int) -> int:
    """What of the money that is not frozen is more than is needed."""
    return min(available_minor, max(0, cash(terms, available_minor, frozen_minor) - need_cash_minor))


def with_due(was: Deposit, now_is: Deposit, book: Book, at: datetime) -> Deposit:
    """The deposit with its term to pay after a step that took effect at `at`. Every change ends with this.

    Arrears that appear are due 72 hours later. Where they grow while the term still runs, it begins anew for the whole bill; where
    it is over it stays over, so that a larger bill never lifts a restriction. Where nothing is missing any more nothing is due; what the platform
    advanced stays owed until it is paid, also where money that is held for another case covers it.
    """
    before, after = requirement(was, book, at).arrears_minor, requirement(now_is, book, at).arrears_minor
    if after == 0:
        return replace(now_is, due_at=None, due_book="", dunning_stage=0, owed_minor=now_is.account.advance_minor)
    due_at = now_is.due_at
    if due_at is None or (after > before and at < due_at):
        return replace(now_is, due_at=at + book.pay_within, due_book=book.id)
    return now_is
