"""What a draw costs the engine: its line, its signer and the consents are read once each, and all that changes is one transaction."""

from __future__ import annotations

from tests.bank_events.conftest import Bank, bank
from tests.loans.drawing import Drawer, drawer
from tests.round_trips import calls
from tests.world import token

__all__ = ["Bank", "bank", "drawer"]


def test_a_draw_is_four_reads_and_one_transaction(drawer: Drawer) -> None:
    with calls() as sent:
        drawer.drawn("5000.00")
    assert sent == ["GetItem", "GetItem", "Query", "BatchGetItem", "TransactWriteItems"]


def test_cancelling_it_is_the_loan_the_signer_and_one_transaction(drawer: Drawer) -> None:
    loan_id = drawer.drawn("5000.00")
    with calls() as sent:
        assert drawer.post(f"/v1/loans/{loan_id}/cancel").status == 200
    assert sent == ["GetItem", "GetItem", "TransactWriteItems"]


def test_a_portfolio_is_one_read_whatever_the_bank_has_lent(drawer: Drawer) -> None:
    with calls() as sent:
        drawer.trade.api.get("/v1/portfolio?month=2026-02", token("bank", "boc"))
    assert sent == ["GetItem"]
