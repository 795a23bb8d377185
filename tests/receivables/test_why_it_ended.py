"""A receivable tells what ended it: that it paid, its buyer, its supplier, the buyer's silence, or its order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest

from chalicelib.receivables.rules import handling
from chalicelib.receivables.rules.receivable import Context, Status, Why
from chalicelib.receivables.rules.timers import MACHINE
from chalicelib.receivables.rules.transitions import TABLE, ReceivableChange
from chalicelib.receivables.views.receivable import view
from tests.ends import endings
from tests.receivables.owed import DAY, NOW, WITH_BALANCE, confirmed, invoice, later, pledged

TICK = timedelta(milliseconds=1)
ENDS: list[tuple[Callable[[], ReceivableChange], str, Status, Why]] = [
    (lambda: handling.pay(pledged(), WITH_BALANCE, 1, 1, NOW, is_last=True), "pay", "paid_out", "paid_out"),
    (lambda: handling.decline(invoice(), "Returned.", NOW), "decline", "declined", "declined"),
    (lambda: handling.withdraw(invoice(), NOW), "withdraw", "lapsed", "withdrawn"),
    (lambda: handling.withdraw(confirmed(), NOW), "withdraw", "lapsed", "withdrawn"),
    (lambda: next(MACHINE.overdue(invoice(), Context(), NOW + 90 * DAY)), "lapse", "lapsed", "not_confirmed"),
    (lambda: handling.lapse_with_order(pledged(), NOW), "lapse", "lapsed", "order_ended"),
    (lambda: handling.lapse_with_order(confirmed(), NOW), "lapse", "lapsed", "order_ended"),
]
ENDED = [(name, status) for _, name, status, _ in ENDS]
"""By which transition it ends, and how it then stands."""


@pytest.mark.parametrize(("ends", "name", "status", "why"), ENDS)
def test_the_reason_is_the_one_that_acted(
    ends: Callable[[], ReceivableChange], name: str, status: Status, why: Why
) -> None:
    change = ends()
    seen = view(change.state, Context(), "supplier", NOW + 90 * DAY)
    assert (seen.status, seen.why, seen.allowed_actions, seen.deadlines) == (status, why, [], [])


def test_every_reason_and_every_transition_to_an_end_is_here() -> None:
    assert {why for _, _, _, why in ENDS} == set(get_args(Why))
    assert set(ENDED) == endings(TABLE)


def test_a_buyer_who_confirms_a_moment_before_the_clock_has_confirmed() -> None:
    due_at = invoice().due_at
    assert due_at is not None
    in_time = handling.confirm(later(invoice(), due_at - TICK), due_at - TICK).state
    assert later(in_time, due_at + DAY).status == "confirmed"
    assert later(invoice(), due_at).why == "not_confirmed"
