"""Invented loans of firms that are as usual on most days, always the same: loan `number` is of kind `number * STRIDE % KINDS`.

What must come of each kind says the oracle of the rules (`tests/monitoring/oracle.py`), which imports nothing of ours and goes through single facts. The
watch of a kind, and the alerts that it has on the eve, are put together as the product keeps them.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from chalicelib.daybook.rules.days import DayRow
from chalicelib.loans.rules.lateness import Lateness, Spell
from chalicelib.monitoring.rules import episode, watch
from chalicelib.monitoring.rules.alert import Alert, Context, Subject
from chalicelib.monitoring.rules.alert import Policy as AlertPolicy
from chalicelib.monitoring.rules.day import Almanac
from chalicelib.monitoring.rules.facts import ProfileChange
from chalicelib.monitoring.rules.history import freeze
from chalicelib.monitoring.rules.watch import Watch
from chalicelib.monitoring.service import days, deciding
from chalicelib.monitoring.service.raising import Known
from chalicelib.monitoring.service.watching import in_fen
from chalicelib.shared import fx, policies
from chalicelib.shared.periods import start_of
from tests.monitoring import oracle
from tests.monitoring.inventing import at

KINDS: Final = 600
STRIDE: Final = 7_919
ON: Final = date(2026, 4, 22)
"""The day that is decided: a Wednesday."""
DAY: Final = timedelta(days=1)
NOW: Final = start_of(ON + DAY) + timedelta(hours=2)


class Kind(NamedTuple):
    """The day-book of its firm, the watch on the eve, its alerts then, and those of the oracle when the day is decided, each by rule with the days on which it began and became red."""

    days: tuple[DayRow, ...]
    watch: Watch
    alerts: tuple[Alert, ...]
    expected: frozenset[tuple[str, date, date | None]]
    is_news: bool


Found = frozenset[tuple[str, date, date | None]]


def kind_of(number: int) -> int:
    return number * STRIDE % KINDS


def member_id(kind: int) -> str:
    """The firm of all loans of a kind."""
    return f"mem_{kind:026d}"


def _in_cents(fen: int, day: date) -> int:
    return fx.across(fen, fx.quote(fx.DEPOSIT_CURRENCY, day), fx.quote(fx.LIMIT_CURRENCY, day))


def loan_id(number: int) -> str:
    return f"lon_{number:026d}"


def kinds(almanac: Almanac) -> list[Kind]:
    return [_kind(seed, almanac) for seed in range(KINDS)]


def firm(seed: int) -> tuple[oracle.Firm, date]:
    """It logs in every day or two and sells on most days; one in twenty-four has turned: silent, shrinking, late or moved. Returns when."""
    chance = Random(seed)
    drawn_on = ON - chance.randrange(10, 120) * DAY
    invented = oracle.Firm(drawn_on=drawn_on, known_from=drawn_on - 90 * DAY)
    turns = ON - chance.randrange(0, 40) * DAY if chance.random() < 1 / 24 else ON + DAY
    fate = chance.choice(("silent", "shrinks", "late", "moves"))
    every, size = chance.choice((1, 1, 1, 2)), chance.choice((9.0, 10.5))
    for number, day in enumerate(oracle.span(drawn_on - 130 * DAY, ON)):
        turned = day >= turns
        if number % every == 0 and not (turned and fate == "silent"):
            invented.logins.append(at(day, chance))
        if oracle.works(day):
            less = 0.4 if turned and fate == "shrinks" else 1.0
            for _ in range(round(4 * less)):
                invented.orders.append(at(day, chance))
            fen = round(100 * less * 2.718 ** (size + chance.gauss(0, 0.1)))
            invented.trade.append((at(day, chance), in_fen(_in_cents(fen, day), day)))
        invented.dpd[day] = (day - turns).days + 1 if turned and fate == "late" else 0
    if fate == "moves" and drawn_on <= turns <= ON:
        invented.changes.append(("address", turns))
    return invented, turns


def _kind(seed: int, almanac: Almanac) -> Kind:
    invented, turns = firm(seed)
    book = _day_book(invented)
    known = _watch(seed, invented, turns, almanac, book)
    history, alerts, context = watch.history_of(known.days, almanac.lacking), Known(), _context()
    for on in oracle.span(invented.drawn_on, ON - DAY):
        alerts = _followed(
            alerts, known, on, watch.judged_on(known, history, almanac.day(on), days.policy_on(on)), context
        )
        known = deciding.with_alerts(known, alerts)
    known = replace(known, wakes_on=watch.waking(known, almanac, ON - DAY, days.policy_on))
    raised = oracle.alerts(invented, ON)
    eve, expected = (_open(raised, on) for on in (ON - DAY, ON))
    assert {(alert.rule, alert.started_on, alert.red_on) for alert in alerts.lasting} == eve, seed
    assert known.wakes_on is not None
    is_news = known.wakes_on <= ON
    assert is_news or eve == expected, seed
    return Kind(book, known, alerts.lasting, expected, is_news)


def _open(alerts: list[oracle.Alert], on: date) -> Found:
    """Those that last at the end of a day, as they then were."""
    return frozenset(
        (alert.rule, alert.started_on, alert.red_on if alert.red_on and alert.red_on <= on else None)
        for alert in alerts
        if alert.started_on <= on and (alert.closed_on is None or alert.closed_on > on)
    )


def _day_book(invented: oracle.Firm) -> tuple[DayRow, ...]:
    """The firm's days; it sells once a day."""
    logins = {oracle.shanghai(instant) for instant in invented.logins}
    orders = Counter(oracle.shanghai(instant) for instant in invented.orders)
    trade = {day: _in_cents(fen, day) for day, fen in ((oracle.shanghai(at), fen) for at, fen in invented.trade)}
    return tuple(
        DayRow(
            day=day,
            logins=int(day in logins),
            orders={"lanterns": (orders[day], trade[day], 0)} if day in orders else {},
            gmv_usd_minor=trade.get(day, 0),
        )
        for day in sorted({*logins, *orders})
    )


def _watch(kind: int, invented: oracle.Firm, turns: date, almanac: Almanac, book: tuple[DayRow, ...]) -> Watch:
    """As it is gathered from the day-book, the loan and the profile, on the evening before the run."""
    since = invented.drawn_on - watch.KEPT_DAYS * DAY
    all_days = watch.firm_days((row for row in book if row.day >= since), in_fen)
    history = watch.history_of(all_days, almanac.lacking)
    eve = invented.drawn_on - DAY
    usual = freeze(history, almanac.day(eve), invented.known_from, days.policy_on(eve))
    is_late = invented.dpd[ON] > 0
    known = Watch(
        id=loan_id(0),
        version=7,
        member_id=member_id(kind),
        bank_id="boc",
        baseline=usual,
        lateness=Lateness((Spell(turns - DAY, turns),)) if is_late else Lateness(),
        changes=tuple(ProfileChange(field=field, on=on) for field, on in invented.changes),  # type: ignore[arg-type]
        decided_on=ON - DAY,
    )
    read = watch.read_from(invented.drawn_on, ON)
    older = replace(known, days=tuple(day for day in all_days if day.on < read.toordinal()))
    return watch.with_days(older, tuple(day for day in all_days if day.on >= read.toordinal()), read)


def _context() -> Context:
    return Context(policy=policies.in_force("alerts", ON).read_as(AlertPolicy))


def _followed(known: Known, of: Watch, on: date, judgement: Any, context: Context) -> Known:
    """The alerts after one more day, as nobody saw to them."""
    rules, terms = days.rules_on(on), policies.in_force("alerts", on)
    lasting, ended = {alert.rule: alert for alert in known.lasting}, dict(known.ended)
    about = Subject(kind="loan", id=of.id, member_id=of.member_id, bank_id=of.bank_id)
    normal_days = days.policy_on(on).normal_days
    for finding in judgement.findings:
        if finding.rule not in lasting and on > ended.get(finding.rule, date.min):
            decided = episode.decided(judgement, finding.rule, on, rules.hash)
            lasting[finding.rule] = episode.raised(about, finding, decided, context, terms.hash, NOW).state
    for rule, alert in [*lasting.items()]:
        decided = episode.decided(judgement, rule, on, rules.hash)
        while change := episode.follow(alert, decided, normal_days, context, NOW):
            alert = change.state
            if alert.status == "closed":
                ended[rule] = on
                break
        lasting[rule] = alert
    return Known(tuple(alert for alert in lasting.values() if alert.status != "closed"), ended)
