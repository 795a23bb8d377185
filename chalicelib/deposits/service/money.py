"""Money into a deposit and out of it: payments, what banks tell of them, releases, deductions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Final

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import operations as banks_operations
from chalicelib.banks.service import references as banks_references
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.deposits.aggregate import DEPOSITS, NoDeposit
from chalicelib.deposits.rules import deducting, holds_and_releases, insuring, payments
from chalicelib.deposits.rules.amounts import Payee, must_be_of
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.deducting import CauseKnown
from chalicelib.deposits.rules.deposit import Deposit, chain_of
from chalicelib.deposits.rules.release import Business, Check, checks, must_pass
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.deposits.rules.transitions import Actor, DepositChange
from chalicelib.deposits.views import money as views
from chalicelib.deposits.views import requests
from chalicelib.members import service as members
from chalicelib.shared import uniques
from chalicelib.shared.commit import Joined, StoredResponse, idempotent
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.uses import Use
from chalicelib.suppliers.rules.balance import BankAccount, must_have_account
from chalicelib.suppliers.service import changing as suppliers_changing
from chalicelib.suppliers.service import money as suppliers_money

ENDED: Final = frozenset({"settled", "stopped"})


class UnknownPayee(RuleViolation):
    code = "unknown_payee"
    title = "There is no such member."
    fix = "Name the member who is paid."


def ask_payment(seller_id: str, body: requests.DepositPaymentRequest, request: RequestContext) -> StoredResponse:
    """How to pay what is missing, or a debit of the account the seller registered."""
    debited = cache(partial(_account, seller_id))  # what is decided on is what is shown: one read

    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        book = books.in_force(request.now)
        minor = payments.to_ask_minor(was, _minor(body.money, book), book, request.now)
        if body.by == "transfer":
            return payments.payment_asked(was, minor, books, request.now)
        return payments.debit_asked(was, minor, debited(book.terms.currency), books, request.now)

    def respond(deposit: Deposit, books: Books, actor: Actor) -> views.DepositPaymentView:
        book = books.in_force(request.now)
        minor = payments.to_ask_minor(deposit, _minor(body.money, book), book, request.now)
        if body.by == "transfer":
            return views.payment_view(deposit, minor, book, request, accounts=banks_inbox.policy(request.now).partners)
        return views.payment_view(deposit, minor, book, request, debited=debited(book.terms.currency))

    return DEPOSITS.execute(seller_id, request, "payments", decide, status=201, respond=respond)


def receive(seller_id: str, bank_id: str, bank_ref: str, money: Money, request: RequestContext) -> None:
    """A bank says that money came for a seller's deposit: once for each reference, and once for each request.

    NoDeposit, NotDepositCurrency, ReferenceUsed: it is not taken.
    """

    def rule(was: Deposit, minor: int, books: Books) -> DepositChange:
        return payments.paid(was, payments.by_bank(bank_id, bank_ref, minor), books, request.now)

    joined = _reference_taken(bank_id, bank_ref, money, request, by=chain_of(seller_id), named=(seller_id,))
    idempotent(request, lambda: _take(seller_id, money, "data.money", rule, request, joined))


def allocate(
    seller_id: str,
    bank_id: str,
    bank_ref: str,
    money: Money,
    request: RequestContext,
    joined: Joined,
    *,
    incoming: bool,
) -> StoredResponse:
    """Money that leaves suspense for a deposit, or what a bank took back of it. NoDeposit, NotDepositCurrency."""

    def rule(was: Deposit, minor: int, books: Books) -> DepositChange:
        moved = payments.paid if incoming else payments.charged_back
        return moved(was, payments.by_bank(bank_id, bank_ref, minor), books, request.now)

    return _take(seller_id, money, "seller_id", rule, request, lambda change: joined)


def release(seller_id: str, body: requests.DepositReleaseRequest, request: RequestContext) -> StoredResponse:
    """Pay out what is more than is needed, if all six conditions hold. ReleaseRefused tells each of them."""

    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        book = books.in_force(request.now)
        must_pass(_checks(was, book, request))
        minor = _minor(body.money, book) or requirement(was, book, request.now).releasable_minor
        account = _account(seller_id, book.terms.currency)
        return holds_and_releases.released(was, minor, account, books, request.now)

    return DEPOSITS.execute(seller_id, request, "releases", decide)


def release_checks(seller_id: str, request: RequestContext) -> views.ReleaseChecksView:
    """The six conditions as they stand now."""
    loaded, _ = DEPOSITS.read(seller_id, request)
    book = loaded.context.in_force(request.now)
    releasable = Money.of(requirement(loaded.state, book, request.now).releasable_minor, book.terms.currency)
    return views.release_checks_view(seller_id, releasable, _checks(loaded.state, book, request))


def deduct_manually(seller_id: str, body: requests.DeductionRequest, request: RequestContext) -> StoredResponse:
    """An officer's deduction for a claim or case of the marketplace, paid to a member. NotAPartner, UnknownPayee, CauseKnown."""

    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        book = books.in_force(request.now)
        banks_inbox.must_be_partner(body.bank_id, request.now, pays=book.terms.currency, param="bank_id")
        if body.payee_id not in members.known([body.payee_id]):
            raise UnknownPayee(say("There is no member {payee_id!r:.60}.", payee_id=body.payee_id), param="payee_id")
        payee = Payee(member_id=body.payee_id, bank_id=body.bank_id, account=body.account)
        minor = must_be_of(body.money, book, "money")
        return deducting.deducted(was, minor, body.cause, body.reason, payee, books, request.now)

    def joined(change: DepositChange) -> Joined:
        minor = change.event.payload["amount_minor"]
        use = Use(by=chain_of(seller_id), at=request.now, amount_minor=minor, currency=body.money.currency)
        cause_known = CauseKnown(say("{cause!r:.100} was deducted for before.", cause=body.cause), param="cause")
        name = deducting.name_of(seller_id, body.cause)
        return Joined(changes=(uniques.take(name, use, lambda first: cause_known),))

    return DEPOSITS.execute(seller_id, request, "deductions", decide, joined=joined)


def receive_of_insurer(
    seller_id: str, insurance_id: str, body: requests.InsurerReceiptRequest, request: RequestContext
) -> StoredResponse:
    """What an insurer has paid of what it owes, by the bank's own reference. NotAPartner, ReferenceUsed, and what `insuring` refuses."""

    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        banks_inbox.must_be_partner(body.bank_id, request.now)
        minor = must_be_of(body.money, books.in_force(request.now), "money")
        with banks_references.reference_first(body.bank_id, body.bank_ref):
            return insuring.received(was, insurance_id, body.bank_id, body.bank_ref, minor, books, request.now)

    joined = _reference_taken(body.bank_id, body.bank_ref, body.money, request, by=insurance_id)
    return DEPOSITS.execute(seller_id, request, "receipts", decide, joined=joined)


def allocate_of_insurer(
    seller_id: str,
    insurance_id: str,
    bank_id: str,
    bank_ref: str,
    money: Money,
    request: RequestContext,
    joined: Joined,
) -> StoredResponse:
    """Money that leaves suspense for what an insurer owes. NoDeposit, NotDepositCurrency, and what `insuring` refuses."""

    def rule(was: Deposit, minor: int, books: Books) -> DepositChange:
        return insuring.received(was, insurance_id, bank_id, bank_ref, minor, books, request.now)

    return _take(seller_id, money, "seller_id", rule, request, lambda change: joined)


Rule = Callable[[Deposit, int, Books], DepositChange]
Join = Callable[[DepositChange], Joined]


def _take(
    seller_id: str, money: Money, param: str, rule: Rule, request: RequestContext, joined: Join
) -> StoredResponse:
    """Money that a bank names, in the deposit's currency, whatever the deposit's status."""

    def decide(was: Deposit, books: Books) -> DepositChange:
        return rule(was, must_be_of(money, books.in_force(request.now), param), books)

    response = DEPOSITS.apply(seller_id, request, decide, joined=joined)
    if response is None:
        raise NoDeposit(say("There is no deposit of {seller_id!r:.60}.", seller_id=seller_id))
    return response


def _reference_taken(
    bank_id: str, bank_ref: str, money: Money, request: RequestContext, *, by: str, named: tuple[str, ...] = ()
) -> Join:
    """The bank's reference is taken in the same commit: by the deposit, or by what its insurer owes."""

    def joined(change: DepositChange) -> Joined:
        minor = change.event.payload["amount_minor"]
        use = Use(by=by, named=named, at=request.now, amount_minor=minor, currency=money.currency)
        return Joined(changes=(banks_references.take_reference(bank_id, bank_ref, use),))

    return joined


def _checks(deposit: Deposit, book: Book, request: RequestContext) -> tuple[Check, ...]:
    return checks(deposit, _business(deposit.id, request), book, request.now)


def _business(seller_id: str, request: RequestContext) -> Business:
    """What the day-book, the cover of protected orders and the banks know of it."""
    left = daybook_recording.unfinished(seller_id)
    supplier = suppliers_changing.current(seller_id, request.now)
    covered = bool(supplier and supplier[1].reserved_minor)
    return Business(
        trades=left.trades + covered,
        refunds=sum(_refunds_open(order_id) for order_id in left.claimed_orders),
        complaints=left.claims,
        owes_advance=bool(supplier and supplier[1].advanced_minor),
        last_completed=left.last_completed,
    )


def _refunds_open(order_id: str) -> int:
    """Refunds of an order that banks have not paid yet."""
    return sum(each.kind == "refund" and each.status not in ENDED for each in banks_operations.all_of(order_id))


def _account(seller_id: str, currency: str) -> BankAccount:
    return must_have_account(suppliers_money.account(seller_id, currency), currency)


def _minor(money: Money | None, book: Book) -> int | None:
    return must_be_of(money, book, "money") if money else None
