"""What the firm and officers do with alerts, and how they and banks look at them. One read and one transaction each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Final, cast

from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.monitoring.aggregate import ALERTS, is_shared, may_hear
from chalicelib.monitoring.records import alerts as records
from chalicelib.monitoring.rules import alert_handling as handling
from chalicelib.monitoring.rules.alert import STATUSES, Actor, Alert, Context
from chalicelib.monitoring.rules.alert_transitions import AlertChange
from chalicelib.monitoring.views import alert as views
from chalicelib.shared import pages
from chalicelib.shared.aggregates import Loaded
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

TOLD: Final = ("resolve", "escalate")
"""Actions of which the bank hears at once, where the alert is red."""
Place = tuple[str, str]
"""Where a list goes on: a status, and the place of the last alert looked at."""


def acknowledge(alert_id: str, request: RequestContext) -> StoredResponse:
    return _decide(
        alert_id,
        request,
        "acknowledge",
        lambda was, context, actor: handling.acknowledge(was, context, request.caller.sub, request.now),
    )


def explain(alert_id: str, body: views.ExplainRequest, request: RequestContext) -> StoredResponse:
    return _decide(
        alert_id, request, "explain", lambda was, context, actor: handling.explain(was, body.text, request.now)
    )


def resolve(alert_id: str, body: views.ResolveAlertRequest, request: RequestContext) -> StoredResponse:
    return _decide(
        alert_id,
        request,
        "resolve",
        lambda was, context, actor: handling.resolve(was, context, body.outcome, body.note, request.now),
    )


def escalate(alert_id: str, body: views.EscalateAlertRequest, request: RequestContext) -> StoredResponse:
    return _decide(
        alert_id,
        request,
        "escalate",
        lambda was, context, actor: handling.escalate(was, context, body.note, request.now),
    )


def silence(alert_id: str, body: views.SilenceRequest, request: RequestContext) -> StoredResponse:
    return _decide(
        alert_id,
        request,
        "silence",
        lambda was, context, actor: handling.silence(was, context, body.until, body.reason, request.now),
    )


def hold(alert_id: str, body: views.HoldDrawsRequest, request: RequestContext) -> StoredResponse:
    return _decide(
        alert_id,
        request,
        "hold",
        lambda was, context, actor: handling.hold(was, context, body.until, body.reason, request.now),
    )


def release(alert_id: str, body: views.ReleaseDrawsRequest, request: RequestContext) -> StoredResponse:
    return _decide(
        alert_id,
        request,
        "release",
        lambda was, context, actor: handling.release(was, body.reason, request.now),
    )


def alert(alert_id: str, request: RequestContext) -> views.AlertView:
    """NotFound for a bank that may not know of it now."""
    return cast(views.AlertView, ALERTS.show(*_visible(alert_id, request), request))


def visible(alert_id: str, request: RequestContext) -> Alert:
    """One alert as a value. NotFound for whoever may not know of it now."""
    return _visible(alert_id, request)[0].state


def _visible(alert_id: str, request: RequestContext) -> tuple[Loaded[Alert, Context], Actor]:
    loaded, actor = ALERTS.read(alert_id, request)
    if actor == "bank" and not is_shared(loaded.state, request.now):
        raise NotFound(say("There is no alert {alert_id!r:.60}.", alert_id=alert_id))
    return loaded, actor


timeline = partial(ledger_timelines.of_aggregate, ALERTS)


def listed(query: views.AlertsQuery, request: RequestContext) -> Page[views.AlertView]:
    """A firm's or a bank's own; for officers those of a firm, a bank or a status, or all. Those that began last first."""
    caller = request.caller
    member_id, bank_id = caller.member_id or query.member_id or "", caller.bank_id or query.bank_id or ""
    if query.member_id not in (None, member_id) or query.bank_id not in (None, bank_id):
        return Page(items=[])
    of = f"alerts:{member_id}:{bank_id}:{query.subject_id}:{query.status}:{query.started_on}:{query.digest_on}"
    after: Place | None = tuple(pages.decode_cursor(query.cursor, caller, of)) if query.cursor else None
    may_know = cache(lambda firm_id: may_hear(firm_id, caller.bank_id, request.now))

    def keep(state: Alert) -> bool:
        wanted = (
            (query.status, state.status),
            (query.level, state.level),
            (query.rule, state.rule),
            (query.subject_id, state.about.id),
            (query.started_on, state.started_on),
            (query.digest_on, state.digest_on),
            (bank_id or None, state.bank_id),
            (member_id or None, state.member_id),
        )
        is_wanted = all(wish in (None, value) for wish, value in wanted)
        return is_wanted and not (caller.bank_id and state.takes_consent and not may_know(state.member_id))

    return ALERTS.page(_places(query, bank_id, member_id, after), query, request, of, keep=keep)


def _places(query: views.AlertsQuery, bank_id: str, member_id: str, after: Place | None) -> Iterator[tuple[Place, str]]:
    """Of one index, or of that of statuses, one after the other."""
    is_narrowed = query.status or query.subject_id or bank_id or member_id
    statuses: list[str] = [query.status or ""] if is_narrowed else [*STATUSES]
    for status in statuses[statuses.index(after[0]) if after else 0 :]:
        before = after[1] if after and after[0] == status else ""
        for place, name in records.ids(query.subject_id or "", member_id, bank_id, status, before, query.started_on):
            yield (status, place), name


def _decide(
    alert_id: str, request: RequestContext, action: str, decide: Callable[[Alert, Context, Actor], AlertChange]
) -> StoredResponse:
    """Whether the bank may hear of it is asked where it would."""
    return ALERTS.execute(alert_id, request, action, decide, funded=action in TOLD)
