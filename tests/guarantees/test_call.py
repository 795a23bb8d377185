"""A call step by step: two officers, days and grace, objections, members who fail, what the clock does where nobody acts. No tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from chalicelib.guarantees.rules.call import ENDS, MOST_NOTICES, STATUSES, TooManyObjections
from chalicelib.guarantees.rules.call_handling import (
    BY_CLOCK,
    NotOverdue,
    ObjectionNotFound,
    ShareNotFound,
    TooLateToObject,
)
from chalicelib.guarantees.rules.call_timers import MACHINE
from chalicelib.loans.rules.loan import Pause
from chalicelib.shared.errors import AnotherOfficerNeeded
from chalicelib.shared.periods import business_days_after, start_of
from tests.guarantees.calling import CALENDAR, NOW, SEATS, Calling

M = 100_000_000
MS = timedelta(milliseconds=1)


def noticed() -> Calling:
    calling = Calling(300_000_00, dict.fromkeys("BCD", M))
    calling.notice()
    return calling


def business_days(days: int, start: datetime = NOW) -> datetime:
    return business_days_after(start, days, CALENDAR)


# --- check and notice


def test_two_officers_give_notice_and_one_alone_does_not() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M})
    with pytest.raises(AnotherOfficerNeeded):
        calling.notice("ann", "ann")
    assert (calling.call.status, calling.call.checked_by, calling.status()["B"]) == ("opened", "ann", "pending")
    assert not calling.share("B").notices


def test_a_notice_is_due_in_ten_business_days_with_five_of_grace_and_five_to_object() -> None:
    calling = noticed()
    (notice,) = calling.share("B").notices
    assert (notice.due_at, notice.fails_at, notice.object_until) == (
        business_days(10),
        business_days(15),
        business_days(5),
    )
    assert calling.events == ["opened", "checked", "noticed"]


def test_nobody_gives_notice_so_an_alarm_rings_and_later_the_clock_does() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M})
    assert calling.run(business_days(2) - MS).escalated_at is None
    assert calling.run(business_days(2)).escalated_at == business_days(2)
    assert calling.run(business_days(10) - MS).status == "opened"
    assert calling.run(business_days(10)).status == "noticed"
    assert calling.call.noticed_by == BY_CLOCK
    assert calling.share("B").notices[0].at == business_days(10)


def test_a_debt_that_is_paid_before_notice_ends_the_call() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M})
    assert calling.owes(0).status == "paid"
    assert calling.days(31).status == "closed"


def test_a_payment_before_notice_that_is_taken_back_is_the_officers_again_with_new_days() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M})
    calling.days(1)
    calling.pay("B", 400_000_00)
    calling.days(5)
    assert calling.pay("B", -400_000_00).status == "opened"
    assert calling.call.check_by == business_days(2, calling.now)
    calling.notice()
    assert calling.due() == {"B": 200_000_00, "C": 200_000_00}


# --- payment, grace, failing


def test_a_share_is_overdue_when_its_days_of_grace_are_over_and_an_officer_confirms() -> None:
    calling = noticed()
    calling.run(business_days(15) - MS)
    assert set(calling.status().values()) == {"due"}
    calling.run(business_days(15))
    assert set(calling.status().values()) == {"overdue"}
    calling.fail("B")
    assert calling.status() == {"B": "failed", "C": "overdue", "D": "overdue"}
    assert calling.due() == {"C": 150_000_00, "D": 150_000_00}


def test_nobody_confirms_so_the_clock_does_as_it_was_written_down() -> None:
    calling = noticed()
    calling.pay("C", 100_000_00)
    calling.pay("D", 100_000_00)
    calling.run(business_days(15))
    until = business_days(5, business_days(15))
    assert calling.run(until - MS).failed == frozenset()
    assert calling.run(until).failed == {SEATS["B"]}
    assert calling.share("B").failed_by == BY_CLOCK
    assert calling.due() == {"C": 50_000_00, "D": 50_000_00}
    assert calling.share("C").notices[-1].due_at == business_days(10, until)


def test_who_pays_before_it_is_confirmed_has_not_failed() -> None:
    calling = noticed()
    calling.run(business_days(15))
    calling.paid["B"] = 100_000_00
    calling.version += 1
    with pytest.raises(NotOverdue):
        calling.fail("B")
    calling.run(business_days(30))
    assert SEATS["B"] not in calling.call.failed


def test_a_share_that_is_not_overdue_cannot_fail_and_a_seat_without_one_is_not_found() -> None:
    calling = noticed()
    with pytest.raises(NotOverdue):
        calling.fail_now("B")
    with pytest.raises(ShareNotFound):
        calling.fail_now("J")


def test_nobody_is_left_so_the_call_is_exhausted() -> None:
    calling = noticed()
    for letter in "BCD":
        calling.fail(letter)
    assert (calling.call.status, calling.call.shortfall_minor) == ("exhausted", 300_000_00)
    assert calling.events[-2:] == ["member_failed", "exhausted"]


def test_who_failed_and_pays_what_it_bears_is_cured_and_the_others_get_theirs_back() -> None:
    calling = Calling(300_000_00, {"B": M, "C": M})
    calling.notice()
    calling.pay("C", 150_000_00)
    calling.fail("B")
    calling.pay("C", 150_000_00)
    calling.pay("B", 150_000_00)
    assert calling.status() == {"B": "paid", "C": "paid"}
    assert (calling.share("C").refund_minor, calling.events[-1]) == (150_000_00, "refund_due")


# --- objections


def test_an_objection_stops_that_share_and_no_other() -> None:
    calling = noticed()
    objection_id = calling.object_to("B")
    calling.run(business_days(3))
    calling.run(business_days(9))
    calling.decide(objection_id, "dismissed")
    paused = calling.now - NOW
    share = calling.share("B")
    assert calling.call.due_at(share) == business_days(10) + paused
    assert calling.call.due_at(calling.share("C")) == business_days(10)
    calling.run(business_days(15))
    assert calling.status() == {"B": "due", "C": "overdue", "D": "overdue"}


def test_a_share_that_is_released_is_the_others_to_bear() -> None:
    calling = noticed()
    calling.pay("B", 10_000_00)
    calling.decide(calling.object_to("B"), "upheld")
    assert calling.status()["B"] == "released"
    assert calling.due() == {"C": 145_000_00, "D": 145_000_00}
    assert calling.share("B").fair_minor == 0
    assert [notice.minor for notice in calling.share("C").notices] == [100_000_00, 45_000_00]


def test_who_checked_or_gave_notice_decides_no_objection() -> None:
    calling = noticed()
    objection_id = calling.object_to("B")
    for officer in ("ann", "bob"):
        with pytest.raises(AnotherOfficerNeeded):
            calling.decide(objection_id, "dismissed", officer)
    with pytest.raises(ObjectionNotFound):
        calling.decide("obj_nowhere", "dismissed")


def test_nobody_decides_so_the_clock_goes_on_and_an_officer_may_still_decide() -> None:
    calling = noticed()
    objection_id = calling.object_to("B")
    calling.run(business_days(10))
    (objection,) = calling.share("B").objections
    assert (objection.outcome, objection.decided_at) == ("undecided", business_days(10))
    due_at = calling.call.due_at(calling.share("B"))
    assert due_at == business_days(10) + (business_days(10) - NOW)
    calling.days(1)
    calling.decide(objection_id, "upheld")
    assert calling.status()["B"] == "released"


def test_an_objection_comes_in_time_and_one_at_a_time() -> None:
    calling = noticed()
    calling.object_to("B")
    with pytest.raises(TooLateToObject):
        calling.object_to("B")
    calling.run(business_days(5) - MS)
    calling.object_to("C")
    calling.run(business_days(5))
    with pytest.raises(TooLateToObject):
        calling.object_to("D")


def test_a_share_is_objected_to_three_times_at_most() -> None:
    calling = noticed()
    for _ in range(3):
        calling.decide(calling.object_to("B"), "dismissed")
    with pytest.raises(TooManyObjections):
        calling.object_to("B")


# --- facts that come later


def test_hardship_of_the_debtor_stops_the_guarantors_clocks() -> None:
    calling = noticed()
    calling.recompute(pauses=(Pause(from_on=date(2026, 3, 5), to_on=date(2026, 3, 25)),))
    share = calling.share("B")
    assert calling.call.due_at(share) == business_days(10) + timedelta(days=20)
    assert calling.call.fails_at(share) == business_days(15) + timedelta(days=20)
    calling.recompute(pauses=(Pause(from_on=date(2026, 1, 5), to_on=date(2026, 3, 3)),))
    assert calling.call.due_at(share) == business_days(10) + (start_of(date(2026, 3, 3)) - NOW)


def test_later_interest_is_noticed_as_an_increment() -> None:
    calling = noticed()
    calling.pay("B", 100_000_00)
    calling.days(7)
    calling.owes(300_300_00)
    assert calling.events[-1] == "noticed"
    assert [notice.minor for notice in calling.share("B").notices] == [100_000_00, 100_00]
    assert calling.share("B").notices[1].at == calling.now
    assert calling.due() == {"B": 100_00, "C": 100_100_00, "D": 100_100_00}


def test_notices_are_bounded_and_the_last_one_takes_what_comes_on_top() -> None:
    calling = noticed()
    for more in range(1, MOST_NOTICES + 5):
        calling.owes(300_000_00 + more * 300)
    share = calling.share("B")
    assert (len(share.notices), share.noticed_minor) == (MOST_NOTICES, share.due_minor)


def test_a_payment_that_is_taken_back_opens_the_call_again() -> None:
    calling = noticed()
    for letter in "BCD":
        calling.pay(letter, 100_000_00)
    calling.days(31)
    assert calling.call.status == "closed"
    assert calling.pay("C", -100_000_00).status == "partly_paid"
    assert (calling.due(), calling.call.why, calling.call.ended_at) == ({"C": 100_000_00}, None, None)


def test_a_call_that_is_withdrawn_asks_nothing_and_gives_back_what_was_paid() -> None:
    calling = noticed()
    calling.pay("B", 60_000_00)
    assert calling.recompute(is_withdrawn=True).status == "withdrawn"
    assert (calling.due(), calling.share("B").refund_minor) == ({}, 60_000_00)
    assert calling.events[-2:] == ["withdrawn", "refund_due"]
    assert calling.days(31).status == "withdrawn"
    calling.pay("B", -60_000_00)
    assert calling.days(31).status == "closed"
    assert calling.call.why == "withdrawn"


def test_a_refund_that_never_comes_is_looked_at_for_a_year() -> None:
    calling = noticed()
    calling.pay("B", 60_000_00)
    calling.recompute(is_withdrawn=True)
    assert calling.days(360).status == "withdrawn"
    assert calling.days(40).status == "closed"
    assert calling.call.why == "left_open"


def test_claims_between_members_hold_a_call_that_is_paid() -> None:
    calling = noticed()
    calling.pay("B", 300_000_00)
    calling.recompute(open_claims=2)
    assert calling.days(31).status == "paid"
    calling.recompute(open_claims=0)
    assert calling.days(31).status == "closed"


def test_what_the_bank_confirms_is_all_whatever_is_left_by_our_figures() -> None:
    calling = noticed()
    for letter in "BCD":
        calling.pay(letter, 99_999_99)
    assert calling.recompute(is_confirmed=True).status == "paid"
    assert (calling.due(), calling.call.net_minor) == ({}, 299_999_97)


def test_the_pool_pays_of_the_shortfall() -> None:
    calling = Calling(300_000_00, {"B": M}, {"B": 100_000_00})
    calling.notice()
    calling.pay("B", 100_000_00)
    calling.recompute(pool_minor=80_000_00)
    assert (calling.call.status, calling.call.shortfall_minor, calling.call.uncovered_minor) == (
        "exhausted",
        200_000_00,
        120_000_00,
    )


def test_facts_that_are_older_than_the_call_knows_change_nothing() -> None:
    calling = noticed()
    calling.version = 5
    calling.pay("B", 100_000_00)
    before = calling.call
    calling.version, calling.paid = 2, {}
    assert calling.recompute() == before


def test_a_call_that_nothing_follows_for_is_not_written() -> None:
    calling = noticed()
    before = len(calling.events)
    calling.recompute()
    assert len(calling.events) == before


# --- every state has an owner and a due time


def _paid() -> Calling:
    calling = noticed()
    for letter in "BCD":
        calling.pay(letter, 100_000_00)
    return calling


def _partly() -> Calling:
    calling = noticed()
    calling.pay("B", 100_000_00)
    return calling


def _exhausted() -> Calling:
    calling = noticed()
    for letter in "BCD":
        calling.fail(letter)
    return calling


def _withdrawn() -> Calling:
    calling = noticed()
    calling.recompute(is_withdrawn=True)
    return calling


IN_STATUS: dict[str, Callable[[], Calling]] = {
    "opened": lambda: Calling(300_000_00, {"B": M}),
    "noticed": noticed,
    "partly_paid": _partly,
    "paid": _paid,
    "exhausted": _exhausted,
    "withdrawn": _withdrawn,
}


def test_every_status_but_the_end_is_reached() -> None:
    assert set(IN_STATUS) == set(STATUSES) - ENDS


@pytest.mark.parametrize("status", IN_STATUS)
def test_every_status_has_a_deadline_of_the_clock_with_an_owner_and_ends(status: str) -> None:
    calling = IN_STATUS[status]()
    assert calling.call.status == status
    assert any(each.by_clock and each.owner for each in MACHINE.deadlines(calling.call, calling.context))
    assert calling.days(900).status == "closed"
    assert calling.call.why is not None


def test_a_disputed_share_is_an_officers() -> None:
    calling = noticed()
    calling.object_to("B")
    deadlines = {each.name: each.owner for each in MACHINE.deadlines(calling.call, calling.context)}
    seat = SEATS["B"]
    assert deadlines[f"decision_{seat}"] == "officer"
    assert f"payment_{seat}" not in deadlines
