"""What agencies, officers, suppliers and the clock do to a nomination: its table, its rules and its deadlines. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.channels.rules import nomination as rules
from chalicelib.channels.rules.membership import Membership
from chalicelib.channels.rules.policy import Context
from chalicelib.shared import documents
from chalicelib.shared.documents import Seen
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.state_machine import (
    STAYS,
    Among,
    Change,
    InvalidTransition,
    StateMachine,
    Table,
    Timer,
    Transition,
    kept,
)
from chalicelib.shared.texts import say

NominationChange = Change[rules.Nomination]


class NominationNotInThisStatus(InvalidTransition):
    code = "nomination_not_in_this_status"
    title = "The nomination does not allow that now."


class CategoryNotInChannel(RuleViolation):
    code = "category_not_in_channel"
    title = "The channel does not sell that category."
    fix = "Use `categories` of the channel."


class DocumentsMissing(RuleViolation):
    code = "nomination_documents_missing"
    title = "A document that the supplier's country asks for is not on file."
    fix = "Have the agency hand in `documents`: POST /v1/nominations/{id}/documents."


_in: Final = Among[rules.Status]()
_WRITTEN: Final = _in("draft", "returned")
_LIVE: Final = _in("draft", "nominated", "returned", "checked", "invited")
_WAITING: Final = _LIVE - _in("nominated")
"""For the agency or the supplier: what waits for the platform does not lapse."""
_AGENCY: Final = frozenset({"agency"})
_OFFICER: Final = frozenset({"officer"})
_SUPPLIER: Final = frozenset({"supplier"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[rules.Nomination, Context](
    kind="nomination",
    error=NominationNotInThisStatus,
    ends=rules.ENDS,
    payload=lambda was, nomination: {
        "from": was.status,
        "to": nomination.status,
        "channel_id": nomination.channel_id,
        "agency_id": nomination.agency_id,
        "member_id": nomination.member_id or None,
    },
    transitions=(
        Transition("edit", _WRITTEN, _AGENCY, STAYS),
        Transition("documents", _LIVE, _AGENCY, STAYS),
        Transition("submit", _WRITTEN, _AGENCY, _in("nominated")),
        Transition("check", _in("nominated", "checked"), _OFFICER, _in("checked", "invited")),
        Transition("return", _in("nominated"), _OFFICER, _in("returned")),
        Transition("withdraw", _LIVE, _AGENCY, _in("withdrawn")),
        Transition("accept", _in("invited"), _SUPPLIER, _in("joined")),
        Transition("decline", _in("invited"), _SUPPLIER, _in("declined")),
        Transition("escalate", _in("nominated"), _CLOCK, STAYS),
        Transition("expire", _WAITING, _CLOCK, _in("expired")),
        Transition("file_arrived", frozenset(rules.STATUSES), _CLOCK, STAYS),
        Transition("retire", frozenset(rules.STATUSES), _CLOCK, STAYS),
    ),
)


def drafted(
    nomination_id: str,
    channel_id: str,
    agency_id: str,
    country: str,
    details: rules.Details,
    *,
    categories: tuple[str, ...],
    until: datetime | None,
    context: Context,
    policy_hash: str,
    now: datetime,
) -> NominationChange:
    """The first version. CategoryNotInChannel."""
    must_be_sold(details.categories, categories)
    nomination = rules.Nomination(
        id=nomination_id,
        channel_id=channel_id,
        agency_id=agency_id,
        country=country,
        details=details,
        status="draft",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
        until=until or _later(context, now),
    )
    payload = {"to": "draft", "channel_id": channel_id, "agency_id": agency_id}
    return NominationChange(state=nomination, event=Event("nomination.drafted", payload, policy=policy_hash), at=now)


def must_be_sold(categories: tuple[str, ...], sold: tuple[str, ...]) -> None:
    if strange := sorted(set(categories) - set(sold)):
        raise CategoryNotInChannel(
            say("{strange} is not sold in it.", strange=strange[0]), param="categories", categories=list(sold)
        )


def edit(was: rules.Nomination, details: rules.Details, now: datetime) -> NominationChange:
    """Say everything anew."""
    return TABLE.change(was, "edit", now, event="edited", details=details)


def submit(was: rules.Nomination, context: Context, now: datetime) -> NominationChange:
    """Have the platform check it."""
    due_at = context.business_days_after(now, context.policy.check_business_days)
    return TABLE.change(
        was,
        "submit",
        now,
        event="submitted",
        status="nominated",
        check_due_at=due_at,
        escalated_at=None,
        reason="",
        payload={"check_due_at": due_at.isoformat()},
    )


def check(
    was: rules.Nomination, context: Context, member_id: str, required: frozenset[str], now: datetime
) -> NominationChange:
    """It is in order. A supplier that is a member is invited at once, with as much time as it always has.

    DocumentsMissing where its country's policy asks for kinds that are not kept.
    """
    kept = {document.kind for document in was.documents if document.status == "kept"}
    if missing := sorted(required - kept):
        raise DocumentsMissing(say("{missing} is missing.", missing=", ".join(missing)), documents=missing)
    return TABLE.change(
        was,
        "check",
        now,
        to="invited" if member_id else "checked",
        member_id=member_id,
        until=max(was.until, _later(context, now)),
        check_due_at=None,
    )


def return_(was: rules.Nomination, context: Context, reason: str, now: datetime) -> NominationChange:
    """Back to the agency, with reasons and time to mend it."""
    return TABLE.change(
        was,
        "return",
        now,
        to="returned",
        reason=reason,
        until=max(was.until, _later(context, now)),
        check_due_at=None,
        payload={"reason": reason},
    )


def withdraw(was: rules.Nomination, reason: str, now: datetime) -> NominationChange:
    return _ended(was, "withdraw", "withdrawn", reason, now)


def decline(was: rules.Nomination, reason: str, now: datetime) -> NominationChange:
    return _ended(was, "decline", "declined", reason, now)


def accept(was: rules.Nomination, membership: Membership, now: datetime) -> NominationChange:
    """The supplier joins by itself; the same commit issues its membership."""
    return TABLE.change(
        was,
        "accept",
        now,
        to="joined",
        membership_id=membership.id,
        also=(membership,),
        payload={"membership_id": membership.id, "expires_at": membership.expires_at.isoformat()},
    )


def escalate(was: rules.Nomination, context: Context, at: datetime) -> NominationChange:
    """No officer has checked it in time: an alarm rings, and it goes on waiting."""
    return TABLE.change(was, "escalate", at, event="escalated", escalated_at=at)


def expire(was: rules.Nomination, context: Context, at: datetime) -> NominationChange:
    return TABLE.change(was, "expire", at, to="expired", check_due_at=None)


def announced(was: rules.Nomination, document: rules.Document, now: datetime) -> NominationChange:
    """A file that is to come. DocumentKnown where the same bytes are there."""
    return TABLE.change(
        was,
        "documents",
        now,
        event="document_announced",
        documents=documents.announced(was.documents, document, rules.MOST_DOCUMENTS, rules.TooManyNominationDocuments),
        payload={"document_id": document.id, "kind": document.kind},
    )


def arrived(
    was: rules.Nomination, context: Context, document_id: str, seen: Seen, now: datetime
) -> NominationChange | None:
    """The bucket has a file. None where nobody awaits it."""
    if (arrival := documents.arrived(was.documents, document_id, seen)) is None:
        return None
    document, after = arrival
    payload = {"document_id": document.id, "kind": document.kind}
    return TABLE.change(was, "file_arrived", now, event=f"document_{document.status}", documents=after, payload=payload)


def retired(was: rules.Nomination, context: Context, at: datetime) -> NominationChange:
    """The retention of some has ended, or they have not come."""
    gone = documents.over(was.documents, context.policy.upload_hours, at)
    after = documents.without(was.documents, gone)
    return TABLE.change(was, "retire", at, event="documents_removed", documents=after, payload={"documents": gone})


def _later(context: Context, now: datetime) -> datetime:
    return now + timedelta(days=context.policy.nomination_days)


def _ended(was: rules.Nomination, name: str, status: rules.Status, reason: str, now: datetime) -> NominationChange:
    fields: dict[str, Any] = {"status": status, "reason": reason, "check_due_at": None}
    return TABLE.change(was, name, now, event=status, payload={"reason": reason or None}, **fields)


def _check_due(nomination: rules.Nomination, context: Context) -> datetime | None:
    return None if nomination.escalated_at else nomination.check_due_at


_until = kept("until")


def _retention(nomination: rules.Nomination, context: Context) -> datetime | None:
    return documents.first_ends_at(nomination.documents, context.policy.upload_hours)


MACHINE: Final = StateMachine[rules.Nomination, Context](
    table=TABLE,
    timers=(
        Timer("check", _in("nominated"), _check_due, "officer", "escalated", escalate),
        Timer("submission", _WRITTEN, _until, "agency", "expired", expire),
        Timer("invitation", _in("checked"), _until, "officer", "expired", expire),
        Timer("answer", _in("invited"), _until, "supplier", "expired", expire),
        Timer("retention", frozenset(rules.STATUSES), _retention, "platform", "documents_removed", retired),
    ),
)
