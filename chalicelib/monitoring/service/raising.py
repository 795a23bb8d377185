"""What is found becomes alerts: the daily run, and whatever decides days anew, call this. Once or many times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from chalicelib.monitoring.aggregate import ALERTS, gathered
from chalicelib.monitoring.records import alerts as records
from chalicelib.monitoring.rules import alert_handling, episode
from chalicelib.monitoring.rules.alert import ENDS, OPEN, Alert, Context, Outcome, Policy, Subject, alert_id
from chalicelib.monitoring.rules.alert_transitions import AlertChange
from chalicelib.monitoring.rules.episode import Decided
from chalicelib.monitoring.rules.finding import Finding, Judgement, Rule
from chalicelib.monitoring.rules.policy import Policy as Rules
from chalicelib.shared import policies
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.periods import business_date
from chalicelib.shared.policies import Policy as Version
from chalicelib.shared.request import CLOCK, RequestContext

Decide = Callable[[Alert, Context], AlertChange | None]


class Known(NamedTuple):
    """What is known of a loan, group or feed: its alerts whose episode lasts, and when the last episode of each rule was over."""

    lasting: tuple[Alert, ...] = ()
    ended: Mapping[Rule, date] = {}


def known_of(subject_id: str, now: datetime) -> Known:
    """One query, and one read where an episode lasts."""
    history = records.history(subject_id)
    loaded = ALERTS.load_many(history.lasting, now).values() if history.lasting else ()
    return Known(tuple(each.state for each in loaded if each.state.status not in ENDS), history.ended)


def red_alerts(subject_id: str, now: datetime) -> tuple[str, ...]:
    """The red alerts about a loan, group or feed that nobody has resolved, by id."""
    red = (alert for alert in known_of(subject_id, now).lasting if alert.level == "red" and alert.status in OPEN)
    return tuple(sorted(alert.id for alert in red))


def raise_or_update(
    about: Subject,
    judgement: Judgement,
    day: date,
    rules: Version,
    now: datetime,
    known: Known | None = None,
    digest_on: date | None = None,
) -> int:
    """Follow a business day's judgement of a loan, a group or a feed: how many changes that was.

    `known` is what is known of it, for whoever has read that. A day that was followed before changes nothing, nor does one of an episode that
    is over. `digest_on` is the day whose digest counts what is raised, where it is another: that of the day may have been sent.
    """
    return follow_day(about, judgement, day, rules, now, known or known_of(about.id, now), digest_on)[0]


def follow_day(
    about: Subject,
    judgement: Judgement,
    day: date,
    rules: Version,
    now: datetime,
    known: Known,
    digest_on: date | None = None,
) -> tuple[int, Known]:
    """The same, and what is known of it then."""
    normal_days = rules.read_as(Rules).normal_days
    by_rule, ended = {each.rule: each for each in known.lasting}, dict(known.ended)
    changes = 0
    for finding in judgement.findings:
        if finding.rule in by_rule or day <= known.ended.get(finding.rule, date.min):
            continue
        there = ALERTS.repository.load(alert_id(about.id, finding.rule, day))
        if there is None:
            by_rule[finding.rule] = _raise(about, finding, day, rules.hash, now, digest_on)
            changes += 1
        elif there.status not in ENDS:
            by_rule[finding.rule] = there
    for rule, alert in [*by_rule.items()]:
        decided = episode.decided(judgement, rule, day, rules.hash)
        by_rule[rule], more = _follow(alert, decided, normal_days, now)
        changes += more
    for rule, alert in [*by_rule.items()]:
        if alert.status in ENDS:
            del by_rule[rule]
            ended[rule] = alert.closed_on or day
    return changes, Known(tuple(by_rule.values()), ended)


def first_to_redecide(known: Known, touched_on: date) -> date:
    """The day from which on days are judged anew where facts came late: the first that they touch, or the first of an episode that lasts."""
    return min([touched_on, *(each.started_on for each in known.lasting)])


def redecide(
    about: Subject,
    days: Sequence[tuple[date, Judgement]],
    touched_on: date,
    rules: Version,
    now: datetime,
    digest_on: date | None = None,
) -> int:
    """Decide days anew, in their order, because facts came late for some of them: how many changes that was. What is told of it says so.

    They begin with `first_to_redecide`. An episode that is over stays over.
    """
    normal_days, first = rules.read_as(Rules).normal_days, days[0][0]

    def corrected(was: Alert, context: Context) -> AlertChange | None:
        decided = [episode.decided(judgement, was.rule, on, rules.hash) for on, judgement in days]
        return episode.redecide(was, decided, touched_on, normal_days, context, now)

    lasting = known_of(about.id, now).lasting
    changes = sum(_apply(alert.id, now, corrected) for alert in lasting if alert.started_on >= first)
    return changes + sum(
        raise_or_update(about, judgement, on, rules, now, digest_on=digest_on) for on, judgement in days
    )


def close_all(subject_id: str, outcome: Outcome, now: datetime) -> int:
    """End the alerts about something that is over: how many there were."""
    return sum(
        _apply(alert.id, now, lambda was, context: alert_handling.close(was, context, outcome, now))
        for alert in known_of(subject_id, now).lasting
    )


def _raise(
    about: Subject, finding: Finding, day: date, rules_hash: str, now: datetime, digest_on: date | None
) -> Alert:
    name = alert_id(about.id, finding.rule, day)
    in_force = policies.in_force("alerts", business_date(now))
    decided, context = Decided(on=day, policy=rules_hash, finding=finding), Context(policy=in_force.read_as(Policy))
    first = episode.raised(about, finding, decided, context, in_force.hash, now, digest_on)
    if first.event.payload["bank_ids"]:
        context = gathered(first.state, context, now)
        first = episode.raised(about, finding, decided, context, in_force.hash, now, digest_on)
    ALERTS.create(first, context, RequestContext.of_clock(name, 1, now))
    return first.state


def _follow(alert: Alert, decided: Decided, normal_days: int, now: datetime) -> tuple[Alert, int]:
    """The alert then, and how many changes that was, until the day changes nothing more: it may become red, and so late that default is proposed."""
    context, changes = Context(policy=policies.pinned("alerts", alert.policy).read_as(Policy)), 0
    while episode.follow(alert, decided, normal_days, context, now):
        if not _apply(alert.id, now, lambda was, context: episode.follow(was, decided, normal_days, context, now)):
            break
        changes += 1
        loaded = ALERTS.load(alert.id, now)
        assert loaded is not None, "an alert stays"
        alert = loaded.state
    return alert, changes


@retry_on_conflict
def _apply(name: str, now: datetime, decide: Decide) -> int:
    """One change, decided on the alert as it stands then. 0 where there is none."""

    def change(was: Alert, context: Context) -> AlertChange | None:
        return decide(was, context) if was.status not in ENDS else None

    request = RequestContext(caller=CLOCK, now=now, request_id="")
    return 1 if ALERTS.apply(name, request, change, funded=True) else 0
