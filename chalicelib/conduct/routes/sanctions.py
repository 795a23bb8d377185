"""The endpoints of sanctions."""

from __future__ import annotations

from chalicelib.conduct.examples import APPEAL, DECIDE_APPEAL, FLAG_INQUIRY, LIFT, PROPOSE
from chalicelib.conduct.rules.sanction import NotByTheSame, SanctionBlocked, SanctionRefused, TooManyReaders
from chalicelib.conduct.rules.sanction_transitions import SanctionNotInThisStatus
from chalicelib.conduct.service import sanctions
from chalicelib.conduct.views import sanction as views
from chalicelib.conduct.views.reports import ReportQuery, ReportView
from chalicelib.shared.access import LEGAL
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Sanctions", response=views.SanctionView)
RISK = OFFICER.with_duty("risk")
DECIDES = OFFICER.with_duty("risk", LEGAL)
EITHER = MEMBER | OFFICER.with_duty(*ANY_DUTY, LEGAL)


@routes.command(
    "/v1/sanctions",
    by=RISK,
    status=201,
    errors=[NotFound, SanctionRefused, SanctionBlocked],
    examples={"no draws": PROPOSE},
)
def propose(body: views.ProposeRequest, request: RequestContext) -> StoredResponse:
    """Propose a sanction of a loan's borrower. Somebody else has to approve it, and the firm has notice before it is in force."""
    return sanctions.propose(body, request)


@routes.read("/v1/sanctions", by=EITHER, errors=[BadCursor])
def listed(query: views.SanctionsQuery, request: RequestContext) -> Page[views.SanctionView]:
    """Your own, the oldest first; as an officer those of a firm or a status, or all."""
    return sanctions.listed(query, request)


@routes.read("/v1/sanctions/{sanction_id}", by=EITHER)
def sanction(sanction_id: str, request: RequestContext) -> views.SanctionView:
    """One sanction: what for, since when, until when, and how to appeal."""
    return sanctions.sanction(sanction_id, request)


@routes.read("/v1/sanctions/{sanction_id}/timeline", by=EITHER)
def sanction_timeline(sanction_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a sanction, each reading by a bank with its purpose."""
    return sanctions.timeline(sanction_id, query, request)


@routes.command(
    "/v1/sanctions/{sanction_id}/approve",
    by=DECIDES,
    errors=[SanctionNotInThisStatus, SanctionBlocked, NotByTheSame, Stale],
)
def approve(sanction_id: str, request: RequestContext) -> StoredResponse:
    """Approve a sanction that somebody else has proposed."""
    return sanctions.approve(sanction_id, request)


@routes.command("/v1/sanctions/{sanction_id}/withdraw", by=RISK, errors=[SanctionNotInThisStatus, Stale])
def withdraw(sanction_id: str, request: RequestContext) -> StoredResponse:
    """Take a proposal back before it is approved."""
    return sanctions.withdraw(sanction_id, request)


@routes.command(
    "/v1/sanctions/{sanction_id}/appeal", by=MEMBER, errors=[SanctionNotInThisStatus, Stale], examples={"paid": APPEAL}
)
def appeal(sanction_id: str, body: views.SanctionAppealRequest, request: RequestContext) -> StoredResponse:
    """Say why a sanction is wrong, within 15 days of its notice. Somebody new decides within 15 days, or it is overturned."""
    return sanctions.appeal(sanction_id, body, request)


@routes.command(
    "/v1/sanctions/{sanction_id}/decide-appeal",
    by=DECIDES,
    errors=[SanctionNotInThisStatus, SanctionBlocked, NotByTheSame, Stale],
    examples={"overturned": DECIDE_APPEAL},
)
def decide_appeal(sanction_id: str, body: views.DecideAppealRequest, request: RequestContext) -> StoredResponse:
    """Decide an appeal, as an officer who has neither proposed nor approved the sanction."""
    return sanctions.decide_appeal(sanction_id, body, request)


@routes.command(
    "/v1/sanctions/{sanction_id}/lift", by=RISK, errors=[SanctionNotInThisStatus, Stale], examples={"agreed": LIFT}
)
def lift(sanction_id: str, body: views.LiftRequest, request: RequestContext) -> StoredResponse:
    """End a sanction. Whoever was told of it is told so."""
    return sanctions.lift(sanction_id, body, request)


@routes.query(
    "/v1/members/{member_id}/flag-inquiries",
    by=BANK,
    errors=[NotFound, TooManyReaders],
    examples={"an application": FLAG_INQUIRY},
)
def flags(member_id: str, body: views.FlagInquiry, request: RequestContext) -> views.FlagsView:
    """Which sanctions in force partner banks may know of. The firm reads who asked, and what for."""
    return sanctions.flags(member_id, body, request)


@routes.read("/v1/storefronts/{member_id}/notes", public=True)
def notes(member_id: str, request: RequestContext) -> views.NotesView:
    """Public notes of a firm: the enterprise and the court's document. There are none unless a policy offers them."""
    return sanctions.notes(member_id, request)


@routes.read("/v1/conduct-reports", by=OFFICER.with_duty("risk", LEGAL))
def report(query: ReportQuery, request: RequestContext) -> ReportView:
    """What became of sanctions in a month: counts, reversals, time in force."""
    return sanctions.report(query, request)
