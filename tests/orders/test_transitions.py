"""The state machine of orders, row by row: what each side may do in each state, and what nobody may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.orders.examples import TERMS
from chalicelib.orders.rules import agreement
from chalicelib.orders.rules.order import ENDS, Claimed, Order, Payment, Policy, Side, Status
from chalicelib.orders.rules.timers import MACHINE
from chalicelib.orders.rules.transitions import TABLE, NotInThisState
from chalicelib.orders.views.requests import TermsRequest
from chalicelib.shared import policies

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
POLICY = policies.versions("protection")[0]
TERMS_POLICY = POLICY.read_as(Policy)
ACTIONS = sorted({each.name for each in TABLE.transitions if each.actors & {"buyer", "supplier"}})

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
    assert set(TABLE.allowed(order, side, TERMS_POLICY, NOW)) == expected.get(status, set())
    for action in ACTIONS:
        if action not in expected.get(status, set()):
            with pytest.raises(NotInThisState) as raised:
                TABLE.require(action, order, side, TERMS_POLICY, NOW)
            assert set(raised.value.numbers["allowed_actions"]) == expected.get(status, set())


@pytest.mark.parametrize("status", get_args(Status))
def test_an_open_order_ends_by_itself_and_an_ended_one_stays(status: Status) -> None:
    steps = list(MACHINE.overdue(_in(status), TERMS_POLICY, NOW + timedelta(days=1000)))
    assert bool(steps) == (status not in ENDS)
    if steps:
        assert steps[-1].state.status in ENDS
        assert (steps[-1].state.why, steps[-1].state.ended_at) == (WHY[status], steps[-1].at)
        assert [step.at for step in steps] == sorted(step.at for step in steps)


@pytest.mark.parametrize("status", sorted(set(get_args(Status)) - ENDS))
def test_what_falls_due_comes_at_its_moment_and_not_a_millisecond_before(status: Status) -> None:
    order = _in(status)
    due_at = MACHINE.next_due(order, TERMS_POLICY)
    assert due_at is not None
    assert list(MACHINE.overdue(order, TERMS_POLICY, due_at - timedelta(milliseconds=1))) == []
    for now in (due_at, due_at + timedelta(milliseconds=1)):
        first = next(MACHINE.overdue(order, TERMS_POLICY, now))
        assert (first.at, first.state.updated_at, first.state.version) == (due_at, due_at, 2)


@pytest.mark.parametrize("status", ["agreed", "part_funded", "funded"])
def test_nobody_cancels_under_an_open_claim_also_where_a_bank_took_all_the_money_back(status: Status) -> None:
    claimed = Claimed(claim_id="clm_1", reason="not_shipped", lines=(1,), requested_minor=1)
    order = replace(_in(status), claims=(claimed,), paused_since=NOW)
    assert not any("cancel" in TABLE.allowed(order, side, TERMS_POLICY, NOW) for side in get_args(Side))


@pytest.mark.parametrize("status", get_args(Status))
def test_a_hold_stops_what_the_clock_does_to_a_funded_order(status: Status) -> None:
    claimed = Claimed(claim_id="clm_1", reason="not_shipped", lines=(1,), requested_minor=1)
    order = replace(_in(status), claims=(claimed,), paused_since=NOW)
    assert order.holds == 1
    assert MACHINE.next_due(order, TERMS_POLICY) is None


def test_every_state_is_reached_and_left_as_the_table_says() -> None:
    rows = TABLE.transitions
    assert {status for each in rows for status in each.targets} | {"draft"} == set(get_args(Status))
    assert {status for each in rows if each.targets for status in each.sources} == set(get_args(Status)) - ENDS


def _in(status: Status) -> Order:
    """An order as it is in a state: proposed by the buyer, paid as far as the state says."""
    body = msgspec.convert(TERMS, TermsRequest)
    order = agreement.create(
        "ord_1",
        body.terms("UTC"),
        side="buyer",
        buyer_id="mem_b",
        supplier_id="mem_s",
        policy=POLICY.hash,
        warning="",
        propose=status != "draft",
        now=NOW,
    ).state
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
