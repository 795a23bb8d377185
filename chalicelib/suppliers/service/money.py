"""A supplier's money: its balance, as far as the books have seen it released, the bank accounts it registered, and payouts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from msgspec.structs import replace

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.ledger.rules.chart import ADVANCES_RECEIVABLE, PAYOUTS_PAYABLE, RETURNED_RECEIVABLE, SUPPLIER_BALANCE
from chalicelib.ledger.service import statements as ledger_statements
from chalicelib.members import service as members
from chalicelib.shared import fx, ids, journal, money
from chalicelib.shared.commit import StoredResponse, commit
from chalicelib.shared.encoding import encode
from chalicelib.shared.errors import NotFound
from chalicelib.shared.fx import Quote
from chalicelib.shared.journal import Event, PaymentOrder, transfer
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import balance as suppliers_balance
from chalicelib.suppliers.rules import exposure, programme
from chalicelib.suppliers.rules.balance import Balance, BankAccount, Draw, NoBankAccount
from chalicelib.suppliers.rules.coverage import NOT_ENROLLED, CoverChange, CoverPosition
from chalicelib.suppliers.rules.exposure import Exposure
from chalicelib.suppliers.service.changing import authorize_own, record
from chalicelib.suppliers.views import money as views


def balance(supplier_id: str, currency: str) -> Balance:
    """What may be drawn of a supplier's balance in a currency, to be put into a `Draw`. One read and one query."""
    draws, drawn = records.drawn(supplier_id)
    return _balance(currency, _credited(supplier_id), drawn, draws)


def account(supplier_id: str, currency: str) -> BankAccount | None:
    """Where a supplier is paid, and debited, in a currency. One read."""
    loaded = records.load(supplier_id)
    return loaded[0].account(currency) if loaded else None


def register_account(member_id: str, body: views.BankAccountRequest, request: RequestContext) -> StoredResponse:
    """The supplier's account at a partner bank, for payouts and debits of a currency: in the place of an earlier one."""
    was, position = authorize_own(member_id, request)
    money.digits_of(body.currency)
    banks_inbox.must_be_partner(body.bank_id, request.now, pays=body.currency)
    new = BankAccount(body.bank_id, body.account, body.currency, request.now)
    payload = {"bank_id": new.bank_id, "account": new.masked, "currency": new.currency}
    moved = programme.with_account(was, new)
    return record(was, position, moved, "supplier.bank_account_registered", request, payload)


def pay_out(
    member_id: str, body: views.PayoutRequest, request: RequestContext, *, frees_at: Callable[[], datetime | None]
) -> StoredResponse:
    """Draw on the balance and tell the bank to pay it: one commit. BalanceShort, NoBankAccount, PayoutHeld, ExposureOpen.

    `frees_at` says when cover of a running order ends by itself: it is asked where that stands in the way.
    """
    minor, currency = body.money.minor(param="money.amount", least=1), body.money.currency
    loaded = records.load_with_draws(member_id) if request.caller.is_member(member_id) else None
    if loaded is None:
        members.find(member_id, request.caller)
        raise NoBankAccount("No bank account is registered.", param="money.currency")
    supplier, position, draws, drawn = loaded
    to = suppliers_balance.must_have_account(supplier.account(currency), currency)
    suppliers_balance.must_owe_nothing(supplier.overdue)
    credited = _credited(member_id)
    draw = suppliers_balance.draw(currency, minor, _balance(currency, credited, drawn, draws))
    if not exposure.is_in_good_standing(supplier):
        open_ = _exposure(member_id, position, request.now)
        free = _free(currency, credited, drawn, open_, request.now)
        if minor > free:
            raise exposure.refuse(currency, minor, free, open_, frees_at())
    view = views.payout_view(ids.derived_id("pay", request.entry_id), member_id, body.money, to, request.now)
    entry = journal.entry(
        request,
        _paid_out(member_id, draw, to),
        aggregate_id=view.id,
        seq=1,
        prev=journal.GENESIS,
        response=encode(view),
        status=201,
    )
    return commit(entry, records.change_cover(member_id, CoverChange(), replace(draw, status=supplier.status)))


def balances(member_id: str, request: RequestContext) -> views.BalanceView:
    """What was released, drawn and is left, in every currency, for the supplier itself or an officer."""
    member = members.find(member_id, request.caller)
    if not (request.caller.is_officer or request.caller.is_member(member_id)):
        raise NotFound(say("There is no supplier {member_id!r:.60}.", member_id=member_id))
    loaded = records.load_with_draws(member_id)
    credited = _credited(member_id)
    if loaded is None or exposure.is_in_good_standing(loaded[0]):
        return views.balance_view(member, loaded, credited)
    open_ = _exposure(member_id, loaded[1], request.now)
    free = {code: _free(code, credited, loaded[3], open_, request.now) for code in credited}
    return views.balance_view(member, loaded, credited, open_, free)


def open_exposure(supplier_id: str, now: datetime) -> Exposure:
    """What of a supplier is open: its cover in use, and what it owes. One read and two queries."""
    loaded = records.load(supplier_id)
    return _exposure(supplier_id, loaded[1] if loaded else CoverPosition(status=NOT_ENROLLED), now)


def quotes(currencies: Iterable[str], now: datetime) -> dict[str, Quote]:
    """Table rates of the day. A currency without one stands for nothing: it neither secures nor is owed."""
    rates = {}
    for code in currencies:
        with suppress(fx.NoRate):
            rates[code] = fx.quote(code, business_date(now))
    return rates


def _credited(supplier_id: str) -> dict[str, int]:
    """All that was ever released to a supplier, by currency, as far as the books have seen it."""
    return {
        code: turnover.credit_minor
        for code, turnover in ledger_statements.turnovers(SUPPLIER_BALANCE, supplier_id).items()
    }


def _balance(currency: str, credited: Mapping[str, int], drawn: dict[str, int], draws: int) -> Balance:
    return suppliers_balance.balance_of(currency, credited.get(currency, 0), drawn, draws)


def _exposure(supplier_id: str, position: CoverPosition, now: datetime) -> Exposure:
    advanced, returned = (_owed(account, supplier_id) for account in (ADVANCES_RECEIVABLE, RETURNED_RECEIVABLE))
    return exposure.exposure(position, advanced, returned, quotes({*advanced, *returned}, now))


def _owed(account: str, supplier_id: str) -> dict[str, int]:
    """What a supplier owes on an account, by currency."""
    turnovers = ledger_statements.turnovers(account, supplier_id).items()
    return {code: max(0, turnover.debit_minor - turnover.credit_minor) for code, turnover in turnovers}


def _free(currency: str, credited: Mapping[str, int], drawn: dict[str, int], open_: Exposure, now: datetime) -> int:
    left = {code: _balance(code, credited, drawn, 0).minor for code in {*credited, currency}}
    return exposure.free_minor(currency, left, open_, quotes(left, now))


def _paid_out(supplier_id: str, draw: Draw, to: BankAccount) -> Event:
    """From what the supplier may draw to what is on its way to its bank."""
    payment_order = PaymentOrder(
        kind="payout",
        bank_id=to.bank_id,
        aggregate_id=supplier_id,
        currency=draw.currency,
        amount_minor=draw.minor,
        party=supplier_id,
        account=to.account,
    )
    postings = transfer(
        draw.minor, draw.currency, debit_to=(SUPPLIER_BALANCE, supplier_id), credit_to=(PAYOUTS_PAYABLE, supplier_id)
    )
    payload = {"amount_minor": draw.minor, "currency": draw.currency, "bank_id": to.bank_id, "account": to.masked}
    return Event("payout.requested", payload, postings, payment_orders=(payment_order,))
