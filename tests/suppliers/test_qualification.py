"""Qualification and limit, number by number."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.daybook.rules.days import DayRow
from chalicelib.shared import policies
from chalicelib.shared.periods import start_of, to_ms
from chalicelib.suppliers.rules.figures import FigureTerms
from chalicelib.suppliers.rules.qualification import Inputs, Qualification, Terms, inputs_of, qualify

TERMS = policies.versions("qualification")[0].read_as(Terms)
ANSWERING = policies.versions("figures")[0].read_as(FigureTerms).response
AS_OF = date(2018, 1, 1)
GOOD = Inputs(completed=10, gmv_minor=1_000_000, due=10, on_time=10)
STEP = 10_000


def decide(**changes: Any) -> Qualification:
    return qualify(replace(GOOD, **changes), TERMS)


def failed(**changes: Any) -> list[str]:
    return [condition.name for condition in decide(**changes).failed]


@pytest.mark.parametrize(
    ("completed", "gmv_minor", "due", "on_time", "on_time_bp", "q_bp", "limit_minor"),
    [
        (18, 159_221, 18, 18, 10_000, 9_600, 130_000),
        (12, 183_652, 15, 12, 8_000, 8_600, 130_000),
        (59, 137_870, 85, 79, 9_294, 9_247, 120_000),
        (15, 128_113, 27, 15, 5_555, 7_377, 0),
    ],
)
def test_the_worked_examples(
    completed: int, gmv_minor: int, due: int, on_time: int, on_time_bp: int, q_bp: int, limit_minor: int
) -> None:
    qualification = qualify(Inputs(completed=completed, gmv_minor=gmv_minor, due=due, on_time=on_time), TERMS)
    assert (qualification.on_time_bp, qualification.q_bp, qualification.limit_minor) == (on_time_bp, q_bp, limit_minor)
    assert qualification.qualified is (limit_minor > 0)


def test_weights_of_the_policy_add_up_to_the_whole() -> None:
    weights = TERMS.weights_bp
    assert weights.on_time + weights.claim_loss + weights.response == 10_000


@pytest.mark.parametrize(
    ("just_met", "just_missed", "name"),
    [
        ({"completed": 5}, {"completed": 4}, "completed"),
        ({"due": 5, "on_time": 5}, {"due": 4, "on_time": 4}, "due"),
        ({"due": 10_000, "on_time": 8_000}, {"due": 10_000, "on_time": 7_999}, "on_time_bp"),
        (
            {"claims_lost": 1, "protected_completed": 20},
            {"claims_lost": 1, "protected_completed": 19},
            "claim_loss_bp",
        ),
        ({"points": 35}, {"points": 36}, "points"),
        ({"suspended": False}, {"suspended": True}, "suspended"),
    ],
)
def test_each_condition_holds_at_its_threshold_and_fails_one_short_of_it(
    just_met: dict[str, Any], just_missed: dict[str, Any], name: str
) -> None:
    assert failed(**just_met) == []
    assert failed(**just_missed) == [name]
    assert decide(**just_missed).limit_minor == 0


def test_a_failed_condition_says_how_far_off_it_is_and_what_would_mend_it() -> None:
    by_name = {each.name: each for each in decide(completed=2, due=10, on_time=5, points=40).conditions}
    assert (by_name["completed"].distance, by_name["completed"].needed, by_name["completed"].needs) == (
        3,
        3,
        "completed_trades",
    )
    assert (by_name["on_time_bp"].distance, by_name["on_time_bp"].needed) == (3_000, 15)
    assert (by_name["points"].distance, by_name["points"].needed) == (5, 5)
    assert (by_name["due"].distance, by_name["due"].needed) == (0, 0)
    assert failed(due=25, on_time=20) == []


def test_no_number_of_shipments_mends_a_rate_that_must_be_perfect() -> None:
    strict = replace(TERMS, least_on_time_bp=10_000)
    on_time = next(c for c in qualify(replace(GOOD, on_time=9), strict).conditions if c.name == "on_time_bp")
    assert (on_time.met, on_time.needed) == (False, None)


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_shipments_named_as_needed_suffice_and_one_less_does_not(due: int, on_time: int) -> None:
    on_time = min(due, on_time)
    needed = next(c for c in decide(due=due, on_time=on_time).conditions if c.name == "on_time_bp").needed
    assert needed is not None
    assert "on_time_bp" not in failed(due=due + needed, on_time=on_time + needed)
    if needed:
        assert "on_time_bp" in failed(due=due + needed - 1, on_time=on_time + needed - 1)


@given(st.integers(0, 30), st.integers(0, 300))
def test_the_protected_orders_named_as_needed_suffice_and_one_less_does_not(lost: int, protected: int) -> None:
    qualification = decide(claims_lost=lost, protected_completed=protected)
    needed = next(c for c in qualification.conditions if c.name == "claim_loss_bp").needed
    assert needed is not None
    assert "claim_loss_bp" not in failed(claims_lost=lost, protected_completed=protected + needed)
    if needed:
        assert "claim_loss_bp" in failed(claims_lost=lost, protected_completed=protected + needed - 1)


def test_a_claim_lost_without_any_protected_order_counts_as_one_of_one() -> None:
    qualification = decide(claims_lost=1, protected_completed=0)
    assert qualification.claim_loss_bp == 10_000
    assert [condition.name for condition in qualification.failed] == ["claim_loss_bp"]


def test_an_insufficient_sample_of_inquiries_is_neutral_and_a_real_one_is_not() -> None:
    assert (decide(response_bp=None).response_bp, decide(response_bp=None).q_bp) == (8_000, 9_600)
    assert (decide(response_bp=0).response_bp, decide(response_bp=0).q_bp) == (0, 8_000)


def test_a_supplier_without_any_history_gets_an_answer_too() -> None:
    qualification = qualify(Inputs(), TERMS)
    assert (qualification.on_time_bp, qualification.limit_minor, qualification.qualified) == (0, 0, False)
    assert [condition.name for condition in qualification.failed] == ["completed", "due", "on_time_bp"]


def test_the_limit_stays_between_one_thousand_and_one_million_dollars() -> None:
    assert decide(gmv_minor=0).limit_minor == 100_000
    assert decide(gmv_minor=10**12).limit_minor == 100_000_000
    top = decide(gmv_minor=10**12).next_step
    assert top is not None
    assert (top.gmv_minor, top.because) == (None, "highest_limit_reached")


def test_each_point_takes_five_percent_and_twenty_take_all_but_the_least_limit() -> None:
    assert decide(points=0).limit_minor == 290_000  # 1,000 + 10,000 * 20 % * 96 % = 2,920
    assert decide(points=1).raw_minor == 292_000 * 95 // 100
    assert decide(points=20).limit_minor == 100_000
    step = decide(points=20).next_step
    assert step is not None
    assert (step.gmv_minor, step.because) == (None, "points_take_all")


def test_from_24_points_the_limit_may_fall_and_may_not_rise() -> None:
    thin = {"gmv_minor": 100 * 10**6}
    assert decide(points=23, held_minor=100_000, **thin).frozen is False
    assert decide(points=24, held_minor=200_000).limit_minor == 100_000
    soft = replace(TERMS, percent_per_point=1)
    frozen = qualify(replace(GOOD, points=24, held_minor=150_000), soft)
    assert (frozen.frozen, frozen.computed_minor, frozen.limit_minor) == (True, 220_000, 150_000)
    assert frozen.next_step is not None
    assert frozen.next_step.because == "frozen_by_points"


@given(st.integers(0, 10**11), st.integers(0, 19), st.integers(8, 40), st.integers(0, 10_000))
def test_the_gmv_named_for_the_next_step_suffices_and_a_cent_less_does_not(
    gmv: int, points: int, on_time: int, response_bp: int
) -> None:
    given_ = replace(GOOD, gmv_minor=gmv, points=points, due=40, on_time=max(32, on_time), response_bp=response_bp)
    qualification = qualify(given_, TERMS)
    step = qualification.next_step
    assert step is not None
    if step.gmv_minor is None:
        assert step.because == "highest_limit_reached"
        return
    assert step.gmv_minor - gmv == step.more_gmv_minor
    assert qualify(replace(given_, gmv_minor=step.gmv_minor), TERMS).limit_minor >= qualification.limit_minor + STEP
    assert qualify(replace(given_, gmv_minor=step.gmv_minor - 1), TERMS).limit_minor <= qualification.limit_minor


ANY_INPUTS = st.builds(
    Inputs,
    completed=st.integers(0, 50),
    gmv_minor=st.integers(0, 10**12),
    due=st.integers(20, 50),
    on_time=st.integers(0, 20),
    protected_completed=st.integers(0, 50),
    claims_lost=st.integers(0, 5),
    inquiries=st.integers(0, 50),
    response_bp=st.none() | st.integers(0, 10_000),
    points=st.integers(0, 60),
    suspended=st.booleans(),
    held_minor=st.integers(0, 10_000).map(lambda steps: steps * STEP),
)


@given(ANY_INPUTS)
def test_a_limit_is_a_whole_number_of_hundred_dollars_never_negative_never_above_the_clamp(inputs: Inputs) -> None:
    qualification = qualify(inputs, TERMS)
    assert qualification.limit_minor % STEP == 0
    assert 0 <= qualification.limit_minor <= TERMS.most_limit_minor
    assert qualification.qualified or qualification.limit_minor == 0
    assert qualification.qualified is not bool(qualification.failed)


@given(ANY_INPUTS, st.integers(0, 10**10))
def test_more_trade_never_lowers_a_limit(inputs: Inputs, more: int) -> None:
    assert (
        qualify(replace(inputs, gmv_minor=inputs.gmv_minor + more), TERMS).limit_minor
        >= qualify(inputs, TERMS).limit_minor
    )


@given(ANY_INPUTS, st.integers(1, 40))
def test_more_points_never_raise_a_limit(inputs: Inputs, more: int) -> None:
    assert (
        qualify(replace(inputs, points=inputs.points + more), TERMS).limit_minor <= qualify(inputs, TERMS).limit_minor
    )


def test_the_window_is_the_180_business_dates_before_as_of() -> None:
    first, last = AS_OF - timedelta(days=180), AS_OF - timedelta(days=1)
    rows = [
        DayRow(day=day, completed=1, gmv_usd_minor=100, due=1, on_time=1)
        for day in (first - timedelta(days=1), first, last, AS_OF)
    ]
    inputs = inputs_of(rows, AS_OF, TERMS, ANSWERING)
    assert (inputs.completed, inputs.gmv_minor, inputs.due, inputs.on_time) == (2, 200, 2, 2)


def test_inquiries_of_the_last_weeks_count_in_the_qualification() -> None:
    asked = to_ms(start_of(AS_OF) - timedelta(days=3))
    row = DayRow(day=AS_OF - timedelta(days=3), inquiries=tuple((asked, 60 if n < 9 else None) for n in range(10)))
    inputs = inputs_of([row], AS_OF, TERMS, ANSWERING)
    assert (inputs.inquiries, inputs.response_bp) == (10, 9_000)
