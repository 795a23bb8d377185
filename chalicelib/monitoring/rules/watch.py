"""What is watched of one loan: all that its days are judged by, gathered as it comes, so that the daily run reads one item. Pure.

A watch keeps facts and no verdicts. So a day can be judged again, with what was known late, and comes to the same as if it had been
known in time. `wakes_on` is the first day on which something would change if nothing more became known: until then no run looks at it.
Whatever becomes known works it out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Final

import msgspec
from msgspec.structs import replace

from chalicelib.daybook.rules.days import DayRow
from chalicelib.loans.rules.lateness import Lateness
from chalicelib.monitoring.rules.baseline import Baseline
from chalicelib.monitoring.rules.day import BASE_DAYS, DAY, LOGIN_DAYS, WEEK, WINDOW_DAYS, Almanac, Day, Lacking
from chalicelib.monitoring.rules.facts import Facts, ProfileChange, VerifiedReport
from chalicelib.monitoring.rules.finding import NEEDS_CONSENT, Judgement, Level, Rule
from chalicelib.monitoring.rules.history import Figures, History, facts_of
from chalicelib.monitoring.rules.judging import judge
from chalicelib.monitoring.rules.policy import Policy
from chalicelib.monitoring.rules.profile import Profile
from chalicelib.shared.bounds import most

LATE_DAYS: Final = 45
"""A fact that comes later than that changes no day that was decided."""
KEPT_DAYS: Final = WINDOW_DAYS + BASE_DAYS + LATE_DAYS
"""So many days are kept one by one; older ones as the weeks that trend is judged by."""
BEFORE_DRAW: Final = max(LOGIN_DAYS, BASE_DAYS)
AHEAD_DAYS: Final = 28
"""A watch of which nothing becomes known is looked at after so many days at the latest."""
MOST_DAYS: Final = 700
MOST_CHANGES: Final = 20
MOST_REPORTS: Final = 20
PolicyOn = Callable[[date], Policy]


class FirmDay(msgspec.Struct, frozen=True, array_like=True):
    """One day of a firm, by its ordinal, or what is left of one that is older than what is kept one by one.

    `offers`: by how many its offers became more on that day, or until it where older days are in it.
    """

    on: int
    logins: int = 0
    orders: int = 0
    trade_minor: int = 0
    disputes: int = 0
    offers: int = 0


COURTS: Final = "courts:"
"""What says that the firm was on the courts' list, with the day on which it was seen there."""


class Notice(msgspec.Struct, frozen=True, array_like=True):
    """A bank's or a court's word of a firm: what says so, such as the loan that is in default, of which day, and from when on it does not say so any more."""

    source: str
    on: date
    until: date | None = None


class FirmSigns(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What others have said of a firm, whether a loan of it is watched or not: a loan that begins later is judged by that, too."""

    version: int = 0
    reports: Annotated[tuple[VerifiedReport, ...], most(MOST_REPORTS, why="the last ones")] = ()
    notices: Annotated[tuple[Notice, ...], most(MOST_REPORTS, why="the last ones")] = ()
    cleared: Annotated[tuple[date, ...], most(MOST_REPORTS, why="the last ones")] = ()
    """When the firm was seen not to be on the courts' list."""

    def with_notice(self, source: str, on: date | None) -> FirmSigns:
        """With what one source says, instead of what it said before; None where it should never have said so."""
        others = [notice for notice in self.notices if notice.source != source]
        notices = sorted([*others, *([Notice(source, on)] if on else [])], key=lambda each: (each.on, each.source))
        return replace(self, notices=tuple(notices[-MOST_REPORTS:]))

    def seen(self, on: date, *, is_listed: bool) -> FirmSigns:
        """With what somebody saw of the courts' list on a day. In whatever order it is told."""
        if is_listed:
            return self.with_notice(f"{COURTS}{on}", on)
        return replace(self, cleared=tuple(sorted({*self.cleared, on})[-MOST_REPORTS:]))

    @property
    def standing(self) -> tuple[Notice, ...]:
        """Every notice, and until when it stands."""
        return tuple(
            replace(each, until=min((on for on in self.cleared if on > each.on), default=None))
            if each.source.startswith(COURTS)
            else each
            for each in self.notices
        )


class Episode(msgspec.Struct, frozen=True, array_like=True):
    """An alert that lasts: its rule and level, since when its values are normal, whether default was proposed by it, and from how many days
    past due on it holds draws that it has not held.
    """

    rule: Rule
    level: Level
    normal_since: date | None = None
    is_proposed: bool = False
    holds_at: int | None = None


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """What came of the last days that were decided: alerts that were raised, became red, are over."""

    raised: int = 0
    escalated: int = 0
    ended: int = 0


class Watch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One loan. `id` is the loan's; `decided_on` is the last day that was decided when this was written, and `outcome` what came of it. Days before `wakes_on` change nothing.

    Weeks are judged from `trend_from` on, where an episode of theirs has ended. `wakes_on` is None when the loan is over.
    """

    id: str
    version: int
    member_id: str
    bank_id: str
    group_id: str = ""
    baseline: Baseline
    days: Annotated[tuple[FirmDay, ...], most(MOST_DAYS, why="days that are kept, and weeks of sixty months")] = ()
    lateness: Lateness = Lateness()
    profile: Profile = Profile()
    changes: Annotated[tuple[ProfileChange, ...], most(MOST_CHANGES, why="the last ones")] = ()
    reports: Annotated[tuple[VerifiedReport, ...], most(MOST_REPORTS, why="the last ones")] = ()
    notices: Annotated[tuple[Notice, ...], most(MOST_REPORTS, why="the last ones")] = ()
    consents: bool = True
    trend_from: date | None = None
    open: Annotated[tuple[Episode, ...], most(10, why="one for each rule")] = ()
    decided_on: date | None = None
    outcome: Outcome = Outcome()
    wakes_on: date | None = None

    @property
    def drawn_on(self) -> date:
        """Of the firm's first draw."""
        return self.baseline.frozen_on

    @property
    def is_red(self) -> bool:
        return any(episode.level == "red" for episode in self.open)

    @property
    def is_red_in_group(self) -> bool:
        """Whether it counts for the group that stands for it: by what the firm's consent lets be told (credit.md 17), while it is watched."""
        red = (episode.rule for episode in self.open if episode.level == "red")
        is_told = any(self.consents or rule not in NEEDS_CONSENT for rule in red)
        return bool(self.group_id) and self.wakes_on is not None and is_told


def firm_days(rows: Iterable[DayRow], in_fen: Callable[[int, date], int]) -> tuple[FirmDay, ...]:
    """The day-book's rows, oldest first. `in_fen`: US cents of a day in fen."""
    days = (
        FirmDay(
            row.day.toordinal(),
            int(row.logins > 0),
            sum(count for count, _, _ in row.orders.values()),
            in_fen(row.gmv_usd_minor, row.day) if row.gmv_usd_minor else 0,
            row.claims_filed,
            row.offers_put_up - row.offers_taken_down,
        )
        for row in rows
    )
    return tuple(day for day in days if any(msgspec.structs.astuple(day)[1:]))


def read_from(drawn_on: date, today: date) -> date:
    """The first day that is read anew: one on which a week of the trend begins."""
    first = max(today - timedelta(days=KEPT_DAYS), drawn_on - timedelta(days=KEPT_DAYS))
    return first - timedelta(days=(first - drawn_on).days % WEEK)


def with_days(watch: Watch, days: Sequence[FirmDay], since: date) -> Watch:
    """The watch with a firm's days as they are known now, from one on."""
    older = [day for day in watch.days if day.on < since.toordinal()]
    return replace(watch, days=(*_by_week(older, watch.drawn_on), *days))


def _by_week(days: Sequence[FirmDay], drawn_on: date) -> Iterator[FirmDay]:
    """Older days as far as they still count: the trade of each week, on a day that had some, the last login, and what was on offer at their end."""
    weeks: dict[int, FirmDay] = {}
    for day in days:
        if day.trade_minor:
            number = (day.on - drawn_on.toordinal()) // WEEK
            minor = weeks[number].trade_minor if number in weeks else 0
            weeks[number] = FirmDay(day.on, trade_minor=minor + day.trade_minor)
    left = {day.on: day for day in weeks.values()}
    if last := next((day.on for day in reversed(days) if day.logins), None):
        left[last] = replace(left.get(last, FirmDay(last)), logins=1)
    if offers := sum(day.offers for day in days):
        left[days[-1].on] = replace(left.get(days[-1].on, FirmDay(days[-1].on)), offers=offers)
    return (left[on] for on in sorted(left))


def history_of(days: Iterable[FirmDay], lacking: Lacking) -> History:
    return History({date.fromordinal(day.on): Figures(*msgspec.structs.astuple(day)[1:]) for day in days}, lacking)


def facts_on(watch: Watch, history: History, day: Day) -> Facts:
    """What was known of the loan at the end of a day. What happened later is not in it, whenever it was told."""
    return facts_of(
        history,
        day,
        watch.drawn_on,
        watch.trend_from,
        loan_id=watch.id,
        member_id=watch.member_id,
        changes=tuple(change for change in watch.changes if change.on <= day.on),
        dpd=watch.lateness.dpd(day.on),
        reports=tuple(report for report in watch.reports if report.on <= day.on),
        notices=notice_days(watch.notices, day.on),
        consents=watch.consents,
    )


def notice_days(notices: Iterable[Notice], on: date) -> tuple[date, ...]:
    """The days of those that stand at the end of a day."""
    return tuple(sorted({each.on for each in notices if each.on <= on and (each.until is None or on < each.until)}))


def judged_on(watch: Watch, history: History, day: Day, policy: Policy) -> Judgement:
    return judge(facts_on(watch, history, day), watch.baseline, policy, day)


def is_news(open_episodes: Sequence[Episode], judgement: Judgement) -> bool:
    """Whether a day's judgement changes anything: an alert is raised, becomes red, holds draws, proposes default, or what it found is there no more, or again."""
    episodes = {episode.rule: episode for episode in open_episodes}
    for finding in judgement.findings:
        episode = episodes.pop(finding.rule, None)
        if (
            episode is None
            or episode.normal_since
            or (finding.level == "red" and episode.level != "red")
            or finding.reaches(episode.holds_at)
            or (finding.proposes == "default" and not episode.is_proposed)
        ):
            return True
    return any(rule not in judgement.not_judged for rule in episodes)


def outcome(before: Sequence[Episode], after: Sequence[Episode]) -> Outcome:
    """What has become of a loan's alerts."""
    was, now = ({episode.rule: episode.level for episode in some} for some in (before, after))
    return Outcome(
        raised=len(now.keys() - was.keys()),
        escalated=sum(now.get(rule) == "red" != level for rule, level in was.items()),
        ended=len(was.keys() - now.keys()),
    )


def waking(watch: Watch, almanac: Almanac, after: date, policy_on: PolicyOn) -> date:
    """The first day behind another on which something changes if nothing more becomes known; at most so many days ahead."""
    history = history_of(watch.days, almanac.lacking)
    ahead = (after + timedelta(days=number) for number in range(1, AHEAD_DAYS))
    for on in ahead:
        if is_news(watch.open, judged_on(watch, history, almanac.day(on), policy_on(on))):
            return on
    return after + timedelta(days=AHEAD_DAYS)


def touched(was: Watch, watch: Watch, almanac: Almanac, last: date) -> list[date]:
    """The days, up to the last that was decided, of which something else is known now than was when they were decided.

    Consent is no such thing: what was found while it was given was found.
    """
    first = max(last - timedelta(days=LATE_DAYS - 1), watch.drawn_on, _first_changed(was, watch, last))
    if first > last:
        return []
    was = replace(was, consents=watch.consents, trend_from=watch.trend_from)
    before, now = history_of(was.days, almanac.lacking), history_of(watch.days, almanac.lacking)
    days = (almanac.day(first + timedelta(days=number)) for number in range((last - first).days + 1))
    return [day.on for day in days if facts_on(was, before, day) != facts_on(watch, now, day)]


def _first_changed(was: Watch, watch: Watch, last: date) -> date:
    """The first day that can be touched; one behind the last where none is."""
    days = [date.fromordinal(day.on) for day in {*was.days} ^ {*watch.days}]
    if was.lateness != watch.lateness:
        recent = (last - timedelta(days=back) for back in range(LATE_DAYS))
        days += [on for on in recent if was.lateness.dpd(on) != watch.lateness.dpd(on)]
    days += [each.on for each in {*was.changes} ^ {*watch.changes}]
    days += [each.on for each in {*was.reports} ^ {*watch.reports}]
    days += [each.until or each.on for each in {*was.notices} ^ {*watch.notices}]
    return min(days, default=last + DAY)
