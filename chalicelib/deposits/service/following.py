"""What the journal says that concerns deposits: debits that banks carried out or gave up, and what claims took.

Everything here may run twice and late: each effect is named after the entry it comes of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from chalicelib.deposits.rulebooks import shelf
from chalicelib.deposits.rules import paying
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deposit import PREFIX, Deposit
from chalicelib.deposits.rules.step import Step, begun, step
from chalicelib.deposits.service.settling import carry_out, settled
from chalicelib.ledger.rules.chart import DEPOSITS_FROZEN, DEPOSITS_HELD
from chalicelib.shared import ids
from chalicelib.shared.commit import persistently
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, Request


def follow(made: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none."""
    if _is_our_debit(made):
        _debit(made, now)
    elif not ids.looks_like(made.thing, PREFIX):
        taken, insured = _turned_over(made)
        for seller_id, minor in sorted(taken.items()):
            _note(seller_id, minor, insured[seller_id], made, now)


def _debit(made: Entry, now: datetime) -> None:
    """What the bank says of a debit: it brought the money, it went back, it has to be tried again, it is given up."""
    facts, seller_id = made.event.facts, str(made.event.facts["party"])
    minor, reason = int(facts["amount_minor"]), str(facts.get("reason", ""))
    match made.event.kind:
        case "instruction.settled":
            paid = paying.by_debit(seller_id, made.thing, made.seq, minor)
            _step(seller_id, lambda was, books, at: paying.paid(was, paid, books, at), made, now)
        case "instruction.failed" | "instruction.manual" if facts.get("came_back"):
            back = paying.by_debit(seller_id, made.thing, made.seq, minor)
            _step(seller_id, lambda was, books, at: paying.taken_back(was, back, books, at), made, now)
        case "instruction.failed" | "instruction.manual":
            given_up = made.event.kind == "instruction.manual"
            _step(
                seller_id,
                lambda was, books, at: paying.debit_failed(was, reason, books, at, given_up=given_up),
                made,
                now,
            )


def _note(seller_id: str, minor: int, insured_minor: int, made: Entry, now: datetime) -> None:
    """A claim took money out of the deposit in its own commit: the deposit's chain tells of it too, without postings."""

    def note(was: Deposit, books: Books, at: datetime) -> Step:
        found = begun(was, books, at)
        facts = {"cause": made.thing, "amount_minor": minor, "insured_minor": insured_minor}
        return step(found, found, "deducted_for_claim", books.in_force(at), at, facts=facts)

    _step(seller_id, note, made, now)


@persistently
def _step(seller_id: str, make: Callable[[Deposit, Books, datetime], Step], made: Entry, now: datetime) -> None:
    deposit = settled(seller_id, now)
    if deposit is None:
        return
    told = make(deposit, shelf.books(now), now)
    name = f"{seller_id}:{made.entry_id}"
    carry_out(told, deposit, Request(caller=CLOCK, now=now, request_id=made.request_id, key=name, digest="followed"))


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
