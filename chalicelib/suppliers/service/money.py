"""A supplier's money: its balance, as far as the books have seen it released, the bank accounts it registered, and payouts."""

from __future__ import annotations

from chalicelib.banks import service as banks
from chalicelib.ledger import service as ledger
from chalicelib.ledger.rules import PAYOUTS_PAYABLE, SUPPLIER_BALANCE
from chalicelib.members import service as members
from chalicelib.shared import ids, journal, money
from chalicelib.shared.commit import Answer, commit
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Event, Instruct, transfer
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request
from chalicelib.suppliers import records, rules
from chalicelib.suppliers.rules import Balance, BankAccount, CoverChange, Draw, programme
from chalicelib.suppliers.service.changing import note, only_own
from chalicelib.suppliers.views.money import (
    BalanceView,
    BankAccountAsked,
    PayoutAsked,
    balance_view,
    payout_view,
)


def balance(supplier_id: str, currency: str) -> Balance:
    """What may be drawn of a supplier's balance in a currency, to be put into a `Draw`. One read and one query."""
    draws, drawn = records.drawn(supplier_id)
    return _balance(supplier_id, currency, drawn, draws)


def account(supplier_id: str, currency: str) -> BankAccount | None:
    """Where a supplier is paid, and debited, in a currency. One read."""
    found = records.load(supplier_id)
    return found[0].account(currency) if found else None


def register_account(member_id: str, asked: BankAccountAsked, request: Request) -> Answer:
    """The supplier's account at a partner bank, for payouts and debits of a currency: in the place of an earlier one."""
    was, standing = only_own(member_id, request)
    money.digits_of(asked.currency)
    banks.must_be_partner(asked.bank_id, request.now, pays=asked.currency)
    new = BankAccount(asked.bank_id, asked.account, asked.currency, request.now)
    facts = {"bank_id": new.bank_id, "account": new.masked, "currency": new.currency}
    moved = programme.with_account(was, new)
    return note(was, standing, moved, "supplier.bank_account_registered", request, facts)


def pay_out(member_id: str, asked: PayoutAsked, request: Request) -> Answer:
    """Draw on the balance and tell the bank to pay it: one commit. BalanceShort, NoBankAccount, PayoutHeld."""
    minor, currency = asked.money.minor(param="money.amount", least=1), asked.money.currency
    found = records.load_with_draws(member_id) if request.caller.is_member(member_id) else None
    if found is None:
        members.find(member_id, request.caller)
        raise rules.NoBankAccount("No bank account is registered.", param="money.currency")
    supplier, draws, drawn = found
    to = rules.must_have_account(supplier.account(currency), currency)
    rules.must_owe_nothing(supplier.overdue)
    draw = rules.draw(currency, minor, _balance(member_id, currency, drawn, draws))
    told = payout_view(ids.named("pay", request.entry_id), member_id, asked.money, to, request.now)
    made = journal.entry(
        request,
        _paid_out(member_id, draw, to),
        of=told.id,
        seq=1,
        prev=journal.GENESIS,
        answer=encode(told),
        status=201,
    )
    return commit(made, records.change_cover(member_id, CoverChange(), draw))


def balances(member_id: str, request: Request) -> BalanceView:
    """What was released, drawn and is left, in every currency, for the supplier itself or an officer."""
    member = members.find(member_id, request.caller)
    if not (request.caller.is_officer or request.caller.is_member(member_id)):
        raise NotFound(f"There is no supplier {member_id!r:.60}.")
    found = records.load_with_draws(member_id)
    credited = {code: told.credit_minor for code, told in ledger.turnovers(SUPPLIER_BALANCE, member_id).items()}
    return balance_view(member, found, credited)


def _balance(supplier_id: str, currency: str, drawn: dict[str, int], draws: int) -> Balance:
    credited = ledger.turnovers(SUPPLIER_BALANCE, supplier_id).get(currency)
    return rules.balance_of(currency, credited.credit_minor if credited else 0, drawn, draws)


def _paid_out(supplier_id: str, draw: Draw, to: BankAccount) -> Event:
    """From what the supplier may draw to what is on its way to its bank."""
    instruct = Instruct(
        kind="payout",
        bank_id=to.bank_id,
        of=supplier_id,
        currency=draw.currency,
        amount_minor=draw.minor,
        party=supplier_id,
        account=to.account,
    )
    postings = transfer(
        draw.minor, draw.currency, debit_to=(SUPPLIER_BALANCE, supplier_id), credit_to=(PAYOUTS_PAYABLE, supplier_id)
    )
    facts = {"amount_minor": draw.minor, "currency": draw.currency, "bank_id": to.bank_id, "account": to.masked}
    return Event("payout.requested", facts, postings, instructs=(instruct,))
