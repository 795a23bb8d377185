"""What an exporter is settled, and when: K1, K7, and the shares of parts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.acquiring.rules import settlement as rules
from chalicelib.acquiring.rules.settlement import MACHINE, Context, Settlement, SettlementChange, both
from chalicelib.ledger.rules.chart import CHANNEL_FEES, FX_DIFFERENCE, HELD, PAYOUTS_PAYABLE, SETTLEMENTS_DUE
from chalicelib.orders.rules.claims import attach_claim
from chalicelib.orders.rules.order import Claimed
from chalicelib.shared import calendars
from chalicelib.shared.journal import imbalance
from chalicelib.shared.periods import Calendar, start_of
from tests.acquiring.sale import ACQUIRER, PLACED, Sale, captured

THURSDAY = datetime(2024, 9, 12, 4, tzinfo=UTC)
CHINA = Calendar(
    name="CN",
    first_year=2024,
    published_year=2024,
    last_year=2024,
    closed=frozenset({date(2024, 9, 16), date(2024, 9, 17)}),
)
KOREA = Calendar(
    name="KR",
    first_year=2024,
    published_year=2024,
    last_year=2024,
    closed=frozenset(date(2024, 9, day) for day in (16, 17, 18)),
)


def settled(sale: Sale, change: SettlementChange) -> Settlement:
    """Book it with what the payment booked."""
    assert imbalance(change.event.postings) == {}
    sale.booked += change.event.postings
    for other in change.also:
        sale.order = other  # type: ignore[assignment]
    sale.settlement = change.state
    return change.state


def early(sale: Sale) -> Settlement:
    assert sale.settlement is not None
    [change] = MACHINE.overdue(sale.settlement, Context(order=sale.order), PLACED + timedelta(days=30))
    return settled(sale, change)


def completed(sale: Sale) -> int:
    """The order releases what is held, as its completion does. Returns how much."""
    minor = sale.order.held_minor
    sale.order = replace(sale.order, status="completed", released_minor=sale.order.released_minor + minor)
    return minor


def ended(status: str) -> Settlement:
    sale = captured()
    assert sale.settlement is not None
    if status == "void":
        return rules.void(sale.settlement, PLACED).state
    return rules.settled(early(sale), PLACED).state


ENDED: dict[str, Settlement] = {status: ended(status) for status in rules.ENDS}


def test_four_business_days_of_both_countries_after_mid_autumn_is_the_monday_after() -> None:
    due = rules.due_at(THURSDAY, 4, both(CHINA, KOREA))
    assert due == start_of(date(2024, 9, 23))


def test_so_it_is_by_the_calendars_that_are_shipped() -> None:
    """Rule 6's worked example, and the same days when Spring Festival and Seollal come together."""
    together = both(calendars.calendar("CN"), calendars.calendar("KR"))
    assert rules.due_at(THURSDAY, 4, together) == start_of(date(2024, 9, 23))
    assert rules.due_at(datetime(2026, 2, 12, 4, tzinfo=UTC), 4, together) == start_of(date(2026, 2, 26))


YEARS = [
    (name, year)
    for name in sorted(calendars.known_until())
    for year in range(calendars.calendar(name).first_year, calendars.calendar(name).last_year + 1)
    if name != "CN" and year <= calendars.calendar("CN").last_year
]


def test_each_calendar_is_asked_for_each_year_that_both_hold() -> None:
    assert [(name, year) for name in ("JP", "KR") for year in (2024, 2025, 2026, 2027)] == YEARS


@pytest.mark.parametrize(("name", "year"), YEARS)
def test_a_settlement_day_is_the_fourth_on_which_both_countries_work(name: str, year: int) -> None:
    mine, theirs = calendars.calendar("CN"), calendars.calendar(name)
    together = both(mine, theirs)
    for days in range(30):
        at = datetime(year, 1, 20, 4, tzinfo=UTC) + timedelta(days=days)
        day = (rules.due_at(at, 4, together) + timedelta(hours=8)).date()
        after = (at.date() + timedelta(days=n) for n in range(1, 60))
        worked = [each for each in after if mine.is_business_day(each) and theirs.is_business_day(each)]
        assert day == worked[3]


def test_a_year_that_no_calendar_knows_yet_makes_it_late_and_not_impossible() -> None:
    at = datetime(2024, 12, 30, 4, tzinfo=UTC)
    assert rules.due_at(at, 4, both(CHINA, KOREA)) == start_of(date(2025, 1, 17))


def test_what_the_cover_stands_for_is_settled_on_its_day_and_the_books_are_closed_in_both_currencies() -> None:
    sale = captured()
    settlement = early(sale)
    assert (settlement.status, settlement.released_minor, settlement.fee_minor) == ("instructed", 66_119, 3_225)
    assert settlement.amount_minor == 125_775
    assert sale.order.released_minor == 66_119
    assert (sale.balance(HELD), sale.balance(FX_DIFFERENCE, ACQUIRER)) == (0, 66_119)
    assert sale.balance(CHANNEL_FEES, "chn_1", "KRW") == 3_225
    assert sale.balance(PAYOUTS_PAYABLE, settlement.id, "KRW") == 125_775
    assert sale.balance(FX_DIFFERENCE, ACQUIRER, "KRW") == -129_000


def test_while_a_claim_is_open_nothing_is_settled_before_the_orders_completion() -> None:
    sale = captured()
    claimed = Claimed(claim_id="clm_1", reason="quality", lines=(1,), requested_minor=100)
    sale.order = attach_claim(sale.order, claimed, PLACED)
    waiting = early(sale)
    assert (waiting.status, waiting.due_at, waiting.released_minor) == ("due", None, 0)
    sale.order = replace(sale.order, claims=(replace(claimed, outcome="withdrawn"),))
    minor = completed(sale)
    settlement = settled(sale, rules.rest(waiting, Context(order=sale.order), 0, minor, "ent_1", PLACED, is_last=True))
    assert (settlement.amount_minor, settlement.fee_minor) == (125_775, 3_225)
    assert sale.balance(SETTLEMENTS_DUE) == -66_119


def test_parts_that_are_settled_one_after_the_other_sum_up_to_what_the_quote_says() -> None:
    sale = captured()
    first = rules.worth(sale.order, 0, 22_040, is_last=False)
    rest = rules.worth(sale.order, 22_040, 44_079, is_last=True)
    assert (first.amount_minor + rest.amount_minor, first.fee_minor + rest.fee_minor) == (125_775, 3_225)


def test_the_fee_of_what_a_claim_was_paid_stays_with_the_channel_and_of_other_refunds_it_does_not() -> None:
    sale = captured()
    third = 22_040
    claimed = Claimed(
        claim_id="c", reason="quality", lines=(1,), requested_minor=third, paid_minor=third, outcome="paid"
    )
    at_fault = rules.worth(replace(sale.order, claims=(claimed,)), 0, 66_119 - third, is_last=True)
    not_at_fault = rules.worth(sale.order, 0, 66_119 - third, is_last=True)
    assert (not_at_fault.fee_minor, not_at_fault.amount_minor) == (2_150, 83_849)
    assert (at_fault.fee_minor, at_fault.amount_minor) == (3_225, 82_774)


def test_what_comes_to_nothing_after_the_fee_is_settled_at_once_and_moves_nothing() -> None:
    sale = captured()
    assert sale.settlement is not None
    assert sale.order.channel is not None
    price, amounts = sale.order.channel.price_minor, sale.order.channel.amounts
    channel = replace(sale.order.channel, amounts=replace(amounts, fee_minor=price, exporter_minor=0))
    sale.order = replace(sale.order, channel=channel)
    [change] = MACHINE.overdue(sale.settlement, Context(order=sale.order), PLACED + timedelta(days=30))
    settlement = settled(sale, change)
    assert (settlement.status, settlement.settled_at) == ("settled", change.at)
    assert (change.event.kind, change.event.payment_orders) == ("settlement.settled", ())
    assert sale.balance(CHANNEL_FEES, "chn_1", "KRW") == price
    assert MACHINE.next_due(settlement, Context(order=sale.order)) is None


def test_of_an_order_that_ended_otherwise_nothing_is_due() -> None:
    sale = captured()
    sale.refund()
    assert sale.order.status == "refunded"
    assert early(sale).status == "void"


def test_what_the_acquirer_could_not_pay_is_settled_when_it_has() -> None:
    instructed = early(captured())
    failed = rules.failed(instructed, "account_closed", PLACED).state
    assert (failed.status, failed.reason) == ("failed", "account_closed")
    assert rules.settled(failed, PLACED).state.status == "settled"


@pytest.mark.parametrize("status", sorted(ENDED))
def test_a_settlement_that_has_ended_waits_for_nothing(status: str) -> None:
    assert ENDED[status].status == status
    assert MACHINE.next_due(ENDED[status], Context(order=captured().order)) is None
