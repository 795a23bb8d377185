"""Joining and leaving the programme, points, suspension: each recomputes the limit at once, in one commit with its postings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.members import service as members
from chalicelib.shared import ids, journal
from chalicelib.shared.commit import Answer, commit
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Event
from chalicelib.shared.request import Request
from chalicelib.suppliers import records, rules
from chalicelib.suppliers.rules import Standing, programme
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.service import evaluation
from chalicelib.suppliers.service.evaluation import Evaluated
from chalicelib.suppliers.views.programme import EnrolmentAsked, PenaltyAsked, ReasonAsked, view

Move = Callable[[Supplier], Supplier]


def enrol(member_id: str, asked: EnrolmentAsked, request: Request) -> Answer:
    """Into the programme, evaluated at once: active with a limit, or applied with the conditions that failed."""
    was, standing = _own(member_id, request)
    terms = evaluation.point_terms(request.now)
    moved = programme.enrolled(was, terms, request.now)
    return _change(was, standing, moved, "supplier.enrolled", request, as_of=asked.as_of)


def withdraw(member_id: str, request: Request) -> Answer:
    was, standing = _own(member_id, request)
    return _change(was, standing, programme.withdrawn(was), "supplier.withdrawn", request)


def penalize(member_id: str, asked: PenaltyAsked, request: Request) -> Answer:
    was, standing = _any(member_id, request)
    terms = evaluation.point_terms(request.now)
    note = programme.clean_text(asked.note, param="note")
    name = ids.named("pen", request.entry_id)
    penalty = programme.penalty(name, asked.reason, asked.points, note, terms, request.now)
    moved = programme.penalized(was, penalty, terms, request.now)
    facts = {"penalty": penalty.id, "reason": penalty.reason, "points": penalty.points}
    return _change(was, standing, moved, "supplier.penalized", request, facts=facts)


def lift(member_id: str, penalty_id: str, asked: ReasonAsked, request: Request) -> Answer:
    """A penalty appealed with success counts no longer."""
    was, standing = _any(member_id, request)
    reason = programme.clean_text(asked.reason, param="reason")
    terms = evaluation.point_terms(request.now)
    moved = programme.lifted(was, penalty_id, reason, terms, request.now)
    facts = {"penalty": penalty_id, "reason": reason}
    return _change(was, standing, moved, "supplier.penalty_lifted", request, facts=facts)


def suspend(member_id: str, asked: ReasonAsked, request: Request) -> Answer:
    was, standing = _any(member_id, request)
    reason = programme.clean_text(asked.reason, param="reason")
    moved = programme.suspended(was, reason)
    return _change(was, standing, moved, "supplier.suspended", request, facts={"reason": reason})


def reinstate(member_id: str, asked: ReasonAsked, request: Request) -> Answer:
    was, standing = _any(member_id, request)
    reason = programme.clean_text(asked.reason, param="reason")
    moved = programme.reinstated(was)
    return _change(was, standing, moved, "supplier.reinstated", request, facts={"reason": reason})


def recompute(was: Supplier, standing: Standing, made: Evaluated, now: datetime) -> Supplier | None:
    """Write what an evaluation changes of a supplier's status or limit. None, and nothing written, where it changes nothing."""
    after = programme.settled(was, was, made.made, made.decision, now)
    if (after.status, after.limit_minor) == (was.status, was.limit_minor):
        return None
    request = Request.of_clock(chain(was.id), after.version, now)
    _write(was, standing, after, made, "supplier.recomputed", request, {})
    return after


def chain(member_id: str) -> str:
    """What a supplier's entries are chained under: the member of the same id has a chain of its own."""
    return f"supplier:{member_id}"


def _own(member_id: str, request: Request) -> tuple[Supplier, Standing]:
    """The supplier for itself, or for an officer who may decide about it."""
    if request.caller.is_officer:
        request.caller.must_have_duty("risk")
    return _load(member_id, request)


def _any(member_id: str, request: Request) -> tuple[Supplier, Standing]:
    request.caller.must_have_duty("risk")
    return _load(member_id, request)


def _load(member_id: str, request: Request) -> tuple[Supplier, Standing]:
    found = records.load(member_id) if request.caller.is_officer or request.caller.is_member(member_id) else None
    if found is None:
        member = members.find(member_id, request.caller)
        found = programme.outsider(member_id, member.created_at), Standing(status=rules.NOT_ENROLLED)
    request.expects(found[0].version)
    return found


def _change(
    was: Supplier,
    standing: Standing,
    moved: Supplier,
    kind: str,
    request: Request,
    *,
    as_of: date | None = None,
    facts: dict[str, Any] | None = None,
) -> Answer:
    """One move: decide on the figures of the day, settle status and limit, write all of it at once."""
    made = evaluation.evaluate(moved, *evaluation.day_and_moment(as_of, request))
    after = programme.settled(was, moved, made.made, made.decision, request.now)
    return _write(was, standing, after, made, kind, request, facts or {})


def _write(
    was: Supplier,
    standing: Standing,
    after: Supplier,
    made: Evaluated,
    kind: str,
    request: Request,
    facts: dict[str, Any],
) -> Answer:
    event = Event(
        kind,
        {"status": after.status, "limit_minor": after.limit_minor, "as_of": made.decision.as_of.isoformat(), **facts},
        rules.limit_postings(was.id, was_minor=was.limit_minor, now_minor=after.limit_minor),
        made.policy.hash,
    )
    raised = after.limit_minor - standing.limit_minor
    standing = replace(
        standing,
        status=after.status,
        limit_minor=after.limit_minor,
        available_minor=standing.available_minor + raised,
    )
    told = view(
        after,
        standing,
        evaluation.point_terms(request.now),
        caller=request.caller,
        now=request.now,
        decision=made.view(),
    )
    entry = journal.entry(request, event, of=chain(was.id), seq=after.version, prev=was.head, answer=encode(told))
    return commit(entry, records.change(was, after, entry) if was.version else records.create(after, entry))
