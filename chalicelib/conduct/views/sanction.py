"""A sanction, as its firm and officers see it, and what is sent about sanctions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.conduct.rules import sanction as rules
from chalicelib.conduct.rules.sanction_timers import MACHINE
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import one_line, prose
from chalicelib.shared.views import view_of

Text = Annotated[str, prose(rules.MOST_CHARACTERS, least=1)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]


class ProposeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A measure because of a loan. `evidence_ids` name what proves the ground: entries, documents, reports. A public note takes a court's reference and the bank's request."""

    loan_id: Name
    """The loan it is about, by its id."""
    measure: rules.Measure
    """What is to be done."""
    ground: rules.Ground
    """Why, by code."""
    reason: Text
    """What happened, in words that the firm reads."""
    evidence_ids: Annotated[list[Name], Meta(min_length=1, max_length=rules.MOST_EVIDENCE)]
    """What proves it, by ids: entries, alerts, loans, cases and reports are looked up, documents and what a bank or a court numbers are not."""
    court_reference: Annotated[str, one_line(100)] | None = None
    """The court's number for the judgment, where there is one."""
    bank_request: Annotated[str, one_line(100)] | None = None
    """The bank's name for its request, where it asked."""


class SanctionAppealRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Text
    """Why it is wrong."""


class DecideAppealRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    outcome: rules.Outcome
    """Whether the sanction stands."""
    note: Text
    """Why, in words that the firm reads."""


class LiftRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    note: Text
    """What there is to add, in words."""


class FlagInquiry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    purpose: Text
    """What the bank wants to know it for. The firm reads it."""


class SanctionsQuery(Waiting, frozen=True, kw_only=True):
    """A firm sees its own; officers those of a firm or a status, or all."""

    status: rules.Status | None = None
    """Only those in this status."""
    member_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The member, by its id."""


class AppealView(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    at: datetime
    decide_by: datetime
    decided_at: datetime | None
    outcome: rules.Outcome | None
    note: str | None


class SanctionView(msgspec.Struct, frozen=True, kw_only=True):
    """What a firm may not do, or what is said of it, because of a loan. The first of `deadlines` says who has to do something until when.

    Officers' names are for officers: null for the firm. `readers` are the banks that were shown it.
    """

    id: str
    version: int
    member_id: str
    loan_id: str
    bank_id: str
    measure: rules.Measure
    ground: rules.Ground
    reason: str
    evidence_ids: list[str]
    court_reference: str | None
    status: rules.Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    noticed_at: datetime | None
    effective_at: datetime | None
    appeal_until: datetime | None
    appeal: AppealView | None
    in_force_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    why: str | None
    readers: list[str]
    proposed_by: str | None
    approved_by: list[str] | None


class FlagView(msgspec.Struct, frozen=True, kw_only=True):
    """What partner banks may know of a firm: that a measure is in force, since when and until when. Nothing about persons."""

    sanction_id: str
    measure: rules.Measure
    ground: rules.Ground
    in_force_at: datetime
    expires_at: datetime


class FlagsView(msgspec.Struct, frozen=True, kw_only=True):
    """Without flags nothing is said of a firm."""

    member_id: str
    flags: list[FlagView]


class NoteView(msgspec.Struct, frozen=True, kw_only=True):
    """A public note: the enterprise, its registration, the court's document, and nothing else."""

    name: str
    registration_no: str
    court_reference: str


class NotesView(msgspec.Struct, frozen=True, kw_only=True):
    member_id: str
    notes: list[NoteView]


def view(sanction: rules.Sanction, context: rules.Context, actor: rules.Actor, now: datetime) -> SanctionView:
    is_officer = actor != "firm"
    return view_of(
        SanctionView,
        sanction,
        **MACHINE.offer(sanction, actor, context, now),
        proposed_by=sanction.proposed_by if is_officer else None,
        approved_by=[each.by for each in sanction.approvals] if is_officer else None,
    )
