"""The state machine of orders, row by row: what each side may do in each state, and what nobody may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.orders.examples import TERMS
from chalicelib.orders.rules import agreement, deadlines, moves
from chalicelib.orders.rules.moves import MOVES, NotInThisState, must_be_allowed
from chalicelib.orders.rules.order import ENDS, Claimed, Order, Payment, Policy, Side, Status
from chalicelib.orders.views.asked import TermsAsked
from chalicelib.shared import policies

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
POLICY = policies.versions("protection")[0]
ACTIONS = sorted({move.name for move in MOVES if move.actor not in ("bank", "clock")})

BUYER: dict[Status, set[str]] = {
    "draft": {"propose", "amend", "cancel"},
    "proposed": {"amend", "cancel"},
    "agreed": {"cancel", "amend"},
    "part_funded": {"cancel", "amend"},
    "funded": {"cancel", "amend"},
    "shipped": {"deliver", "extend-receipt", "receive"},
    "delivered": {"extend-receipt", "receive"},
}
SUPPLIER: dict[Status, set[str]] = {
    "proposed": {"amend", "cancel", "accept"},
    "agreed": {"cancel", "amend"},
    "part_funded": {"cancel", "amend", "accept-short-payment"},
    "funded": {"cancel", "amend", "ship"},
    "shipped": {"deliver", "extend-receipt"},
    "delivered": {"extend-receipt"},
}


WHY: dict[Status, str] = {
    "draft": "draft_not_proposed",
    "proposed": "not_confirmed",
    "agreed": "not_paid",
    "part_funded": "deposit_not_completed",
    "funded": "not_shipped",
    "shipped": "claim_window_over",
    "delivered": "claim_window_over",
    "received": "claim_window_over",
}
"""What ends an order that is left alone, from each state."""


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize(("side", "expected"), [("buyer", BUYER), ("supplier", SUPPLIER)])
def test_each_side_may_do_in_each_state_what_is_drawn_and_nothing_else(
    status: Status, side: Side, expected: dict[Status, set[str]]
) -> None:
    order = _in(status)
    assert set(moves.allowed(order, side, NOW)) == expected.get(status, set())
    for action in ACTIONS:
        if action not in expected.get(status, set()):
            with pytest.raises(NotInThisState) as refused:
                must_be_allowed(action, order, side, NOW)
            assert set(refused.value.numbers["allowed_actions"]) == expected.get(status, set())


@pytest.mark.parametrize("status", get_args(Status))
def test_an_open_order_ends_by_itself_and_an_ended_one_stays(status: Status) -> None:
    steps = list(deadlines.fallen_due(_in(status), POLICY.read_as(Policy), NOW + timedelta(days=1000)))
    assert bool(steps) == (status not in ENDS)
    if steps:
        assert steps[-1].order.status in ENDS
        assert (steps[-1].order.why, steps[-1].order.ended_at) == (WHY[status], steps[-1].at)
        assert [step.at for step in steps] == sorted(step.at for step in steps)


@pytest.mark.parametrize("status", ["agreed", "part_funded", "funded"])
def test_nobody_cancels_under_an_open_claim_also_where_a_bank_took_all_the_money_back(status: Status) -> None:
    claimed = Claimed(claim_id="clm_1", reason="not_shipped", lines=(1,), requested_minor=1)
    order = replace(_in(status), claims=(claimed,), held_since=NOW)
    assert not any("cancel" in moves.allowed(order, side, NOW) for side in get_args(Side))


@pytest.mark.parametrize("status", get_args(Status))
def test_a_hold_stops_what_the_clock_does_to_a_funded_order(status: Status) -> None:
    claimed = Claimed(claim_id="clm_1", reason="not_shipped", lines=(1,), requested_minor=1)
    order = replace(_in(status), claims=(claimed,), held_since=NOW)
    assert order.holds == 1
    assert deadlines.next_due(order, POLICY.read_as(Policy)) is None


def test_every_state_is_reached_and_left_as_the_table_says() -> None:
    reached = {status for move in MOVES for status in move.to} | {"draft", "proposed"}
    assert reached == set(get_args(Status))
    assert {status for move in MOVES for status in move.sources if move.actor != "bank"} == set(get_args(Status)) - ENDS


def _in(status: Status) -> Order:
    """An order as it is in a state: proposed by the buyer, paid as far as the state says."""
    asked = msgspec.convert(TERMS, TermsAsked)
    order = agreement.create(
        "ord_1",
        asked.terms("UTC"),
        side="buyer",
        buyer_id="mem_b",
        supplier_id="mem_s",
        policy=POLICY.hash,
        warning="",
        propose=status != "draft",
        now=NOW,
    ).order
    received = {"draft": 0, "proposed": 0, "agreed": 0, "expired": 0, "cancelled": 0, "part_funded": 40_000}.get(
        status, 500_000
    )
    paid = Payment(
        bank_id="boc",
        bank_ref="R-1",
        amount_minor=received,
        currency="USD",
        value_date=NOW.date(),
        at=NOW,
        status="counted",
    )
    changes: dict[str, Any] = {
        "pay_due_at": NOW + timedelta(days=60),
        "received_minor": received,
        "payments": (paid,),
    }
    if received == 500_000:
        changes |= {
            "funded_at": NOW,
            "paid_at": NOW,
            "receipt_due_at": NOW + timedelta(days=60),
            "window_ends_at": NOW + timedelta(days=30),
        }
    return replace(order, status=status, **changes)
