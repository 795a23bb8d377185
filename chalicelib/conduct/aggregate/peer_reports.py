"""Peer reports as an aggregate: what ties their machine to their table and their view, and who is what to one."""

from __future__ import annotations

from typing import Final

from chalicelib.conduct.aggregate.incentives import INCENTIVES
from chalicelib.conduct.records.peer_reports import REPOSITORY
from chalicelib.conduct.rules.incentive import Incentive
from chalicelib.conduct.rules.peer_report import REPORTER, Actor, Context, PeerReport, Policy
from chalicelib.conduct.rules.peer_report_timers import MACHINE
from chalicelib.conduct.views.peer_report import view
from chalicelib.firms.service import marks
from chalicelib.shared import calendars, policies
from chalicelib.shared.access import LEGAL
from chalicelib.shared.aggregates import Aggregate, ringing
from chalicelib.shared.request import Caller


def context_of(policy_hash: str) -> Context:
    policy = policies.pinned("peer-reports", policy_hash).read_as(Policy)
    return Context(policy=policy, calendar=calendars.calendar(policy.calendar))


def as_reporter(caller: Caller) -> Caller:
    """How entries name a member that reports: by a mark, and never by whoever acted for it."""
    return Caller(sub=marks.of_reporter(caller.member_id), role=REPORTER)


def actor_of(report: PeerReport, caller: Caller) -> Actor | None:
    """Officers'; whoever reported it; the firm that it is about, from being asked on. Nobody else knows that there is one."""
    if caller.is_officer:
        return "officer" if caller.has_duty("risk") else "lawyer" if caller.has_duty(LEGAL) else None
    if caller.role == REPORTER:
        return "reporter" if caller.sub == report.reporter_mark else None
    if caller.is_member(report.subject_id):
        return "subject" if report.asked_at else None
    is_reporter = caller.member_id and marks.of_reporter(caller.member_id) == report.reporter_mark
    return "reporter" if is_reporter else None


PEER_REPORTS: Final = Aggregate[PeerReport, Context, Actor](
    name="peer-reports",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda states, now: [context_of(each.policy) for each in states],
    actor_of=actor_of,
    view=view,
    others={Incentive: INCENTIVES},
    after=ringing(
        "nobody has looked into a peer report",
        "report_id",
        metric="PeerReportLeft",
        on=("peer_report.acknowledged", "peer_report.unproven"),
    ),
)
