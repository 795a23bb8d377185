"""What an officer sends and sees of imports."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.daybook.rules.imports import MOST_BYTES, About
from chalicelib.daybook.views.feeds import CountsView
from chalicelib.runs.rules import NEVER_UPLOADED, SENT_AGAIN, Run
from chalicelib.shared.files import Link

ImportStatus = Literal["waiting_for_upload", "processing", "done", "failed"]


class ImportAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file to import. `trade_history` is a CSV file in UTF-8 with a header line: the columns of a trade fact, in any order."""

    kind: Literal["trade_history"]


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
    kind: Literal["trade_history"]
    reason: str | None
    """Why it failed: never_uploaded, too_large, file_replaced, empty_file, not_csv, missing_column, duplicate_column, too_many_bad_rows."""
    column: str | None
    """The column at fault, where the reason is about one."""
    upload: UploadView | None
    """Where to send the file; given once, in the answer that opens the import."""
    progress: ProgressView
    counts: CountsView
    """What became of the rows so far: every row read is in one of them when the import is done."""
    rejected_rows: Link | None
    """The refused rows as CSV: line, column, reason. The link expires; read the import again for a new one."""
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
    is_read = run.status in ("running", "done")
    read = {"bytes_read": about.size_bytes, "rows_read": about.rows} if is_read else progress or {}
    return ImportView(
        id=run.id,
        version=run.version,
        status=_status(run),
        kind="trade_history",
        reason=run.reason or None,
        column=about.column or None,
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


def upload_view(url: str, fields: dict[str, str], run: Run) -> UploadView:
    return UploadView(url=url, fields=fields, most_bytes=MOST_BYTES, expires_at=run.upload_due)


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
