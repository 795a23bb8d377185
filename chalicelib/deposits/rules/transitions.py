"""Which action on a deposit, from where, by whom, to where. Pure.

What happens by itself has its instants in `timers.py`. Money that has come is taken in every status: it is never refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, Literal

from chalicelib.deposits.rules.amounts import MoreThanAvailable, more_than_available
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deposit import Deposit, Status, chain_of
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.shared.money import Money
from chalicelib.shared.refusal import NotFound, Refusal
from chalicelib.shared.state_machine import Change, InvalidTransition, Table, Transition

Actor = Literal["seller", "officer"]
DepositChange = Change[Deposit]
Guard = Callable[[Deposit, Books, str, datetime], bool]
Refuse = Callable[[Deposit, Books, datetime], Refusal]


class NotInThisState(InvalidTransition):
    code = "deposit_not_in_this_state"
    title = "The deposit does not allow that now."


class DepositClosed(InvalidTransition):
    code = "deposit_closed"
    title = "The shop is closed."
    fix = "Reopen it first: POST /v1/deposits/{seller_id}/reopen."


class NotClosed(InvalidTransition):
    code = "deposit_not_closed"
    title = "The shop is open."
    fix = "Nothing is to be done."


class NothingToRelease(InvalidTransition):
    code = "nothing_to_release"
    title = "The deposit holds no more than is required."
    fix = "Wait until less is required, or pay in more: GET /v1/deposits/{id} shows both."


class NotThere(NotFound):
    code = "not_on_the_deposit"
    title = "The deposit shows no such thing."
    fix = "Name one that the deposit shows."


class NoSuchHold(NotFound):
    code = "no_such_hold"
    title = "There is no such hold."
    fix = "Name a hold the deposit shows."


def _closed(deposit: Deposit, books: Books, now: datetime) -> DepositClosed:
    return DepositClosed(f"The shop {deposit.id} is closed.")


def _open(deposit: Deposit, books: Books, now: datetime) -> NotClosed:
    return NotClosed("The shop is open.")


def _nothing_to_release(deposit: Deposit, books: Books, now: datetime) -> NothingToRelease:
    book = books.in_force(now)
    needed = Money.of(requirement(deposit, book, now).total_minor, book.terms.currency)
    return NothingToRelease(f"{needed.amount} {needed.currency} are required, and no more is there.", required=needed)


def _nothing_to_hold(deposit: Deposit, books: Books, now: datetime) -> MoreThanAvailable:
    return more_than_available(0, books.in_force(now).terms.currency)


def _not_there(deposit: Deposit, books: Books, now: datetime) -> NotThere:
    return NotThere(f"Nothing of the kind stands on the deposit of {deposit.id}.")


def _no_hold(deposit: Deposit, books: Books, now: datetime) -> NoSuchHold:
    return NoSuchHold(f"Nothing is held for a case in the deposit of {deposit.id}.")


def _is_releasable(deposit: Deposit, books: Books, actor: str, now: datetime) -> bool:
    return requirement(deposit, books.in_force(now), now).releasable_minor > 0


def _is_available(deposit: Deposit, books: Books, actor: str, now: datetime) -> bool:
    return deposit.available_minor > 0


def _has_risks(deposit: Deposit, books: Books, actor: str, now: datetime) -> bool:
    return bool(deposit.risks)


def _has_specials(deposit: Deposit, books: Books, actor: str, now: datetime) -> bool:
    return bool(deposit.specials)


def _has_holds(deposit: Deposit, books: Books, actor: str, now: datetime) -> bool:
    return bool(deposit.account.holds)


def _has_corrections(deposit: Deposit, books: Books, actor: str, now: datetime) -> bool:
    return bool(deposit.account.corrections)


def _is_owed_by_insurers(deposit: Deposit, books: Books, actor: str, now: datetime) -> bool:
    return any(each.owed_minor for each in deposit.account.receivables)


def _always(deposit: Deposit, books: Books, actor: str, now: datetime) -> bool:
    return True


def _stays(
    name: str, actors: frozenset[str], guard: Guard = _always, refuse: Refuse | None = None
) -> Iterator[Transition[Deposit, Books]]:
    """An action in any status, which leaves it."""
    yield Transition(name, _OPEN, actors, _OPEN, guard, refuse)
    yield Transition(name, _CLOSED, actors, _CLOSED, guard, refuse)


def _in(status: Status) -> frozenset[Status]:
    return frozenset({status})


_OPEN: Final = _in("open")
_CLOSED: Final = _in("closed")
_CLOCK: Final = frozenset({"clock"})
_BANK: Final = frozenset({"bank"})
_OFFICER: Final = frozenset({"officer"})
_EITHER: Final = frozenset({"seller", "officer"})

TABLE: Final = Table[Deposit, Books](
    kind="deposit",
    error=NotInThisState,
    ends=frozenset(),
    payload=lambda was, deposit: {},
    aggregate_id=lambda deposit: chain_of(deposit.id),
    transitions=(
        *_stays("payments", _EITHER),
        *_stays("releases", _EITHER, _is_releasable, _nothing_to_release),
        Transition("close", _OPEN, _EITHER, _CLOSED, refuse=_closed),
        Transition("reopen", _CLOSED, _EITHER, _OPEN, refuse=_open),
        *_stays("risks", _OFFICER),
        *_stays("close-risk", _OFFICER, _has_risks, _not_there),
        Transition("specials", _OPEN, _OFFICER, _OPEN, refuse=_closed),
        Transition("leave-special", _OPEN, _OFFICER, _OPEN, _has_specials, _not_there),
        *_stays("substitutes", _OFFICER),
        *_stays("receipts", _OFFICER, _is_owed_by_insurers, _not_there),
        *_stays("holds", _OFFICER, _is_available, _nothing_to_hold),
        *_stays("lift-hold", _OFFICER, _has_holds, _no_hold),
        *_stays("deductions", _OFFICER),
        *_stays("corrections", _OFFICER),
        *_stays("approve-correction", _OFFICER, _has_corrections, _not_there),
        *_stays("reject-correction", _OFFICER, _has_corrections, _not_there),
        Transition("assessed", _OPEN, _CLOCK, _OPEN),
        *_stays("adjusted", _CLOCK),
        *_stays("risk_ended", _CLOCK),
        *_stays("substitute_began", _CLOCK),
        *_stays("substitute_lapsed", _CLOCK),
        *_stays("overdue", _CLOCK),
        *_stays("deducted_for_claim", _CLOCK),
        *_stays("paid", _BANK),
        *_stays("payment_taken_back", _BANK),
        *_stays("debit_failed", _BANK),
    ),
)
