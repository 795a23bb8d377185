"""The endpoints of peer reports."""

from __future__ import annotations

from functools import partial

from chalicelib.conduct import examples
from chalicelib.conduct.rules import peer_report as rules
from chalicelib.conduct.rules.peer_report_transitions import PeerReportNotInThisStatus
from chalicelib.conduct.service import peer_reports
from chalicelib.conduct.views import peer_report as views
from chalicelib.shared.access import LEGAL
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.documents import DocumentKnown
from chalicelib.shared.errors import AnotherOfficerNeeded, NotFound
from chalicelib.shared.files import Link
from chalicelib.shared.http import MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Peer reports", response=views.PeerReportView)
RISK = OFFICER.with_duty("risk")
UNSEALS = OFFICER.with_duty("risk", LEGAL)
EITHER = MEMBER | UNSEALS
_CHANGING = (PeerReportNotInThisStatus, Stale)
by_risk = partial(routes.command, by=RISK)


@routes.command(
    "/v1/peer-reports",
    by=MEMBER,
    status=201,
    errors=[NotFound, rules.PeerReportRefused, rules.PeerReportsPaused],
    examples={"machines that leave": examples.REPORT},
)
def file(body: views.PeerReportRequest, request: RequestContext) -> StoredResponse:
    """Report another firm, in secret: who you are is sealed. A report that you know to be wrong costs points, and for half a year you report nobody."""
    return peer_reports.file(body, request)


@routes.read("/v1/peer-reports", by=EITHER, errors=[BadCursor])
def reports(query: views.PeerReportsQuery, request: RequestContext) -> Page[views.PeerReportView]:
    """What you have reported, or what you were asked about as its subject, the oldest first; as an officer those about a firm or of a status, or all."""
    return peer_reports.listed(query, request)


@routes.read("/v1/peer-reports/{report_id}", by=EITHER)
def peer_report(report_id: str, request: RequestContext) -> views.PeerReportView:
    """One report: who has to do what until when, and what was found."""
    return peer_reports.peer_report(report_id, request)


@routes.read("/v1/peer-reports/{report_id}/timeline", by=EITHER)
def report_timeline(report_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a report, each asking for its seal with its reason; for the firm from being asked on."""
    return peer_reports.timeline(report_id, query, request)


@routes.command(
    "/v1/peer-reports/{report_id}/documents",
    response=views.ReportDocumentAnnounced,
    status=201,
    by=MEMBER,
    errors=[*_CHANGING, DocumentKnown, rules.TooManyReportDocuments],
    examples={"a picture": examples.REPORT_FILE},
    completes=peer_reports.with_form,
)
def announce(report_id: str, body: views.ReportFileRequest, request: RequestContext) -> StoredResponse:
    """Announce a file of yours and get a form to upload exactly that. The firm never sees it."""
    return peer_reports.announce(report_id, body, request)


@routes.read("/v1/peer-reports/{report_id}/documents/{document_id}", by=EITHER)
def document_link(report_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a document from, for a quarter of an hour. Each that an officer is handed is an entry."""
    return peer_reports.link(report_id, document_id, request)


@by_risk("/v1/peer-reports/{report_id}/acknowledge", errors=_CHANGING)
def acknowledge(report_id: str, request: RequestContext) -> StoredResponse:
    """Take a report: its reporter knows that it was received."""
    return peer_reports.acknowledge(report_id, request)


@by_risk(
    "/v1/peer-reports/{report_id}/triage",
    errors=_CHANGING,
    examples={"ask the firm": examples.TRIAGE, "dismiss it": examples.DISMISS},
)
def triage(report_id: str, body: views.TriageRequest, request: RequestContext) -> StoredResponse:
    """Ask the firm about it, in words of yours, or dismiss the report."""
    return peer_reports.triage(report_id, body, request)


@routes.command(
    "/v1/peer-reports/{report_id}/answer", by=MEMBER, errors=_CHANGING, examples={"an overhaul": examples.ANSWER_REPORT}
)
def answer(report_id: str, body: views.ReportAnswerRequest, request: RequestContext) -> StoredResponse:
    """Answer what you are asked, within five business days. Whoever reported it does not read the answer."""
    return peer_reports.answer(report_id, body, request)


@by_risk(
    "/v1/peer-reports/{report_id}/find", errors=[*_CHANGING, rules.SealNotOpened], examples={"unproven": examples.FIND}
)
def find(report_id: str, body: views.FindRequest, request: RequestContext) -> StoredResponse:
    """Say what was found. Only what is verified counts against the firm; what is malicious costs its reporter the newest points."""
    return peer_reports.find(report_id, body, request)


@routes.command(
    "/v1/peer-reports/{report_id}/unseal",
    by=UNSEALS,
    errors=[*_CHANGING, rules.TooManyUnsealings],
    examples={"a threat": examples.UNSEAL},
)
def ask_unsealing(report_id: str, body: views.UnsealRequest, request: RequestContext) -> StoredResponse:
    """Ask to know who reported it, and say why. Another officer decides."""
    return peer_reports.ask_unsealing(report_id, body, request)


@routes.command(
    "/v1/peer-reports/{report_id}/decide-unsealing",
    by=UNSEALS,
    errors=[*_CHANGING, AnotherOfficerNeeded],
    examples={"granted": examples.DECIDE_UNSEALING},
)
def decide_unsealing(report_id: str, body: views.DecideUnsealingRequest, request: RequestContext) -> StoredResponse:
    """Let another officer know who reported it, for a day, or refuse."""
    return peer_reports.decide_unsealing(report_id, body, request)


@routes.query(
    "/v1/peer-reports/{report_id}/reporter-inquiries",
    by=UNSEALS,
    errors=[NotFound],
    examples={"as granted": examples.INQUIRE_REPORTER},
)
def reporter(report_id: str, body: views.ReporterInquiry, request: RequestContext) -> views.ReporterView:
    """Who reported it, if another officer has granted it to you. Each reading is an entry."""
    return peer_reports.reporter(report_id, body, request)
