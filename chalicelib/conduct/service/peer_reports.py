"""Peer reports: what members tell of other firms, in secret; what the firms answer; what officers find; who opens a seal."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Final

from msgspec.structs import replace

from chalicelib.conduct.aggregate.incentives import INCENTIVES
from chalicelib.conduct.aggregate.peer_reports import PEER_REPORTS, as_reporter, context_of
from chalicelib.conduct.records import incentives as incentive_records
from chalicelib.conduct.records import peer_reports as records
from chalicelib.conduct.rules import peer_report as rules
from chalicelib.conduct.rules import peer_report_handling as handling
from chalicelib.conduct.rules.incentive import Incentive
from chalicelib.conduct.rules.peer_report_transitions import PeerReportChange
from chalicelib.conduct.views import peer_report as views
from chalicelib.firms.service import marks
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.loan import OWING
from chalicelib.loans.service import reading as loans_reading
from chalicelib.members import service as members
from chalicelib.shared import data_keys, documents, ids, pages, policies, readings
from chalicelib.shared.commit import Joined, StoredResponse, idempotent, retry_on_conflict
from chalicelib.shared.errors import NotFound
from chalicelib.shared.files import Link
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.timelines import TimelineEntry
from chalicelib.shared.uploads import Uploads, announced_id

FILES: Final = Uploads("uploads/peer-reports/", PEER_REPORTS, handling.arrived)
TOLD_TO_SUBJECT: Final = frozenset(
    f"peer_report.{event}"
    for event in ("asked", "answered", "answer_missed", "verified", "unproven", "false", "malicious")
)


def file(body: views.PeerReportRequest, request: RequestContext) -> StoredResponse:
    """By a member, of another one. Its entry names the reporter by a mark, and the report holds who that is sealed."""
    reporter_id = request.caller.member_id
    if body.subject_id == reporter_id:
        raise rules.PeerReportRefused("A firm reports others.", param="subject_id")
    if not members.known([body.subject_id]):
        raise NotFound(say("There is no member {subject_id!r:.60}.", subject_id=body.subject_id), param="subject_id")
    return _as_reporter(request, lambda sealed: _file(body, reporter_id, sealed))


def announce(report_id: str, body: views.ReportFileRequest, request: RequestContext) -> StoredResponse:
    """By the reporter. The form to upload it with is no part of what the entry keeps: see `with_form`."""

    def announced(sealed: RequestContext) -> StoredResponse:
        document_id = announced_id(sealed)

        def decide(was: rules.PeerReport, context: rules.Context, actor: rules.Actor) -> PeerReportChange:
            document = rules.ReportDocument(
                id=document_id,
                name=body.name,
                media_type=body.media_type,
                sha256=body.sha256,
                size=body.size,
                announced_at=sealed.now,
                retained_until=documents.retained_until(business_date(sealed.now), context.policy.retention_days),
            )
            return handling.announced(was, document, sealed.now)

        def respond(
            report: rules.PeerReport, context: rules.Context, actor: rules.Actor
        ) -> views.ReportDocumentAnnounced:
            shown = views.view(report, context, actor, sealed.now)
            return views.ReportDocumentAnnounced(report=shown, document_id=document_id)

        return PEER_REPORTS.execute(report_id, sealed, "add-document", decide, status=201, respond=respond)

    return _as_reporter(request, announced)


def with_form(
    response: StoredResponse, report_id: str, body: views.ReportFileRequest, request: RequestContext
) -> StoredResponse:
    return FILES.with_form(response, report_id, body, _sealed(request))


def link(report_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a document from, for the reporter and for officers, of whom each reading is an entry. NotFound for the firm."""
    loaded, actor = PEER_REPORTS.read(report_id, request)
    document = documents.kept(loaded.state.documents if actor != "subject" else (), document_id)
    if actor != "reporter":
        readings.note_opened(report_id, document_id, request)
    return FILES.link(report_id, document, document.name)


def acknowledge(report_id: str, request: RequestContext) -> StoredResponse:
    return PEER_REPORTS.execute(
        report_id, request, "acknowledge", lambda was, context, actor: handling.acknowledge(was, context, request.now)
    )


def triage(report_id: str, body: views.TriageRequest, request: RequestContext) -> StoredResponse:
    def decide(was: rules.PeerReport, context: rules.Context, actor: rules.Actor) -> PeerReportChange:
        if body.outcome == "ask":
            return handling.ask(was, context, body.text, request.now)
        return handling.dismiss(was, body.text, request.now)

    return PEER_REPORTS.execute(report_id, request, "triage", decide)


def answer(report_id: str, body: views.ReportAnswerRequest, request: RequestContext) -> StoredResponse:
    return PEER_REPORTS.execute(
        report_id, request, "answer", lambda was, context, actor: handling.answer(was, context, body.text, request.now)
    )


def find(report_id: str, body: views.FindRequest, request: RequestContext) -> StoredResponse:
    """What is verified, banks of the firm hear of; what is malicious, the reporter pays for, who is read for that and shown to nobody."""

    def decide(was: rules.PeerReport, context: rules.Context, actor: rules.Actor) -> PeerReportChange:
        return handling.find(
            was,
            body.finding,
            body.note,
            request.caller.sub,
            request.now,
            bank_ids=_lenders(was.subject_id, request) if body.finding == "verified" else (),
            cost=_newest_incentive(was, request) if body.finding == "malicious" and was.is_unsealed else None,
        )

    return PEER_REPORTS.execute(report_id, request, "find", decide)


def ask_unsealing(report_id: str, body: views.UnsealRequest, request: RequestContext) -> StoredResponse:
    """One of the two officers it takes asks for it."""
    return PEER_REPORTS.execute(
        report_id,
        request,
        "unseal",
        lambda was, context, actor: handling.ask_unsealing(
            was, ids.derived_id("uns", request.entry_id), request.caller.sub, body.reason, request.now
        ),
    )


def decide_unsealing(report_id: str, body: views.DecideUnsealingRequest, request: RequestContext) -> StoredResponse:
    """The other one decides."""
    return PEER_REPORTS.execute(
        report_id,
        request,
        "decide-unsealing",
        lambda was, context, actor: handling.decide_unsealing(
            was, request.caller.sub, body.decision, body.note, request.now
        ),
    )


def reporter(report_id: str, body: views.ReporterInquiry, request: RequestContext) -> views.ReporterView:
    """Who reported it, for the officer to whom another one has granted it, for a day. Each reading is an entry, written before."""
    loaded, _ = PEER_REPORTS.read(report_id, request)
    granted = _granted(loaded.state, loaded.context, body.unsealing_id, request)
    _note_read(report_id, granted, request)
    return views.ReporterView(report_id=report_id, member_id=_opened(loaded.state))


peer_report = partial(PEER_REPORTS.shown, views.PeerReportView)


def timeline(report_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    def keeps_back(entry: Entry, actor: rules.Actor) -> bool:
        return actor == "subject" and entry.event.kind not in TOLD_TO_SUBJECT

    return ledger_timelines.of_aggregate(PEER_REPORTS, report_id, query, request, keeps_back=keeps_back)


def listed(query: views.PeerReportsQuery, request: RequestContext) -> Page[views.PeerReportView]:
    """A member's own, on either side; officers' of a firm or a status, or all. Oldest first."""
    caller, side = request.caller, query.as_ if request.caller.member_id else None
    subject_id = caller.member_id if side == "subject" else query.subject_id or ""
    of = f"peer-reports:{side}:{subject_id}:{query.status}"
    after = tuple(pages.decode_cursor(query.cursor, caller, of)) if query.cursor else None
    if side == "reporter":
        mark = marks.of_reporter(caller.member_id)
        places = pages.in_groups([mark], after, lambda each, begun: records.ids("by_reporter", each, begun))
    elif subject_id:
        places = pages.in_groups([subject_id], after, lambda each, begun: records.ids("by_subject", each, begun))
    else:
        statuses = [query.status] if query.status else rules.STATUSES
        places = pages.in_groups(statuses, after, lambda each, begun: records.ids("by_status", each, begun))

    def keep(report: rules.PeerReport) -> bool:
        return query.status in (None, report.status) and query.subject_id in (None, report.subject_id)

    return PEER_REPORTS.page(places, query, request, of, keep=keep)


def _file(body: views.PeerReportRequest, reporter_id: str, request: RequestContext) -> StoredResponse:
    report_id = ids.new_id("rpt", request.now)
    in_force = policies.in_force("peer-reports", business_date(request.now))
    context = context_of(in_force.hash)
    key, kept = data_keys.new(report_id, owner_id=report_id, now=request.now)
    counting = _counting(request.caller.sub)
    open_reports = [each for each in counting if each.status not in rules.ENDS]
    malicious_at = (each.ended_at for each in counting if each.status == "malicious" and each.ended_at)
    change = handling.filed(
        report_id,
        body.subject_id,
        key.seal(rules.REPORTER, reporter_id),
        request.caller.sub,
        body.category,
        body.facts,
        bank_ids=_lenders(body.subject_id, request) if body.category in context.policy.urgent else (),
        open_reports=len(open_reports),
        is_open_already=any(each.subject_id == body.subject_id for each in open_reports),
        last_malicious_at=max(malicious_at, default=None),
        context=context,
        policy_hash=in_force.hash,
        now=request.now,
    )
    return PEER_REPORTS.create(change, context, request, "reporter", joined=Joined(changes=(kept,)))


def _as_reporter(request: RequestContext, use_case: Callable[[RequestContext], StoredResponse]) -> StoredResponse:
    """Serve what a reporter asks under its mark: once, as that request."""
    sealed = _sealed(request)
    return idempotent(sealed, lambda: use_case(sealed))


def _sealed(request: RequestContext) -> RequestContext:
    """The same request under the reporter's mark. Keys of those who act for it stay apart from its own."""
    actor = request.caller.actor
    return replace(request, caller=as_reporter(request.caller), key=f"{actor}\0{request.key}" if actor else request.key)


def _counting(mark: str) -> Collection[rules.PeerReport]:
    """Those of a reporter that are open, or were malicious: what it may file hangs on them."""
    return records.REPOSITORY.load_all(records.ids("counting", mark)).values()


def _lenders(member_id: str, request: RequestContext) -> tuple[str, ...]:
    """The banks that the firm owes something."""
    loans = (loaded.state for loaded in LOANS.load_many(loans_reading.ids_of_member(member_id), request.now).values())
    return tuple(dict.fromkeys(loan.bank_id for loan in loans if loan.status in OWING))


def _newest_incentive(report: rules.PeerReport, request: RequestContext) -> Incentive | None:
    """The newest of the reporter's that stands: what a malicious report costs. One that the index still has, and that another report has cost already, is passed over."""
    known = (INCENTIVES.present(name, request.now) for name in incentive_records.standing_ids(_opened(report)))
    return next((each for each in known if each and each.status == "standing"), None)


def _opened(report: rules.PeerReport) -> str:
    return data_keys.keyring([report.id], owner_id=report.id).show(report.reporter)


def _granted(
    report: rules.PeerReport, context: rules.Context, unsealing_id: str, request: RequestContext
) -> rules.Unsealing:
    for each in report.unsealings:
        is_own = (each.id, each.by) == (unsealing_id, request.caller.sub)
        if is_own and each.opens_at(request.now, context.policy):
            return each
    raise NotFound("Nobody has granted you to know who reported it, or the time for it is over.")


@retry_on_conflict
def _note_read(report_id: str, granted: rules.Unsealing, request: RequestContext) -> None:
    reading = request.each_time("peer_report.read", report_id)
    officer = request.caller.sub
    PEER_REPORTS.apply(
        report_id, reading, lambda was, context: handling.read_reporter(was, granted, officer, request.now)
    )
