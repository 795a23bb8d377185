"""The process stops before or after any call of what happens to a loan, and it is begun again: nothing is different in the end."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.loans.declared import LOANS
from chalicelib.loans.examples import DRAW
from chalicelib.shared import ids
from tests.bank_events.conftest import Bank, bank, books
from tests.loans.drawing import MILLION, Drawer, drawer
from tests.loans.lending import mirror, planned
from tests.stopping import try_every_stop
from tests.world import Reply

__all__ = ["Bank", "bank", "drawer"]


def test_stopping_anywhere_and_asking_again_changes_nothing(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    time, lender, once = drawer.lender.time, drawer.lender, "cancelled"
    calls: list[str] = []
    monkeypatch.setattr(ids, "new_id", lambda prefix, now: ids.derived_id(prefix, once))

    def stop(action: str, path: str, body: Any = None) -> str:
        """A command of the firm; the loan's id."""
        replies: list[Reply] = []
        calls.extend(
            try_every_stop(action, lambda: replies.append(drawer.post(path, body, key=f"stopped-{action}")), time)
        )
        assert replies[-1].status in (200, 201), replies[-1].body
        return str(replies[-1]["id"])

    def told(kind: str, number: int, **data: Any) -> None:
        """A bank's event, from its signed request until it has taken effect."""
        head = {"bank_ref": f"B-{number}", "seq": number, "occurred_at": "2026-03-02T02:00:00Z"}
        body = head | {"business_date": "2026-03-02", "loan_id": loan_id, "currency": "CNY"} | data

        def command() -> None:
            lender.bank.tell(kind, body, webhook_id=f"told-{number}")
            lender.bank.streams.again()(tables=["bank-events"])

        calls.extend(try_every_stop(kind, command, time))

    draws = f"/v1/credit-lines/{lender.line_id}/draws"
    cancelled = stop("draw", draws, DRAW | {"money": {"amount": "1000.00", "currency": "CNY"}})
    stop("cancel", f"/v1/loans/{cancelled}/cancel")
    once = "lent"
    loan_id = drawer.drawn("5000.00")
    rows = planned(("2026-06-02", 500_000, 15_000))
    told("draw.disbursed", 1, amount=500_000, value_date="2026-03-02", rate_bp=1140, schedule=rows)
    told("repayment.received", 2, amount=200_000)
    told("repayment.reversed", 3, amount=200_000, original_bank_ref="B-2")
    assert calls.count("TransactWriteItems") == 5, "one for each"
    assert drawer.exposed() == (MILLION - 500_000, 0, 500_000)
    assert mirror(loan_id)["loan_principal"] == 500_000
    books()

    time.at = LOANS.due_at(loan_id, time.at) or time.at
    try_every_stop("the clock", lambda: LOANS.sweep(time.at), time)
