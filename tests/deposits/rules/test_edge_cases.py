"""The edge cases of the specification, one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.deposits.rules import book as books_rules
from chalicelib.deposits.rules.book import Book, DunningStage
from chalicelib.deposits.rules.cut_offs import cut_off, next_cut_off, ordinal, passed
from chalicelib.deposits.rules.decision import applied, decide, first_trade_day, first_traded, higher
from chalicelib.deposits.rules.deposit import Insurance, Risk
from chalicelib.deposits.rules.kept_days import MOST_DAYS_BYTES, MOST_TOTALS_BYTES, with_room
from chalicelib.deposits.rules.membership import closed, reopened
from chalicelib.deposits.rules.requirement import requirement, with_due
from chalicelib.deposits.rules.snapshots import NoSnapshot, rebased, told_days, totals, with_snapshots
from chalicelib.deposits.rules.timers import MACHINE, restrictions
from chalicelib.shared.errors import Malformed
from tests.deposits.rules.sellers import BOOKS, CATEGORY, EX_2021, EX_2023, EX_2024, days, paying, seller, shanghai

RUN = shanghai("2023-03-06 00:30")


def test_T_is_the_first_instant_of_the_6th_in_shanghai() -> None:
    assert cut_off("2023-03").at == datetime(2023, 3, 5, 16, tzinfo=UTC)
    assert next_cut_off(cut_off("2023-03").at).period == "2023-03"
    assert next_cut_off(RUN).period == "2023-04"
    assert next_cut_off(shanghai("2023-12-25 00:00")).period == "2024-01"


@pytest.mark.parametrize("told", ["2023-13", "2023-3", "202303", "", "2023-03-06", "0000-01"])
def test_a_period_is_a_month(told: str) -> None:
    with pytest.raises(Malformed):
        cut_off(told)


def test_cut_offs_that_passed_are_half_open_from_the_last_change() -> None:
    at = cut_off("2023-03").at

    assert [each.period for each in passed(at, RUN, 3)] == ["2023-03"]
    assert passed(RUN, RUN, 3) == []
    assert [each.period for each in passed(shanghai("2022-09-01 00:00"), RUN, 3)] == ["2023-01", "2023-02", "2023-03"]


def test_the_window_is_thirty_days_and_the_6th_is_not_in_it() -> None:
    inside = seller(base=50, sold=days(("2023-02-04", "G1", 1, 10), ("2023-03-05", "G1", 1, 10)))
    outside = seller(base=50, sold=days(("2023-02-03", "G1", 1, 10), ("2023-03-06", "G1", 1, 10)))

    assert decide(inside, EX_2023, "2023-03").orders == 2
    assert decide(outside, EX_2023, "2023-03").orders == 0


def test_an_instant_belongs_to_its_shanghai_day() -> None:
    assert ordinal(datetime(2023, 3, 5, 16, 30, tzinfo=UTC)) == date(2023, 3, 6).toordinal()


def test_the_6th_of_every_month_with_31_days_is_never_counted() -> None:
    counted = {day for month in range(1, 13) for day in _window(f"2023-{month:02d}")} | set(_window("2024-01"))
    blind = [date.fromordinal(day) for day in range(*_year()) if day not in counted]

    assert blind == [date(2023, month, 6) for month in (1, 3, 5, 7, 8, 10, 12)]


def _window(period: str) -> range:
    at = cut_off(period)
    return range(at.first_day("days30"), at.day)


def _year() -> tuple[int, int]:
    return date(2023, 1, 1).toordinal(), date(2024, 1, 1).toordinal()


def test_a_tie_goes_to_more_orders_then_to_the_lower_amount_then_to_the_name() -> None:
    g1, g3, other = CATEGORY["G1"], CATEGORY["G3"], "toys"

    assert higher({g1: (2, 100), g3: (3, 100)}, EX_2023) == (g3, 5)
    assert higher({g1: (2, 100), g3: (2, 100)}, EX_2023) == (g1, 4), "doubt favours who did not write the rule"
    assert higher({other: (2, 100), g1: (2, 100)}, EX_2023) == (g1, 4)


def test_a_category_without_value_is_ranked_last_and_counts() -> None:
    assert higher({CATEGORY["G1"]: (40, -500), CATEGORY["G4"]: (1, 0)}, EX_2023) == (CATEGORY["G4"], 41)


def test_refunded_away_categories_are_not_ranked() -> None:
    assert higher({CATEGORY["G1"]: (1, 5), CATEGORY["G4"]: (0, 900)}, EX_2023) == (CATEGORY["G1"], 1)
    assert higher({CATEGORY["G4"]: (0, 0)}, EX_2023) == (None, 0)
    assert higher({}, EX_2023) == (None, 0)


def test_a_category_the_book_does_not_name_takes_the_default_row_and_is_told_of() -> None:
    shop = seller(base=100, sold=((date(2023, 2, 20).toordinal(), (("moon_rocks", 35, 100),)),))

    decision = decide(shop, EX_2023, "2023-03")

    assert (decision.raw_minor, decision.unmapped) == (20_000, True)


def test_a_closed_shop_is_not_adjusted_and_its_arrears_survive() -> None:
    shop = seller(base=500, cash=200, sold=days(("2023-02-20", "G1", 12, 900)))
    shut = closed(shop, BOOKS, shanghai("2023-03-03 10:00")).state

    assert decide(shut, EX_2023, "2023-03").skipped == "closed"
    assert requirement(shut, EX_2023, RUN).arrears_minor == 30_000
    again = reopened(shut, BOOKS, shanghai("2023-03-20 10:00")).state
    assert (again.awaiting_first_trade, again.membership_period, again.base_minor) == (True, 2, 0)
    assert requirement(again, EX_2023, RUN).arrears_minor == 30_000, "closing and reopening does not wipe a debt"


def test_a_closed_shop_without_arrears_may_have_all_of_its_money_back() -> None:
    shut = closed(seller(base=500, cash=500), BOOKS, shanghai("2023-03-03 10:00")).state

    assert requirement(shut, EX_2023, RUN).releasable_minor == 50_000


def test_a_shop_closed_after_the_cut_off_was_open_then_and_stays_as_it_is() -> None:
    shop = seller(base=1000, cash=1000, sold=days(("2023-02-20", "G1", 310, 900)))
    shut = closed(shop, BOOKS, shanghai("2023-03-06 00:10")).state

    decision = decide(shut, EX_2023, "2023-03")

    assert (decision.skipped, decision.base_minor) == ("", 20_000)
    assert applied(shut, decision, RUN, BOOKS).base_minor == 0


def test_a_shop_that_began_a_new_episode_after_the_cut_off_keeps_it() -> None:
    shop = seller(base=1000, cash=1000, sold=days(("2023-02-20", "G1", 310, 900)))
    shut = closed(shop, BOOKS, shanghai("2023-03-06 00:10")).state
    again = reopened(shut, BOOKS, shanghai("2023-03-06 00:20")).state

    now_is = applied(again, decide(again, EX_2023, "2023-03"), RUN, BOOKS)

    assert (now_is.base_minor, now_is.awaiting_first_trade, now_is.membership_period) == (0, True, 2)


def test_the_book_in_force_at_T_decides_also_for_a_run_in_may() -> None:
    at = cut_off("2023-02").at

    assert BOOKS.in_force(at) is EX_2021, "announced on the 1st, in force on the 8th"
    assert BOOKS.in_force(cut_off("2023-03").at) is EX_2023
    assert BOOKS.in_force(cut_off("2024-02").at) is EX_2024


def test_a_run_made_late_finds_the_same_as_one_made_in_time() -> None:
    shop = seller(base=500, cash=200, sold=days(("2023-02-20", "G1", 12, 900)))
    in_time = decide(shop, EX_2023, "2023-03")

    later = paying(paying(shop, 300, shanghai("2023-03-10 10:00")), 100, shanghai("2023-04-20 10:00"))

    assert decide(later, EX_2023, "2023-03") == in_time
    assert decide(later, EX_2023, "2023-04").in_debt is False


def test_a_month_decided_late_counts_for_the_month_after_it() -> None:
    shop = seller(base=1000, cash=1000, sold=days(("2023-02-20", "G1", 310, 900), ("2023-03-20", "G1", 310, 900)))
    late = shanghai("2023-04-20 10:00")

    march = applied(shop, decide(shop, EX_2023, "2023-03"), late, BOOKS)
    april = decide(march, EX_2023, "2023-04")

    assert (april.prev_minor, april.raw_minor, april.base_minor) == (20_000, 20_000, 20_000)


def test_months_are_decided_in_their_order_and_never_behind_a_later_one() -> None:
    shop = seller(base=1000, cash=1000, sold=days(("2023-03-20", "G1", 310, 900)))
    april = applied(shop, decide(shop, EX_2023, "2023-04"), shanghai("2023-04-06 00:30"), BOOKS)

    assert decide(april, EX_2023, "2023-03").skipped == "later_decided"


def test_a_month_too_long_ago_needs_a_person() -> None:
    shop = seller(base=1000, cash=1000, updated_at=shanghai("2023-09-01 00:00"))

    with pytest.raises(NoSnapshot):
        decide(shop, EX_2023, "2023-03")


def test_a_deposit_opened_after_the_cut_off_is_not_concerned() -> None:
    shop = replace(seller(base=0), opened_at=RUN, updated_at=RUN)

    assert decide(shop, EX_2023, "2023-03").skipped == "not_open_yet"
    assert with_snapshots(shop, shanghai("2023-03-20 10:00"), BOOKS).snapshots == ()


def test_a_repeated_run_answers_the_stored_result() -> None:
    shop = seller(base=500, cash=200, sold=days(("2023-02-20", "G6", 12, 900)))
    first = decide(shop, EX_2023, "2023-03")
    after = applied(shop, first, RUN, BOOKS)
    paid = paying(after, 800, shanghai("2023-03-06 00:40"))

    assert first.base_minor == 100_000
    assert decide(paid, EX_2023, "2023-03") == first, "a naive second run would turn the floor into a ceiling"
    assert applied(paid, first, shanghai("2023-03-06 00:50"), BOOKS) == paid


def test_a_late_order_counts_next_month_where_its_day_is_still_in_the_window() -> None:
    shop = seller(base=500, cash=500, sold=days(("2023-03-01", "G1", 5, 90)))
    late = days(("2023-03-01", "G1", 5, 90), ("2023-03-05", "G1", 40, 900), ("2023-03-08", "G1", 1, 90))
    deposit = told_days(shop, late, shanghai("2023-03-08 10:00"), shanghai("2023-03-08 10:01"), BOOKS)

    assert decide(deposit, EX_2023, "2023-03").orders == 5
    assert decide(deposit, EX_2023, "2023-04").orders == 1, "the 5th is 32 days before the 6th of April"


def test_an_order_known_before_the_cut_off_counts_however_late_the_deposit_hears_of_it() -> None:
    shop = seller(base=500, cash=500)
    sales = days(("2023-03-05", "G1", 40, 900))
    known_at, heard_at = shanghai("2023-03-05 23:59"), shanghai("2023-03-06 00:02")

    heard = told_days(paying(shop, 1, shanghai("2023-03-06 00:01")), sales, known_at, heard_at, BOOKS)

    assert decide(heard, EX_2023, "2023-03").orders == 40


def test_a_first_trade_refunded_the_same_day_leaves_the_shop_armed() -> None:
    shop = seller(awaiting_first_trade=True, sold=days(("2023-03-05", "G1", 0, 0)))

    assert first_traded(shop, EX_2023, date(2023, 3, 5).toordinal(), RUN, BOOKS) is None
    assert first_trade_day(shop, date(2023, 3, 6).toordinal()) is None


def test_a_shop_trades_for_the_first_time_once_in_an_episode() -> None:
    day = date(2023, 3, 2).toordinal()
    shop = seller(awaiting_first_trade=True, sold=days(("2023-03-02", "G1", 5, 90)))

    traded = first_traded(shop, EX_2023, day, shanghai("2023-03-03 00:05"), BOOKS)

    assert traded is not None
    assert first_traded(traded[0], EX_2023, day, shanghai("2023-03-03 00:06"), BOOKS) is None


def test_trade_before_a_shop_was_armed_again_is_no_first_trade() -> None:
    shop = seller(base=200, cash=200, sold=days(("2023-01-20", "G1", 5, 90)))
    awaiting_first_trade = applied(shop, decide(shop, EX_2023, "2023-03"), RUN, BOOKS)

    assert awaiting_first_trade.awaiting_first_trade
    assert first_trade_day(awaiting_first_trade, date(2023, 3, 20).toordinal()) is None


def test_risk_of_one_class_counts_once_classes_are_added_and_capped() -> None:
    at = shanghai("2023-03-12 10:00")

    def risk(name: str, class_: str, yuan: int) -> Risk:
        return Risk(id=name, class_=class_, minor=yuan * 100, opened_at=at)

    two = seller(risks=(risk("a", "R1", 500), risk("b", "R1", 500), risk("c", "R2", 2000)))
    many = seller(risks=tuple(risk(str(number), f"R{number}", 20_000) for number in range(4)))

    assert requirement(two, EX_2023, at).risk_minor == 250_000
    assert requirement(many, EX_2023, at).risk_minor == 5_000_000


def test_risk_ends_by_itself_at_its_instant() -> None:
    opened_at, ends_at = shanghai("2023-02-12 10:00"), shanghai("2023-03-06 00:00")
    shop = seller(
        base=50, cash=50, risks=(Risk(id="a", class_="R1", minor=50_000, opened_at=opened_at, ends_at=ends_at),)
    )

    assert requirement(shop, EX_2023, shanghai("2023-03-05 23:59")).arrears_minor == 50_000
    assert requirement(shop, EX_2023, ends_at).arrears_minor == 0
    assert decide(shop, EX_2023, "2023-03").in_debt is False


def test_insurance_stands_in_for_the_base_until_it_lapses() -> None:
    until = shanghai("2023-03-05 12:00")
    cover = Insurance(id="a", minor=100_000, from_=shanghai("2023-01-01 00:00"), until=until)
    shop = seller(base=500, risks=(Risk(id="a", class_="R1", minor=50_000, opened_at=shanghai("2023-02-01 00:00")),))
    insured = replace(shop, insurances=(cover,))

    before, after = (requirement(insured, EX_2023, at) for at in (shanghai("2023-03-05 11:59"), until))

    assert (before.insurances_minor, before.arrears_minor) == (50_000, 50_000), "of the base alone"
    assert (after.insurances_minor, after.arrears_minor) == (0, 100_000)
    assert decide(insured, EX_2023, "2023-03").in_debt


def test_frozen_money_covers_and_cannot_be_released() -> None:
    shop = replace(seller(base=500, cash=200), frozen_minor=60_000)

    needed = requirement(shop, EX_2023, RUN)

    assert (needed.arrears_minor, needed.releasable_minor, needed.held_minor) == (0, 20_000, 80_000)


def test_a_larger_bill_never_lifts_a_restriction() -> None:
    overdue = seller(base=500, cash=200, due_at=shanghai("2023-02-20 00:00"), dunning_stage=2)
    grown = replace(overdue, base_minor=80_000)

    assert with_due(overdue, grown, EX_2023, RUN).due_at == shanghai("2023-02-20 00:00")


def test_a_bill_that_grows_in_its_term_is_due_anew_and_one_that_is_paid_is_not_due() -> None:
    waiting = seller(base=500, cash=200, due_at=shanghai("2023-03-07 00:00"))

    grown = with_due(waiting, replace(waiting, base_minor=80_000), EX_2023, RUN)
    paid = with_due(waiting, replace(waiting, available_minor=50_000), EX_2023, RUN)
    part = with_due(waiting, replace(waiting, available_minor=30_000), EX_2023, RUN)

    assert grown.due_at == shanghai("2023-03-09 00:30")
    assert (paid.due_at, paid.dunning_stage) == (None, 0)
    assert part.due_at == waiting.due_at


def test_days_in_more_categories_than_there_is_room_for_count_with_the_largest() -> None:
    """A feed that tells a name of its own for every order made items too large to be written: a bank's payment was booked nowhere."""
    day = date(2023, 3, 1).toordinal()
    strange = tuple(
        (day + number, tuple((f"{number:02d}{each:02d}" + "\U0001f3ee" * 60, 1, 100 + each) for each in range(30)))
        for number in range(62)
    )
    kept = with_room(((day - 1, (("telephony", 3, 900_000),)), *strange))
    assert len(msgspec.json.encode(kept)) <= MOST_DAYS_BYTES
    sums = totals(kept, day - 1, day + 62)
    assert len(msgspec.json.encode(sums)) <= MOST_TOTALS_BYTES
    assert sum(count for count, _ in sums.values()) == 3 + 62 * 30
    assert sum(minor for _, minor in sums.values()) == 900_000 + 62 * sum(100 + each for each in range(30))
    assert higher(sums, EX_2023)[0] == "telephony"


def test_days_of_a_shop_that_sells_in_many_categories_stay_as_they_are() -> None:
    names = sorted(EX_2023.terms.categories)[:30]
    ordinary = tuple((738000 + number, tuple((name, 1000, 10**7) for name in names)) for number in range(62))
    assert with_room(ordinary) is ordinary
    assert with_room(()) == ()


def test_a_bill_goes_through_the_stages_of_the_book_whose_time_to_pay_it_has() -> None:
    """Another book takes effect while it waits: the shop is restricted when the book of its bill says, and not by the new one."""
    slow = _paid_within(EX_2023, "slow", "2023-03-01 00:00", 168, (168, "a"), (480, "b"))
    fast = _paid_within(EX_2023, "fast", "2023-03-08 00:00", 24, (24, "c"), (48, "d"))
    known = books_rules.books(slow, [fast])
    billed = seller(updated_at=shanghai("2023-03-06 12:00"))
    billed = with_due(billed, replace(billed, base_minor=50_000), slow, shanghai("2023-03-06 12:00"))

    stages = [
        (change.at, restrictions(change.state, known))
        for change in MACHINE.overdue(billed, known, shanghai("2023-06-01 00:00"))
    ]

    assert stages == [(shanghai("2023-03-13 12:00"), ["a"]), (shanghai("2023-03-26 12:00"), ["a", "b"])]


def _paid_within(like: Book, name: str, effective: str, hours: int, *stages: tuple[int, str]) -> Book:
    terms = replace(like.terms, pay_within_hours=hours, dunning_stages=tuple(DunningStage(*stage) for stage in stages))
    return books_rules.book(name, shanghai("2023-02-01 00:00"), shanghai(effective), terms)


def test_a_correction_of_the_base_counts_from_its_value_time() -> None:
    shop = paying(seller(base=500, cash=500), 1, shanghai("2023-04-07 10:00"))

    corrected = rebased(shop, shanghai("2023-04-01 00:00"), base_minor=30_000)

    assert {snapshot.period: snapshot.base_minor for snapshot in corrected.snapshots} == {
        "2023-03": 50_000,
        "2023-04": 30_000,
    }
    assert corrected.base_minor == 30_000
