"""Insurance that pays: a deduction takes what valid insurances still cover before it takes money. Pure.

    a deduction  -> the policies that are valid, the earliest to expire first, each up to what is unused of it,
                    together up to what the rulebook lets insurance stand in for (`insurance_scope`)
    its insurer  -> owes us that, whatever becomes of the policy, until a bank says that it came

What a policy has paid it does not cover any more, so the deposit may lack it from that instant. The insurer recovers from the
seller without us.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.deposits.rules.account import Receivable
from chalicelib.deposits.rules.book import Books, Terms
from chalicelib.deposits.rules.changes import change
from chalicelib.deposits.rules.deposit import Deposit, Insurance
from chalicelib.deposits.rules.requirement import cover_minor, covered, is_valid
from chalicelib.deposits.rules.transitions import DepositChange, NotThere
from chalicelib.ledger.rules.chart import BANK_CLEARING, INSURERS_RECEIVABLE
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import transfer
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say

Part = tuple[str, int]
"""An insurance, and what it pays."""


class MoreThanInsurerOwes(RuleViolation):
    code = "more_than_insurer_owes"
    title = "That is more than the insurer owes."
    fix = "Record at most `maximum`."


def most_minor(deposit: Deposit, terms: Terms, at: datetime) -> int:
    """The most that insurance pays of one deduction: all that is unused, or no more than the base where it stands in for that alone."""
    left = cover_minor(deposit, at)
    return covered(terms, deposit.base_minor, left, left)


def drawn(deposit: Deposit, minor: int, terms: Terms, at: datetime) -> tuple[tuple[Part, ...], Deposit]:
    """What each policy pays of a deduction, and the deposit with that used of them and owed by their insurers."""
    left, parts = min(minor, most_minor(deposit, terms, at)), list[Part]()
    for policy in sorted(deposit.insurances, key=lambda each: (each.until, each.id)):
        part = min(left, policy.remaining_minor) if is_valid(policy, at) else 0
        if part:
            parts.append((policy.id, part))
            deposit = _used(deposit, policy, part)
            left -= part
    return tuple(parts), deposit


def received(
    was: Deposit, policy_id: str, bank_id: str, bank_ref: str, minor: int, books: Books, now: datetime
) -> DepositChange:
    """An insurer has paid (part of) what it owes for a policy. NotThere, MoreThanInsurerOwes."""
    owing = was.account.receivable(policy_id)
    if owing is None:
        raise NotThere(say("No insurer owes anything for {policy_id!r:.60}.", policy_id=policy_id))
    currency = books.in_force(now).terms.currency
    if minor > owing.owed_minor:
        most = Money.of(owing.owed_minor, currency)
        raise MoreThanInsurerOwes(
            say("{amount} {currency} are owed.", amount=most.grouped, currency=currency),
            param="money.amount",
            maximum=msgspec.to_builtins(most),
        )
    paid = replace(owing, received_minor=owing.received_minor + minor)
    payload = {
        "insurance": policy_id,
        "insurer": owing.insurer,
        "ref": f"{bank_id}:{bank_ref}",
        "amount_minor": minor,
        "remaining_minor": paid.owed_minor,
    }
    postings = transfer(minor, currency, debit_to=(BANK_CLEARING, bank_id), credit_to=(INSURERS_RECEIVABLE, policy_id))
    account = was.account.with_receivable(paid)
    return change(
        was, "receipts", books, now, event="insurer_paid", payload=payload, postings=postings, account=account
    )


def _used(deposit: Deposit, policy: Insurance, minor: int) -> Deposit:
    """So much of a policy is used, and its insurer owes it."""
    used = replace(policy, used_minor=policy.used_minor + minor)
    owing = deposit.account.receivable(policy.id) or Receivable(id=policy.id, insurer=policy.insurer)
    return replace(
        deposit,
        insurances=tuple(used if each.id == policy.id else each for each in deposit.insurances),
        account=deposit.account.with_receivable(replace(owing, claimed_minor=owing.claimed_minor + minor)),
    )
