"""The scorecard tried on loans whose end is known: how well it separates, how its bands turn out later, whom it treats otherwise.

    python -m benchmarks.score_backtest                       # the loans of 20,000 invented firms
    python -m benchmarks.score_backtest FIRMS=5000 SEED=7

Everything is invented: firms, exports and loans are those of `benchmarks.firms`. What links how a firm trades with how it repays is invented
here: who pays late ships late, is claimed against more and signs in less, and its tax grade is worse, each with much noise. So the figures say
that the machinery works and what it reports, and nothing of real firms.

A loan counts as a default when an instalment came 91 days late or later. It is scored by what was known before it was drawn, by the same rules as any
firm; each is taken half a year later than the simulator draws it, so that exports of a year lie before most.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from math import log
from typing import Final, NamedTuple

from benchmarks import firms as invented
from chalicelib.credit.rules import peers, scorecard, scoring
from chalicelib.credit.rules.history import Past
from chalicelib.credit.rules.peers import Compared, Group
from chalicelib.credit.rules.scorecard import Card, Score
from chalicelib.credit.rules.scoring import Known
from chalicelib.daybook.rules.days import DayRow
from chalicelib.exports.rules.days import ExportDay, ExportLine
from chalicelib.firms.rules.firm import TAX_GRADES, Firm, Person, Registers, Size
from chalicelib.shared import policies
from chalicelib.shared.periods import months_before

FIRMS: Final = 20_000
LATER: Final = timedelta(days=180)
DEFAULT_DPD: Final = 91
COMPARED_ON: Final = invented.BEGAN + timedelta(days=invented.DAYS)
"""Peers are compared as of one day, the last of the exports."""
SIZES: Final[dict[str, Size]] = {"micro": "micro", "small": "small", "medium": "medium"}
LEAST_IN_CLASS: Final = 50
"""Classes with fewer loans say nothing."""


class Outcome(NamedTuple):
    """A loan, scored as it was drawn, and whether it was a default."""

    drawn_on: date
    region: str
    size: str
    score: Score
    is_default: bool

    @property
    def points(self) -> int:
        return self.score.points


class Taken(NamedTuple):
    """A loan as the back-test takes it: drawn and paid half a year later. `late` has days late by the day on which each instalment came."""

    drawn_on: date
    ends_on: date
    late: dict[date, int]

    def worst(self, before: date = date.max) -> int:
        return max((days for on, days in self.late.items() if on < before), default=0)


# What is known of an invented firm


def taken(loan: invented.Loan) -> Taken:
    drawn_on, late = date.fromisoformat(loan.drawn_on), dict[date, int]()
    for event in loan.events:
        number, _, part = str(event.get("bank_ref", "")).rpartition("-r")[2].partition(".")
        if event["type"] != "repayment.received" or not part.isdigit():
            continue
        on = date.fromisoformat(event["value_date"])
        late[on + LATER] = max(late.get(on + LATER, 0), (on - drawn_on).days - 30 * int(number) - 4 * int(part))
    return Taken(drawn_on + LATER, max(late, default=drawn_on + LATER), late)


def exports_of(number: int, seed: int) -> tuple[ExportDay, ...]:
    """What a firm exported through the platform, by day; what came back on its own day."""
    lines: defaultdict[date, list[ExportLine]] = defaultdict(list)
    for row in {each["declaration_no"]: each for each in invented.declarations(number, seed)}.values():
        if row["status"] in ("submitted", "cancelled") or row["origin"] != "platform":
            continue
        rate = 100 * invented.USD_RATE[row["currency"]]
        for on, amount, sign in (
            (row["released_on"], row["amount"], 1),
            (row["returned_on"], row["returned_amount"], -1),
        ):
            if on:
                usd_minor = sign * round(float(amount) * rate)
                lines[date.fromisoformat(on)].append(ExportLine(row["order_ref"], row["buyer_ref"], usd_minor))
    return tuple(ExportDay(on=on, lines=tuple(some)) for on, some in sorted(lines.items()))


def trade_of(firm: invented.Firm, on: date, chance: random.Random) -> tuple[DayRow, ...]:
    """A year of weeks before a day: shipments, claims and logins, each the worse the later the firm pays, with much noise."""
    noise = random.Random(firm.ref).gauss(0, 0.15)
    sloppy = min(1.0, max(0.0, (1 - firm.punctuality) * 2 + noise))
    weekly = max(1, firm.yearly_usd // 150_000)
    rows = []
    for week in range(52):
        late = sum(chance.random() < 0.02 + 0.25 * sloppy for _ in range(weekly))
        claims = sum(chance.random() < 0.002 + 0.03 * sloppy for _ in range(weekly))
        rows.append(
            DayRow(
                day=on - timedelta(days=7 * week + 1),
                orders={"all": (weekly, 0, 0)},
                due=weekly,
                on_time=weekly - late,
                claims_filed=claims,
                logins=int(chance.random() > 0.05 + 0.5 * sloppy),
            )
        )
    return tuple(rows)


def profile_of(firm: invented.Firm, on: date, chance: random.Random) -> Firm:
    since = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(days=chance.randrange(30, 2_000))
    grade = round(4 * firm.punctuality + chance.gauss(0, 0.8))
    signer = Person(id=f"{firm.ref}-p", personal=(), powers=("draw",), added_at=since, verified_at=since)
    return Firm(
        id=firm.ref,
        status="verified",
        version=1,
        created_at=since,
        updated_at=since,
        policy="",
        name=firm.name,
        registration_no=firm.registration_no,
        industry=firm.industry,
        region=firm.region,
        size=SIZES[firm.size],
        currency="CNY",
        paid_in_capital_minor=0,
        founded_year=date.fromisoformat(firm.registered_on).year,
        people=(signer,),
        verified_at=since,
        verified_until=datetime(on.year + 1, on.month, 1, tzinfo=UTC),
        registers=Registers(
            seen_on=on - timedelta(days=chance.randrange(400)),
            tax_grade=TAX_GRADES[max(0, min(4, grade))] if chance.random() < 0.8 else None,
            on_court_list=chance.random() < 0.01 + 0.05 * (1 - firm.punctuality),
        ),
    )


def pasts_of(earlier: Iterable[Taken], on: date) -> Iterator[Past]:
    for number, loan in enumerate(earlier):
        if loan.drawn_on < on:
            is_over, worst = loan.ends_on < on, loan.worst(before=on)
            yield Past(
                kind="loan",
                subject_id=str(number),
                seq=1,
                on=min(loan.ends_on, on),
                is_over=is_over,
                is_kept=True if is_over else None,
                worst_dpd=worst,
                worst_on=on if worst else None,
            )


# The back-test


def outcomes(count: int, seed: int) -> list[Outcome]:
    """Every loan of so many firms, in the order in which they were drawn."""
    exported = [exports_of(number, seed) for number in range(count)]
    all_firms = [invented.firm(number, seed) for number in range(count)]
    compared = [_compared(firm, days, seed) for firm, days in zip(all_firms, exported, strict=True)]
    groups, card = peers.counted(compared), policies.versions("scorecard")[-1].read_as(Card)
    scored = [
        outcome
        for number, firm in enumerate(all_firms)
        for outcome in _of_firm(number, seed, firm, exported[number], compared[number], groups, card)
    ]
    return sorted(scored, key=lambda outcome: (outcome.drawn_on, outcome.points))


def _compared(firm: invented.Firm, exports: Sequence[ExportDay], seed: int) -> Compared:
    days = trade_of(firm, COMPARED_ON, random.Random(f"{seed}:peers:{firm.ref}"))
    known = Known(on=COMPARED_ON, days=days, exports=_within(exports, COMPARED_ON))
    names = peers.groups_of(firm.industry, firm.industry[:2], firm.region, firm.size)
    return Compared(figures=scoring.peer_figures(known), groups=names)


def _of_firm(
    number: int,
    seed: int,
    firm: invented.Firm,
    exports: Sequence[ExportDay],
    compared: Compared,
    groups: dict[str, Group],
    card: Card,
) -> Iterator[Outcome]:
    loans = [taken(loan) for loan in invented.loans(number, seed)]
    for place, loan in enumerate(loans):
        on, chance = loan.drawn_on, random.Random(f"{seed}:back-test:{number}:{place}")
        known = Known(
            on=on,
            firm=profile_of(firm, on, chance),
            capital=int(firm.yearly_usd * chance.lognormvariate(0, 1)),
            days=trade_of(firm, on, chance),
            exports=_within(exports, on),
            lines_minor=100,
            used_minor=chance.randrange(100),
            pasts=tuple(pasts_of(loans[:place] + loans[place + 1 :], on)),
            ranks=peers.ranks(compared.figures, True, [groups[name] for name in compared.groups], card.least_peers),
        )
        score = scorecard.score(scoring.figures(known), card)
        yield Outcome(on, firm.region, firm.size, score, loan.worst() >= DEFAULT_DPD)


def _within(days: Sequence[ExportDay], on: date) -> tuple[ExportDay, ...]:
    since = months_before(on, scoring.YEAR_MONTHS)
    return tuple(day for day in days if since <= day.on < on)


# What it comes to


def separation(outcomes: Sequence[Outcome], worth: Callable[[Outcome], int] = lambda outcome: outcome.points) -> float:
    """AUC: the chance that a loan that was repaid had more points than one that was not, ties by half."""
    better, below = 0.0, 0
    for _, tied in groupby(sorted(outcomes, key=worth), key=worth):
        some = list(tied)
        bads = sum(each.is_default for each in some)
        better += (len(some) - bads) * (below + bads / 2)
        below += bads
    pairs = below * (len(outcomes) - below)
    return better / pairs if pairs else 0.5


def largest_distance(outcomes: Sequence[Outcome]) -> float:
    """KS: the largest distance between the parts of defaults and of others that lie below some points."""
    bad = sum(each.is_default for each in outcomes)
    good = len(outcomes) - bad
    bads = goods = 0
    farthest = 0.0
    for _, tied in groupby(sorted(outcomes, key=lambda each: each.points), key=lambda each: each.points):
        for each in tied:
            bads, goods = bads + each.is_default, goods + (not each.is_default)
        farthest = max(farthest, abs(bads / max(1, bad) - goods / max(1, good)))
    return farthest


def stability(before: Sequence[Outcome], after: Sequence[Outcome], classes: int = 10) -> float:
    """PSI of the points: over the tenths of those before, (part after - part before) x ln(part after / part before), added up."""
    points = sorted(each.points for each in before)
    edges = [points[len(points) * number // classes] for number in range(1, classes)]

    def parts(some: Sequence[Outcome]) -> list[float]:
        counts = [0] * classes
        for each in some:
            counts[sum(each.points >= edge for edge in edges)] += 1
        return [max(count, 0.5) / len(some) for count in counts]

    return sum((b - a) * log(b / a) for a, b in zip(parts(before), parts(after), strict=True))


def rate(outcomes: Sequence[Outcome]) -> float:
    return sum(each.is_default for each in outcomes) / len(outcomes) if outcomes else 0.0


def report(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The page, line by line."""
    half = len(outcomes) // 2
    earlier, later = outcomes[:half], outcomes[half:]
    yield f"loans {len(outcomes):,}, defaults {sum(each.is_default for each in outcomes):,} ({rate(outcomes):.1%})"
    for name, some in (("all", outcomes), ("earlier half", earlier), ("later half", later)):
        yield f"{name:12}  AUC {separation(some):.3f}  KS {largest_distance(some):.3f}"
    yield f"stability index of the points, later half against earlier: {stability(earlier, later):.4f}"
    yield "calibration: the band's rate of defaults in the earlier half, and what became of it in the later"
    for band in ("A", "B", "C", "D"):
        before, after = ([each for each in some if each.score.band == band] for some in (earlier, later))
        yield f"  {band}  {len(before):6,} loans {rate(before):6.1%}   {len(after):6,} loans {rate(after):6.1%}"
    for title, kind in (("region", lambda each: each.region), ("size", lambda each: each.size)):
        yield from _gaps(title, outcomes, kind)
    yield "attributes by how well each separates alone"
    for name, alone, known in sorted(_attributes(outcomes), key=lambda each: -each[1]):
        yield f"  {name:20} AUC {alone:.3f}   known of {known:.0%}"


def _gaps(title: str, outcomes: Sequence[Outcome], kind: Callable[[Outcome], str]) -> Iterator[str]:
    """Whom a person looks at, and who defaults, by class."""
    classes = {name: list(some) for name, some in groupby(sorted(outcomes, key=kind), key=kind)}
    shares = {}
    yield f"by {title}: loans, mean points, in band D, defaults, defaults among those above band D, AUC"
    for name, some in classes.items():
        if len(some) < LEAST_IN_CLASS:
            continue
        shares[name] = sum(each.score.needs_person for each in some) / len(some)
        above = [each for each in some if not each.score.needs_person]
        mean = sum(each.points for each in some) / len(some)
        yield (
            f"  {name:10} {len(some):6,} {mean:6.0f} {shares[name]:6.1%} {rate(some):6.1%} {rate(above):6.1%}  {separation(some):.3f}"
        )
    yield f"  largest gap in band D: {max(shares.values()) - min(shares.values()):.1%}" if shares else "  too few"


def _attributes(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, float, float]]:
    for place, each in enumerate(outcomes[0].score.attributes):
        alone = separation(outcomes, partial(_points_of, place))
        known = sum(outcome.score.attributes[place].figure is not None for outcome in outcomes)
        yield each.name, alone, known / len(outcomes)


def _points_of(place: int, outcome: Outcome) -> int:
    return outcome.score.attributes[place].points


def main(arguments: Sequence[str]) -> None:
    options = dict(each.split("=") for each in arguments)
    count, seed = int(options.get("FIRMS", FIRMS)), int(options.get("SEED", invented.SEED))
    print(
        f"Invented: {count:,} firms, seed {seed}. None of them exists, and the link between trade and repayment is made up."
    )
    for line in report(outcomes(count, seed)):
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
