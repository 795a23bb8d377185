"""Trying a version of the rules out over the past, beside the one in force, before anybody announces it. Nobody but officers hears of it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import msgspec

from chalicelib.monitoring.rules.policy import Policy
from chalicelib.monitoring.rules.shadow import Report, Trial
from chalicelib.monitoring.service import shadow_runs
from chalicelib.monitoring.views import shadow as views
from chalicelib.monitoring.views.shadow import ShadowRequest, ShadowView
from chalicelib.runs import rules as run_rules
from chalicelib.runs import service as runs
from chalicelib.shared import files, ids, journal, policies
from chalicelib.shared.commit import StoredResponse, commit
from chalicelib.shared.encoding import encode, merge_patch, sha256_of
from chalicelib.shared.errors import NotFound, RuleViolation
from chalicelib.shared.files import Link
from chalicelib.shared.http import bad_field
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date
from chalicelib.shared.policies import Policy as Version
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

MOST_DAYS: Final = 366


class BadShadowWindow(RuleViolation):
    code = "bad_shadow_window"
    title = "The rules are tried out over days that are over."
    fix = "Name a first day and a last one, yesterday at the latest, at most 366 days apart."


class NotRules(RuleViolation):
    code = "rules_incomplete"
    title = "With these changes it is no version of the rules."
    fix = "Mend the place named in param: GET /v1/policies/monitoring has the version in force."


def begin(body: ShadowRequest, request: RequestContext) -> StoredResponse:
    """Have a version tried out by the queue of work. BadShadowWindow, NotRules."""
    trial = _trial(body, business_date(request.now))
    run = run_rules.opened(
        shadow_runs.JOB,
        request.entry_id,
        trial.until,
        shadow_runs.SHARDS,
        request.now,
        trial=msgspec.to_builtins(trial),
    )
    payload = {"from_on": trial.from_on, "until": trial.until, "one_in": trial.one_in, "rules": sha256_of(trial.rules)}
    event = Event("monitoring_shadow.begun", payload, policy=trial.in_force)
    view = encode(views.view(run, trial, None, (), 0))
    entry = journal.entry(request, event, aggregate_id=run.id, seq=1, prev=journal.GENESIS, response=view, status=201)
    response = commit(entry, runs.creation(run, entry))
    runs.start(runs.get(run.id))
    return response


def show(shadow_id: str, request: RequestContext) -> ShadowView:
    """How far it has come; when it is done, what came of it."""
    run, _, results = runs.whole(_must_be_run(shadow_id))
    if run.job != shadow_runs.JOB:
        raise NotFound(say("There is no shadow {shadow_id!r:.60}.", shadow_id=shadow_id))
    done = len(results) if run.is_over else sum(run_rules.has_told(run, shard, results) for shard in results)
    report, links = None, list[Link]()
    if run.is_over:
        report = msgspec.json.decode(files.read(shadow_runs.key(run, "report.json")), type=Report)
        links = [files.link(shadow_runs.key(run, name)) for name in ("rules.csv", "loans.csv", "alarms.svg")]
    return views.view(run, shadow_runs.trial_of(run), report, links, done)


def _trial(body: ShadowRequest, today: date) -> Trial:
    if not (body.from_ <= body.until < today and (body.until - body.from_).days < MOST_DAYS):
        raise BadShadowWindow(
            say("{from_} to {until} are not days that are over.", from_=body.from_, until=body.until), param="until"
        )
    in_force = policies.in_force("monitoring", today)
    base = _announced(body.version, today) if body.version else in_force
    rules = _rules(merge_patch(base.values, body.changes), in_force.read_as(Policy))
    return Trial(from_on=body.from_, until=body.until, in_force=in_force.hash, rules=rules, one_in=body.one_in)


def _announced(version: str, today: date) -> Version:
    """A version that was announced, whether it is in force by now, not yet, or not any more."""
    for known in policies.versions("monitoring"):
        if known.version == version and known.announced_on <= today:
            return known
    raise NotRules(say("No version {version!r:.60} of the rules has been announced.", version=version), param="version")


def _rules(values: Any, in_force: Policy) -> Policy:
    try:
        rules = msgspec.convert(values, Policy)
    except msgspec.ValidationError as wrong:
        field = bad_field(wrong, values, Policy)
        raise NotRules(field.said, param=f"changes.{field.param}" if field.param else "changes") from wrong
    if rules.calendar != in_force.calendar:
        raise NotRules("The calendar is the country's.", param="changes.calendar")
    return rules


def _must_be_run(shadow_id: str) -> str:
    if not ids.is_id(shadow_id, run_rules.PREFIX):
        raise NotFound(say("There is no shadow {shadow_id!r:.60}.", shadow_id=shadow_id))
    return shadow_id
