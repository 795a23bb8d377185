"""What a command on a recovery costs the engine: one read and one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib.recoveries.examples import PLAN, RECEIPT, WRITE_OFF
from chalicelib.shared.tables import engine
from tests.recoveries.owing import OFFICER, Debt
from tests.world import StandingClock


@contextmanager
def calls() -> Iterator[list[str]]:
    """The operations the application sends to DynamoDB meanwhile."""
    sent: list[str] = []

    def note(request: Any, **_: Any) -> None:
        if b"-sandbox" not in request.body:  # the sandbox's clock looks now and then how far it is ahead
            sent.append(request.headers["X-Amz-Target"].decode().split(".")[-1])

    events = engine().client.meta.events
    events.register("before-send.dynamodb", note)
    yield sent
    events.unregister("before-send.dynamodb", note)


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
        told = debt.do(recovery_id, action, body, debt.trade.supplier if action == "instalments" else OFFICER)
    assert told.status == 200, told.body
    assert sent == ["GetItem", "TransactWriteItems"]


def test_looking_at_one_is_one_read(debt: Debt) -> None:
    recovery_id = debt.advance()
    with calls() as sent:
        assert debt.see(recovery_id).status == 200
    assert sent == ["GetItem"]
