"""The state machine of credit lines, row by row: what each side may do in each status, what nobody may, and what comes by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.credit.aggregate.contexts import context_of
from chalicelib.credit.rules import line_handling
from chalicelib.credit.rules.line import ENDS, Actor, FreezeOver, Line, LineInUse, NotAsAgreed, Status
from chalicelib.credit.rules.line_timers import MACHINE
from chalicelib.credit.rules.line_transitions import TABLE, LineChange, LineNotInThisStatus
from chalicelib.shared.journal import imbalance
from chalicelib.shared.periods import business_days_after, start_of
from tests.credit.lining import (
    CONTEXT,
    DAY,
    END,
    ENDS_ON,
    MS,
    NOW,
    POLICY,
    active,
    closed,
    data_pack,
    drawn,
    frozen,
    later,
    opened,
)

IN: dict[Status, Callable[[], Line]] = {
    "awaiting_activation": opened,
    "active": active,
    "frozen": frozen,
    "closed": closed,
}
ACTIONS = ("activate", "freeze", "release", "change", "renew", "close")
MAY: dict[Actor, dict[Status, set[str]]] = {
    "borrower": {"awaiting_activation": {"close"}, "active": {"close"}, "frozen": {"close"}},
    "officer": {
        "awaiting_activation": {"close"},
        "active": {"freeze", "close"},
        "frozen": {"freeze", "release", "close"},
    },
    "bank": {
        "awaiting_activation": {"activate", "close"},
        "active": {"card.charged", "freeze", "change", "close"},
        "frozen": {"card.charged", "freeze", "change", "close"},
    },
}


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("actor", get_args(Actor))
def test_each_may_do_in_each_status_what_is_drawn_and_nothing_else(status: Status, actor: Actor) -> None:
    line = IN[status]()
    assert line.status == status
    may = MAY[actor].get(status, set())
    assert set(TABLE.allowed(line, actor, CONTEXT, NOW)) == may
    for action in set(ACTIONS) - may:
        with pytest.raises(LineNotInThisStatus):
            TABLE.require(action, line, actor, CONTEXT, NOW)


@pytest.mark.parametrize("status", get_args(Status))
def test_every_status_that_is_no_end_has_an_owner_a_time_and_a_default(status: Status) -> None:
    deadlines = MACHINE.deadlines(IN[status](), CONTEXT)
    assert bool(deadlines) == (status not in ENDS)
    assert all(deadline.owner and deadline.default_outcome and deadline.by_clock for deadline in deadlines)


def after_chasers(number: int) -> datetime:
    due_at = business_days_after(NOW, 2, CONTEXT.calendar)
    for _ in range(number):
        due_at = business_days_after(due_at, 2, CONTEXT.calendar)
    return due_at


@pytest.mark.parametrize("number", range(4))
def test_a_bank_that_does_not_activate_is_chased_three_times_and_then_the_line_is_closed(number: int) -> None:
    due_at = after_chasers(number)
    before, at = later(opened(), due_at - MS), later(opened(), due_at)
    assert (before.status, before.chasers) == ("awaiting_activation", number)
    if number < 3:
        assert (at.status, at.chasers, at.due_at) == ("awaiting_activation", number + 1, after_chasers(number + 1))
    else:
        assert (at.status, at.why, at.closed_at) == ("closed", "not_activated", due_at)


def test_a_line_is_activated_for_at_most_what_was_agreed_to_an_end_ahead() -> None:
    line = active(99_999_999)
    assert (line.status, line.position.limit_minor, line.expires_at) == ("active", 99_999_999, END)
    with pytest.raises(NotAsAgreed) as raised:
        line_handling.activate(opened(), CONTEXT, 100_000_001, ENDS_ON, NOW)
    assert raised.value.numbers["agreed"] == "1000000.00"
    with pytest.raises(NotAsAgreed):
        line_handling.activate(opened(), CONTEXT, 1, date(2026, 3, 1), NOW)


def test_renewal_is_offered_thirty_days_before_the_end_and_asked_for_once() -> None:
    due_at = END - 30 * DAY
    assert later(active(), due_at - MS).renewal_offered_at is None
    offered = later(active(), due_at)
    assert offered.renewal_offered_at == due_at
    assert "renew" in TABLE.allowed(offered, "borrower", CONTEXT, due_at)
    asked = line_handling.renew(offered, data_pack("dpk_1"), due_at).state
    assert "renew" not in TABLE.allowed(asked, "borrower", CONTEXT, due_at)
    renewed = line_handling.change(asked, CONTEXT, 100_000_000, date(2028, 3, 1), "Renewed.", due_at).state
    assert (renewed.renewal_requested_at, renewed.renewal_offered_at) == (None, None)
    assert later(renewed, END).status == "active"


def test_a_statement_is_issued_as_its_day_ends_each_month_until_the_line_is_closed() -> None:
    line = active()
    assert line.statement_on == date(2026, 3, 5)
    first = datetime(2026, 3, 5, 16, tzinfo=UTC)
    assert list(MACHINE.overdue(line, CONTEXT, first - MS)) == []
    issued = list(MACHINE.overdue(line, CONTEXT, END - MS))
    statements = [change for change in issued if change.event.kind == "line.statement_issued"]
    assert [change.event.payload["statement_on"].month for change in statements] == [*range(3, 13), 1, 2]
    assert (statements[0].at, statements[0].event.payload["due_on"]) == (first, date(2026, 3, 25))
    assert "statement" not in {deadline.name for deadline in MACHINE.deadlines(later(line, END), CONTEXT)}
    term = context_of("boc-term", POLICY)
    fixed = line_handling.activate(opened(product_id="boc-term"), term, 100_000_000, ENDS_ON, NOW).state
    assert fixed.statement_on is None


def test_a_line_that_nothing_is_drawn_of_is_closed_at_its_end() -> None:
    assert later(active(), END - MS).status == "active"
    ended = later(active(), END)
    assert (ended.status, ended.why, ended.closed_at, ended.position.available_minor) == ("closed", "expired", END, 0)


def test_a_drawn_line_is_frozen_at_its_end_looked_at_ever_less_often_and_closed_once_it_is_repaid() -> None:
    ended = later(drawn(active(), outstanding=5), END)
    assert (ended.status, ended.has_expired, ended.due_at) == ("frozen", True, END + 7 * DAY)
    assert later(ended, END + 7 * DAY - MS).due_at == ended.due_at
    still = later(ended, END + 7 * DAY)
    assert (still.status, still.due_at) == ("frozen", END + 14 * DAY)
    repaid = drawn(still)
    assert later(repaid, END + 14 * DAY - MS).status == "frozen"
    assert later(repaid, END + 14 * DAY).why == "expired"
    assert later(still, END + 14 * DAY).due_at == END + 28 * DAY
    assert later(still, END + 364 * DAY).due_at == END + 392 * DAY


def test_a_later_end_makes_an_expired_line_live_again() -> None:
    ended = later(drawn(active(), outstanding=5), END)
    line = line_handling.change(ended, CONTEXT, 70_000_000, date(2027, 9, 1), "Renewed.", END + DAY).state
    assert (line.status, line.freezes, line.due_at) == ("active", (), None)


def test_a_freeze_belongs_to_whoever_set_it() -> None:
    both = line_handling.freeze(frozen(), "bank", "Late elsewhere.", None, NOW).state
    without_officers = line_handling.release(both, "officer", NOW).state
    assert (without_officers.status, [freeze.by for freeze in without_officers.freezes]) == ("frozen", ["bank"])
    assert "release" not in TABLE.allowed(without_officers, "officer", CONTEXT, NOW)
    assert line_handling.release(without_officers, "bank", NOW).state.status == "active"


def test_a_freeze_with_an_end_is_released_by_the_clock() -> None:
    line = line_handling.freeze(active(), "officer", "Five days.", date(2026, 3, 6), NOW).state
    due_at = start_of(date(2026, 3, 7))
    assert later(line, due_at - MS).status == "frozen"
    assert later(line, due_at).status == "active"
    again = line_handling.freeze(line, "officer", "Longer.", date(2026, 3, 16), NOW).state
    assert len(again.freezes) == 1
    assert later(again, due_at).status == "frozen"
    with pytest.raises(FreezeOver):
        line_handling.freeze(active(), "officer", "Yesterday.", date(2026, 3, 1), NOW)


@pytest.mark.parametrize("actor", ["borrower", "officer", "bank"])
def test_a_line_of_which_anything_is_drawn_is_not_closed(actor: Actor) -> None:
    for line in (drawn(active(), pending=1), drawn(active(), outstanding=2)):
        with pytest.raises(LineInUse) as raised:
            TABLE.require("close", line, actor, CONTEXT, NOW)
        amounts = (raised.value.numbers["pending"]["amount"], raised.value.numbers["outstanding"]["amount"])
        assert amounts in {("0.01", "0.00"), ("0.00", "0.02")}


def test_a_limit_that_falls_below_what_is_drawn_leaves_less_than_nothing_available() -> None:
    line = drawn(active(), outstanding=80_000_000)
    cut = line_handling.change(line, CONTEXT, 70_000_000, ENDS_ON, "Computed limit fell.", NOW).state
    assert (cut.position.available_minor, cut.position.drawable_minor) == (-10_000_000, 0)
    assert cut.status == "active"


STEPS = st.sampled_from(
    ("activate", "freeze_officer", "freeze_bank", "release_officer", "release_bank", "change", "renew", "close")
)


@given(walk=st.lists(st.tuples(STEPS, st.integers(0, 200)), max_size=25), outstanding=st.integers(0, 3))
def test_every_change_of_a_line_is_declared_and_balanced_and_every_line_ends(
    walk: list[tuple[str, int]], outstanding: int
) -> None:
    line, now = opened(), NOW
    for step, days in walk:
        now += days * DAY
        if now >= END + 400 * DAY:
            break
        line = later(line, now)
        line = drawn(line, outstanding=outstanding if line.status in ("active", "frozen") else 0)
        name, _, by = step.partition("_")
        actor = by or {"close": "borrower", "renew": "borrower"}.get(name, "bank")
        if name not in TABLE.allowed(line, actor, CONTEXT, now):
            continue
        change = _change(line, name, actor, now)
        assert change.state.version == line.version + 1
        assert not imbalance(change.event.postings)
        assert (change.state.status == "frozen") == bool(change.state.freezes and change.state.status != "closed")
        line = change.state
    assert later(drawn(line), now + 900 * DAY).status == "closed"


def _change(was: Line, name: str, actor: str, now: datetime) -> LineChange:
    ends_on = (now + timedelta(days=300)).date()
    match name:
        case "activate":
            return line_handling.activate(was, CONTEXT, 50_000_000, ends_on, now)
        case "change":
            return line_handling.change(was, CONTEXT, 60_000_000, ends_on, "Changed.", now)
        case "freeze":
            return line_handling.freeze(was, actor, "Why.", None, now)  # type: ignore[arg-type]
        case "release":
            return line_handling.release(was, actor, now)  # type: ignore[arg-type]
        case "renew":
            return line_handling.renew(was, data_pack("dpk_1"), now)
    return line_handling.close(was, "borrower", "Done.", now)
