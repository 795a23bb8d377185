"""Money into a deposit and out of it: payments, what banks tell of them, releases, deductions."""

from __future__ import annotations

from typing import Final

import msgspec

from chalicelib.banks.service import desk as banks_desk
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import references as banks_references
from chalicelib.banks.views.outbox import InstructionsQuery
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.deposits.rulebooks import shelf
from chalicelib.deposits.rules import deducting, insuring, moving, paying
from chalicelib.deposits.rules.amounts import Payee, must_be_of
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.deducting import CauseKnown
from chalicelib.deposits.rules.deposit import Deposit, chain_of
from chalicelib.deposits.rules.paying import NothingToPay
from chalicelib.deposits.rules.release import Business, Check, checks, must_pass
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.deposits.rules.step import to_pay
from chalicelib.deposits.service.settling import (
    carry_out,
    find,
    for_change,
    must_be_there,
    settled,
    written,
)
from chalicelib.deposits.views.asked import (
    DeductionAsked,
    DepositPaymentAsked,
    DepositReleaseAsked,
    InsurerReceiptAsked,
)
from chalicelib.deposits.views.money import (
    ReleaseChecksView,
    payment_view,
    release_checks_view,
)
from chalicelib.members import service as members
from chalicelib.shared import uniques
from chalicelib.shared.commit import Answer, Joined, once
from chalicelib.shared.http import encode
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
    deposit, _ = for_change(seller_id, request)
    books = shelf.books(request.now)
    book = books.in_force(request.now)
    minor = _minor_or(asked.money, to_pay(deposit, book, request.now), book)
    if minor == 0:
        raise NothingToPay("Nothing is missing.")
    if asked.by == "transfer":
        made = paying.payment_asked(deposit, minor, books, request.now)
        told = payment_view(deposit, minor, book, request, accounts=banks_inbox.policy(request.now).partners)
    else:
        account = _account(seller_id, book)
        made = paying.debit_asked(deposit, minor, account, books, request.now)
        told = payment_view(deposit, minor, book, request, debited=account)
    return written(made, deposit, request, encode(told), status=201)


def receive(seller_id: str, bank_id: str, bank_ref: str, money: Money, request: Request) -> None:
    """A bank says that money came for a seller's deposit: once for each reference, and once for each request.

    NoDeposit, NotDepositCurrency, ReferenceUsed: it is not taken.
    """

    def take() -> Answer:
        deposit, minor, books = _for_money(seller_id, money, request, "data.money")
        made = paying.paid(deposit, paying.by_bank(bank_id, bank_ref, minor), books, request.now)
        return carry_out(made, deposit, request, joined=_once(deposit, bank_id, bank_ref, money, minor, request))

    once(request, take)


def allocate(
    seller_id: str, bank_id: str, bank_ref: str, money: Money, request: Request, joined: Joined, *, incoming: bool
) -> Answer:
    """Money that leaves suspense for a deposit, or what a bank took back of it. NoDeposit, NotDepositCurrency."""
    deposit, minor, books = _for_money(seller_id, money, request, "seller_id")
    told = paying.by_bank(bank_id, bank_ref, minor)
    make = paying.paid if incoming else paying.taken_back
    return carry_out(make(deposit, told, books, request.now), deposit, request, joined=joined)


def release(seller_id: str, asked: DepositReleaseAsked, request: Request) -> Answer:
    """Pay out what is more than is needed, if all six conditions hold. ReleaseRefused tells each of them."""
    deposit, side = for_change(seller_id, request)
    books = shelf.books(request.now)
    book = books.in_force(request.now)
    must_pass(_checks(deposit, book, request))
    most = requirement(deposit, book, request.now).releasable_minor
    minor = _minor_or(asked.money, most, book)
    made = moving.released(deposit, minor, _account(seller_id, book), books, request.now)
    return carry_out(made, deposit, request, side)


def release_checks(seller_id: str, request: Request) -> ReleaseChecksView:
    """The six conditions as they stand now."""
    deposit, _ = find(seller_id, request)
    book = shelf.books(request.now).in_force(request.now)
    releasable = Money.of(requirement(deposit, book, request.now).releasable_minor, book.terms.currency)
    return release_checks_view(seller_id, releasable, _checks(deposit, book, request))


def deduct_by_hand(seller_id: str, asked: DeductionAsked, request: Request) -> Answer:
    """An officer's deduction for a claim or case of the marketplace, paid to a member. NotAPartner, UnknownPayee, CauseKnown."""
    deposit, side = for_change(seller_id, request)
    books = shelf.books(request.now)
    currency = books.in_force(request.now).terms.currency
    banks_inbox.must_be_partner(asked.bank_id, request.now, pays=currency, param="bank_id")
    if asked.payee_id not in members.known([asked.payee_id]):
        raise UnknownPayee(f"There is no member {asked.payee_id!r:.60}.", param="payee_id")
    payee = Payee(member_id=asked.payee_id, bank_id=asked.bank_id, account=asked.account)
    minor = must_be_of(asked.money, books.in_force(request.now), "money")
    reason = asked.reason
    made = deducting.deducted(deposit, minor, asked.cause, reason, payee, books, request.now)
    use = Use(by=chain_of(seller_id), at=request.now, amount_minor=minor, currency=asked.money.currency)
    cause = uniques.take(
        deducting.name_of(seller_id, asked.cause),
        use,
        lambda first: CauseKnown(f"{asked.cause!r:.100} was deducted for before.", param="cause"),
    )
    return carry_out(made, deposit, request, side, joined=Joined(changes=(cause,)))


def receive_of_insurer(seller_id: str, substitute_id: str, asked: InsurerReceiptAsked, request: Request) -> Answer:
    """What an insurer has paid of what it owes, by the bank's own reference. NotAPartner, ReferenceUsed, and what `insuring` refuses."""
    deposit, side = for_change(seller_id, request)
    books = shelf.books(request.now)
    banks_inbox.must_be_partner(asked.bank_id, request.now)
    minor = must_be_of(asked.money, books.in_force(request.now), "money")
    with banks_references.reference_first(asked.bank_id, asked.bank_ref):
        made = insuring.received(deposit, substitute_id, asked.bank_id, asked.bank_ref, minor, books, request.now)
    joined = _once(deposit, asked.bank_id, asked.bank_ref, asked.money, minor, request, by=substitute_id)
    return carry_out(made, deposit, request, side, joined=joined)


def allocate_of_insurer(
    seller_id: str, substitute_id: str, bank_id: str, bank_ref: str, money: Money, request: Request, joined: Joined
) -> Answer:
    """Money that leaves suspense for what an insurer owes. NoDeposit, NotDepositCurrency, and what `insuring` refuses."""
    deposit, minor, books = _for_money(seller_id, money, request, "seller_id")
    made = insuring.received(deposit, substitute_id, bank_id, bank_ref, minor, books, request.now)
    return carry_out(made, deposit, request, joined=joined)


def _for_money(seller_id: str, money: Money, request: Request, param: str) -> tuple[Deposit, int, Books]:
    """The deposit with everything written that has fallen due, and the amount in its currency."""
    deposit = must_be_there(seller_id, settled(seller_id, request.now))
    books = shelf.books(request.now)
    return deposit, must_be_of(money, books.in_force(request.now), param), books


def _once(
    deposit: Deposit, bank_id: str, bank_ref: str, money: Money, minor: int, request: Request, *, by: str = ""
) -> Joined:
    """The bank's reference is booked with it: as the deposit, or as what its insurer owes."""
    use = Use(
        by=by or chain_of(deposit.id),
        named=() if by else (deposit.id,),
        at=request.now,
        amount_minor=minor,
        currency=money.currency,
    )
    return Joined(changes=(banks_references.take_reference(bank_id, bank_ref, use),))


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


def _minor_or(money: Money | None, otherwise: int, book: Book) -> int:
    return must_be_of(money, book, "money") if money else otherwise
