"""A deposit as it stands now: what has happened by itself is applied before every read and written before every change, step by step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Literal

from chalicelib.deposits import records
from chalicelib.deposits.rulebooks import shelf
from chalicelib.deposits.rules import opening
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.clockwork import next_due_at
from chalicelib.deposits.rules.deposit import Deposit, chain_of
from chalicelib.deposits.rules.step import Step
from chalicelib.deposits.views.deposit import DepositView, view
from chalicelib.shared import journal
from chalicelib.shared.commit import NOTHING_ELSE, Answer, Joined, commit
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry
from chalicelib.shared.refusal import NotFound, Raced
from chalicelib.shared.request import Caller, Request

Side = Literal["seller", "officer"]


class NoDeposit(NotFound):
    code = "no_deposit"
    title = "There is no deposit of that seller."
    fix = "Open one first: POST /v1/deposits/{seller_id}."


def find(seller_id: str, request: Request) -> tuple[Deposit, Side]:
    """The deposit as it stands now, as its seller or an officer may see it; nothing is written."""
    side = must_be_seen(seller_id, request.caller)
    return as_of(must_be_there(seller_id, records.load(seller_id)), request.now), side


def for_change(
    seller_id: str, request: Request, *, by: tuple[Side, ...] = ("seller", "officer")
) -> tuple[Deposit, Side]:
    """The deposit with everything written that has fallen due, for one who may change it."""
    side = must_be_seen(seller_id, request.caller)
    deposit = must_be_there(seller_id, settled(seller_id, request.now))
    request.expects(deposit.version)
    assert side in by, "the door lets nobody else in"
    return deposit, side


def must_be_seen(seller_id: str, caller: Caller) -> Side:
    if caller.is_officer:
        return "officer"
    if caller.is_member(seller_id):
        return "seller"
    raise NoDeposit(f"There is no deposit of {seller_id!r:.60}.")


def must_be_there(seller_id: str, deposit: Deposit | None) -> Deposit:
    if deposit is None:
        raise NoDeposit(f"There is no deposit of {seller_id!r:.60}.")
    return deposit


def as_of(deposit: Deposit, now: datetime) -> Deposit:
    """The deposit with everything applied that has fallen due."""
    for step in opening.fallen_due(deposit, shelf.books(now), now):
        deposit = step.deposit
    return deposit


def settled(seller_id: str, now: datetime) -> Deposit | None:
    """The deposit with everything written that has fallen due. Who writes it first does not matter: each step has one name."""
    return brought_up(seller_id, now, now)[0]


def brought_up(seller_id: str, until: datetime, now: datetime) -> tuple[Deposit | None, list[str]]:
    """The same for what has fallen due until an instant, and what that was: a job that is late does not do tomorrow's work."""
    deposit, books, done = records.load(seller_id), shelf.books(now), []
    while deposit and (step := next(opening.fallen_due(deposit, books, until), None)):
        with suppress(Raced):
            carry_out(step, deposit, Request.of_clock(chain_of(seller_id), step.seq, now))
            done.append(step.event.kind)
        deposit = records.load(seller_id)
    return deposit, done


def due_at(seller_id: str, now: datetime) -> datetime | None:
    """When something happens to the deposit by itself, as it is kept."""
    deposit = records.load(seller_id)
    return next_due_at(deposit, shelf.books(now)) if deposit else None


def change(
    seller_id: str,
    make: Callable[[Deposit, Books], Step],
    request: Request,
    *,
    by: tuple[Side, ...] = ("seller", "officer"),
) -> Answer:
    """One step of a deposit: one read, one transaction."""
    deposit, side = for_change(seller_id, request, by=by)
    return carry_out(make(deposit, shelf.books(request.now)), deposit, request, side)


def carry_out(
    step: Step,
    was: Deposit | None,
    request: Request,
    side: Side | None = None,
    *,
    status: int = 200,
    joined: Joined = NOTHING_ELSE,
) -> Answer:
    """The deposit and its journal entry; with `side`, the deposit as that side sees it is the answer."""
    answer = encode(shown(step.deposit, side, request.now)) if side else b""
    return written(step, was, request, answer, status, joined)


def written(
    step: Step,
    was: Deposit | None,
    request: Request,
    answer: bytes = b"",
    status: int = 200,
    joined: Joined = NOTHING_ELSE,
) -> Answer:
    """The same with an answer of another kind."""
    made = entry(step, was, request, joined.answer or answer, status, joined)
    due_at = next_due_at(step.deposit, shelf.books(request.now))
    return commit(made, records.put(step.deposit, due_at, made), *joined.changes)


def entry(
    step: Step,
    was: Deposit | None,
    request: Request,
    answer: bytes = b"",
    status: int = 200,
    joined: Joined = NOTHING_ELSE,
) -> Entry:
    return journal.entry(
        request,
        joined.told_with(step.event),
        of=chain_of(step.deposit.id),
        seq=step.seq,
        prev=was.head if was else journal.GENESIS,
        answer=answer,
        status=status,
        at=step.at,
        also=joined.also,
        version=step.deposit.version,
    )


def shown(deposit: Deposit, side: Side, now: datetime) -> DepositView:
    return view(deposit, side, shelf.books(now), now)
