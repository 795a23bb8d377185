"""What the journal says that concerns deposits: debits that banks carried out or gave up, and what claims took.

Everything here may run twice and late: each effect is named after the entry it comes of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial

from chalicelib.deposits.aggregate import DEPOSITS
from chalicelib.deposits.rules import deducting, payments
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deposit import PREFIX, Deposit
from chalicelib.deposits.rules.transitions import DepositChange
from chalicelib.ledger.rules.chart import DEPOSITS_FROZEN, DEPOSITS_HELD
from chalicelib.shared import ids
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, RequestContext


def follow(entry: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none."""
    if _is_our_debit(entry):
        if entry.event.kind in ("instruction.settled", "instruction.failed", "instruction.manual"):
            _apply(str(entry.event.payload["party"]), partial(_debited, entry, now), entry, now)
    elif not ids.is_id(entry.aggregate_id, PREFIX):
        taken, insured = _turned_over(entry)
        for seller_id, minor in sorted(taken.items()):
            _apply(seller_id, partial(_deducted, entry, minor, insured[seller_id], now), entry, now)


def _debited(entry: Entry, now: datetime, was: Deposit, books: Books) -> DepositChange:
    """What the bank says of a debit: it brought the money, it went back, it has to be tried again, it is given up."""
    payload = entry.event.payload
    money = payments.by_debit(was.id, entry.aggregate_id, entry.seq, int(payload["amount_minor"]))
    if entry.event.kind == "instruction.settled":
        return payments.paid(was, money, books, now)
    given_up = entry.event.kind == "instruction.manual"
    if payload.get("came_back"):
        return payments.charged_back(was, money, books, now, tried_again=not given_up)
    return payments.debit_failed(was, money.minor, str(payload.get("reason", "")), books, now, given_up=given_up)


def _deducted(entry: Entry, minor: int, insured_minor: int, now: datetime, was: Deposit, books: Books) -> DepositChange:
    return deducting.noted(was, entry.aggregate_id, minor, insured_minor, books, now)


@retry_on_conflict
def _apply(seller_id: str, decide: Callable[[Deposit, Books], DepositChange], entry: Entry, now: datetime) -> None:
    name = f"{seller_id}:{entry.entry_id}"
    request = RequestContext(caller=CLOCK, now=now, request_id=entry.request_id, key=name, digest="followed")
    DEPOSITS.apply(seller_id, request, decide)


def _is_our_debit(entry: Entry) -> bool:
    payload = entry.event.payload
    return payload.get("kind") == "debit" and ids.is_id(str(payload.get("cause")), PREFIX)


def _turned_over(entry: Entry) -> tuple[Counter[str], Counter[str]]:
    """What an entry of another thing takes out of deposits, by seller, and what of it insurers have put in."""
    taken, insured = Counter[str](), Counter[str]()
    for leg in entry.event.postings:
        if leg.account in (DEPOSITS_HELD, DEPOSITS_FROZEN) and leg.debit_minor:
            taken[leg.owner_id] += leg.debit_minor
        if leg.account == DEPOSITS_HELD:
            insured[leg.owner_id] += leg.credit_minor
    return taken, insured
