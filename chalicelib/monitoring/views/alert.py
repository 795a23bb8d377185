"""An alert, as its firm, its bank and officers see it, and what is sent about alerts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.monitoring.rules import alert as rules
from chalicelib.monitoring.rules.alert_timers import MACHINE
from chalicelib.monitoring.rules.finding import Level, Rule
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import BookDay, ContractDay
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of

Text = Annotated[str, prose(rules.MOST_CHARACTERS, least=1)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]


class ExplainRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Text
    """Why it is so, such as that the firm takes stock."""


class ResolveAlertRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    outcome: rules.Decision
    """What it turned out to be."""
    note: Text
    """Why, in words that the firm reads."""


class EscalateAlertRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    note: Text
    """What there is to add, in words."""


class HoldDrawsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    until: ContractDay
    """The last day on which draws are held."""
    reason: Text
    """Why, in words that those concerned read."""


class SilenceRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    until: ContractDay
    """The last day on which nobody is reminded."""
    reason: Text
    """Why, in words that those concerned read."""


class ReleaseDrawsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Text
    """Why, in words that those concerned read."""


class AlertsQuery(Waiting, frozen=True, kw_only=True):
    """A firm and a bank see their own; officers those of a firm, a bank or a status, or all. `subject_id`: about one loan, group or feed.
    `digest_on`: those that the bank's digest of that day counts.
    """

    status: rules.Status | None = None
    """Only those in this status."""
    level: Level | None = None
    """Only those of this level."""
    rule: Rule | None = None
    """Only those that this rule raised."""
    subject_id: Name | None = None
    """Only those about this loan, group or feed."""
    started_on: BookDay | None = None
    digest_on: BookDay | None = None
    member_id: Name | None = None
    """The member, by its id."""
    bank_id: Name | None = None
    """The bank, by its id."""


class SubjectView(msgspec.Struct, frozen=True, kw_only=True):
    kind: rules.SubjectKind
    id: str


class EvidenceView(msgspec.Struct, frozen=True, kw_only=True):
    """What was found on a day, and what it is compared with; `p_ppm` is the chance, in millionths, of as much or more where nothing is wrong, null where it is a fact."""

    on: date
    level: Level
    numbers: dict[str, int]
    baseline: dict[str, int]
    p_ppm: int | None
    low_confidence: bool
    policy: str


class ExplanationView(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    at: datetime


class AlertView(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule of monitoring has found, since when, and how sure that is. The first of `deadlines` says who has to do something until when.

    `owner` is the officer who sees to it, null for the firm and the bank. `held_until`: until then the firm draws nothing. `normal_on` are
    days since on which nothing was found. `outcome` says what became of it.
    """

    id: str
    version: int
    rule: Rule
    about: SubjectView
    member_id: str | None
    bank_id: str | None
    started_on: date
    level: Level
    status: rules.Status
    created_at: datetime
    updated_at: datetime
    digest_on: date | None
    allowed_actions: list[str]
    deadlines: list[Deadline]
    owner: str | None
    evidence: list[EvidenceView]
    explanations: list[ExplanationView]
    red_on: date | None
    held_until: datetime | None
    silenced_until: datetime | None
    normal_on: list[date]
    proposed_default_on: date | None
    outcome: rules.Outcome | None
    note: str | None
    resolved_at: datetime | None
    closed_on: date | None


def view(alert: rules.Alert, context: rules.Context, actor: rules.Actor, now: datetime) -> AlertView:
    own = {"owner": None} if actor in ("firm", "bank") else {}
    return view_of(
        AlertView,
        alert,
        **MACHINE.offer(alert, actor, context, now),
        **own,
    )
