"""The first entry of a deposit, and what happens to one by itself, written down at its own instant. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.deposits.rules import deposit as records
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.clockwork import Due, ladder_of, next_due
from chalicelib.deposits.rules.cut_offs import ordinal, start_of_day
from chalicelib.deposits.rules.decision import first_trade_day, first_traded
from chalicelib.deposits.rules.deposit import Days, Decision, Deposit
from chalicelib.deposits.rules.step import Step, begun, standing, step
from chalicelib.shared.journal import Event


def opened(seller_id: str, days: Days, books: Books, now: datetime) -> Step:
    """A deposit of a shop, which counts as one that has not traded: trade from today on is its first."""
    book = books.in_force(now)
    made = replace(records.opened(seller_id, now), days=days, armed_day=ordinal(now), seq=1)
    event = Event("deposit.opened", standing(made, book, now), policy=book.hash)
    return Step(deposit=made, event=event, at=now)


def fallen_due(deposit: Deposit, books: Books, now: datetime) -> Iterator[Step]:
    """What has happened by itself until now, each on the state the one before left, in order."""
    while (due := next_due(deposit, books)) is not None and due.at <= now:
        made = happened(deposit, due, books)
        yield made
        deposit = made.deposit


def happened(was: Deposit, due: Due, books: Books) -> Step:
    """The step of one thing that fell due, as of its own instant."""
    match due.what:
        case "first_trade":
            return _first_trade(was, due.at, books)
        case "risk_ended":
            return _risk_ended(was, due, books)
        case "overdue":
            return _overdue(was, due.at, books)
        case _:
            return _substitute(was, due, books)


def _first_trade(was: Deposit, at: datetime, books: Books) -> Step:
    """The assessment of a first trading day, under the book in force on that day."""
    day = first_trade_day(was, ordinal(at))
    assert day is not None, "a first trade is due"
    book = books.in_force(_during(day))
    now = max(at, was.updated_at)
    made = first_traded(was, book, day, now, books)
    assert made is not None, "the day has orders that count"
    after, decision = made
    return step(begun(was, books, now), after, "assessed", book, at, facts=_assessment(decision))


def _assessment(decision: Decision) -> dict[str, Any]:
    """What the first trading day came to, and what it rests on: orders and US cents by category."""
    return {
        "period": decision.period,
        "orders": decision.orders,
        "category": decision.category,
        "sold": {category: list(sold) for category, sold in decision.totals.items()},
        "raw_minor": decision.raw_minor,
        "base_minor": decision.base_minor,
        "book": decision.book,
    }


def _risk_ended(was: Deposit, due: Due, books: Books) -> Step:
    book, deposit = books.in_force(due.at), begun(was, books, due.at)
    ended = next(risk for risk in deposit.risks if risk.id == due.of)
    after = replace(deposit, risks=tuple(risk for risk in deposit.risks if risk is not ended))
    facts = {"risk": ended.id, "class": ended.class_, "case": ended.case, "amount_minor": ended.minor}
    return step(deposit, after, "risk_ended", book, due.at, facts=facts)


def _substitute(was: Deposit, due: Due, books: Books) -> Step:
    """Insurance begins or lapses. What it covered until then is a new bill, to be paid in its own time."""
    book, deposit = books.in_force(due.at), begun(was, books, due.at)
    the_one = next(each for each in deposit.substitutes if each.id == due.of)
    others = tuple(each for each in deposit.substitutes if each is not the_one)
    lapses = due.what == "substitute_off"
    after = replace(deposit, substitutes=others) if lapses else deposit
    longer = replace(the_one, until=due.at + timedelta(milliseconds=1))
    before = replace(deposit, substitutes=(*others, longer)) if lapses else replace(deposit, substitutes=others)
    facts = {"substitute": the_one.id, "insurer": the_one.insurer, "amount_minor": the_one.minor}
    kind = "substitute_lapsed" if lapses else "substitute_began"
    return step(before, after, kind, book, due.at, facts=facts)


def _overdue(was: Deposit, at: datetime, books: Books) -> Step:
    """The next rung: the restriction that begins now."""
    book, deposit = books.in_force(at), begun(was, books, at)
    _, restriction = ladder_of(was, books)[was.step]
    after = replace(deposit, step=was.step + 1)
    return step(deposit, after, "overdue", book, at, facts={"level": after.step, "restriction": restriction})


def _during(day: int) -> datetime:
    """An instant of a day: the version in force on a day is that of its last moment."""
    return start_of_day(day + 1) - timedelta(milliseconds=1)
