"""`docs/accounts.md` says what the code does: its chart is the chart, its examples are played and checked to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from chalicelib.ledger.rules.accounts import Turnover, balance_minor, balances
from chalicelib.ledger.rules.chart import CHART
from chalicelib.ledger.service.statements import totals_on
from chalicelib.orders.declared import ORDERS
from chalicelib.shared import journal, money
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date
from tests.bank_events.conftest import Bank, bank, payment
from tests.credit.lining import plant as plant_line
from tests.ledger.books import entries_of, project_all, raw_journal
from tests.loans.drawing import makes_draws
from tests.loans.lending import Lender, planned
from tests.trade import Trade

__all__ = ["bank"]

DOCUMENT = (Path(__file__).parents[2] / "docs" / "accounts.md").read_text()


def chart() -> str:
    rows = [
        f"| `{account.code}` | {account.kind} | {account.normal} | {account.of} | {account.holds} |"
        for account in CHART.values()
    ]
    return "\n".join(["| account | kind | grows on | of | holds |", "|---|---|---|---|---|", *rows])


def example(entries: Iterable[Entry], names: dict[str, str]) -> str:
    """Entries that moved something, as a table: the event, then its legs."""
    rows = ["| event | account | debit | credit |", "|---|---|---:|---:|"]
    for entry in entries:
        event = f"`{entry.event.kind}`"
        for leg in entry.event.postings:
            sides = (
                f"{money.text(minor, leg.currency)}" if minor else "" for minor in (leg.debit_minor, leg.credit_minor)
            )
            rows.append(f"| {event} | `{leg.account}:{names[leg.owner_id]}` | {' | '.join(sides)} |")
            event = ""
    return "\n".join(rows)


def trial_balance(totals: dict[tuple[str, str], Turnover]) -> str:
    rows = ["| account | debit | credit |", "|---|---:|---:|"]
    for (code, currency), total in totals.items():
        sides = (money.text(minor, currency) for minor in (total.debit_minor, total.credit_minor))
        rows.append(f"| `{code}` | {' | '.join(sides)} |")
    return "\n".join(rows)


def all_entries() -> list[Entry]:
    return journal.read_many(item["entry_id"]["S"] for item in raw_journal())


def names(trade: Trade, order_id: str) -> dict[str, str]:
    return {trade.supplier_id: "supplier", order_id: "order", "boc": "bank"}


def assert_what_follows_from_the_chart(entries: Iterable[Entry]) -> None:
    """The document's equations, after every entry."""
    balance = dict.fromkeys(CHART, 0)
    for entry in entries:
        for leg in entry.event.postings:
            balance[leg.account] += balance_minor(leg.account, Turnover(leg.debit_minor, leg.credit_minor))
        owed = [code for code, account in CHART.items() if account.kind in ("liability", "income")]
        spent = [
            code for code, account in CHART.items() if account.kind in ("asset", "expense") and code != "bank_clearing"
        ]
        assert balance["bank_clearing"] == sum(balance[code] for code in owed) - sum(balance[code] for code in spent)
        promised = ("cover_available", "cover_reserved", "cover_advanced")
        assert balance["cover_granted"] == sum(balance[code] for code in promised)
        for holder in ("exposure", "line"):
            parts = [code for code in CHART if code.startswith(f"{holder}_") and code != f"{holder}_granted"]
            assert balance[f"{holder}_granted"] == sum(balance[code] for code in parts)


def test_the_documents_chart_is_the_chart() -> None:
    assert chart() in DOCUMENT, chart()


def test_a_protected_order_is_booked_as_the_document_says(trade: Trade) -> None:
    granted = [entry for entry in all_entries() if entry.aggregate_id == f"supplier:{trade.supplier_id}"]
    order_id = trade.agree()
    trade.pay(order_id, 150_000)
    trade.pay(order_id, 351_250)
    trade.ship(order_id)
    trade.act(order_id, "receive", trade.buyer)
    trade.time.advance(days=30)
    ORDERS.sweep(trade.time.at)
    booked = example(
        [entry for entry in granted if entry.event.postings] + entries_of(order_id), names(trade, order_id)
    )
    assert booked in DOCUMENT, booked
    project_all()
    totals = totals_on(business_date(trade.time.at))
    assert trial_balance(totals) in DOCUMENT, trial_balance(totals)
    assert balances(totals)
    assert_what_follows_from_the_chart(all_entries())


def test_a_cancelled_order_is_booked_as_the_document_says(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 100_000)
    trade.time.advance(days=61)
    ORDERS.sweep(trade.time.at)
    booked = example(entries_of(order_id), names(trade, order_id))
    assert booked in DOCUMENT, booked


def test_money_that_does_not_count_is_booked_as_the_document_says(trade: Trade, bank: Bank) -> None:
    order_id = trade.agree()
    event_id = bank.pay(order_id, "900.00", 1, account="TA-WRONG")
    bank.streams()
    bank.tell("payment.returned", payment(order_id, "900.00", 2) | {"bank_ref": "R-1"})
    bank.streams()
    called = names(trade, order_id) | {event_id: "event"}
    booked = example([entry for entry in entries_of(order_id) if "payment" in entry.event.kind], called)
    assert booked in DOCUMENT, booked


def test_a_payout_is_booked_as_the_document_says(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    trade.ship(order_id)
    trade.act(order_id, "receive", trade.buyer)
    trade.time.advance(days=30)
    ORDERS.sweep(trade.time.at)
    project_all()
    about = f"/v1/suppliers/{trade.supplier_id}"
    account = {"bank_id": "boc", "account": "6217000010001234567", "currency": "USD"}
    trade.api.post(f"{about}/bank-account", account, trade.supplier)
    reply = trade.api.post(f"{about}/payouts", {"money": {"amount": "4000.00", "currency": "USD"}}, trade.supplier)
    assert reply.status == 201, reply.body
    booked = example([each for each in all_entries() if each.aggregate_id == reply["id"]], names(trade, order_id))
    assert booked in DOCUMENT, booked
    assert_what_follows_from_the_chart(all_entries())


def test_a_loan_that_is_paid_late_and_out_of_order_is_booked_as_the_document_says(trade: Trade, bank: Bank) -> None:
    lender = Lender(bank, trade.time, trade.supplier_id, plant_line(trade.supplier_id, 100_000_000))
    lender.on(2024, 2, 5)
    loan_id = lender.lend(9_000_00, planned(("2024-03-05", 9_000_00, 1_000_00)))
    lender.on(2024, 3, 20)
    lender.pay(loan_id, 6_000_00)
    lender.on(2024, 3, 21)
    lender.pay(loan_id, 4_000_00, "2024-03-16")
    mirror = [_of_mirror(entry) for entry in entries_of(loan_id)]
    booked = example(mirror, {loan_id: "loan", "boc": "bank"})
    assert booked in DOCUMENT, booked
    owed = [account.code for account in CHART.values() if account.kind == "mirror"]
    sums = dict.fromkeys(owed, 0)
    for leg in (leg for entry in mirror for leg in entry.event.postings):
        sums[leg.account] += balance_minor(leg.account, Turnover(leg.debit_minor, leg.credit_minor))
    sides = {normal: sum(sums[code] for code in owed if CHART[code].normal == normal) for normal in ("debit", "credit")}
    assert sides["debit"] == sides["credit"]


def test_a_draw_of_a_line_is_booked_as_the_document_says(trade: Trade, bank: Bank) -> None:
    drawer = makes_draws(trade, bank)
    line_id, firm_id = drawer.lender.line_id, drawer.firm_id
    loan_id = drawer.drawn("100000.00")
    drawer.disburse(loan_id, 10_000_000)
    assert drawer.lender.pay(loan_id, 4_000_000, bank_ref="PAID-1") == ("applied", None)
    back = {"original_bank_ref": "PAID-1", "amount": 1_000_000, "reason": "returned"}
    assert drawer.lender.tell("repayment.reversed", loan_id, **back) == ("applied", None)
    drawer.consent("boc", data_classes=["debts"])
    owed = {"outstanding": {"amount": "50000.00", "currency": "CNY"}, "as_of": "2026-03-01"}
    assert drawer.post(f"/v1/members/{firm_id}/debts", owed).status == 200
    chains = (f"exposure:{firm_id}", line_id, loan_id)
    moved = [_of_limits(entry) for chain in chains for entry in entries_of(chain)]
    booked = example(moved, {firm_id: "firm", line_id: "line"})
    assert booked in DOCUMENT, booked
    assert_what_follows_from_the_chart(moved)


def _of_limits(entry: Entry) -> Entry:
    """The entry without what it moves on the mirror."""
    legs = tuple(leg for leg in entry.event.postings if CHART[leg.account].kind == "memorandum")
    return replace(entry, event=replace(entry.event, postings=legs))


def _of_mirror(entry: Entry) -> Entry:
    """The entry without what it moves of a line and of an exposure."""
    legs = tuple(leg for leg in entry.event.postings if CHART[leg.account].kind == "mirror")
    return replace(entry, event=replace(entry.event, postings=legs))
