"""What the journal says that concerns deposits: debits that banks carried out or gave up, and what claims took.

Everything here may run twice and late: each effect is named after the entry it comes of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial

from chalicelib.deposits.aggregate import DEPOSITS
from chalicelib.deposits.rules import deducting, paying
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deposit import PREFIX, Deposit
from chalicelib.deposits.rules.transitions import DepositChange
from chalicelib.ledger.rules.chart import DEPOSITS_FROZEN, DEPOSITS_HELD
from chalicelib.shared import ids
from chalicelib.shared.commit import persistently
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, Request


def follow(made: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none."""
    if _is_our_debit(made):
        if made.event.kind in ("instruction.settled", "instruction.failed", "instruction.manual"):
            _apply(str(made.event.facts["party"]), partial(_debited, made, now), made, now)
    elif not ids.looks_like(made.thing, PREFIX):
        taken, insured = _turned_over(made)
        for seller_id, minor in sorted(taken.items()):
            _apply(seller_id, partial(_deducted, made, minor, insured[seller_id], now), made, now)


def _debited(entry: Entry, now: datetime, was: Deposit, books: Books) -> DepositChange:
    """What the bank says of a debit: it brought the money, it went back, it has to be tried again, it is given up."""
    facts = entry.event.facts
    money = paying.by_debit(was.id, entry.thing, entry.seq, int(facts["amount_minor"]))
    if entry.event.kind == "instruction.settled":
        return paying.paid(was, money, books, now)
    if facts.get("came_back"):
        return paying.taken_back(was, money, books, now)
    given_up = entry.event.kind == "instruction.manual"
    return paying.debit_failed(was, str(facts.get("reason", "")), books, now, given_up=given_up)


def _deducted(entry: Entry, minor: int, insured_minor: int, now: datetime, was: Deposit, books: Books) -> DepositChange:
    return deducting.noted(was, entry.thing, minor, insured_minor, books, now)


@persistently
def _apply(seller_id: str, decide: Callable[[Deposit, Books], DepositChange], entry: Entry, now: datetime) -> None:
    name = f"{seller_id}:{entry.entry_id}"
    request = Request(caller=CLOCK, now=now, request_id=entry.request_id, key=name, digest="followed")
    DEPOSITS.apply(seller_id, request, decide)


def _is_our_debit(made: Entry) -> bool:
    facts = made.event.facts
    return facts.get("kind") == "debit" and ids.looks_like(str(facts.get("cause")), PREFIX)


def _turned_over(made: Entry) -> tuple[Counter[str], Counter[str]]:
    """What an entry of another thing takes out of deposits, by seller, and what of it insurers have put in."""
    taken, insured = Counter[str](), Counter[str]()
    for leg in made.event.postings:
        if leg.account in (DEPOSITS_HELD, DEPOSITS_FROZEN) and leg.debit_minor:
            taken[leg.of] += leg.debit_minor
        if leg.account == DEPOSITS_HELD:
            insured[leg.of] += leg.credit_minor
    return taken, insured
