"""The endpoints of alerts, and of what they compare with. None of them is public."""

from __future__ import annotations

from chalicelib.monitoring.examples import ESCALATE, EXPLAIN, HOLD, RELEASE, RESOLVE, SILENCE
from chalicelib.monitoring.rules.alert import HoldsNoDraws, HoldTooLong, SilenceTooLong, TooManyExplanations
from chalicelib.monitoring.rules.alert_transitions import AlertNotInThisStatus
from chalicelib.monitoring.service import alerts, baselines, digest, figures
from chalicelib.monitoring.views import alert as views
from chalicelib.monitoring.views.baseline import BaselineView
from chalicelib.monitoring.views.digest import DigestQuery, DigestsView
from chalicelib.monitoring.views.figures import AlertFiguresView
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Monitoring", response=views.AlertView)
RISK = OFFICER.with_duty("risk")
EITHER = MEMBER | OFFICER.with_duty(*ANY_DUTY)


@routes.read("/v1/alerts", by=EITHER | BANK, errors=[BadCursor])
def listed(query: views.AlertsQuery, request: RequestContext) -> Page[views.AlertView]:
    """Your own, those that began last first; as an officer those of a firm, a bank or a status, or all."""
    return alerts.listed(query, request)


@routes.read("/v1/alerts/{alert_id}", by=EITHER | BANK)
def alert(alert_id: str, request: RequestContext) -> views.AlertView:
    """One alert: the numbers, what they are compared with, and the chance that it means nothing."""
    return alerts.alert(alert_id, request)


@routes.read("/v1/alerts/{alert_id}/figures", by=EITHER | BANK)
def alert_figures(alert_id: str, request: RequestContext) -> AlertFiguresView:
    """What the rule of an alert compared on each day, with what is usual for the firm and from which values on it finds something."""
    return figures.show(alert_id, request)


@routes.read("/v1/alerts/{alert_id}/timeline", by=EITHER)
def alert_timeline(alert_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to an alert, oldest first."""
    return alerts.timeline(alert_id, query, request)


@routes.read("/v1/members/{member_id}/baseline", by=EITHER | BANK)
def baseline(member_id: str, request: RequestContext) -> BaselineView:
    """What was usual for a firm before its first draw, which alerts compare with. A bank sees it while the firm consents."""
    return baselines.show(member_id, request)


@routes.read("/v1/monitoring-digests", by=OFFICER.with_duty(*ANY_DUTY) | BANK)
def digests(query: DigestQuery, request: RequestContext) -> DigestsView:
    """How many alerts about a bank's loans are in the digest of a business day, by rule: your own as a bank, all or one as an officer."""
    return digest.show(query, request)


@routes.command("/v1/alerts/{alert_id}/acknowledge", by=RISK, errors=[AlertNotInThisStatus, Stale])
def acknowledge(alert_id: str, request: RequestContext) -> StoredResponse:
    """See to an alert from now on. What was escalated is a supervisor's."""
    return alerts.acknowledge(alert_id, request)


@routes.command(
    "/v1/alerts/{alert_id}/explain",
    by=MEMBER,
    errors=[AlertNotInThisStatus, TooManyExplanations, Stale],
    examples={"taking stock": EXPLAIN},
)
def explain(alert_id: str, body: views.ExplainRequest, request: RequestContext) -> StoredResponse:
    """Say why it is so. An officer reads it."""
    return alerts.explain(alert_id, body, request)


@routes.command(
    "/v1/alerts/{alert_id}/resolve", by=RISK, errors=[AlertNotInThisStatus, Stale], examples={"explained": RESOLVE}
)
def resolve(alert_id: str, body: views.ResolveAlertRequest, request: RequestContext) -> StoredResponse:
    """Say what became of an alert. Draws are held no more; nobody is asked again unless it becomes red."""
    return alerts.resolve(alert_id, body, request)


@routes.command(
    "/v1/alerts/{alert_id}/escalate",
    by=RISK,
    errors=[AlertNotInThisStatus, Stale],
    examples={"seen on the spot": ESCALATE},
)
def escalate(alert_id: str, body: views.EscalateAlertRequest, request: RequestContext) -> StoredResponse:
    """Make an amber alert red: the bank hears of it at once, draws are held, and a supervisor sees to it. Hand a red one to a supervisor."""
    return alerts.escalate(alert_id, body, request)


@routes.command(
    "/v1/alerts/{alert_id}/silence",
    by=RISK,
    errors=[AlertNotInThisStatus, SilenceTooLong, Stale],
    examples={"taking stock": SILENCE},
)
def silence(alert_id: str, body: views.SilenceRequest, request: RequestContext) -> StoredResponse:
    """Have nobody reminded of an alert until a day has passed. It becomes red all the same."""
    return alerts.silence(alert_id, body, request)


@routes.command(
    "/v1/alerts/{alert_id}/hold",
    by=RISK,
    errors=[AlertNotInThisStatus, HoldsNoDraws, HoldTooLong, Stale],
    examples={"another account": HOLD},
)
def hold(alert_id: str, body: views.HoldDrawsRequest, request: RequestContext) -> StoredResponse:
    """Hold the firm's draws, or go on holding them, until a day has passed. By itself a red alert holds them for five days."""
    return alerts.hold(alert_id, body, request)


@routes.command(
    "/v1/alerts/{alert_id}/release", by=RISK, errors=[AlertNotInThisStatus, Stale], examples={"confirmed": RELEASE}
)
def release(alert_id: str, body: views.ReleaseDrawsRequest, request: RequestContext) -> StoredResponse:
    """Let the firm draw again. The alert goes on."""
    return alerts.release(alert_id, body, request)
