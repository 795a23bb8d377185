"""Claim facts: filed, closed, lost; each counted once on its own day, however often and in whatever order they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.daybook.rules import days as daybook_days
from chalicelib.daybook.rules import items
from chalicelib.daybook.rules.claims import ClaimFact
from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.items import Item
from chalicelib.daybook.service import recording
from chalicelib.shared import fx
from tests.daybook.stories import NOW

FILED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OPEN = ClaimFact(member_id="mem_S", claim_id="clm_1", order_id="ord_1", reason="not_shipped", filed_at=FILED)
CLOSED = replace(OPEN, closed_at=FILED + timedelta(days=9, minutes=1), lost=True, paid_usd_minor=150_000)


def told(*facts: ClaimFact) -> tuple[Item | None, Outcome]:
    item, outcome = None, Outcome("new")
    for fact in facts:
        item, outcome = items.tell(item, fact, fx.quote, NOW)
    return item, outcome


def test_an_open_claim_counts_on_the_day_it_was_filed() -> None:
    assert items.days_of(told(OPEN)[0]) == (DayRow(day=date(2026, 3, 2), claims_filed=1, claims_open=1),)


def test_a_closed_claim_counts_on_the_day_it_was_closed_with_its_hours_rounded_up() -> None:
    filed, closed = items.days_of(told(OPEN, CLOSED)[0])
    assert filed == DayRow(day=date(2026, 3, 2), claims_filed=1)
    assert closed == DayRow(
        day=date(2026, 3, 11),
        claims_closed=1,
        claims_lost=1,
        claim_paid_usd_minor=150_000,
        close_hours=(9 * 24 + 1,),
    )


def test_exactly_whole_hours_are_not_rounded() -> None:
    closed = replace(CLOSED, closed_at=FILED + timedelta(hours=5))
    assert items.days_of(told(closed)[0])[1].close_hours == (5,)


@pytest.mark.parametrize(
    "facts", [(OPEN, CLOSED), (CLOSED,), (CLOSED, OPEN), (OPEN, OPEN, CLOSED, CLOSED), (CLOSED, OPEN, CLOSED)]
)
def test_told_in_whatever_order_it_comes_to_the_same(facts: Sequence[ClaimFact]) -> None:
    assert items.days_of(told(*facts)[0]) == items.days_of(told(CLOSED)[0])


def test_what_becomes_of_a_telling_is_answered() -> None:
    assert told(OPEN)[1] == Outcome("new")
    assert told(OPEN, OPEN)[1] == Outcome("known")
    assert told(OPEN, CLOSED)[1] == Outcome("updated")
    assert told(CLOSED, OPEN)[1] == Outcome("known")


@pytest.mark.parametrize(
    ("column", "value"), [("order_id", "ord_2"), ("reason", "wrong_item"), ("filed_at", FILED + timedelta(1))]
)
def test_a_claim_is_of_one_order_one_reason_and_one_moment(column: str, value: Any) -> None:
    item, outcome = told(OPEN, replace(CLOSED, **{column: value}))
    assert outcome == Outcome("refused", "contradicts_earlier", column)
    assert item == told(OPEN)[0]


TELLINGS = st.builds(
    lambda days, lost, paid: replace(
        OPEN, closed_at=FILED + timedelta(days=days) if days else None, lost=lost, paid_usd_minor=paid
    ),
    st.integers(0, 4),
    st.booleans(),
    st.integers(0, 3),
)


@given(st.lists(TELLINGS, min_size=1, max_size=6), st.randoms())
def test_the_order_of_tellings_never_matters(facts: list[ClaimFact], chance: Any) -> None:
    shuffled = list(facts)
    chance.shuffle(shuffled)
    assert told(*facts)[0] == told(*shuffled, *facts)[0]


@given(st.lists(TELLINGS, min_size=1, max_size=4), TELLINGS)
def test_a_page_amended_from_one_telling_to_the_next_holds_only_the_next(
    facts: list[ClaimFact], last: ClaimFact
) -> None:
    before, after = items.days_of(told(*facts)[0]), items.days_of(told(*facts, last)[0])
    page = daybook_days.amended(daybook_days.amended({}, (), before), before, after)
    assert page == daybook_days.amended({}, (), after)


def test_claims_are_recorded_once_and_move_forward(aws: None) -> None:
    second = replace(OPEN, claim_id="clm_2", order_id="ord_2")
    assert [each.result for each in recording.record_claims([OPEN, second])] == ["new", "new"]
    assert [each.result for each in recording.record_claims([OPEN, CLOSED])] == ["known", "updated"]
    assert [each.result for each in recording.record_claims([CLOSED, OPEN])] == ["known", "known"]
    filed, closed = recording.rows("mem_S", date(2026, 3, 1), date(2026, 4, 1))
    assert (filed.claims_filed, filed.claims_open, filed.claims_lost) == (2, 1, 0)
    assert (closed.claims_closed, closed.claims_lost, closed.claim_paid_usd_minor) == (1, 1, 150_000)
    assert closed.close_hours == (217,)
    assert not recording.has_history("mem_S")
