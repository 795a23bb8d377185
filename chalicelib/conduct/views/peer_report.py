"""A peer report, as whoever told it, the firm that it is about and officers see it, and what is sent about peer reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from chalicelib.conduct.rules import peer_report
from chalicelib.conduct.rules.peer_report_timers import MACHINE
from chalicelib.shared.documents import DocumentStatus, FileRequest
from chalicelib.shared.files import UploadForm
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import one_line, prose
from chalicelib.shared.views import view_of

Text = Annotated[str, prose(peer_report.MOST_CHARACTERS, least=1)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Side = Literal["reporter", "subject"]


class PeerReportRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What another firm does, as far as you know it. Files are added to the report."""

    subject_id: Name
    """The firm it is about, by its member id."""
    category: peer_report.Category
    """What it does, by code."""
    facts: Text
    """What you know of it, in words."""


class ReportFileRequest(FileRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file to be uploaded: exactly these bytes, under a name."""

    name: Annotated[str, one_line(100)]
    """What the file is called."""


class TriageRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`ask` the firm, in words of yours that it reads and that do not tell who reported it; or `dismiss` the report, in words for the reporter."""

    outcome: Literal["ask", "dismiss"]
    """`ask` the firm, or `dismiss` the report."""
    text: Text
    """The question to the firm, or why nothing is asked."""


class ReportAnswerRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Text
    """What there is to say, in words."""


class FindRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    finding: peer_report.Finding
    """What came out."""
    note: Text
    """Why, in words that both sides read."""


class UnsealRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Text
    """Why you have to know who reported it. The reporter reads it."""


class DecideUnsealingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    decision: peer_report.Decision
    """Whether the name is shown."""
    note: Text
    """What there is to add, in words."""


class ReporterInquiry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unsealing_id: Name
    """By which another officer has granted it to you."""


class PeerReportsQuery(Waiting, frozen=True, kw_only=True):
    """A member sees what it has reported, or with `as=subject` what it was asked about; officers those about a firm or of a status, or all."""

    status: peer_report.Status | None = None
    """Only those in this status."""
    subject_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """What it is about, by its id."""
    as_: Side = msgspec.field(name="as", default="reporter")
    """Which side of them the caller is on."""


class ReportDocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """`status` is `awaited` until the file has come, `kept` if it was what was announced, else `refused`."""

    id: str
    name: str
    status: DocumentStatus
    media_type: str
    size: int
    sha256: str
    announced_at: datetime
    retained_until: date


class UnsealingView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    by: str
    at: datetime
    reason: str
    decided_by: str | None
    decided_at: datetime | None
    decision: peer_report.Decision | None
    note: str | None


class PeerReportView(msgspec.Struct, frozen=True, kw_only=True):
    """A report about a firm. Who told it stands nowhere. The first of `deadlines` says who has to do something until when.

    Null for the firm that it is about: `facts`, `documents`. Null for whoever reported it: `question`, `answer`. For officers only:
    `bank_ids` (banks that were told), `unsealings`.
    """

    id: str
    version: int
    subject_id: str
    category: peer_report.Category
    status: peer_report.Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    facts: str | None
    documents: list[ReportDocumentView] | None
    question: str | None
    answer: str | None
    asked_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    note: str | None
    bank_ids: list[str] | None
    unsealings: list[UnsealingView] | None


class ReportDocumentAnnounced(msgspec.Struct, frozen=True, kw_only=True):
    """The report with the document awaited, and the form to upload it with: these fields first, then the file in a field `file`.

    The form is signed anew whenever the request is repeated, and null once the file has come.
    """

    report: PeerReportView
    document_id: str
    upload: UploadForm | None = None


class ReporterView(msgspec.Struct, frozen=True, kw_only=True):
    """Who reported it. `member_id` is `erased` where the key is gone."""

    report_id: str
    member_id: str


_HIDDEN: dict[peer_report.Actor, tuple[str, ...]] = {
    "reporter": ("question", "answer", "bank_ids", "unsealings"),
    "subject": ("facts", "documents", "bank_ids", "unsealings"),
}


def view(
    report: peer_report.PeerReport, context: peer_report.Context, actor: peer_report.Actor, now: datetime
) -> PeerReportView:
    hidden: dict[str, Any] = dict.fromkeys(_HIDDEN.get(actor, ()))
    deadlines = MACHINE.deadlines(report, context)
    return view_of(
        PeerReportView,
        report,
        allowed_actions=MACHINE.table.allowed(report, actor, context, now),
        deadlines=[each for each in deadlines if actor != "subject" or each.name != "retention"],
        **hidden,
    )
