"""What an officer sends and sees of imports."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast

import msgspec

from chalicelib.daybook.rules.imports import About, Kind, kind_of
from chalicelib.daybook.rules.unfit_files import FILE_WORDS, FileReason
from chalicelib.daybook.views.feeds import CountsView
from chalicelib.runs.rules import NEVER_UPLOADED, SENT_AGAIN, Run
from chalicelib.shared.files import Link
from chalicelib.shared.pages import Paging
from chalicelib.shared.texts import NOTHING, Text, one_after_the_other, say

ImportStatus = Literal["waiting_for_upload", "processing", "done", "failed"]


class ImportRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file to import. `trade_history` is a CSV file with a header line: the columns of a trade fact, in any order;
    `exports` the same of declarations; `nominations`, an agency's, has channel_id, legal_name, romanised_name, registration_number, categories
    (blanks between them), mailbox, telephone, vouching and member_id, and each row becomes a draft.

    UTF-8, or UTF-16 that can be told for certain; lines end in LF, CRLF or CR; comma, semicolon, tab or bar between the fields. Workbooks are not read.
    """

    kind: Kind
    """What the file holds."""


class ImportsQuery(Paging, frozen=True, kw_only=True):
    """Imports of one kind of file, the latest first; an agency's own."""

    kind: Kind
    """What the files hold."""
    status: ImportStatus | None = None
    """Only those in this status."""
    has_rejected_rows: bool = False
    """Only those of which rows were refused."""


class UploadView(msgspec.Struct, frozen=True, kw_only=True):
    """Send multipart/form-data by POST to `url`: the fields as they are, and last the file, in a field called `file`."""

    url: str
    fields: dict[str, str]
    most_bytes: int
    expires_at: datetime


class ProgressView(msgspec.Struct, frozen=True, kw_only=True):
    bytes_total: int
    bytes_read: int
    rows_read: int
    parts: int
    parts_done: int


class ImportDeadline(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    due_at: datetime
    owner: str
    default_outcome: str


class ImportView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    status: ImportStatus
    kind: Kind
    reason: FileReason | None
    """Why it failed."""
    column: str | None
    """The column at fault, where the reason is about one."""
    detail: Text | None
    """What was found, in words."""
    fix: Text | None
    """What to do about it."""
    upload: UploadView | None
    """Where to send the file: in the answer that opens the import, signed anew when that is repeated, until the file has come."""
    progress: ProgressView
    counts: CountsView
    """What became of the rows so far: every row read is in one of them when the import is done."""
    rejected_rows: Link | None
    """The refused rows as CSV: line, column, value, reason, wanted (the form that would have done). The link expires; read the import again for
    a new one. The head of this document tells all reasons."""
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[ImportDeadline]


def view(
    run: Run,
    about: About,
    counts: dict[str, int],
    *,
    progress: dict[str, int] | None = None,
    parts_done: int = 0,
    upload: UploadView | None = None,
    rejected_rows: Link | None = None,
) -> ImportView:
    words = FILE_WORDS.get(run.reason)
    is_read = run.status in ("running", "done")
    read = {"bytes_read": about.size_bytes, "rows_read": about.rows} if is_read else progress or {}
    return ImportView(
        id=run.id,
        version=run.version,
        status=_status(run),
        kind=kind_of(run),
        reason=cast(FileReason, run.reason) if run.reason else None,
        column=about.column or None,
        detail=one_after_the_other(words.fault, _has(about)) if words else None,
        fix=words.fix if words else None,
        upload=upload,
        progress=ProgressView(
            bytes_total=about.size_bytes,
            bytes_read=read.get("bytes_read", 0),
            rows_read=read.get("rows_read", 0),
            parts=run.shards,
            parts_done=parts_done,
        ),
        counts=CountsView(**counts),
        rejected_rows=rejected_rows,
        created_at=run.created_at,
        updated_at=run.updated_at,
        allowed_actions={"waiting": ["upload"], "preparing": ["redrive"], "running": ["redrive"]}.get(run.status, []),
        deadlines=_deadlines(run),
    )


def _status(run: Run) -> ImportStatus:
    if run.status == "waiting":
        return "waiting_for_upload"
    return run.status if run.status in ("done", "failed") else "processing"


def _deadlines(run: Run) -> list[ImportDeadline]:
    if run.is_over:
        return []
    if run.status == "waiting":
        return [ImportDeadline(name="upload", due_at=run.upload_due, owner="officer", default_outcome=NEVER_UPLOADED)]
    return [ImportDeadline(name="completion", due_at=run.due_at, owner="officer", default_outcome=SENT_AGAIN)]


def _has(about: About) -> Text:
    return say("It has: {found}.", found=about.header) if about.header else NOTHING
