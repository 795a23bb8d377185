from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.daybook.rules import activity
from chalicelib.daybook.rules import days as daybook_days
from chalicelib.daybook.rules import items as daybook_items
from chalicelib.daybook.rules.activity import Inquiry, Login, OfferChange, ProfileChange, Reply
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.items import Fact
from chalicelib.shared import fx
from chalicelib.shared.periods import to_ms
from tests.daybook.stories import AT, NOW, SUPPLIER, book, recomputed, tellings_of_activity


def inquiry(hours: float = 0, thread: str = "a", buyer: str = "b-1", flags: tuple[activity.Flag, ...] = ()) -> Inquiry:
    return Inquiry(member_id=SUPPLIER, thread_id=thread, buyer_ref=buyer, at=AT + timedelta(hours=hours), flags=flags)


def reply(hours: float, thread: str = "a") -> Reply:
    return Reply(member_id=SUPPLIER, thread_id=thread, at=AT + timedelta(hours=hours))


def asked(*facts: Fact) -> list[tuple[int, int | None]]:
    _, days = book(list(facts))
    return list(daybook_days.total(days.values(), date(2017, 6, 10)).inquiries)


def test_logins_and_profile_changes_count_once_each_on_their_day() -> None:
    login = Login(member_id=SUPPLIER, activity_id="1", at=AT)
    change = ProfileChange(member_id=SUPPLIER, activity_id="1", at=AT)
    _, days = book([login, login, change])
    assert (days[date(2017, 6, 10)].logins, days[date(2017, 6, 10)].profile_changes) == (1, 1)


def test_the_same_activity_id_at_another_time_is_refused() -> None:
    first, _ = daybook_items.tell(None, Login(member_id=SUPPLIER, activity_id="1", at=AT), fx.quote, NOW)
    moved = Login(member_id=SUPPLIER, activity_id="1", at=AT + timedelta(days=1))
    assert daybook_items.tell(first, moved, fx.quote, NOW)[1] == Outcome("refused", "contradicts_earlier", "at")


def test_a_listing_that_was_put_up_was_not_taken_down_by_the_same_activity() -> None:
    put_up = OfferChange(member_id=SUPPLIER, activity_id="1", change="put_up", at=AT)
    first, outcome = daybook_items.tell(None, put_up, fx.quote, NOW)
    assert (outcome.result, daybook_items.tell(first, put_up, fx.quote, NOW)[1].result) == ("new", "known")
    down = OfferChange(member_id=SUPPLIER, activity_id="1", change="taken_down", at=AT)
    assert daybook_items.tell(first, down, fx.quote, NOW)[1] == Outcome("refused", "contradicts_earlier", "change")


def test_a_thread_counts_once_with_its_first_inquiry_and_the_first_reply_after_it() -> None:
    assert asked(inquiry(1), inquiry(0), inquiry(9), reply(5), reply(2), reply(-1)) == [(to_ms(AT), 2 * 3600)]


def test_an_inquiry_without_a_reply_is_unanswered() -> None:
    assert asked(inquiry(), reply(-2)) == [(to_ms(AT), None)]


def test_seconds_to_an_answer_are_rounded_up() -> None:
    late = Reply(member_id=SUPPLIER, thread_id="a", at=AT + timedelta(hours=24, milliseconds=1))
    assert asked(inquiry(), late) == [(to_ms(AT), 24 * 3600 + 1)]


def test_a_flag_takes_the_thread_out_even_when_it_comes_later() -> None:
    assert asked(inquiry(), reply(1), inquiry(0, flags=("blocked",))) == []


def test_a_thread_belongs_to_one_buyer() -> None:
    known, _ = daybook_items.tell(None, inquiry(), fx.quote, NOW)
    assert daybook_items.tell(known, inquiry(buyer="b-2"), fx.quote, NOW)[1].column == "buyer_ref"


def test_replies_without_an_inquiry_do_not_pile_up_for_ever() -> None:
    most = activity.MOST_EARLY_REPLIES
    items, _ = book([reply(hours) for hours in range(most)])
    assert daybook_items.tell(items["~inquiry#a"], reply(most), fx.quote, NOW)[1].reason == "too_many_replies"


@given(tellings_of_activity(), st.randoms())
def test_activity_in_any_order_and_number_makes_the_same_days(facts: list[Fact], chance: object) -> None:
    shuffled = sorted([*facts, *facts], key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert book(facts)[1] == book(shuffled)[1]


@given(tellings_of_activity())
def test_days_of_activity_are_the_sum_of_what_the_items_count_for(facts: list[Fact]) -> None:
    items, days = book(facts)
    assert days == recomputed(items)
