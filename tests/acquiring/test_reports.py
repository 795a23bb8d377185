"""An acquirer's account of each day is compared with our books to the minor unit: what differs is an item with an owner."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.reconciliation.rules.report import CurrencyTwice, DailyReport, Figures, Report, Total, receive
from chalicelib.reconciliation.rules.snapshot import BankBooks
from tests.acquiring.till import Till, booth, till
from tests.ledger.books import project_all
from tests.world import token

__all__ = ["booth", "till"]

OFFICER = token("officer", "o", "admin", "payments")
NOW = datetime(2026, 3, 3, tzinfo=UTC)
KEPT = 397
"""What the acquirer keeps of a wallet's capture, 60 hundredths of a percent: paid to itself."""
CNY = {"currency": "CNY", "received": 66_119, "paid": KEPT, "balance": 66_119 - KEPT}


def report(till: Till, *totals: dict[str, Any], seq: int, as_of: str = "2026-03-02") -> str:
    data = {
        "acquirer_id": "alipay",
        "bank_ref": f"D-{seq}",
        "seq": seq,
        "occurred_at": "2026-03-02T16:30:00Z",
        "business_date": "2026-03-03",
        "as_of": as_of,
        "totals": list(totals),
    }
    project_all()
    return till.send("report.daily", data)


def items(till: Till) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = till.booth.api.get("/v1/reconciliation-items", OFFICER)["items"]
    return found


def test_books_that_agree_to_the_minor_unit_make_no_item_and_others_do_until_they_agree(till: Till) -> None:
    till.captured()
    report(till, CNY, seq=1)
    assert items(till) == []
    report(
        till,
        CNY | {"received": 66_120, "balance": 66_120 - KEPT},
        {"currency": "KRW", "received": 1, "paid": 1, "balance": 0},
        seq=2,
    )
    [yuan, won] = sorted(items(till), key=lambda item: str(item["aggregate_id"]))
    assert (yuan["aggregate_id"], yuan["status"], yuan["bank_id"]) == ("bank_clearing:alipay:CNY", "open", "alipay")
    assert [(each["of"], each["ours"], each["theirs"]) for each in yuan["differences"]] == [
        ("received", 66_119, 66_120),
        ("balance", 66_119 - KEPT, 66_120 - KEPT),
    ]
    assert [each["of"] for each in won["differences"]] == ["received", "paid"]
    report(till, CNY, seq=3)
    assert [(item["status"], item["outcome"]) for item in items(till)] == [("resolved", "agrees")] * 2


def test_what_an_acquirer_does_not_report_differs_too(till: Till) -> None:
    till.captured()
    report(till, seq=1)
    [item] = items(till)
    assert [(each["of"], each["theirs"]) for each in item["differences"]] == [
        ("received", 0),
        ("paid", 0),
        ("balance", 0),
    ]


def test_a_currency_stands_in_a_report_once() -> None:
    total = Total(currency="CNY", received=0, paid=0, balance=0)
    books = BankBooks(id="bks_1", bank_id="alipay", version=1, updated_at=NOW)
    told = DailyReport(
        acquirer_id="alipay",
        bank_ref="D",
        seq=1,
        occurred_at=NOW,
        business_date=NOW.date(),
        as_of=NOW.date(),
        totals=[total, total],
    )
    with pytest.raises(CurrencyTwice):
        receive(books, (), told, "alipay", NOW)


def test_below_zero_is_what_is_owed_to_the_acquirer() -> None:
    told = Report(bank_id="alipay", as_of=NOW.date(), totals=(Total(currency="KRW", received=0, paid=5, balance=-5),))
    assert dict(told.differences({"KRW": Figures(paid=5, balance=-5)})) == {"KRW": []}
