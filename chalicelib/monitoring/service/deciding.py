"""Deciding days of a watched loan, in their order: what is news becomes alerts, and the watch says when it is to be looked at again.

Deciding a day twice changes nothing: an alert is named after its loan, its rule and the day on which it began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from msgspec.structs import replace

from chalicelib.monitoring.rules import watch as rules
from chalicelib.monitoring.rules.alert import Policy, Subject
from chalicelib.monitoring.rules.day import DAY, Almanac
from chalicelib.monitoring.rules.watch import Episode, Watch
from chalicelib.monitoring.service import raising
from chalicelib.monitoring.service.days import policy_on, rules_on
from chalicelib.monitoring.service.raising import Judged, Known
from chalicelib.shared import policies


def decided(
    watch: Watch, until: date, almanac: Almanac, now: datetime, digest_on: date, *, also_last: bool = False
) -> Watch:
    """The watch with every day decided until one; `also_last`: that day even where nothing was expected of it. The digest of `digest_on` counts what
    is raised.
    """
    if watch.wakes_on is None:
        return watch
    known: Known | None = None
    was, first = watch.open, min(watch.wakes_on, until) if also_last else watch.wakes_on
    history, on = rules.history_of(watch.days, almanac.lacking), first
    while on <= until:
        judgement = rules.judged_on(watch, history, almanac.day(on), policy_on(on))
        if rules.is_news(watch.open, judgement):
            known = known or raising.known_of(watch.id, now)
            known = raising.follow_day(subject_of(watch), judgement, on, rules_on(on), now, known, digest_on)[1]
            watch = with_alerts(watch, known)
        on += DAY
    after = max(until, first - DAY)
    outcome = rules.outcome(was, watch.open)
    return replace(watch, decided_on=after, outcome=outcome, wakes_on=rules.waking(watch, almanac, after, policy_on))


def has_news(watch: Watch, first: date, until: date, almanac: Almanac) -> bool:
    """Whether anything comes of these days, by what is known."""
    history = rules.history_of(watch.days, almanac.lacking)
    days = (first + number * DAY for number in range((until - first).days + 1))
    return any(
        rules.is_news(watch.open, rules.judged_on(watch, history, almanac.day(on), policy_on(on))) for on in days
    )


def decided_anew(
    watch: Watch, touched: Sequence[date], until: date, almanac: Almanac, now: datetime, digest_on: date
) -> Watch:
    """The watch after days of which something became known late were decided once more, up to the last that was decided.

    Days are known one by one as far back as a late fact may touch them: an episode that began before that stays as it is.
    """
    known = raising.known_of(watch.id, now)
    history = rules.history_of(watch.days, almanac.lacking)
    on = max(raising.first_to_redecide(known, touched[0]), until - (rules.LATE_DAYS - 1) * DAY)
    days = []
    while on <= until:
        judgement = rules.judged_on(watch, history, almanac.day(on), policy_on(on))
        days.append(Judged(on, judgement, rules_on(on)))
        on += DAY
    raising.redecide(subject_of(watch), days, touched[0], now, digest_on)
    return with_alerts(watch, raising.known_of(watch.id, now))


def subject_of(watch: Watch) -> Subject:
    return Subject(kind="loan", id=watch.id, member_id=watch.member_id, bank_id=watch.bank_id)


def with_alerts(watch: Watch, known: Known) -> Watch:
    """The watch with its alerts as they are."""
    episodes = sorted(
        (
            Episode(
                alert.rule,
                alert.level,
                alert.normal_on[0] if alert.normal_on else None,
                alert.proposed_default_on is not None,
                alert.holds_at(policies.pinned("alerts", alert.policy).read_as(Policy)),
            )
            for alert in known.lasting
        ),
        key=lambda episode: episode.rule,
    )
    over = known.ended.get("slow_decline")
    return replace(watch, open=tuple(episodes), trend_from=over + DAY if over else watch.trend_from)
