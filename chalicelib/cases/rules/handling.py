"""What customers, officers and the clock do to a case. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.cases.rules.case import (
    MOST_MESSAGES,
    MOST_OF,
    Actor,
    Case,
    Context,
    Decision,
    Kind,
    Message,
    Outcome,
    Status,
    Subject,
    TooManyMessages,
)
from chalicelib.cases.rules.transitions import TABLE, CaseChange
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.journal import Event


def opened(
    case_id: str,
    kind: Kind,
    about: Subject,
    subject: str,
    text: str,
    *,
    by: Actor,
    customer_id: str,
    bank_id: str = "",
    context: Context,
    policy_hash: str,
    now: datetime,
) -> CaseChange:
    """The first version: an officer has to answer. A bank that it is routed to hears of it."""
    case = Case(
        id=case_id,
        kind=kind,
        about=about,
        subject=subject,
        customer_id=customer_id,
        bank_id=bank_id,
        status="open",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
        due_at=context.answer_due(kind, now, is_escalated=False),
        messages=(Message(by=by, at=now, text=text),),
    )
    payload = {
        "to": "open",
        "customer_id": customer_id,
        "kind": kind,
        "about": about.id,
        "subject": subject,
        "private": {"bank_ids": [bank_id] if bank_id else []},
    }
    return CaseChange(state=case, event=Event("case.opened", payload, policy=policy_hash), at=now)


def reply(was: Case, context: Context, actor: Actor, text: str, now: datetime) -> CaseChange:
    """Answer the other side. Who has to answer already gets no more time by being written to again."""
    status, due_at = was.status, was.due_at
    if actor == "customer":
        if was.status == "waiting_for_customer":
            status, due_at = _back(was, context, now)
    elif was.customer_id:
        status, due_at = "waiting_for_customer", now + timedelta(days=context.policy.customer_days)
    return TABLE.change(
        was,
        "reply",
        now,
        event="replied",
        status=status,
        due_at=due_at,
        messages=_with(was, actor, text, now),
        payload={"text": text},
    )


def assign(was: Case, officer: str, now: datetime) -> CaseChange:
    """The officer who sees to it; which one is officers' own matter."""
    return TABLE.change(was, "assign", now, event="assigned", owner=officer, payload={"private": {"owner": officer}})


def escalate(was: Case, context: Context, actor: Actor, text: str, now: datetime) -> CaseChange:
    """To a supervisor, because somebody asks for it."""
    return _escalated(was, context, now, _with(was, actor, text, now), {"reason": "asked_for", "text": text})


def escalate_unanswered(was: Case, context: Context, at: datetime) -> CaseChange:
    """To a supervisor, because no officer has answered in time."""
    return _escalated(was, context, at, was.messages, {"reason": "not_answered"})


def resolve(was: Case, context: Context, actor: Actor, decision: Decision, text: str, now: datetime) -> CaseChange:
    """An officer's decision, in words that the customer reads."""
    return _resolved(was, context, decision, now, _with(was, actor, text, now, most=MOST_MESSAGES), {"text": text})


def resolve_without_reply(was: Case, context: Context, at: datetime) -> CaseChange:
    """The customer has not replied."""
    return _resolved(was, context, "no_reply", at, was.messages, {})


def resolve_unanswered(was: Case, context: Context, at: datetime) -> CaseChange:
    """No supervisor has answered in time: nothing is decided, and the customer is told so and may go on. An alarm rings."""
    return _resolved(was, context, "unanswered", at, was.messages, {})


def reopen(was: Case, context: Context, actor: Actor, text: str, now: datetime) -> CaseChange:
    """Go on with it, before whoever had it last."""
    status, due_at = _back(was, context, now)
    return TABLE.change(
        was,
        "reopen",
        now,
        event="reopened",
        status=status,
        due_at=due_at,
        messages=_with(was, actor, text, now),
        resolved_at=None,
        outcome=None,
        payload={"text": text},
    )


def close(was: Case, context: Context, at: datetime) -> CaseChange:
    """The time to reopen it is over: what resolved it stands."""
    return TABLE.change(
        was, "close", at, event="closed", status="closed", due_at=None, payload={"outcome": was.outcome}
    )


def _back(was: Case, context: Context, now: datetime) -> tuple[Status, datetime]:
    """The status in which we have to answer, and until when."""
    due_at = context.answer_due(was.kind, now, is_escalated=was.is_escalated)
    return "escalated" if was.is_escalated else "open", due_at


def _escalated(
    was: Case, context: Context, at: datetime, messages: tuple[Message, ...], payload: dict[str, str]
) -> CaseChange:
    """Nobody owns it until a supervisor takes it."""
    return TABLE.change(
        was,
        "escalate",
        at,
        event="escalated",
        status="escalated",
        owner="",
        escalated_at=at,
        due_at=context.answer_due(was.kind, at, is_escalated=True),
        messages=messages,
        payload=payload,
    )


def _resolved(
    was: Case,
    context: Context,
    outcome: Outcome,
    at: datetime,
    messages: tuple[Message, ...],
    payload: dict[str, str],
) -> CaseChange:
    return TABLE.change(
        was,
        "resolve",
        at,
        event="resolved",
        status="resolved",
        outcome=outcome,
        resolved_at=at,
        due_at=at + timedelta(days=context.policy.reopen_days),
        messages=messages,
        payload={"outcome": outcome, **payload},
    )


def _with(was: Case, actor: Actor, text: str, now: datetime, *, most: int = MOST_MESSAGES - 1) -> tuple[Message, ...]:
    """One message more, if there is room: for its side's and for all. The last is left for the decision."""
    own = [message for message in was.messages if message.by == actor]
    must_have_room(own, MOST_OF.get(actor, most), TooManyMessages)
    must_have_room(was.messages, most, TooManyMessages)
    return (*was.messages, Message(by=actor, at=now, text=text))
