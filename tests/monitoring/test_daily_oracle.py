"""The daily run raises the alerts of the oracle, out of facts that are told to the day-book."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest

from chalicelib.daybook.rules.activity import Login
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.daybook.service.recording import record
from chalicelib.monitoring.service import watching
from chalicelib.shared.periods import start_of
from tests.loans.lending import Lender
from tests.monitoring import oracle
from tests.monitoring.inventing import at
from tests.monitoring.watched import DAY, DRAWN, Watched, bank, lender
from tests.world import Pump

__all__ = ["bank", "lender"]
LAST = DRAWN + 44 * DAY
FIRST = DRAWN - 130 * DAY
USD_FOR_CNY = Fraction("0.1450")
"""The planning rate of that year."""


def invented(member_id: str, seed: int) -> tuple[oracle.Firm, list[Login | TradeFact]]:
    """A firm that trades at most once a day, so that both sides convert the same amounts; and what is told of it."""
    chance, facts = Random(seed), list[Login | TradeFact]()
    firm = oracle.Firm(drawn_on=DRAWN, known_from=DRAWN)
    turns, logs_in, sells = DRAWN + chance.randrange(5, 15) * DAY, chance.uniform(0.4, 0.9), chance.uniform(0.6, 1)
    for day in oracle.span(FIRST, LAST):
        is_usual = day < turns or chance.random() < 0.15
        if is_usual and chance.random() < logs_in:
            firm.logins.append(at(day, chance))
            facts.append(Login(member_id=member_id, activity_id=f"l-{day}", at=instant(firm.logins[-1])))
        if is_usual and chance.random() < sells:
            cents = round(100 * chance.lognormvariate(9, 0.4))
            firm.orders.append(at(day, chance))
            firm.trade.append((firm.orders[-1], round(cents / USD_FOR_CNY)))
            facts.append(sold(member_id, len(facts), instant(firm.orders[-1]), cents))
    seen = [oracle.shanghai(each) for each in (*firm.logins, *firm.orders)]
    firm.known_from = min(day for day in seen if day >= DRAWN - 90 * DAY)
    return firm, facts


def sold(member_id: str, number: int, when: datetime, cents: int) -> TradeFact:
    return TradeFact(
        member_id=member_id,
        trade_id=f"t-{number}",
        buyer_ref="b",
        supplier_country="CN",
        buyer_country="DE",
        category="toys",
        currency="USD",
        amount_minor=cents,
        ordered_at=when,
        paid_at=when,
        shipped_at=when,
        delivered_at=when,
        status="completed",
    )


def instant(day: datetime) -> datetime:
    return day.replace(tzinfo=UTC)


@pytest.mark.parametrize("seed", range(4))
def test_the_daily_run_raises_what_the_oracle_does(seed: int, lender: Lender, pump: Pump) -> None:
    world = Watched(lender, pump)
    firm, facts = invented(world.firm, seed)
    lender.on(DRAWN.year, DRAWN.month, DRAWN.day)
    world.told(DRAWN - DAY)
    record([fact for fact in facts if moment(fact) < start_of(DRAWN)])
    world.consents()
    world.draws()
    assert {outcome.result for outcome in record(facts)} <= {"new", "known"}
    world.told(LAST)
    world.time.at = start_of(LAST) + timedelta(hours=10)
    watching.follow_days(world.firm, world.time.at)
    world.night(LAST, at_once=True)
    alerts = [(alert.rule, alert.started_on, alert.red_on, alert.closed_on) for alert in world.alerts()]
    expected = [(each.rule, each.started_on, each.red_on, each.closed_on) for each in oracle.alerts(firm, LAST)]
    assert alerts == expected
    assert expected


def moment(fact: Login | TradeFact) -> datetime:
    return fact.at if isinstance(fact, Login) else fact.ordered_at


def test_mo_1_a_slow_week_is_nothing_and_two_without_an_order_are_red(lender: Lender, pump: Pump) -> None:
    """Three and a half orders a week before the draw; then four, none and none. Of a week without trade R4 says so, too (MO-2 b)."""
    world = Watched(lender, pump)
    lender.on(DRAWN.year, DRAWN.month, DRAWN.day)
    world.told(DRAWN - DAY)
    before = (DRAWN - back * DAY for back in range(1, 85, 2))
    behind = (DRAWN + number * DAY for number in range(4))
    for days in (before, behind):
        record([sold(world.firm, day.toordinal(), start_of(day) + timedelta(hours=9), 10_000_00) for day in days])
        if not world.loan:
            world.consents()
            world.draws()
    for last, expected in ((DRAWN + 13 * DAY, []), (DRAWN + 20 * DAY, [("order_count", "red", 0)])):
        world.time.at = start_of(last) + timedelta(hours=10)
        watching.follow_days(world.firm, world.time.at)
        for _ in range(2):
            world.night(last, at_once=True)
        orders = [alert for alert in world.alerts() if alert.rule == "order_count"]
        assert [(each.rule, each.level, each.evidence[-1].numbers["orders"]) for each in orders] == expected
    [red] = orders
    assert (red.evidence[-1].numbers["days"], red.evidence[-1].p_ppm) == (14, 419), "42 orders in 54 business days"
    decline = next(alert for alert in world.alerts() if alert.rule == "slow_decline")
    assert (decline.level, decline.started_on) == ("red", DRAWN + 13 * DAY)
