"""Invented firms for the oracle: regular ones and ones that fall silent, shrink, move or quarrel after their draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from chalicelib.monitoring.rules.day import Almanac, Lacking
from chalicelib.monitoring.rules.facts import Facts, ProfileChange, VerifiedReport
from chalicelib.monitoring.rules.history import Figures, History, facts_of
from chalicelib.monitoring.rules.replay import Past
from tests.monitoring.oracle import Firm, shanghai, span, works
from tests.monitoring.watching import CN

DAY: Final = timedelta(days=1)
FIELDS: Final = ("address", "contact", "business_scope", "settlement_account", "controller")


def firm(seed: int, drawn_on: date, last: date) -> Firm:
    """One firm, by chance alone."""
    chance = Random(seed)
    known_from = drawn_on - chance.choice((400, 400, 400, 70, 40)) * DAY
    invented = Firm(
        drawn_on=drawn_on, known_from=known_from, uses_api=chance.random() < 0.1, consents=chance.random() < 0.9
    )
    logs_in, sells = chance.choice((0.95, 0.5, 0.3, 0.07)), chance.choice((0.1, 0.5, 1.5, 4.0))
    size, quarrels = chance.choice((8, 11, 13)), chance.choice((0.0, 0.02))
    turns, fate = (
        drawn_on + chance.randrange(5, 60) * DAY,
        chance.choice(("thrives", "silent", "shrinks", "quarrels", "stops")),
    )
    overdue = 0
    for day in span(max(known_from, drawn_on - 130 * DAY), last):
        turned = day >= turns
        if chance.random() < logs_in * (0.1 if turned and fate == "silent" else 1):
            invented.logins += [at(day, chance) for _ in range(chance.randrange(1, 4))]
        usual = sells * (0.6 if turned and fate == "shrinks" else 0.0 if turned and fate == "stops" else 1)
        for _ in range(round(chance.expovariate(1 / usual)) if usual and (works(day) or chance.random() < 0.3) else 0):
            invented.orders.append(at(day, chance))
            invented.trade.append((at(day, chance), round(100 * chance.lognormvariate(size, 0.4))))
            if chance.random() < quarrels + (0.08 if turned and fate == "quarrels" else 0):
                invented.disputes.append(at(day, chance))
        if chance.random() < 0.01:
            invented.changes.append((chance.choice(FIELDS), day))
        if turned and chance.random() < 0.01:
            invented.reports.append((chance.choice("ab"), day))
        overdue = 0 if chance.random() < 0.02 else overdue + (turned and chance.random() < 0.7)
        invented.dpd[day] = overdue
    for lacking in (invented.no_logins, invented.no_trade):
        for _ in range(chance.choice((0, 0, 1, 2))):
            first = drawn_on + chance.randrange(-90, 90) * DAY
            lacking |= set(span(first, first + chance.randrange(4) * DAY))
    _offer(invented, turns, last, Random(-seed))
    return invented


def _offer(of: Firm, turns: date, last: date, chance: Random) -> None:
    """A few listings in four of five firms; some of those take most of them down at once."""
    if chance.random() < 0.2:
        return
    of.put_up += [at(of.known_from + chance.randrange(60) * DAY, chance) for _ in range(chance.randrange(1, 9))]
    hides = chance.random() < 0.5
    for day in span(of.drawn_on - 20 * DAY, last):
        if chance.random() < 0.05:
            of.put_up.append(at(day, chance))
        left = len(of.put_up) - len(of.taken_down)
        gone = left - left // 3 if hides and day == turns else min(left, chance.random() < 0.03)
        of.taken_down += [at(day, chance) for _ in range(gone)]


def at(day: date, chance: Random) -> datetime:
    """An instant of a Shanghai day, in UTC."""
    return datetime(day.year, day.month, day.day) + timedelta(hours=-8, minutes=chance.randrange(24 * 60))  # noqa: DTZ001


def figures(of: Firm) -> Mapping[date, Figures]:
    """The firm's days, as the day-book sums them."""
    numbers: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for place, instants in ((0, of.logins), (1, of.orders), (3, of.disputes)):
        for instant in instants:
            numbers[shanghai(instant)][place] += 1
    for instant, fen in of.trade:
        numbers[shanghai(instant)][2] += fen
    for instants, more in ((of.put_up, 1), (of.taken_down, -1)):
        for instant in instants:
            numbers[shanghai(instant)][4] += more
    return {day: Figures(*each) for day, each in numbers.items()}


def lacking(of: Firm) -> Lacking:
    return {"logins": of.no_logins, "trade": of.no_trade}


def almanac(of: Firm, last: date) -> Almanac:
    return Almanac(CN, lacking(of), of.drawn_on - 200 * DAY, last)


def beside(of: Firm, on: date) -> dict[str, Any]:
    """What of a day does not come out of the day-book."""
    return {
        "dpd": of.dpd.get(on, 0),
        "changes": tuple(ProfileChange(field=what, on=day) for what, day in of.changes if day <= on),  # type: ignore[arg-type]
        "reports": tuple(VerifiedReport(report_id="", reporter=who, on=day) for who, day in of.reports if day <= on),
        "notices": tuple(day for day in of.notices if day <= on),
        "consents": of.consents,
    }


def facts(of: Firm, history: History, almanac: Almanac, on: date) -> Facts:
    """What is known of the firm at the end of a day."""
    known = {"loan_id": "lon_1", "member_id": "mem_1", **beside(of, on)}
    return facts_of(history, almanac.day(on), of.drawn_on, **known)


def past(of: Firm) -> Past:
    return Past(
        loan_id="lon_1",
        member_id="mem_1",
        drawn_on=of.drawn_on,
        known_from=of.known_from,
        uses_api=of.uses_api,
        history=History(figures(of), lacking(of)),
        beside=lambda on: beside(of, on),
    )
