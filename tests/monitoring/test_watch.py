"""A watch as a value: what it says of a day, when it wakes, and which days a late fact touches."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.loans.rules.lateness import Lateness, Spell
from chalicelib.monitoring.records.watches import row_of
from chalicelib.monitoring.rules import watch as rules
from chalicelib.monitoring.rules.baseline import Baseline, Trend
from chalicelib.monitoring.rules.day import LOOK_BACK, Almanac
from chalicelib.monitoring.rules.facts import ProfileChange
from chalicelib.monitoring.rules.history import freeze
from chalicelib.monitoring.rules.watch import AHEAD_DAYS, KEPT_DAYS, LATE_DAYS, Episode, FirmDay, Watch
from tests.monitoring.watching import CN, POLICY

DRAWN = date(2025, 3, 3)
TODAY = date(2025, 9, 26)
DAY = timedelta(days=1)
ALMANAC = Almanac(CN, {"logins": frozenset(), "trade": frozenset()}, TODAY - LOOK_BACK, TODAY + 40 * DAY)
USUAL = Baseline(
    frozen_on=DRAWN,
    interval_halves=6,
    login_days=30,
    orders=120,
    disputes=2,
    business_days=60,
    trend=Trend(mean_micro=11_000_000, sigma_micro=300_000, weeks=12),
)
OFFERS = st.integers(-2, 3)
AMOUNTS = st.integers(0, 40_000_00)


@st.composite
def firm_days(draw: st.DrawFn, first: date = DRAWN - 40 * DAY, last: date = TODAY) -> tuple[FirmDay, ...]:
    days = []
    for on in range(first.toordinal(), last.toordinal() + 1):
        if draw(st.integers(0, 2)):
            days.append(FirmDay(on, draw(st.integers(0, 1)), draw(st.integers(0, 4)), draw(AMOUNTS), 0, draw(OFFERS)))
    return tuple(days)


def watch(**other: Any) -> Watch:
    fields: dict[str, Any] = {"id": "lon_1", "version": 1, "member_id": "mem_1", "bank_id": "boc", "baseline": USUAL}
    return Watch(**fields | other)


def policy_on(day: date) -> Any:
    return POLICY


def is_news(known: Watch, on: date) -> bool:
    history = rules.history_of(known.days, ALMANAC.lacking)
    return rules.is_news(known.open, rules.judged_on(known, history, ALMANAC.day(on), POLICY))


@settings(max_examples=30)
@given(firm_days(), st.lists(st.sampled_from(["login_silence", "trade_drop", "repayment"]), unique=True, max_size=2))
def test_nothing_changes_before_a_watch_wakes(days: tuple[FirmDay, ...], open_rules: list[Any]) -> None:
    known = watch(days=days, open=tuple(Episode(rule, "amber") for rule in open_rules))
    wakes_on = rules.waking(known, ALMANAC, TODAY, policy_on)
    assert TODAY < wakes_on <= TODAY + AHEAD_DAYS * DAY
    asleep = [TODAY + number * DAY for number in range(1, (wakes_on - TODAY).days)]
    assert not any(is_news(known, on) for on in asleep)
    assert is_news(known, wakes_on) or wakes_on == TODAY + AHEAD_DAYS * DAY


@settings(max_examples=30)
@given(firm_days(), st.integers(0, 80), st.integers(0, 1), AMOUNTS)
def test_a_late_fact_touches_exactly_the_days_of_which_something_else_is_known(
    days: tuple[FirmDay, ...], back: int, logins: int, minor: int
) -> None:
    was, on = watch(days=days), TODAY - back * DAY
    one = FirmDay(on.toordinal(), logins, 1, minor, 0, 1)
    known = replace(was, days=tuple(sorted({day.on: day for day in (*days, one)}.values(), key=lambda day: day.on)))
    before, after = (rules.history_of(each.days, ALMANAC.lacking) for each in (was, known))
    recent = [TODAY - number * DAY for number in reversed(range(LATE_DAYS))]
    differ = [
        day
        for day in recent
        if rules.facts_on(was, before, ALMANAC.day(day)) != rules.facts_on(known, after, ALMANAC.day(day))
    ]
    assert rules.touched(was, known, ALMANAC, TODAY) == differ


@settings(max_examples=30)
@given(firm_days())
def test_older_days_are_kept_as_weeks_and_say_the_same_of_every_day_that_can_be_judged(
    days: tuple[FirmDay, ...],
) -> None:
    since = rules.read_from(DRAWN, TODAY)
    assert since <= TODAY - KEPT_DAYS * DAY
    plain = watch(days=days)
    recent = tuple(day for day in days if day.on >= since.toordinal())
    known = rules.with_days(rules.with_days(plain, recent, since), recent, since)
    assert len(known.days) <= len(days)
    before, after = (rules.history_of(each.days, ALMANAC.lacking) for each in (plain, known))
    for on in (TODAY - LATE_DAYS * DAY, TODAY):
        day = ALMANAC.day(on)
        assert rules.facts_on(plain, before, day) == rules.facts_on(known, after, day)


def test_a_withdrawn_consent_touches_no_day_that_is_over() -> None:
    was = watch(days=(FirmDay(TODAY.toordinal(), 1),))
    assert rules.touched(was, replace(was, consents=False), ALMANAC, TODAY) == []


def test_what_a_firm_no_longer_lets_be_told_counts_for_no_group() -> None:
    known = watch(
        group_id="grp_1", wakes_on=TODAY, open=(Episode("login_silence", "red"), Episode("repayment", "amber"))
    )
    assert known.is_red_in_group
    withdrawn = replace(known, consents=False)
    assert not withdrawn.is_red_in_group
    assert "group_loan" in row_of(known).serialize()
    assert "group_loan" not in row_of(withdrawn).serialize()
    assert replace(withdrawn, open=(Episode("repayment", "red"),)).is_red_in_group
    assert not replace(known, group_id="").is_red_in_group
    assert not replace(known, wakes_on=None).is_red_in_group


def test_what_is_known_later_of_profile_and_arrears_is_of_its_day() -> None:
    was = watch()
    changed = replace(was, changes=(ProfileChange(field="address", on=TODAY - DAY),))
    assert rules.touched(was, changed, ALMANAC, TODAY) == [TODAY - DAY, TODAY]
    late = replace(was, lateness=Lateness((Spell(TODAY - 4 * DAY, TODAY - 3 * DAY, TODAY),)))
    assert rules.touched(was, late, ALMANAC, TODAY) == [TODAY - 3 * DAY, TODAY - 2 * DAY, TODAY - DAY]


def test_a_day_is_news_when_an_alert_changes_by_it() -> None:
    late = watch(lateness=Lateness((Spell(TODAY - 31 * DAY, TODAY - 30 * DAY),)), consents=False)
    for episode, changes in (
        (None, True),
        (Episode("repayment", "amber"), True),
        (Episode("repayment", "red", holds_at=31), True),
        (Episode("repayment", "red", holds_at=32), False),
        (Episode("repayment", "red"), False),
        (Episode("repayment", "red", normal_since=TODAY - DAY), True),
    ):
        known = replace(late, open=(episode,) if episode else ())
        assert is_news(known, TODAY) is changes
    assert not is_news(replace(late, open=(Episode("repayment", "red"), Episode("trade_drop", "red"))), TODAY)
    assert is_news(watch(open=(Episode("repayment", "amber"),), consents=False), TODAY)


def test_a_young_firm_is_watched_by_what_is_usual_elsewhere() -> None:
    eve = ALMANAC.day(DRAWN - DAY)
    usual = freeze(rules.history_of((), ALMANAC.lacking), eve, DRAWN, POLICY)
    assert (usual.interval_halves, usual.low_confidence, usual.trend) == (14, True, None)
