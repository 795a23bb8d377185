"""An incentive, as its firm and officers see it, and what is sent about incentives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from chalicelib.conduct.rules import incentive as rules
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of


class ReverseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it was not earned, and in words that the firm reads."""

    why: rules.OfficersWhy
    """Why it was not earned, by code."""
    note: Annotated[str, prose(rules.MOST_CHARACTERS, least=1)]
    """What there is to add, in words."""


class RestoreRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    note: Annotated[str, prose(rules.MOST_CHARACTERS, least=1)]
    """Why it was earned after all, in words that the firm reads."""


class IncentivesQuery(Waiting, frozen=True, kw_only=True):
    """All, or those of a status."""

    status: rules.Status | None = None
    """Only those in this status."""


class IncentiveView(msgspec.Struct, frozen=True, kw_only=True):
    """Points of a firm's integrity index. `subject_id` is the application, loan or call that they are for; `why` and `note` say why they do not count.
    The words about a malicious report are for the firm alone: by them officers would know whose it was.
    """

    id: str
    version: int
    member_id: str
    kind: rules.Kind
    subject_id: str
    points: int
    earned_on: date
    status: rules.Status
    why: rules.Why | None
    note: str | None
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]


def view(incentive: rules.Incentive, context: rules.Context, actor: rules.Actor, now: datetime) -> IncentiveView:
    is_sealed = actor == "officer" and incentive.why == "malicious_report"
    note = (None if is_sealed else incentive.note) or None
    return view_of(IncentiveView, incentive, **rules.MACHINE.offer(incentive, actor, context, now), note=note)
