"""Imports of files of facts: opening one, taking note of its file, and showing how it goes."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.daybook.rules import imports
from chalicelib.daybook.views.imports import ImportRequest, ImportsQuery, ImportView, UploadView, view
from chalicelib.runs import rules as run_rules
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Run
from chalicelib.shared import clock, files, ids, journal, pages
from chalicelib.shared.commit import StoredResponse, commit
from chalicelib.shared.errors import NotFound, RuleViolation
from chalicelib.shared.files import Arrived
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Event
from chalicelib.shared.observe import logger
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

UPLOADS = "uploads/"


class AnothersFile(RuleViolation):
    code = "anothers_file"
    title = "Files of that kind are imported by others."
    fix = "Nominations are imported by agencies, and all else by the marketplace."


def open_import(body: ImportRequest, request: RequestContext) -> StoredResponse:
    """An import that waits for its file. The form to send it by is no part of what the entry keeps: see `with_form`."""
    if (body.kind in imports.OF_AGENCIES) != bool(request.caller.agency_id):
        raise AnothersFile(say("It is not yours to import {kind}.", kind=body.kind), param="kind")
    run = imports.opened(ids.new_id(imports.PREFIX, request.now), body.kind, request.caller, request.now)
    import_view = view(run, imports.about(run), {})
    event = Event("import.opened", {"kind": body.kind})
    entry = journal.entry(
        request, event, aggregate_id=run.id, seq=1, prev=journal.GENESIS, response=encode(import_view), status=201
    )
    return commit(entry, runs.creation(run, entry))


def with_form(response: StoredResponse, body: ImportRequest, request: RequestContext) -> StoredResponse:
    """The answer with a form to send the file by, signed anew each time, as long as the import waits for its file."""
    import_view = msgspec.json.decode(response.body, type=ImportView)
    if response.replayed and runs.get(import_view.id).status != "waiting":
        return response
    for upload in import_view.deadlines:
        if request.now < upload.due_at:
            return replace(
                response, body=encode(replace(import_view, upload=_upload(import_view.id, upload.due_at, request.now)))
            )
    return response


def listed(query: ImportsQuery, request: RequestContext) -> Page[ImportView]:
    """Imports of a kind that the caller may see, the latest first."""
    of = f"imports:{query.kind}:{query.status}:{query.has_rejected_rows}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None

    @pages.isolated
    def seen(import_id: str) -> ImportView | None:
        shown = _shown(import_id, request)
        if shown is None or query.status not in (None, shown.status):
            return None
        return shown if shown.rejected_rows or not query.has_rejected_rows else None

    return pages.fill(
        ((place, place[1]) for place in runs.ids_of_job(query.kind, after)),
        seen,
        query.limit,
        caller=request.caller,
        of=of,
        most_looked_at=query.limit,
    )


def show(import_id: str, request: RequestContext) -> ImportView:
    """The import as it is now: how far it has come, what became of the rows, and a link to the refused ones."""
    shown = _shown(_must_be_import(import_id), request)
    if shown is None:
        raise _no_import(import_id)
    return shown


def _shown(import_id: str, request: RequestContext) -> ImportView | None:
    """None where it is another agency's."""
    stored, progress, results = runs.whole(import_id)
    if request.caller.agency_id and imports.about(stored).by != request.caller:
        return None
    run = run_rules.as_of(stored, request.now)
    about = imports.about(run)
    counts = run.counts if run.is_over else run_rules.summed(run, results)
    link = files.link(about.rejected) if about.rejected else None
    return view(run, about, counts, progress=progress, parts_done=len(results), rejected_rows=link)


def file_arrived(arrived: Arrived) -> None:
    """The bucket tells of a file. The first one an open import receives is its file; it may be told of several times."""
    import_id = arrived.key.removeprefix(UPLOADS).removesuffix(".csv")
    if arrived.key != key_of(import_id) or not ids.is_id(import_id, imports.PREFIX):
        logger.warning("a file that belongs to no import", extra={"key": arrived.key[:200]})
        return
    try:
        run = runs.get(import_id)
    except NotFound:
        logger.warning("a file of an unknown import", extra={"run_id": import_id})
        return
    run = _taken(run, arrived)
    if run.status == "preparing":
        runs.start(run)


def key_of(import_id: str) -> str:
    return f"{UPLOADS}{import_id}.csv"


def _taken(run: Run, arrived: Arrived) -> Run:
    """An import that waits takes the file, or fails if it is too late or too large; any other stays as it is."""
    now = clock.now()
    run = runs.settled(run.id, now)
    if run.status != "waiting":
        return run
    after = imports.arrived(
        run,
        size_bytes=arrived.size_bytes,
        etag=arrived.etag,
        object_version=arrived.object_version,
        now=now,
    )
    return runs.advance(after, _of_arrival(after, arrived.size_bytes))


def _of_arrival(run: Run, size_bytes: int) -> Event:
    if run.is_over:
        return Event("import.failed", {"reason": run.reason, "size_bytes": size_bytes})
    return Event("import.uploaded", {"size_bytes": size_bytes})


def _upload(import_id: str, due_at: datetime, now: datetime) -> UploadView:
    form = files.upload_form(key_of(import_id), "text/csv", most_bytes=imports.MOST_BYTES, lasts=due_at - now)
    return UploadView(url=form.url, fields=form.fields, most_bytes=imports.MOST_BYTES, expires_at=due_at)


def _must_be_import(import_id: str) -> str:
    if not ids.is_id(import_id, imports.PREFIX):
        raise _no_import(import_id)
    return import_id


def _no_import(import_id: str) -> NotFound:
    return NotFound(say("There is no import {import_id!r:.60}.", import_id=import_id))
