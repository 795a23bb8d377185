"""The numbers that draws of a group's members contend for: gate, limits, who is held, what the group's own changes do to them."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from chalicelib.groups.rules import drawing, living, rule_sheet
from chalicelib.groups.rules.drawing import GroupTakesNoDraws, NotOfGroup, SeatHeld, drawing_seat
from chalicelib.groups.rules.group import Group
from chalicelib.groups.rules.position import (
    DrawInGroup,
    DrawTerms,
    Gate,
    GateNotReached,
    GroupLimitExceeded,
    GroupPosition,
    MoveInGroup,
    SeatPosition,
    SetDrawTerms,
    changed_terms,
)
from chalicelib.groups.rules.rule_sheet import RuleSheet, SeatTerms, SheetVersion
from tests.groups.grouping import H1, NOW, active, called, sealed, suspended, voted, winding_down

SHEET = RuleSheet(
    mode="joint_cascade",
    weight_basis="limit",
    seats=tuple(
        SeatTerms(seat=seat, limit_minor=minor) for seat, minor in ((1, 500_00), (2, 300_00), (3, 400_00), (4, 0))
    ),
    draw_order=(2, 4, 1, 3),
    punctual_payments=2,
    repayment_days=(5,),
    group_cap_minor=600_00,
    guarantee_months=6,
    due_business_days=10,
    grace_business_days=5,
    warn_bp=2_000,
    stop_bp=5_000,
)
VERSION: SheetVersion = rule_sheet.proposed("grp_1", H1, 1, SHEET, by=1, now=NOW)
NOTHING = GroupPosition(group_id="grp_1")


def draw(seat: int, minor: int, group: Group | None = None) -> DrawInGroup:
    return drawing.draw(drawing_seat(group or sealed(), VERSION, f"mem_{seat}"), minor)


def with_punctual(seat: int, punctual: int) -> GroupPosition:
    return replace(NOTHING, seats=(SeatPosition(number=seat, punctual=punctual),))


def test_the_first_of_the_order_draws_at_once_and_the_next_one_that_may_draw_waits_for_it() -> None:
    assert draw(2, 100_00).applied_to(NOTHING).used_minor == 100_00
    assert draw(1, 100_00).drawing.gate == Gate(after=2, needed=2)
    assert draw(3, 100_00).drawing.gate == Gate(after=1, needed=2)
    with pytest.raises(GateNotReached) as refused:
        draw(1, 100_00).applied_to(with_punctual(2, 1))
    assert refused.value.numbers == {"after": 2, "needed": 2, "made": 1}
    assert draw(1, 100_00).applied_to(with_punctual(2, 2)).seat(1).pending_minor == 100_00


def test_nobody_waits_where_the_sheet_has_no_gate() -> None:
    version = rule_sheet.proposed("grp_1", H1, 1, replace(SHEET, punctual_payments=0), by=1, now=NOW)
    assert drawing_seat(sealed(), version, "mem_1").gate is None


def test_of_the_seats_own_limit_and_the_groups_cap_the_smaller_one_counts() -> None:
    with pytest.raises(GroupLimitExceeded) as own:
        draw(2, 300_01).applied_to(NOTHING)
    assert own.value.numbers["maximum"] == {"amount": "300.00", "currency": "CNY"}
    others = replace(with_punctual(2, 2), seats=(SeatPosition(number=2, outstanding_minor=300_00, punctual=2),))
    with pytest.raises(GroupLimitExceeded) as cap:
        draw(1, 300_01).applied_to(others)
    assert cap.value.numbers["maximum"] == {"amount": "300.00", "currency": "CNY"}
    assert draw(1, 300_00).applied_to(others).used_minor == 600_00


@pytest.mark.parametrize("make", [suspended, called, winding_down])
def test_a_group_that_is_not_open_takes_no_draws(make: object) -> None:
    assert callable(make)
    with pytest.raises(GroupTakesNoDraws):
        draw(2, 1, make())


def test_a_seat_that_has_defaulted_is_held_and_draws_again_when_it_is_cured() -> None:
    change = living.note_seat(active(), 2, "debtor_default", NOW)
    assert change is not None
    [effect] = change.effects
    assert effect == SetDrawTerms(group_id="grp_1", terms=DrawTerms(is_open=True, held=(2,), sheet_sha256=H1))
    with pytest.raises(SeatHeld):
        draw(2, 1, change.state)
    cured = living.note_seat(change.state, 2, "cured", NOW)
    assert cured is not None
    assert draw(2, 1, cured.state).pending_minor == 1


def test_a_firm_without_a_seat_does_not_draw() -> None:
    with pytest.raises(NotOfGroup):
        draw(9, 1)


def test_the_guarantee_of_a_draw_names_all_the_others() -> None:
    guarantee = draw(2, 1).drawing.guarantee
    assert (guarantee.seat, guarantee.seats, guarantee.sheet_sha256) == (2, [1, 3, 4], VERSION.sha256)


def test_a_group_that_is_suspended_closes_its_position_in_the_same_change() -> None:
    change = living.suspend(active(), "officer", "Two are late.", NOW)
    assert change.effects == (SetDrawTerms(group_id="grp_1", terms=DrawTerms(sheet_sha256=H1)),)
    assert change.effects[0] in changed_terms(active(), suspended())
    assert living.activate(sealed(), NOW).effects == ()


def test_nobody_leaves_who_owes_be_it_since_a_moment() -> None:
    effect = SetDrawTerms(group_id="grp_1", terms=DrawTerms(), left=frozenset({2}))
    owing = draw(2, 100_00).applied_to(NOTHING)
    assert effect.is_outdated(owing)
    over = MoveInGroup(group_id="grp_1", seat=2, pending_minor=-100_00, loans=-1).applied_to(owing)
    assert not effect.is_outdated(over)


def test_what_the_last_guarantee_period_is() -> None:
    until = [date(2027, 5, 1), date(2027, 9, 1), date(2026, 1, 1)]
    position = NOTHING
    for day in until:
        position = MoveInGroup(group_id="grp_1", seat=2, guaranteed_until=day).applied_to(position)
    assert position.guaranteed_until == max(until)


def test_a_wound_down_group_is_closed_by_the_vote() -> None:
    assert voted(active()).status == "winding_down"
    assert changed_terms(active(), voted(active())) == (
        SetDrawTerms(group_id="grp_1", terms=DrawTerms(sheet_sha256=H1)),
    )


def test_what_a_move_books_balances() -> None:
    moved = MoveInGroup(group_id="grp_1", seat=2, pending_minor=-100_00, outstanding_minor=100_00)
    assert sum(each.debit_minor - each.credit_minor for each in moved.postings) == 0
    assert {each.account for each in moved.postings} == {"group_pending", "group_outstanding", "group_drawn"}
