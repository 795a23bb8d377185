"""Money into a deposit and out of it: payments, what banks tell of them, releases, deductions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from chalicelib.banks.service import desk as banks_desk
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import references as banks_references
from chalicelib.banks.views.outbox import InstructionsQuery
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.deposits.aggregate import DEPOSITS, NoDeposit
from chalicelib.deposits.rules import deducting, insuring, moving, paying
from chalicelib.deposits.rules.amounts import Payee, must_be_of
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.deducting import CauseKnown
from chalicelib.deposits.rules.deposit import Deposit, chain_of
from chalicelib.deposits.rules.release import Business, Check, checks, must_pass
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.deposits.rules.transitions import Actor, DepositChange
from chalicelib.deposits.views.asked import (
    DeductionAsked,
    DepositPaymentAsked,
    DepositReleaseAsked,
    InsurerReceiptAsked,
)
from chalicelib.deposits.views.money import (
    DepositPaymentView,
    ReleaseChecksView,
    payment_view,
    release_checks_view,
)
from chalicelib.members import service as members
from chalicelib.shared import uniques
from chalicelib.shared.commit import Answer, Joined, once
from chalicelib.shared.money import Money
from chalicelib.shared.refusal import Unfit
from chalicelib.shared.request import Caller, Request
from chalicelib.shared.uses import Use
from chalicelib.suppliers.rules.balance import BankAccount, must_have_account
from chalicelib.suppliers.service import changing as suppliers_changing
from chalicelib.suppliers.service import money as suppliers_money

ENDED: Final = frozenset({"settled", "stopped"})


class UnknownPayee(Unfit):
    code = "unknown_payee"
    title = "There is no such member."
    fix = "Name the member who is paid."


def ask_payment(seller_id: str, asked: DepositPaymentAsked, request: Request) -> Answer:
    """How to pay what is missing, or a debit of the account the seller registered."""

    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        book = books.in_force(request.now)
        minor = paying.to_ask_minor(was, _minor(asked.money, book), book, request.now)
        if asked.by == "transfer":
            return paying.payment_asked(was, minor, books, request.now)
        return paying.debit_asked(was, minor, _account(seller_id, book), books, request.now)

    def respond(deposit: Deposit, books: Books, actor: Actor) -> DepositPaymentView:
        book = books.in_force(request.now)
        minor = paying.to_ask_minor(deposit, _minor(asked.money, book), book, request.now)
        if asked.by == "transfer":
            return payment_view(deposit, minor, book, request, accounts=banks_inbox.policy(request.now).partners)
        return payment_view(deposit, minor, book, request, debited=_account(seller_id, book))

    return DEPOSITS.execute(seller_id, request, "payments", decide, status=201, respond=respond)


def receive(seller_id: str, bank_id: str, bank_ref: str, money: Money, request: Request) -> None:
    """A bank says that money came for a seller's deposit: once for each reference, and once for each request.

    NoDeposit, NotDepositCurrency, ReferenceUsed: it is not taken.
    """

    def rule(was: Deposit, minor: int, books: Books) -> DepositChange:
        return paying.paid(was, paying.by_bank(bank_id, bank_ref, minor), books, request.now)

    joined = _reference_taken(bank_id, bank_ref, money, request, by=chain_of(seller_id), named=(seller_id,))
    once(request, lambda: _take(seller_id, money, "data.money", rule, request, joined))


def allocate(
    seller_id: str, bank_id: str, bank_ref: str, money: Money, request: Request, joined: Joined, *, incoming: bool
) -> Answer:
    """Money that leaves suspense for a deposit, or what a bank took back of it. NoDeposit, NotDepositCurrency."""

    def rule(was: Deposit, minor: int, books: Books) -> DepositChange:
        moved = paying.paid if incoming else paying.taken_back
        return moved(was, paying.by_bank(bank_id, bank_ref, minor), books, request.now)

    return _take(seller_id, money, "seller_id", rule, request, lambda change: joined)


def release(seller_id: str, asked: DepositReleaseAsked, request: Request) -> Answer:
    """Pay out what is more than is needed, if all six conditions hold. ReleaseRefused tells each of them."""

    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        book = books.in_force(request.now)
        must_pass(_checks(was, book, request))
        minor = _minor(asked.money, book) or requirement(was, book, request.now).releasable_minor
        return moving.released(was, minor, _account(seller_id, book), books, request.now)

    return DEPOSITS.execute(seller_id, request, "releases", decide)


def release_checks(seller_id: str, request: Request) -> ReleaseChecksView:
    """The six conditions as they stand now."""
    loaded, _ = DEPOSITS.read(seller_id, request)
    book = loaded.context.in_force(request.now)
    releasable = Money.of(requirement(loaded.state, book, request.now).releasable_minor, book.terms.currency)
    return release_checks_view(seller_id, releasable, _checks(loaded.state, book, request))


def deduct_by_hand(seller_id: str, asked: DeductionAsked, request: Request) -> Answer:
    """An officer's deduction for a claim or case of the marketplace, paid to a member. NotAPartner, UnknownPayee, CauseKnown."""

    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        book = books.in_force(request.now)
        banks_inbox.must_be_partner(asked.bank_id, request.now, pays=book.terms.currency, param="bank_id")
        if asked.payee_id not in members.known([asked.payee_id]):
            raise UnknownPayee(f"There is no member {asked.payee_id!r:.60}.", param="payee_id")
        payee = Payee(member_id=asked.payee_id, bank_id=asked.bank_id, account=asked.account)
        minor = must_be_of(asked.money, book, "money")
        return deducting.deducted(was, minor, asked.cause, asked.reason, payee, books, request.now)

    def joined(change: DepositChange) -> Joined:
        minor = change.event.facts["amount_minor"]
        use = Use(by=chain_of(seller_id), at=request.now, amount_minor=minor, currency=asked.money.currency)
        known = CauseKnown(f"{asked.cause!r:.100} was deducted for before.", param="cause")
        name = deducting.name_of(seller_id, asked.cause)
        return Joined(changes=(uniques.take(name, use, lambda first: known),))

    return DEPOSITS.execute(seller_id, request, "deductions", decide, joined=joined)


def receive_of_insurer(seller_id: str, substitute_id: str, asked: InsurerReceiptAsked, request: Request) -> Answer:
    """What an insurer has paid of what it owes, by the bank's own reference. NotAPartner, ReferenceUsed, and what `insuring` refuses."""

    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        banks_inbox.must_be_partner(asked.bank_id, request.now)
        minor = must_be_of(asked.money, books.in_force(request.now), "money")
        with banks_references.reference_first(asked.bank_id, asked.bank_ref):
            return insuring.received(was, substitute_id, asked.bank_id, asked.bank_ref, minor, books, request.now)

    joined = _reference_taken(asked.bank_id, asked.bank_ref, asked.money, request, by=substitute_id)
    return DEPOSITS.execute(seller_id, request, "receipts", decide, joined=joined)


def allocate_of_insurer(
    seller_id: str, substitute_id: str, bank_id: str, bank_ref: str, money: Money, request: Request, joined: Joined
) -> Answer:
    """Money that leaves suspense for what an insurer owes. NoDeposit, NotDepositCurrency, and what `insuring` refuses."""

    def rule(was: Deposit, minor: int, books: Books) -> DepositChange:
        return insuring.received(was, substitute_id, bank_id, bank_ref, minor, books, request.now)

    return _take(seller_id, money, "seller_id", rule, request, lambda change: joined)


Rule = Callable[[Deposit, int, Books], DepositChange]
Join = Callable[[DepositChange], Joined]


def _take(seller_id: str, money: Money, param: str, rule: Rule, request: Request, joined: Join) -> Answer:
    """Money that a bank names, in the deposit's currency, whatever the deposit's status."""

    def decide(was: Deposit, books: Books) -> DepositChange:
        return rule(was, must_be_of(money, books.in_force(request.now), param), books)

    answer = DEPOSITS.apply(seller_id, request, decide, joined=joined)
    if answer is None:
        raise NoDeposit(f"There is no deposit of {seller_id!r:.60}.")
    return answer


def _reference_taken(
    bank_id: str, bank_ref: str, money: Money, request: Request, *, by: str, named: tuple[str, ...] = ()
) -> Join:
    """The bank's reference is taken in the same commit: by the deposit, or by what its insurer owes."""

    def joined(change: DepositChange) -> Joined:
        minor = change.event.facts["amount_minor"]
        use = Use(by=by, named=named, at=request.now, amount_minor=minor, currency=money.currency)
        return Joined(changes=(banks_references.take_reference(bank_id, bank_ref, use),))

    return joined


def _checks(deposit: Deposit, book: Book, request: Request) -> tuple[Check, ...]:
    return checks(deposit, _business(deposit.id, request), book, request.now)


def _business(seller_id: str, request: Request) -> Business:
    """What the day-book, the cover of protected orders and the banks know of it."""
    left = daybook_recording.unfinished(seller_id)
    found = suppliers_changing.current(seller_id, request.now)
    covered = bool(found and found[1].reserved_minor)
    return Business(
        trades=len(left.trades) + covered,
        refunds=sum(_refunds_open(order_id, request) for order_id in left.claimed_orders),
        complaints=len(left.claims),
        owes_advance=bool(found and found[1].advanced_minor),
        last_completed_at=left.last_completed_at,
    )


def _refunds_open(order_id: str, request: Request) -> int:
    """Refunds of an order that banks have not paid yet."""
    platform = msgspec.structs.replace(request, caller=Caller(sub="deposits", role="officer"))
    found = banks_desk.instructions(InstructionsQuery(of=order_id, limit=100), platform)
    return sum(each.kind == "refund" and each.status not in ENDED for each in found.items)


def _account(seller_id: str, book: Book) -> BankAccount:
    currency = book.terms.currency
    return must_have_account(suppliers_money.account(seller_id, currency), currency)


def _minor(money: Money | None, book: Book) -> int | None:
    return must_be_of(money, book, "money") if money else None
