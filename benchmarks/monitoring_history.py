"""Every supplier of a real trade history, as if it had drawn a loan on one day: which alarms there would have been, and how many were false.

    python -m benchmarks.monitoring_history FILE=… FX=… [DRAWN=2017-07-01] [UNTIL=2017-12-31]

Of defaults such a history knows nothing. An alarm is called false where the supplier sold at least half as many orders in the twelve weeks
behind it as in the twelve before the draw, true where it sold less, and open where the history ends before. It has no logins, profiles,
instalments and disputes: R2, R3 and R4 are judged.

Beside them stand invented firms that do the same all year, by chance alone: whatever alarms there are, is false. And invented firms of which some
fail and default, under the rules in force and milder ones.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, Literal

from msgspec.structs import replace

from chalicelib.monitoring.rules.day import BASE_DAYS, Almanac
from chalicelib.monitoring.rules.finding import Rule
from chalicelib.monitoring.rules.history import Figures, History
from chalicelib.monitoring.rules.policy import Policy
from chalicelib.monitoring.rules.replay import Alarm, Past, Replayed, replay
from chalicelib.monitoring.rules.shadow import Compared, Sums
from chalicelib.shared import calendars, policies
from chalicelib.shared.periods import business_date, month_of

Verdict = Literal["false", "true", "open"]
RULES: Final[tuple[Rule, ...]] = ("trade_drop", "order_count", "slow_decline")
CNY_FOR_USD: Final = 6.75
"""Of that year, by and large: amounts of a Brazilian marketplace are compared with those of its own past, and with one threshold."""
WEEKS_BEHIND: Final = timedelta(days=BASE_DAYS)
DAY: Final = timedelta(days=1)
STRICTER: Final = "amounts times 100, R2 from four times as much"
FIRMS: Final = 400
FAILING: Final = 20
"""One in so many."""
LESS: Final = 0.35
"""What a firm that fails still does of what it did."""
MILDER: Final = "R1 from four and six intervals, R4 from 3.5 deviations"
HEAD: Final = f"{'rule':14}{'judged':>8}{'years':>8}{'amber':>7}{'red':>6}{'a year':>8}{'false':>7}{'true':>6}{'open':>6}{'false':>8}"


def suppliers(file: Path, rates: Mapping[str, float], times: int) -> dict[str, dict[date, Figures]]:
    """By supplier and Shanghai date: orders paid, completed trade in fen, so many times."""
    sums: defaultdict[str, Counter[tuple[date, str]]] = defaultdict(Counter)
    with file.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["status"] == "cancelled" or not row["paid_at"]:
                continue
            paid_on = business_date(datetime.fromisoformat(row["paid_at"]))
            mine = sums[row["supplier_ref"]]
            mine[paid_on, "orders"] += 1
            if row["status"] == "completed" and row["delivered_at"]:
                on = business_date(datetime.fromisoformat(row["delivered_at"]))
                mine[on, "trade"] += round(float(row["amount"]) * rates[f"{on:%Y-%m}"] * CNY_FOR_USD * 100 * times)
    return {
        ref: {on: Figures(0, mine[on, "orders"], mine[on, "trade"]) for on in {on for on, _ in mine}}
        for ref, mine in sums.items()
    }


def pasts(figures: Mapping[str, Mapping[date, Figures]], drawn_on: date) -> Iterator[Past]:
    """Suppliers that had sold something before the day of the draw."""
    for ref, days in sorted(figures.items()):
        known_from = min(days)
        if known_from < drawn_on:
            history = History(days, {})
            yield Past(loan_id=ref, member_id=ref, drawn_on=drawn_on, known_from=known_from, history=history)


def invented(number: int, drawn_on: date, last: date, *, fails_from: date | None = None) -> Past:
    """A firm that does the same all year: on each day it logs in with one probability, on each business day it sells by one rate.

    One that fails does less of both from a day on.
    """
    chance, calendar = Random(number), calendars.calendar("CN")
    logs_in, rate, size = chance.uniform(0.1, 1), chance.uniform(0.2, 6), chance.uniform(7, 10)
    first, figures = drawn_on - timedelta(days=200), {}
    for on in (first + timedelta(days=each) for each in range((last - first).days + 1)):
        less = 1.0 if fails_from is None or on < fails_from else LESS
        orders = _poisson(less * rate, chance) if calendar.is_business_day(on) else 0
        trade = sum(round(100 * chance.lognormvariate(size, 0.5)) for _ in range(orders))
        figures[on] = Figures(int(chance.random() < less * logs_in), orders, trade)
    name = f"firm-{number}"
    return Past(loan_id=name, member_id=name, drawn_on=drawn_on, known_from=first, history=History(figures, {}))


def with_defaults(policy: Policy, shadow: Policy, almanac: Almanac, drawn_on: date, last: date) -> Sums:
    """Both versions on invented firms, of which one in twenty fails, and is in default two to five months behind that."""
    sums, chance = Sums(), Random(0)
    for number in range(FIRMS):
        turns = drawn_on + timedelta(days=chance.randrange(20, 180)) if number % FAILING == 0 else None
        past = invented(number, drawn_on, last, fails_from=turns)
        defaulted_on = turns + timedelta(days=chance.randrange(60, 150)) if turns else None
        until = min(last, defaulted_on) if defaulted_on else last
        ours, theirs = (replay(past, rules, almanac, drawn_on, until) for rules in (policy, shadow))
        name = past.loan_id
        sums.count(
            Compared(loan_id=name, member_id=name, last=last, defaulted_on=defaulted_on, in_force=ours, shadow=theirs)
        )
    return sums


def show_shadow(sums: Sums) -> None:
    print(
        f"{'rule':14}{'version':>10}{'alarms':>8}{'a year':>8}{'right':>7}{'wrong':>7}{'open':>6}{'right':>7}{'warned':>8}{'lead':>6}"
    )
    for rule in ("login_silence", *RULES):
        for name, of in (("in force", sums.in_force[rule]), ("shadow", sums.shadow[rule])):
            whole, rate = of.all_months, f"{(of.alarms_per_year_milli or 0) / 1000:.2f}"
            part = f"{whole.precision_bp / 10_000:.0%}" if whole.precision_bp is not None else "-"
            print(
                f"{rule:14}{name:>10}{of.alarms:8}{rate:>8}{whole.right:7}{whole.wrong:7}{whole.open:6}{part:>7}"
                f"{of.warned:8}{of.median_lead_days if of.lead_days else '-':>6}"
            )


def _poisson(mean: float, chance: Random) -> int:
    count, left = 0, chance.expovariate(1)
    while left < mean:
        count, left = count + 1, left + chance.expovariate(1)
    return count


def verdict(alarm: Alarm, past: Past, last: date) -> Verdict:
    behind = alarm.started_on + WEEKS_BEHIND
    if behind > last:
        return "open"
    before = past.history.orders.of(past.drawn_on - WEEKS_BEHIND, past.drawn_on - DAY)
    return "false" if 2 * past.history.orders.of(alarm.started_on + DAY, behind) >= before else "true"


def show(name: str, replays: list[tuple[Past, Replayed]], last: date, rules: Sequence[Rule] = RULES) -> None:
    alarms = [(past, alarm) for past, replayed in replays for alarm in replayed.alarms]
    months = sorted({month_of(alarm.started_on) for _, alarm in alarms})
    print(f"\n{name}\n{HEAD} {''.join(f'{month:>9}' for month in months)}")
    for rule in rules:
        of = [(past, alarm) for past, alarm in alarms if alarm.rule == rule]
        judged = [days for _, replayed in replays if (days := replayed.judged.get(rule, 0))]
        verdicts = Counter(verdict(alarm, past, last) for past, alarm in of)
        levels = Counter(alarm.level for _, alarm in of)
        by_month = Counter(month_of(alarm.started_on) for _, alarm in of)
        years, known = sum(judged) / 365, verdicts["false"] + verdicts["true"]
        rate, part = f"{len(of) / years:.2f}" if years else "-", f"{verdicts['false'] / known:.0%}" if known else "-"
        print(
            f"{rule:14}{len(judged):8}{years:8.1f}{levels['amber']:7}{levels['red']:6}{rate:>8}"
            f"{verdicts['false']:7}{verdicts['true']:6}{verdicts['open']:6}{part:>8}",
            "".join(f"{by_month[month]:9}" for month in months),
        )


def main(arguments: list[str]) -> None:
    options = dict(argument.split("=", 1) for argument in arguments)
    drawn_on = date.fromisoformat(options.get("DRAWN", "2017-07-01"))
    last = date.fromisoformat(options.get("UNTIL", "2017-12-31"))
    with Path(options["FX"]).open(newline="", encoding="utf-8") as lines:
        rates = {row["month"]: float(row["rate"]) for row in csv.DictReader(lines)}
    policy = policies.in_force("monitoring", drawn_on).read_as(Policy)
    almanac = Almanac(calendars.calendar(policy.calendar), {}, drawn_on - timedelta(days=200), last)
    stricter = replace(policy, trade=replace(policy.trade, least_expected_minor=4 * policy.trade.least_expected_minor))
    began = time.process_time()
    for times, rules, name in ((1, policy, "as it is"), (100, policy, "amounts times 100"), (100, stricter, STRICTER)):
        firms = list(pasts(suppliers(Path(options["FILE"]), rates, times), drawn_on))
        replays = [(past, replay(past, rules, almanac, drawn_on, last)) for past in firms]
        show(f"{len(firms)} suppliers, {drawn_on} to {last}, {name}", replays, last)
    drawn_on, last = date(2025, 1, 2), date(2025, 12, 31)
    almanac = Almanac(calendars.calendar(policy.calendar), {}, drawn_on - timedelta(days=200), last)
    unchanging = [invented(number, drawn_on, last) for number in range(FIRMS)]
    replays = [(past, replay(past, policy, almanac, drawn_on, last)) for past in unchanging]
    show(f"{FIRMS} invented firms that never change, {drawn_on} to {last}", replays, last, ("login_silence", *RULES))
    milder = replace(
        policy,
        silence=replace(policy.silence, amber_intervals=4, red_intervals=6),
        decline=replace(policy.decline, limit_hundredths=350),
    )
    sums = with_defaults(policy, milder, almanac, drawn_on, last)
    print(f"\n{sums.loans} invented firms, {sums.defaults} in default, {drawn_on} to {last}; shadow: {MILDER}")
    show_shadow(sums)
    print(f"\n{time.process_time() - began:.1f} s of CPU")


if __name__ == "__main__":
    main(sys.argv[1:])
