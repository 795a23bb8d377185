"""What a command on a recovery costs the engine: one read and one transaction."""

from __future__ import annotations

import pytest

from chalicelib.recoveries.examples import PLAN, RECEIPT, WRITE_OFF
from tests.recoveries.owing import OFFICER, Debt
from tests.round_trips import calls
from tests.world import StandingClock


@pytest.mark.parametrize("action", ["instalments", "accept-instalments", "receipts", "write-off"])
def test_a_command_is_one_read_and_one_transaction(debt: Debt, time: StandingClock, action: str) -> None:
    debt.register()
    recovery_id = debt.advance()
    if action == "accept-instalments":
        debt.do(recovery_id, "instalments", PLAN, debt.trade.supplier)
    if action == "write-off":
        time.advance(days=90)
        debt.sweep()
    body = {"instalments": PLAN, "receipts": RECEIPT, "write-off": WRITE_OFF}.get(action)
    with calls() as sent:
        reply = debt.do(recovery_id, action, body, debt.trade.supplier if action == "instalments" else OFFICER)
    assert reply.status == 200, reply.body
    assert sent == ["GetItem", "TransactWriteItems"]


def test_looking_at_one_is_one_read(debt: Debt) -> None:
    recovery_id = debt.advance()
    with calls() as sent:
        assert debt.see(recovery_id).status == 200
    assert sent == ["GetItem"]
