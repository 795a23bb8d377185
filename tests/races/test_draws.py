"""Many draws at once, of one line and of lines at two banks: a firm's limit gives exactly what it holds."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.bank_events.service import applying
from chalicelib.banks.records.inbox import BankEventRow
from chalicelib.loans import jobs
from chalicelib.shared.journal import Entry, JournalRow
from tests.bank_events.conftest import Bank
from tests.credit.lining import plant
from tests.firms.factories import sign_for
from tests.loans.drawing import MILLION, Drawer
from tests.loans.grouped import SHEET, makes_group
from tests.loans.lending import Lender
from tests.loans.test_receivables import received
from tests.races.conftest import at_once
from tests.trade import Trade

pytestmark = pytest.mark.engine

DRAWS = 50


@pytest.fixture
def drawer(trade: Trade) -> Drawer:
    """The application behind the gateway, on the real engine."""
    lender = Lender(Bank(trade.api, None, ""), trade.time, trade.supplier_id, plant(trade.supplier_id, MILLION))  # type: ignore[arg-type]
    made = Drawer(trade, lender, sign_for(trade.supplier_id))
    made.consent("boc", "ccb")
    return made


def test_two_banks_draws_for_the_last_yuan_at_once_are_one(drawer: Drawer) -> None:
    lines = [drawer.line("boc-revolving"), drawer.line("ccb-revolving")]
    drawer.drawn("999000.00", lines[0])
    for round_ in range(5):
        replies = at_once(2, lambda n: drawer.draw("1000.00", lines[n]))
        assert Counter(reply.status for reply in replies) == {201: 1, 409: 1}, round_
        [lost] = [reply for reply in replies if reply.status == 409]
        assert (lost["code"], lost["maximum"]["amount"]) == ("exposure_exceeded", "0.00")
        assert drawer.exposed() == (0, MILLION, 0)
        [won] = [reply["id"] for reply in replies if reply.status == 201]
        assert drawer.post(f"/v1/loans/{won}/cancel").status == 200


@pytest.mark.parametrize(("amount", "fits"), [("100000.00", 10), ("30000.00", 33)])
def test_of_fifty_draws_on_one_line_at_once_exactly_what_fits_is_drawn(drawer: Drawer, amount: str, fits: int) -> None:
    replies = at_once(DRAWS, lambda n: drawer.draw(amount, drawer.lender.line_id))
    assert Counter(reply.status for reply in replies) == {201: fits, 409: DRAWS - fits}
    assert {reply["code"] for reply in replies if reply.status == 409} <= {"credit_line_exceeded", "exposure_exceeded"}
    minor = fits * int(amount.replace(".", ""))
    assert drawer.exposed() == (MILLION - minor, minor, 0)
    assert len({reply["id"] for reply in replies if reply.status == 201}) == fits


@pytest.mark.parametrize("round_", range(2))
def test_two_members_draws_for_the_last_unit_of_a_groups_cap_at_once_are_one(trade: Trade, round_: int) -> None:
    """Each has a line and a limit of its own that would bear it."""
    bank = Bank(trade.api, None, "")  # type: ignore[arg-type]
    grouped = makes_group(bank, trade.time, replace(SHEET, punctual_payments=0))
    grouped.drawn(1, "100000.00")
    grouped.drawn(2, "40000.00")
    replies = at_once(2, lambda n: grouped.draw(n + 2, "10000.00"))
    assert Counter(reply.status for reply in replies) == {201: 1, 409: 1}
    [lost] = [reply for reply in replies if reply.status == 409]
    assert (lost["code"], lost["maximum"]["amount"]) == ("group_limit_exceeded", "0.00")
    assert grouped.position().used_minor == 150_000_00


def test_of_twelve_draws_in_a_group_at_once_exactly_what_fits_is_drawn(trade: Trade) -> None:
    bank = Bank(trade.api, None, "")  # type: ignore[arg-type]
    grouped = makes_group(bank, trade.time, replace(SHEET, punctual_payments=0))
    replies = at_once(12, lambda n: grouped.draw(n % 3 + 1, "30000.00"))
    assert Counter(reply.status for reply in replies) == {201: 5, 409: 7}
    assert {reply["code"] for reply in replies if reply.status == 409} == {"group_limit_exceeded"}
    assert grouped.position().used_minor == sum(seat.pending_minor for seat in grouped.position().seats) == 150_000_00


def test_of_draws_on_one_invoice_at_once_one_pledges_it(drawer: Drawer) -> None:
    lines = [drawer.line("boc-receivable"), drawer.line("ccb-receivable")]
    named: dict[str, Any] = {"receivables": [{"kind": "invoice", "id": drawer.invoice("100000.00")}]}
    replies = at_once(8, lambda n: drawer.draw("5000.00", lines[n % 2], **named))
    assert Counter((reply.status, reply.body.get("code")) for reply in replies) == {
        (201, None): 1,
        (409, "receivable_pledged"): 7,
    }
    assert drawer.exposed() == (MILLION - 500_000, 500_000, 0)


class _Settled:
    """Whatever a bank has told is settled at once."""

    def __call__(self, *, tables: Any = ()) -> None:
        for row in BankEventRow.scan():
            applying.settle_again(row.event_id)


@pytest.mark.parametrize("round_", range(3))
def test_orders_that_complete_and_a_repayment_at_once_bring_the_bank_no_more_than_is_owed(
    trade: Trade, officer: str, round_: int
) -> None:
    """50,000.00 CNY are 7,250.00 USD, and 2,900.00 USD once 30,000.00 are repaid; each order brings 5,000.00."""
    lender = Lender(
        Bank(trade.api, _Settled(), officer),  # type: ignore[arg-type]
        trade.time,
        trade.supplier_id,
        plant(trade.supplier_id, MILLION),
    )
    drawer = Drawer(trade, lender, sign_for(trade.supplier_id))
    drawer.consent("boc")
    pledged = [{"kind": "order", "id": received(drawer)} for _ in "12"]
    loan_id = drawer.drawn("50000.00", drawer.line("boc-receivable"), receivables=pledged)
    drawer.disburse(loan_id, 5_000_000)
    trade.time.advance(days=60)
    drawer.sweep("orders")
    completions = [entry for entry in _entries() if entry.event.kind == "order.completed"]

    def happens(number: int) -> object:
        if number == 4:
            return lender.pay(loan_id, 3_000_000)
        jobs.follow(completions[number % 2])
        return None

    assert at_once(9, happens)[4] == ("applied", None)
    paid = [entry.event.payload["amount_minor"] for entry in _entries() if entry.event.kind == "receivable.paid_out"]
    assert len(paid) == 2
    assert sum(paid) in (290_000, 500_000, 725_000), "nothing, one or both were paid before the repayment"


def _entries() -> list[Entry]:
    return [row.entry() for row in JournalRow.scan()]
