"""The endpoints of cases."""

from __future__ import annotations

from chalicelib.cases.examples import ASSIGN, ESCALATE, OPEN, REOPEN, REPLY, RESOLVE, TAKE
from chalicelib.cases.rules.case import TooManyMessages
from chalicelib.cases.rules.transitions import NotInThisStatus
from chalicelib.cases.service import commands, reading
from chalicelib.cases.views.case import CaseView
from chalicelib.cases.views.requests import AssignRequest, CasesQuery, MessageRequest, OpenRequest, ResolveRequest
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Cases")
EITHER = MEMBER | OFFICER.with_duty(*ANY_DUTY)


@routes.command(
    "/v1/cases",
    asks=OpenRequest,
    answers=CaseView,
    by=EITHER,
    status=201,
    refuses=[NotFound],
    examples={"a complaint": OPEN},
)
def open_case(asked: OpenRequest, request: Request) -> Answer:
    """Ask, complain or tell of hardship about an order, a claim, a deposit or whatever else of ours you can see."""
    return commands.open_case(asked, request)


@routes.read("/v1/cases", query=CasesQuery, answers=Page[CaseView], by=EITHER, refuses=[BadCursor])
def cases(query: CasesQuery, request: Request) -> Page[CaseView]:
    """Your own cases, the oldest first; as an officer those of a status, an owner or a customer, or all."""
    return reading.listed(query, request)


@routes.read("/v1/cases/{case_id}", answers=CaseView, by=EITHER)
def case(case_id: str, request: Request) -> CaseView:
    """One case with its messages: who has to answer, and until when."""
    return reading.case(case_id, request)


@routes.read("/v1/cases/{case_id}/timeline", query=Paging, answers=Page[TimelineEntry], by=EITHER)
def timeline(case_id: str, query: Paging, request: Request) -> Page[TimelineEntry]:
    """Everything that happened to a case, oldest first."""
    return reading.timeline(case_id, query, request)


@routes.command(
    "/v1/cases/{case_id}/reply",
    asks=MessageRequest,
    answers=CaseView,
    by=EITHER,
    refuses=[NotInThisStatus, TooManyMessages, Stale],
    examples={"an officer's": REPLY},
)
def reply(case_id: str, asked: MessageRequest, request: Request) -> Answer:
    """Write to the other side. After an officer's reply the case waits for the customer."""
    return commands.reply(case_id, asked, request)


@routes.command(
    "/v1/cases/{case_id}/assign",
    asks=AssignRequest,
    answers=CaseView,
    by=OFFICER.with_duty(*ANY_DUTY),
    refuses=[NotInThisStatus, Stale],
    examples={"to oneself": TAKE, "to somebody else": ASSIGN},
)
def assign(case_id: str, asked: AssignRequest, request: Request) -> Answer:
    """Take a case, or give it to another officer."""
    return commands.assign(case_id, asked, request)


@routes.command(
    "/v1/cases/{case_id}/escalate",
    asks=MessageRequest,
    answers=CaseView,
    by=EITHER,
    refuses=[NotInThisStatus, TooManyMessages, Stale],
    examples={"a customer's": ESCALATE},
)
def escalate(case_id: str, asked: MessageRequest, request: Request) -> Answer:
    """Bring a case before a supervisor: as the customer after an answer that is none, as an officer at any time."""
    return commands.escalate(case_id, asked, request)


@routes.command(
    "/v1/cases/{case_id}/resolve",
    asks=ResolveRequest,
    answers=CaseView,
    by=OFFICER.with_duty(*ANY_DUTY),
    refuses=[NotInThisStatus, TooManyMessages, Stale],
    examples={"upheld": RESOLVE},
)
def resolve(case_id: str, asked: ResolveRequest, request: Request) -> Answer:
    """Decide a case. What follows for money is done where the money is, by a claim or a deduction for example."""
    return commands.resolve(case_id, asked, request)


@routes.command(
    "/v1/cases/{case_id}/reopen",
    asks=MessageRequest,
    answers=CaseView,
    by=EITHER,
    refuses=[NotInThisStatus, TooManyMessages, Stale],
    examples={"not done": REOPEN},
)
def reopen(case_id: str, asked: MessageRequest, request: Request) -> Answer:
    """Go on with a resolved case, until its deadline `reopening`."""
    return commands.reopen(case_id, asked, request)
