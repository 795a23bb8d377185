"""An application, as its firm, its banks and officers see it, and what is sent about one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from chalicelib.credit.rules.application import (
    MOST_BANKS,
    MOST_CHARACTERS,
    MOST_REASONS,
    Actor,
    Application,
    ApplicationContext,
    PartStatus,
    Screening,
    Status,
)
from chalicelib.credit.rules.application_handling import MACHINE
from chalicelib.credit.rules.products import Method
from chalicelib.credit.views.reasons import ReasonRequest, ReasonView, reason_views
from chalicelib.groups.rules.joint_liability import LiabilityMode
from chalicelib.shared.documents import DocumentStatus, FileRequest
from chalicelib.shared.files import UploadForm
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import one_line, prose
from chalicelib.shared.views import view_of

ProductId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
AnId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class PartView(msgspec.Struct, frozen=True, kw_only=True):
    """One bank that is asked, for one of its products: `chosen` before an officer has screened the application, then `open`, `approved`, `ended`.

    `not_asked` where the firm's consent was gone by then: that bank has heard nothing of it.
    """

    bank_id: str
    product_id: str
    review_id: str
    status: PartStatus


class ApplicationDocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """`status` is `awaited` until the file has come, `kept` if it was what was announced, else `refused`. `bank_id`: only that bank reads it."""

    id: str
    name: str
    bank_id: str | None
    status: DocumentStatus
    media_type: str
    size: int
    sha256: str
    announced_at: datetime
    retained_until: date


class ScreeningView(msgspec.Struct, frozen=True, kw_only=True):
    passed: bool
    reasons: list[ReasonView]
    by: str | None
    """The officer, for officers."""
    at: datetime


class GuaranteeView(msgspec.Struct, frozen=True, kw_only=True):
    """The group that stands for the firm, and the rule sheet that all its members have signed: the group shows both."""

    group_id: str
    seat: int
    sheet_version: int
    sheet_sha256: str
    mode: LiabilityMode


class ApplicationView(msgspec.Struct, frozen=True, kw_only=True):
    """What a firm asks of which banks, and how far it is. What each bank says stands under `/decisions`. A bank sees its own part only."""

    id: str
    version: int
    status: Status
    member_id: str
    amount: Money
    months: int
    method: Method
    purpose: str
    parts: list[PartView]
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    submitted_at: datetime | None
    submitted_by: str | None
    """The person of the firm who handed it in."""
    pack_id: str | None
    documents: list[ApplicationDocumentView]
    screening: ScreeningView | None
    guarantee: GuaranteeView | None
    agreement_id: str | None
    ended_at: datetime | None


def view(application: Application, context: ApplicationContext, actor: Actor, now: datetime) -> ApplicationView:
    return view_of(
        ApplicationView,
        application,
        **MACHINE.offer(application, actor, context, now),
        screening=_screening(application.screening, actor) if application.screening and actor != "bank" else None,
    )


def for_bank(shown: ApplicationView, bank_id: str) -> ApplicationView:
    """What a bank sees: of the others that were asked nothing."""
    parts = [part for part in shown.parts if part.bank_id == bank_id]
    readable = [each for each in shown.documents if each.status == "kept" and each.bank_id in (None, bank_id)]
    return msgspec.structs.replace(shown, parts=parts, documents=readable, agreement_id=None)


def _screening(screening: Screening, actor: Actor) -> ScreeningView:
    by = screening.by if actor == "officer" else None
    return ScreeningView(passed=screening.passed, reasons=reason_views(screening.reasons), by=by, at=screening.at)


class ApplyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much for what, of which products: one of each bank that is to be asked."""

    product_ids: Annotated[list[ProductId], msgspec.Meta(min_length=1, max_length=MOST_BANKS)]
    """One product of each bank that is asked, such as `boc-term`."""
    amount: Money
    """How much is to be lent."""
    months: Annotated[int, msgspec.Meta(ge=1, le=60)]
    """For how many months."""
    method: Method
    """How it is to be repaid."""
    purpose: Annotated[str, prose(MOST_CHARACTERS, least=1)]
    """What the money is for."""
    group_id: AnId | None = None
    """The group that stands for the firm, for a `guaranteed` product: sealed, with a seat of the firm."""


class ApplicationDocumentRequest(FileRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file to be uploaded: exactly these bytes. `bank_id` where only that bank is to read it, such as what it asked for."""

    name: Annotated[str, one_line(100, least=1)]
    """What it is, as who reads it sees it."""
    bank_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    """The only bank that is to read it. Left out: all that are asked."""


class ApplicationDocumentAnnounced(msgspec.Struct, frozen=True, kw_only=True):
    """The application with the document awaited, and the form to upload it with: these fields first, then the file in a field `file`.

    The form is signed anew whenever the request is repeated, and null once the file has come.
    """

    application: ApplicationView
    document_id: str
    upload: UploadForm | None = None


class ScreenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether the banks are asked. Who is turned down is told why."""

    passed: bool
    """Whether the banks are asked."""
    reasons: Annotated[list[ReasonRequest], msgspec.Meta(max_length=MOST_REASONS)] = []
    """Why not, by code."""


class ApplicationsQuery(Waiting, frozen=True, kw_only=True):
    """A firm sees its own, a bank those it was asked about. Officers see those of a status or a firm, or all that were handed in."""

    status: Status | None = None
    """Only those in this status."""
    member_id: AnId | None = None
    """The member, by its id."""
