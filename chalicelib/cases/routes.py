"""The endpoints of cases."""

from __future__ import annotations

from chalicelib.cases.examples import ASSIGN, ESCALATE, OPEN, REOPEN, REPLY, RESOLVE, TAKE
from chalicelib.cases.rules.case import TooManyMessages
from chalicelib.cases.rules.transitions import NotInThisStatus
from chalicelib.cases.service import commands, reading
from chalicelib.cases.views.case import CaseView
from chalicelib.cases.views.requests import AssignRequest, CasesQuery, MessageRequest, OpenRequest, ResolveRequest
from chalicelib.deposits.aggregate import NoDeposit
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Cases", response=CaseView)
EITHER = MEMBER | OFFICER.with_duty(*ANY_DUTY)
CONCERNED = EITHER | BANK


@routes.command("/v1/cases", by=EITHER, status=201, errors=[NotFound, NoDeposit], examples={"a complaint": OPEN})
def open_case(body: OpenRequest, request: RequestContext) -> StoredResponse:
    """Ask, complain or tell of hardship about an order, a claim, a loan or whatever else of ours you can see. A hardship about what a bank has lent reaches that bank."""
    return commands.open_case(body, request)


@routes.read("/v1/cases", by=CONCERNED, errors=[BadCursor])
def cases(query: CasesQuery, request: RequestContext) -> Page[CaseView]:
    """Your own cases, the oldest first; as a bank the hardships that are routed to you; as an officer those of a status, an owner or a customer, those about one thing, or all."""
    return reading.listed(query, request)


@routes.read("/v1/cases/{case_id}", by=CONCERNED)
def case(case_id: str, request: RequestContext) -> CaseView:
    """One case with its messages: who has to answer, and until when."""
    return reading.case(case_id, request)


@routes.read("/v1/cases/{case_id}/timeline", by=CONCERNED)
def timeline(case_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a case, oldest first."""
    return reading.timeline(case_id, query, request)


@routes.command(
    "/v1/cases/{case_id}/reply",
    by=CONCERNED,
    errors=[NotInThisStatus, TooManyMessages, Stale],
    examples={"an officer's": REPLY},
)
def reply(case_id: str, body: MessageRequest, request: RequestContext) -> StoredResponse:
    """Write to the other side. After an officer's reply, or the bank's, the case waits for the customer."""
    return commands.reply(case_id, body, request)


@routes.command(
    "/v1/cases/{case_id}/assign",
    by=OFFICER.with_duty(*ANY_DUTY),
    errors=[NotInThisStatus, Stale],
    examples={"to oneself": TAKE, "to somebody else": ASSIGN},
)
def assign(case_id: str, body: AssignRequest, request: RequestContext) -> StoredResponse:
    """Take a case, or give it to another officer."""
    return commands.assign(case_id, body, request)


@routes.command(
    "/v1/cases/{case_id}/escalate",
    by=EITHER,
    errors=[NotInThisStatus, TooManyMessages, Stale],
    examples={"a customer's": ESCALATE},
)
def escalate(case_id: str, body: MessageRequest, request: RequestContext) -> StoredResponse:
    """Bring a case before a supervisor: as the customer after an answer that is none, as an officer at any time."""
    return commands.escalate(case_id, body, request)


@routes.command(
    "/v1/cases/{case_id}/resolve",
    by=OFFICER.with_duty(*ANY_DUTY),
    errors=[NotInThisStatus, TooManyMessages, Stale],
    examples={"upheld": RESOLVE},
)
def resolve(case_id: str, body: ResolveRequest, request: RequestContext) -> StoredResponse:
    """Decide a case. What follows for money is done where the money is, by a claim or a deduction for example."""
    return commands.resolve(case_id, body, request)


@routes.command(
    "/v1/cases/{case_id}/reopen",
    by=EITHER,
    errors=[NotInThisStatus, TooManyMessages, Stale],
    examples={"not done": REOPEN},
)
def reopen(case_id: str, body: MessageRequest, request: RequestContext) -> StoredResponse:
    """Go on with a resolved case, until its deadline `reopening`."""
    return commands.reopen(case_id, body, request)
