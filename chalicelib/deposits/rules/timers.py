"""Every deadline of a deposit, whose it is, and what comes of it: the first trading day, risks, insurance, the dunning stages. Pure.

Each takes effect at its own instant, however late it is written. What is told of a day until five past midnight counts for that day's
first trade; what comes later is found on the next day.

    clear ── arrears appear ─→ due (72 hours) ── not paid ─→ overdue 1 … 5 ── paid ─→ clear
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.changes import change
from chalicelib.deposits.rules.cut_offs import ordinal, start_of_day
from chalicelib.deposits.rules.decision import first_trade_day, first_traded
from chalicelib.deposits.rules.deposit import Deposit, Insurance
from chalicelib.deposits.rules.transitions import TABLE, DepositChange
from chalicelib.shared.state_machine import Deadline, StateMachine, Timer

DAILY_AFTER: Final = timedelta(minutes=5)
"""The daily job runs this long after midnight in Shanghai."""
_MILLISECOND: Final = timedelta(milliseconds=1)
_SET_BEFORE: Final = timedelta(hours=72)
_NO_DAY: Final = 10**7


def restrictions(deposit: Deposit, books: Books) -> list[str]:
    """The restrictions that hold, the mildest first."""
    return [stage.restriction for stage in _book_of(deposit, books).terms.dunning_stages[: deposit.dunning_stage]]


def _stages_ahead(deposit: Deposit, books: Books) -> Iterator[tuple[datetime, str]]:
    """When each restriction begins that is still to come, if the bill is not paid."""
    if deposit.due_at is not None:
        book = _book_of(deposit, books)
        since = deposit.due_at - book.pay_within
        for stage in book.terms.dunning_stages[deposit.dunning_stage :]:
            yield since + timedelta(hours=stage.after_hours), stage.restriction


def _book_of(deposit: Deposit, books: Books) -> Book:
    """The version whose dunning stages a bill goes through: the one in force when its term was set. Bills of earlier releases do not name it."""
    known = books.find(deposit.due_book) if deposit.due_book else None
    return known or books.in_force(deposit.due_at - _SET_BEFORE if deposit.due_at else deposit.updated_at)


def _first_trade_due(deposit: Deposit, books: Books) -> datetime | None:
    """When the first trading day of a shop that awaits it is assessed: the midnight after it, or after the day on which it became known."""
    day = first_trade_day(deposit, _NO_DAY)
    if day is None:
        return None
    value_time = start_of_day(day + 1)
    if deposit.updated_at <= value_time + DAILY_AFTER:
        return value_time
    return start_of_day(ordinal(deposit.updated_at) + 1)


def _assess(was: Deposit, books: Books, at: datetime) -> DepositChange:
    """The first trading day, under the book in force at its last moment. Told of are orders and fen by category."""
    day = first_trade_day(was, ordinal(at))
    assert day is not None, "a first trade is due"
    book = books.in_force(start_of_day(day + 1) - _MILLISECOND)
    traded = first_traded(was, book, day, max(at, was.updated_at), books)
    assert traded is not None, "the day has orders that count"
    after, decision = traded
    payload = {
        "period": decision.period,
        "orders": decision.orders,
        "category": decision.category,
        "sold": {category: list(sold) for category, sold in decision.totals.items()},
        "raw_minor": decision.raw_minor,
        "base_minor": decision.base_minor,
    }
    return change(was, "assessed", books, at, book=book, state=after, payload=payload)


def _risks_end(deposit: Deposit, books: Books) -> list[Deadline]:
    return _in_order(
        Deadline(name=f"risk {risk.id}", due_at=risk.ends_at, owner="clock", default_outcome="risk_ended")
        for risk in deposit.risks
        if risk.ends_at is not None
    )


def _end_risk(was: Deposit, books: Books, at: datetime) -> DepositChange:
    ended = min((risk for risk in was.risks if risk.ends_at == at), key=lambda risk: risk.id)
    payload = {"risk": ended.id, "class": ended.class_, "case": ended.case, "amount_minor": ended.minor}
    return change(
        was, "risk_ended", books, at, payload=payload, risks=tuple(risk for risk in was.risks if risk is not ended)
    )


def _insurances_begin(deposit: Deposit, books: Books) -> list[Deadline]:
    return _in_order(
        Deadline(
            name=f"start of insurance {each.id}", due_at=each.from_, owner="seller", default_outcome="insurance_began"
        )
        for each in deposit.insurances
        if each.from_ > deposit.updated_at
    )


def _begin_insurance(was: Deposit, books: Books, at: datetime) -> DepositChange:
    begins = min((each for each in was.insurances if each.from_ == at), key=lambda each: each.id)
    return change(was, "insurance_began", books, at, since=_without(was, begins), payload=_insurance_payload(begins))


def _insurances_lapse(deposit: Deposit, books: Books) -> list[Deadline]:
    return _in_order(
        Deadline(name=f"insurance {each.id}", due_at=each.until, owner="seller", default_outcome="insurance_lapsed")
        for each in deposit.insurances
    )


def _lapse_insurance(was: Deposit, books: Books, at: datetime) -> DepositChange:
    """What insurance covered until then is a new bill, to be paid in its own time."""
    over = min((each for each in was.insurances if each.until == at), key=lambda each: each.id)
    others = _without(was, over)
    since = replace(others, insurances=(*others.insurances, replace(over, until=at + _MILLISECOND)))
    return change(
        was,
        "insurance_lapsed",
        books,
        at,
        since=since,
        payload=_insurance_payload(over),
        insurances=others.insurances,
    )


def _in_order(deadlines: Iterable[Deadline]) -> list[Deadline]:
    return sorted(deadlines, key=lambda deadline: deadline.due_at)


def _without(deposit: Deposit, insurance: Insurance) -> Deposit:
    return replace(deposit, insurances=tuple(each for each in deposit.insurances if each is not insurance))


def _insurance_payload(insurance: Insurance) -> dict[str, object]:
    return {"insurance": insurance.id, "insurer": insurance.insurer, "amount_minor": insurance.minor}


def _stages_due(deposit: Deposit, books: Books) -> Iterator[Deadline]:
    for level, (at, restriction) in enumerate(_stages_ahead(deposit, books), deposit.dunning_stage + 1):
        name = f"overdue_{level}" if level > 1 else "payment"
        yield Deadline(name=name, due_at=at, owner="seller", default_outcome=restriction)


def _restrict(was: Deposit, books: Books, at: datetime) -> DepositChange:
    """The next dunning stage: the restriction that begins now."""
    _, restriction = next(_stages_ahead(was, books))
    payload = {"level": was.dunning_stage + 1, "restriction": restriction}
    return change(was, "overdue", books, at, payload=payload, dunning_stage=was.dunning_stage + 1)


_OPEN: Final = frozenset({"open"})
_ANY: Final = frozenset({"open", "closed"})

MACHINE: Final = StateMachine[Deposit, Books](
    table=TABLE,
    timers=(
        Timer("first_trade", _OPEN, _first_trade_due, "clock", "assessed", _assess, backdated=True),
        Timer("risks", _ANY, _risks_end, "clock", "risk_ended", _end_risk, backdated=True),
        Timer(
            "insurance_begins",
            _ANY,
            _insurances_begin,
            "seller",
            "insurance_began",
            _begin_insurance,
            backdated=True,
        ),
        Timer(
            "insurance_lapses",
            _ANY,
            _insurances_lapse,
            "seller",
            "insurance_lapsed",
            _lapse_insurance,
            backdated=True,
        ),
        Timer("payment", _ANY, _stages_due, "seller", "overdue", _restrict, backdated=True),
    ),
)
