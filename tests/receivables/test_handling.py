"""Receivables as rules: who may lend on one, and what of it goes to the bank first."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.ledger.rules.chart import PAYOUTS_PAYABLE, SUPPLIER_BALANCE
from chalicelib.receivables.rules import handling
from chalicelib.receivables.rules.handling import PURPOSE, ReceivableNotConfirmed, ReceivablePledged
from chalicelib.receivables.rules.receivable import Context, id_of_invoice
from chalicelib.receivables.views.receivable import view
from chalicelib.shared.journal import imbalance
from chalicelib.suppliers.rules.effects import DrawBalance
from tests.listings.offered import published
from tests.orders.placed import place
from tests.receivables.owed import NOW, WITH_BALANCE, confirmed, invoice, pledged


def test_what_is_pledged_is_pledged_to_nobody_else_until_it_is_free_again() -> None:
    with pytest.raises(ReceivablePledged):
        handling.pledge(pledged(), confirmed(), "lon_2", "cmb", NOW)
    freed = handling.free(pledged(), "loan_repaid", NOW).state
    assert (freed.status, freed.loan_id, freed.bank_id) == ("confirmed", "", "")
    again = handling.pledge(freed, freed, "lon_2", "cmb", NOW)
    assert (again.status, again.loan_id, again.bank_id, again.version) == ("pledged", "lon_2", "cmb", freed.version + 1)


def test_an_invoice_that_its_buyer_has_not_confirmed_is_lent_on_by_nobody() -> None:
    for receivable in (invoice(), handling.decline(invoice(), "No.", NOW).state):
        with pytest.raises(ReceivableNotConfirmed):
            handling.pledge(receivable, receivable, "lon_1", "boc", NOW)


@pytest.mark.parametrize(
    ("released", "owed", "minor"),
    [(50_000_00, 60_000_00, 50_000_00), (70_000_00, 60_000_00, 60_000_00), (90_000_00, 95_000_00, 80_000_00)],
)
def test_the_bank_gets_the_least_of_what_is_paid_out_owed_and_there(released: int, owed: int, minor: int) -> None:
    change = handling.pay(pledged(), WITH_BALANCE, released, owed, NOW, is_last=False)
    assert (change.state.status, change.state.paid_minor) == ("pledged", minor)
    assert not imbalance(change.event.postings)
    moved = {posting.account: posting.debit_minor - posting.credit_minor for posting in change.event.postings}
    assert moved == {SUPPLIER_BALANCE: minor, PAYOUTS_PAYABLE: -minor}
    [order] = change.event.payment_orders
    assert (order.kind, order.bank_id, order.amount_minor, order.purpose) == ("payout", "boc", minor, PURPOSE)
    [effect] = change.effects
    assert isinstance(effect, DrawBalance)
    assert effect.draw.minor == minor


def test_where_nothing_is_owed_any_more_nothing_is_drawn_or_ordered() -> None:
    change = handling.pay(pledged(), WITH_BALANCE, 50_000_00, 0, NOW, is_last=True)
    assert (change.event.postings, change.event.payment_orders, change.effects) == ((), (), ())


def test_the_buyer_is_told_of_no_loan() -> None:
    seen = view(pledged(), Context(), "buyer", NOW)
    assert (seen.status, seen.loan_id, seen.bank_id, seen.paid) == ("confirmed", None, None, None)
    own = view(pledged(), Context(), "supplier", NOW)
    assert (own.status, own.loan_id, own.bank_id) == ("pledged", "lon_1", "boc")


def test_an_invoice_has_one_name_however_its_number_is_spelt() -> None:
    assert id_of_invoice("s", "b", "INV 7/A") == id_of_invoice("s", "b", " inv7/a")
    assert len({id_of_invoice("s", "b", "7"), id_of_invoice("s", "b", "8"), id_of_invoice("s", "c", "7")}) == 3


def test_nobody_lends_on_an_order_of_a_channel_for_it_passes_no_balance() -> None:
    order = place({"lst_1": published()}, {"lst_1": 10}, "90000").state
    with pytest.raises(ReceivableNotConfirmed):
        handling.of_order(order, NOW)
    assert handling.of_order(replace(order, channel=None), NOW).value_minor == order.due_minor
