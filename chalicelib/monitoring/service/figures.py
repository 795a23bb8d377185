"""The days of an alert, judged once more for whoever looks at it: from some weeks before it began until it was over, or until yesterday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.lateness import lateness
from chalicelib.monitoring.records import alerts as records
from chalicelib.monitoring.records import watches
from chalicelib.monitoring.rules import watch as rules
from chalicelib.monitoring.rules.alert import Alert
from chalicelib.monitoring.rules.day import DAY
from chalicelib.monitoring.rules.figures import Figure, figures_of
from chalicelib.monitoring.rules.finding import Why
from chalicelib.monitoring.rules.judging import judge
from chalicelib.monitoring.rules.watch import LATE_DAYS, Watch
from chalicelib.monitoring.service import alerts, days, watching
from chalicelib.monitoring.views.figures import AlertFiguresView, NotJudgedView, PointView, SeriesView
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.views import view_of

BEFORE: Final = timedelta(days=28)
MOST_DAYS: Final = 200
"""The last ones of an episode that goes on for longer."""


def show(alert_id: str, request: RequestContext) -> AlertFiguresView:
    """NotFound for whoever may not know of the alert."""
    alert = alerts.visible(alert_id, request)
    last = min(alert.closed_on or date.max, business_date(request.now) - DAY)
    watch = watches.load(alert.about.id) if alert.about.kind == "loan" else None
    if watch is None:
        return AlertFiguresView(
            alert_id=alert_id, rule=alert.rule, from_=alert.started_on, to=last, series=[], not_judged=[]
        )
    first = max(watch.drawn_on, alert.started_on - BEFORE, last - (MOST_DAYS - 1) * DAY)
    series: dict[str, SeriesView] = {}
    not_judged: list[NotJudgedView] = []
    for on, figures, why in _judged(alert, _as_it_was(watch, alert, first, last, request.now), first, last):
        if why:
            not_judged.append(NotJudgedView(on=on, why=why))
        for figure in figures:
            known = series.setdefault(figure.name, SeriesView(name=figure.name, worse=figure.worse, points=[]))
            known.points.append(view_of(PointView, figure, on=on))
    return AlertFiguresView(
        alert_id=alert_id, rule=alert.rule, from_=first, to=last, series=[*series.values()], not_judged=not_judged
    )


def _judged(
    alert: Alert, watch: Watch, first: date, last: date
) -> Iterator[tuple[date, tuple[Figure, ...], Why | None]]:
    """Each day with the figures of the alert's rule, or why it is not judged."""
    almanac = days.almanac_of(last)
    history = rules.history_of(watch.days, almanac.lacking)
    for on in (first + number * DAY for number in range((last - first).days + 1)):
        day, policy = almanac.day(on), days.policy_on(on)
        facts = rules.facts_on(watch, history, day)
        why = judge(facts, watch.baseline, policy, day).not_judged.get(alert.rule)
        yield on, () if why else figures_of(alert.rule, facts, watch.baseline, policy, day), why


def _as_it_was(watch: Watch, alert: Alert, first: date, last: date, now: datetime) -> Watch:
    """The watch with the days that are needed: of those long ago it keeps sums. What R4 forgot with an episode before this one is forgotten."""
    since = rules.read_from(watch.drawn_on, first + LATE_DAYS * DAY)
    known = rules.with_days(watch, watching.firm_days(watch.member_id, since, last + DAY), since)
    over = [on for on in records.ends(watch.id, "slow_decline") if on < alert.started_on]
    loaded = LOANS.load(watch.id, now)
    return replace(
        known,
        trend_from=max(over) + DAY if over else None,
        lateness=lateness(loaded.state, loaded.context.product, first, last) if loaded else watch.lateness,
    )
