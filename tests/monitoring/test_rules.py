"""Rules R1 to R10 at their limits: the worked examples M and the cases MO, each with its numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.monitoring.rules.facts import GroupFacts, ProfileChange, VerifiedReport, Week
from chalicelib.monitoring.rules.finding import Finding, Judgement
from chalicelib.monitoring.rules.judging import judge_feeds, judge_group
from chalicelib.monitoring.rules.policy import Policy, ProfileField
from chalicelib.shared import policies
from tests.monitoring.watching import (
    CNY,
    POLICY,
    TODAY,
    ago,
    baseline,
    day,
    facts,
    found,
    judged,
    level,
    trend,
    week_of,
)


@pytest.mark.parametrize(
    ("b", "s", "expected"),
    [
        pytest.param(2, 4, "amber", id="M1"),
        pytest.param(2, 3, None, id="M2"),
        pytest.param(2, 5, "amber", id="below three intervals"),
        pytest.param(2, 6, "red", id="three intervals"),
        pytest.param(1, 2, None, id="M4"),
        pytest.param(1, 3, "amber", id="M4 a day later"),
        pytest.param(1, 5, "red", id="at least five days"),
        pytest.param(2.5, 4, None, id="two intervals, rounded up"),
        pytest.param(2.5, 5, "amber", id="five days are two of two and a half"),
        pytest.param(7, 13, None, id="M5"),
        pytest.param(7, 14, "amber", id="M5 a day later"),
        pytest.param(7, 20, "amber", id="below three weeks"),
        pytest.param(7, 21, "red", id="three weeks"),
    ],
)
def test_silence_is_measured_by_what_was_usual(b: float, s: int, expected: str | None) -> None:
    assert level("login_silence", judged(facts(last_login_on=ago(s)), baseline(b))) == expected


@pytest.mark.parametrize(("b", "s", "p_ppm"), [(2, 4, 62_500), (7, 14, 115_543), (3, 12, 7_707), (1, 4, None)])
def test_silence_says_how_likely_it_is_by_chance(b: float, s: int, p_ppm: int | None) -> None:
    finding = found("login_silence", judged(facts(last_login_on=ago(s)), baseline(b)))
    assert finding is not None
    assert (finding.p_ppm, finding.low_confidence) == (p_ppm, False)


def test_silence_of_a_firm_that_hardly_logged_in_before_is_of_low_confidence() -> None:
    """M7: five login days in ninety; a week is taken."""
    finding = found("login_silence", judged(facts(last_login_on=ago(14)), baseline(7, low_confidence=True)))
    assert finding == Finding(
        rule="login_silence",
        level="amber",
        numbers={"silent_days": 14, "amber_days": 14, "red_days": 21},
        baseline={"interval_halves": 14, "login_days": 40},
        p_ppm=115_543,
        low_confidence=True,
    )


def test_a_firm_that_works_through_the_api_is_not_judged_by_its_logins() -> None:
    assert level("login_silence", judged(facts(last_login_on=ago(60)), baseline(uses_api=True))) == "uses_api"


def test_where_no_login_is_known_silence_counts_from_the_draw() -> None:
    known = judged(facts(last_login_on=None, drawn_on=ago(3)))
    assert level("login_silence", known) is None
    assert level("login_silence", judged(facts(last_login_on=None, drawn_on=ago(4)))) == "amber"


@given(last=st.dates(date(2025, 9, 1), date(2026, 10, 31)), silent=st.integers(0, 40), b=st.integers(2, 60))
def test_a_holiday_never_raises_silence(last: date, silent: int, b: int) -> None:
    on = last + timedelta(days=silent)
    before, after = day(on - timedelta(days=1)), day(on)
    known, usual = facts(last_login_on=last, drawn_on=ago(30, last)), baseline(b / 2)
    is_holiday = after.almanac.silent_days(ago(1, on), on) == 0
    if is_holiday and silent > 0:
        assert level("login_silence", judged(known, usual, after)) == level(
            "login_silence", judged(known, usual, before)
        )


def test_the_spring_festival_is_silent_with_its_weekends() -> None:
    """15 to 23 February 2026: nine days off in a row, seven of them weekdays."""
    assert (
        level("login_silence", judged(facts(last_login_on=date(2026, 2, 14)), baseline(1), day(date(2026, 2, 23))))
        is None
    )
    assert day(date(2026, 2, 23)).almanac.silent_days(date(2026, 2, 14), date(2026, 2, 23)) == 0
    assert day(date(2026, 6, 14)).almanac.silent_days(date(2026, 6, 12), date(2026, 6, 14)) == 2, "a common weekend"


@pytest.mark.parametrize(
    ("cny", "expected", "ratio_bp"),
    [
        pytest.param(63_000, "red", 1500, id="M9"),
        pytest.param(84_000, "red", 2000, id="a fifth"),
        pytest.param(84_001, "amber", 2000, id="more than a fifth"),
        pytest.param(210_000, "amber", 5000, id="half"),
        pytest.param(210_001, None, 0, id="more than half"),
    ],
)
def test_trade_is_compared_with_the_twelve_weeks_before(cny: int, expected: str | None, ratio_bp: int) -> None:
    """Base of 1,260,000 in sixty business days: 420,000 are expected in twenty."""
    finding = found("trade_drop", judged(facts(trade_28_minor=cny * CNY, trade_84_minor=1_260_000 * CNY)))
    assert (finding.level if finding else None) == expected
    assert finding is None or finding.numbers["ratio_bp"] == ratio_bp


@pytest.mark.parametrize(("base_cny", "expected"), [(150_000, "red"), (149_999, "too_little_expected")])
def test_little_trade_is_not_judged(base_cny: int, expected: str) -> None:
    assert level("trade_drop", judged(facts(trade_84_minor=base_cny * CNY))) == expected


def test_a_festival_is_no_drop() -> None:
    """MO-3: 17 business days of the window, working Sundays among them, over 59 of the base."""
    on = day(date(2024, 2, 25))
    assert (on.business[28], on.base_business_days) == (17, 59)

    def judged_with(cny: int) -> Judgement:
        return judged(facts(trade_28_minor=cny * CNY, trade_84_minor=1_260_000 * CNY, last_login_on=on.on), on=on)

    assert level("trade_drop", judged_with(189_000)) is None
    low = found("trade_drop", judged_with(100_000))
    assert low is not None
    assert low.numbers["expected_minor"] == 36_305_085


def test_a_drop_says_how_likely_it_is_by_how_much_weeks_differ() -> None:
    known = facts(trade_28_minor=210_000 * CNY, trade_84_minor=1_260_000 * CNY)
    usual = (
        found("trade_drop", judged(known)),
        found("trade_drop", judged(known, baseline(trend=trend(12, 0.6)))),
    )
    assert [finding and finding.p_ppm for finding in usual] == [None, 22_699]


@pytest.mark.parametrize(
    ("weeks", "expected", "days"),
    [
        pytest.param((0, 4), None, 14, id="MO-1 (a)"),
        pytest.param((0, 0), "red", 14, id="MO-1 (b)"),
        pytest.param((0, 1), "amber", 14, id="one of seven"),
        pytest.param((1, 1), None, 14, id="two of seven: 0.030"),
    ],
)
def test_orders_are_counted_over_weeks_that_let_enough_expect(
    weeks: tuple[int, int], expected: str | None, days: int
) -> None:
    """3.5 a week: 42 in the sixty business days of the base."""
    last, before = weeks
    known = facts(orders_7=last, orders_14=last + before, orders_28=last + before + 7)
    finding = found("order_count", judged(known, baseline(orders=42, business_days=60)))
    assert (finding.level if finding else None) == expected
    assert finding is None or finding.numbers["days"] == days


@pytest.mark.parametrize(
    ("orders", "expected"),
    [(84, (7, 912)), (83, (14, 1)), (42, (14, 912)), (21, (28, 912)), (20, "too_little_expected")],
)
def test_the_shortest_window_is_taken(orders: int, expected: tuple[int, int] | str) -> None:
    judgement = judged(facts(), baseline(orders=orders, business_days=60))
    finding = found("order_count", judgement)
    assert ((finding.numbers["days"], finding.p_ppm) if finding else level("order_count", judgement)) == expected


def test_a_firm_of_which_nothing_was_known_has_no_usual_orders() -> None:
    assert level("order_count", judged(facts())) == "no_baseline"


def weekly(*values: float) -> dict[str, tuple[Week, ...]]:
    return {"weeks": tuple(week_of(value) for value in values)}


def test_a_slow_decline_is_seen_before_it_is_a_drop() -> None:
    """M11: nothing until week 4; 11.668 < 11.720 and 1.025 > 1.0 in week 5."""
    usual, values = baseline(trend=trend(12, 0.25)), (12.1, 11.9, 11.7, 11.5, 11.4)
    levels = [level("slow_decline", judged(facts(**weekly(*values[:week])), usual)) for week in range(1, 6)]
    assert levels == [None, None, None, None, "red"]
    finding = found("slow_decline", judged(facts(**weekly(*values)), usual))
    assert finding == Finding(
        rule="slow_decline",
        level="red",
        numbers={
            "ewma_milli": 11_668,
            "limit_milli": 11_720,
            "cusum_milli": 1_025,
            "decision_milli": 1_000,
            "weeks": 5,
        },
        baseline={"mean_milli": 12_000, "sigma_milli": 250, "weeks": 12},
        p_ppm=667,
    )


@pytest.mark.parametrize(("value", "expected"), [(11.99, None), (11.80, "amber"), (0.0, "red")])
def test_weeks_that_were_all_equal_still_differ_by_a_twentieth(value: float, expected: str | None) -> None:
    """MO-2 (a) and (b): the limit is 11.960; a week without trade is zero, and no error."""
    finding = found("slow_decline", judged(facts(**weekly(value)), baseline(trend=trend(12, 0))))
    assert (finding.level if finding else None) == expected
    assert finding is None or finding.numbers["limit_milli"] == 11_960


def test_what_is_low_once_is_over_when_it_is_over() -> None:
    """MO-2 (c): red in weeks 1 to 5; from week 7 on everything starts again, so that week 15 is a small dip and no catastrophe."""
    usual, values = baseline(trend=trend(12, 0.25)), (8.0, *[12.0] * 13, 11.0)
    levels = [level("slow_decline", judged(facts(**weekly(*values[:week])), usual)) for week in range(1, 7)]
    assert levels == ["red"] * 5 + [None]
    assert level("slow_decline", judged(facts(**weekly(*values[6:])), usual)) == "amber"
    assert level("slow_decline", judged(facts(**weekly(*values)), usual)) == "red", "had nothing started again"


def test_seven_weeks_are_no_baseline() -> None:
    """MO-2 (d)."""
    assert (
        level("slow_decline", judged(facts(**weekly(0.0)), baseline(trend=trend(12, 0.25, weeks=7)))) == "no_baseline"
    )
    assert level("slow_decline", judged(facts(**weekly(0.0)), baseline())) == "no_baseline"


def test_a_week_of_which_nothing_is_known_is_no_week_without_trade() -> None:
    known = facts(weeks=((0, 0), week_of(12.0), (0, 0)))
    assert level("slow_decline", judged(known, baseline(trend=trend(12, 0.25)))) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"settlement_account": 3}, "red", id="M12"),
        pytest.param({"address": 0}, "amber", id="one that is light"),
        pytest.param({"address": 0, "contact": 29}, "red", id="two in thirty days"),
        pytest.param({"address": 0, "contact": 31}, "amber", id="the other is over"),
        pytest.param({"address": 33}, None, id="before the draw"),
    ],
)
def test_a_changed_profile_is_a_sign(changes: dict[ProfileField, int], expected: str | None) -> None:
    known = facts(
        drawn_on=ago(32), changes=tuple(ProfileChange(field=field, on=ago(days)) for field, days in changes.items())
    )
    assert level("profile_change", judged(known)) == expected


@pytest.mark.parametrize(
    ("listings", "expected"), [((10, 5), "amber"), ((10, 6), None), ((0, 0), None), ((5, 10), None), (None, None)]
)
def test_taking_half_of_the_offers_away_is_a_sign(listings: tuple[int, int] | None, expected: str | None) -> None:
    assert level("profile_change", judged(facts(listings=listings))) == expected
    moved = (ProfileChange(field="address", on=TODAY),)
    assert level("profile_change", judged(facts(listings=listings, changes=moved))) == ("red" if expected else "amber")


@pytest.mark.parametrize(
    ("dpd", "expected"), [(0, None), (1, "amber"), (30, "amber"), (31, "red"), (90, "red"), (91, "red")]
)
def test_arrears_are_judged_by_their_days(dpd: int, expected: str | None) -> None:
    finding = found("repayment", judged(facts(dpd=dpd)))
    assert (finding.level if finding else None) == expected
    assert (finding.proposes if finding else None) == ("default" if dpd > 90 else None)


@pytest.mark.parametrize(
    ("disputes", "orders", "expected"),
    [(4, 1, None), (5, 84, None), (5, 83, "amber"), (5, 42, "amber"), (5, 41, "red"), (5, 0, "red")],
)
def test_disputes_are_compared_with_the_firms_own(disputes: int, orders: int, expected: str | None) -> None:
    """Two of a hundred before; three times that is 5 of 83.3, six times 5 of 41.7."""
    known = facts(disputes_28=disputes, orders_28=orders, orders_14=orders, orders_7=orders)
    assert level("disputes", judged(known, baseline(orders=100, disputes=2, business_days=60))) == expected


def test_a_firm_without_disputes_is_taken_to_have_one_in_a_hundred() -> None:
    finding = found("disputes", judged(facts(disputes_28=5, orders_28=100), baseline(orders=100, business_days=60)))
    assert finding == Finding(
        rule="disputes",
        level="amber",
        numbers={"disputes": 5, "orders": 100, "rate_bp": 500},
        baseline={"disputes": 0, "orders": 100, "rate_bp": 100},
        p_ppm=3_660,
        low_confidence=True,
    )


def report(reporter: str, days: int = 0) -> VerifiedReport:
    return VerifiedReport(report_id=f"rep_{reporter}_{days}", reporter=reporter, on=ago(days))


def test_two_who_report_independently_weigh_as_a_bank_or_a_court() -> None:
    assert level("reports", judged(facts())) is None
    assert level("reports", judged(facts(reports=(report("a"), report("a", 3))))) == "amber"
    assert level("reports", judged(facts(reports=(report("a"), report("b"))))) == "red"
    assert level("reports", judged(facts(reports=(report("a"), report("b", 180))))) == "amber"
    assert level("reports", judged(facts(notices=(TODAY,)))) == "red"


@pytest.mark.parametrize(
    ("red_members", "worst_dpd", "expected"),
    [((), 30, None), (("a",), 0, "amber"), (("a", "a"), 0, "amber"), (("a", "b"), 0, "red"), ((), 31, "red")],
)
def test_a_group_is_in_trouble_with_two_of_its_members(
    red_members: tuple[str, ...], worst_dpd: int, expected: str | None
) -> None:
    finding = judge_group(GroupFacts(group_id="grp_1", red_members=red_members, worst_dpd=worst_dpd), POLICY)
    assert (finding.level if finding else None) == expected
    assert (finding.proposes if finding else None) == ("suspension" if expected == "red" else None)


@pytest.mark.parametrize(("days", "expected"), [(1, None), (2, "amber"), (4, "amber"), (5, "red")])
def test_a_feed_that_lacks_is_one_finding(days: int, expected: str | None) -> None:
    findings = judge_feeds(day(trade=[ago(number) for number in range(days)]), POLICY)
    assert {feed: finding.level for feed, finding in findings.items()} == ({"trade": expected} if expected else {})


def test_unknown_is_not_zero() -> None:
    """MO-4: the feed lacks since yesterday, and the last login that is known was four days ago."""
    known, lacks = facts(last_login_on=ago(4)), day(logins=[TODAY, ago(1)])
    assert level("login_silence", judged(known, on=lacks)) == "data_lack"
    assert set(judge_feeds(lacks, POLICY)) == {"logins"}
    arrived = facts(last_login_on=ago(1))
    assert level("login_silence", judged(arrived, on=day(logins=[TODAY]))) == "data_lack"
    assert level("login_silence", judged(arrived)) is None


def test_a_day_that_lacked_does_not_count_later_either() -> None:
    """Five days since the last login, one of which is not known: four of silence; and the same of business days."""
    lacks = day(logins=[ago(2)], trade=[ago(2)])
    finding = found("login_silence", judged(facts(last_login_on=ago(5)), on=lacks))
    assert finding is not None
    assert finding.numbers["silent_days"] == 4
    assert lacks.business[28] == day().business[28] - 1


def test_a_day_without_data_of_trade_is_not_judged_by_trade() -> None:
    usual = baseline(orders=84, business_days=60, trend=trend(12, 0.25))
    known = facts(trade_84_minor=1_260_000 * CNY, weeks=(week_of(0),), last_login_on=ago(4), dpd=40)
    judgement = judged(known, usual, day(trade=[TODAY]))
    assert judgement.not_judged == dict.fromkeys(("trade_drop", "order_count", "slow_decline"), "data_lack")
    assert {finding.rule for finding in judgement.findings} == {"login_silence", "repayment"}


def test_without_consent_only_the_contract_is_watched() -> None:
    judgement = judged(facts(consents=False, last_login_on=ago(40), dpd=40, notices=(TODAY,)))
    assert [finding.rule for finding in judgement.findings] == ["repayment"]
    assert judgement.not_judged == dict.fromkeys(
        ("login_silence", "trade_drop", "order_count", "slow_decline", "profile_change", "disputes", "reports"),
        "no_consent",
    )


def test_a_year_whose_holidays_are_not_known_has_weekends_and_little_confidence() -> None:
    on = day(date(2031, 3, 14))
    finding = found("login_silence", judged(facts(last_login_on=ago(4, on.on)), on=on))
    assert finding is not None
    assert finding.low_confidence
    assert on.business[28] == 20


def test_every_version_of_the_rules_is_announced_a_week_before_it_is_in_force() -> None:
    versions = policies.versions("monitoring")
    assert all(version.effective_on - version.announced_on >= timedelta(days=7) for version in versions)
    assert all(version.read_as(Policy) for version in versions)
