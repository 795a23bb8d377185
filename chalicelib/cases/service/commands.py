"""What customers and officers do with cases. One read and one transaction each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib.cases.aggregate import CASES
from chalicelib.cases.rules import handling
from chalicelib.cases.rules.case import Actor, Case, Context, Policy
from chalicelib.cases.rules.transitions import CaseChange
from chalicelib.cases.subjects import lender_of, require_visible
from chalicelib.cases.views.requests import AssignRequest, MessageRequest, OpenRequest, ResolveRequest
from chalicelib.shared import ids, policies
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotAllowed
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext

Rule = Callable[[Case, Context, Actor, str, datetime], CaseChange]


def open_case(body: OpenRequest, request: RequestContext) -> StoredResponse:
    """By a member for itself, by an officer for a member or for officers only."""
    caller = request.caller
    customer_id = caller.member_id or body.customer_id or ""
    if body.customer_id not in (None, customer_id):
        raise NotAllowed("A member opens cases for itself.", fix="Leave customer_id out.", param="customer_id")
    require_visible(body.about, customer_id, request)
    in_force = policies.in_force("cases", business_date(request.now))
    context = Context(policy=in_force.read_as(Policy))
    opened = handling.opened(
        ids.new_id("cas", request.now),
        body.kind,
        body.about,
        body.subject,
        body.text,
        by="officer" if caller.is_officer else "customer",
        customer_id=customer_id,
        bank_id=lender_of(body.kind, body.about) if customer_id else "",
        context=context,
        policy_hash=in_force.hash,
        now=request.now,
    )
    return CASES.create(opened, context, request, CASES.actor_of(opened.state, caller))


def reply(case_id: str, body: MessageRequest, request: RequestContext) -> StoredResponse:
    return _write(case_id, body, request, "reply", handling.reply)


def assign(case_id: str, body: AssignRequest, request: RequestContext) -> StoredResponse:
    """To an officer by name, or to whoever takes it."""
    owner = body.owner or request.caller.sub
    return CASES.execute(
        case_id, request, "assign", lambda was, context, actor: handling.assign(was, owner, request.now)
    )


def escalate(case_id: str, body: MessageRequest, request: RequestContext) -> StoredResponse:
    return _write(case_id, body, request, "escalate", handling.escalate)


def resolve(case_id: str, body: ResolveRequest, request: RequestContext) -> StoredResponse:
    return CASES.execute(
        case_id,
        request,
        "resolve",
        lambda was, context, actor: handling.resolve(was, context, actor, body.outcome, body.text, request.now),
    )


def reopen(case_id: str, body: MessageRequest, request: RequestContext) -> StoredResponse:
    return _write(case_id, body, request, "reopen", handling.reopen)


def _write(case_id: str, body: MessageRequest, request: RequestContext, action: str, rule: Rule) -> StoredResponse:
    """An action that consists of a message."""
    return CASES.execute(
        case_id, request, action, lambda was, context, actor: rule(was, context, actor, body.text, request.now)
    )
