"""Which action on a deposit, from where, by whom, to where. Pure.

What happens by itself has its instants in `timers.py`. Money that has come is taken in every status: it is never refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

from chalicelib.deposits.rules.amounts import MoreThanAvailable, more_than_available
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deposit import Deposit, Status, chain_of
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.shared.errors import DomainError, NotFound
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import STAYS, Change, InvalidTransition, Table, Transition, always
from chalicelib.shared.texts import Text, say

Actor = Literal["seller", "officer"]
DepositChange = Change[Deposit]
Guard = Callable[[Deposit, Books, str, datetime], bool]
Named = Callable[[Deposit, Books, datetime], DomainError | None]


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


def _nothing_to_release(deposit: Deposit, books: Books, now: datetime) -> NothingToRelease:
    book = books.in_force(now)
    needed = Money.of(requirement(deposit, book, now).total_minor, book.terms.currency)
    return NothingToRelease(
        say("{amount} {currency} are required, and no more is there.", amount=needed.grouped, currency=needed.currency),
        required=needed,
    )


def _nothing_to_hold(deposit: Deposit, books: Books, now: datetime) -> MoreThanAvailable:
    return more_than_available(0, books.in_force(now).terms.currency)


def _refusing(error: type[DomainError], detail: Text) -> Named:
    return lambda deposit, books, now: error(detail)


def _is_releasable(deposit: Deposit, books: Books, actor: str, now: datetime) -> bool:
    return requirement(deposit, books.in_force(now), now).releasable_minor > 0


def _where(is_so: Callable[[Deposit], object]) -> Guard:
    """What the deposit alone decides."""
    return lambda deposit, books, actor, now: bool(is_so(deposit))


def _stays(
    name: str, actors: frozenset[str], guard: Guard = always, error: Named = lambda deposit, books, now: None
) -> Transition[Deposit, Books]:
    """An action in any status, which leaves it."""
    return Transition(name, _OPEN | _CLOSED, actors, STAYS, guard, error)


def _in(status: Status) -> frozenset[Status]:
    return frozenset({status})


_OPEN: Final = _in("open")
_CLOSED: Final = _in("closed")
_CLOCK: Final = frozenset({"clock"})
_BANK: Final = frozenset({"bank"})
_OFFICER: Final = frozenset({"officer"})
_EITHER: Final = frozenset({"seller", "officer"})
_NOT_THERE: Final = _refusing(NotThere, say("Nothing of the kind stands on the deposit."))
_NOT_HELD: Final = _refusing(NoSuchHold, say("Nothing is held for a case."))
_SHUT: Final = _refusing(DepositClosed, say("The shop is closed."))

TABLE: Final = Table[Deposit, Books](
    kind="deposit",
    error=NotInThisState,
    ends=frozenset(),
    payload=lambda was, deposit: {},
    aggregate_id=lambda deposit: chain_of(deposit.id),
    transitions=(
        _stays("adjusted", _CLOCK),
        _stays("payments", _EITHER),
        _stays("releases", _EITHER, _is_releasable, _nothing_to_release),
        Transition("close", _OPEN, _EITHER, _CLOSED, error=_SHUT),
        Transition("reopen", _CLOSED, _EITHER, _OPEN, error=_refusing(NotClosed, say("The shop is open."))),
        _stays("risks", _OFFICER),
        _stays("close-risk", _OFFICER, _where(lambda deposit: deposit.risks), _NOT_THERE),
        Transition("specials", _OPEN, _OFFICER, _OPEN, error=_SHUT),
        Transition("leave-special", _OPEN, _OFFICER, _OPEN, _where(lambda deposit: deposit.specials), _NOT_THERE),
        _stays("substitutes", _OFFICER),
        _stays("receipts", _OFFICER, _where(lambda deposit: deposit.account.is_owed), _NOT_THERE),
        _stays("holds", _OFFICER, _where(lambda deposit: deposit.available_minor), _nothing_to_hold),
        _stays("lift-hold", _OFFICER, _where(lambda deposit: deposit.account.holds), _NOT_HELD),
        _stays("deductions", _OFFICER),
        _stays("corrections", _OFFICER),
        _stays("approve-correction", _OFFICER, _where(lambda deposit: deposit.account.corrections), _NOT_THERE),
        _stays("reject-correction", _OFFICER, _where(lambda deposit: deposit.account.corrections), _NOT_THERE),
        Transition("assessed", _OPEN, _CLOCK, _OPEN),
        _stays("risk_ended", _CLOCK),
        _stays("insurance_began", _CLOCK),
        _stays("insurance_lapsed", _CLOCK),
        _stays("overdue", _CLOCK),
        _stays("deducted_for_claim", _CLOCK),
        _stays("paid", _BANK),
        _stays("payment_charged_back", _BANK),
        _stays("debit_failed", _BANK),
    ),
)
