"""Points: given by an officer or for a claim, appealed by the supplier, upheld or lifted. Status and limit follow at once."""

from __future__ import annotations

from datetime import datetime

from chalicelib.shared import ids
from chalicelib.shared.commit import Answer, once
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request
from chalicelib.suppliers.rules import penalties, programme
from chalicelib.suppliers.service import evaluation
from chalicelib.suppliers.service.changing import change, current, for_change, note, only_own
from chalicelib.suppliers.service.programme import once_for
from chalicelib.suppliers.views.programme import AppealAsked, PenaltyAsked, ReasonAsked


def penalize(member_id: str, asked: PenaltyAsked, request: Request) -> Answer:
    was, standing = for_change(member_id, request)
    terms = evaluation.point_terms(request.now)
    told = asked.note
    name = ids.named("pen", request.entry_id)
    penalty = penalties.penalty(name, asked.reason, asked.points, told, terms, request.now)
    moved = programme.penalized(was, penalty, terms, request.now)
    facts = {"penalty": penalty.id, "reason": penalty.reason, "points": penalty.points}
    return change(was, standing, moved, "supplier.penalized", request, facts=facts)


def penalize_for(supplier_id: str, reason: str, cause: str, at: datetime, request: Request) -> bool:
    """Give the policy's points for a reason, once for ever for each cause (a claim, say); they count from `at`.

    The entry bears the name of reason and cause: a supplier keeps only so many penalties, and forgets those that no longer count.
    False where they were given before. UnknownPenalty for a reason the policy does not know, NeverJoined for a member that
    was never in the programme.
    """
    named = once_for(request, supplier_id, reason, cause)
    return not once(named, lambda: _penalize_for(supplier_id, reason, cause, at, named)).replayed


def _penalize_for(supplier_id: str, reason: str, cause: str, at: datetime, request: Request) -> Answer:
    found = current(supplier_id, request.now)
    if found is None:
        raise NotFound(f"There is no supplier {supplier_id!r:.60}.")
    was, standing = found
    terms = evaluation.point_terms(at)
    name = ids.named("pen", supplier_id, cause, reason)
    penalty = penalties.penalty(name, reason, None, "", terms, at, cause=cause)
    moved = programme.penalized(was, penalty, terms, request.now)
    facts = {"penalty": name, "reason": reason, "points": penalty.points, "cause": cause}
    return change(was, standing, moved, "supplier.penalized", request, facts=facts)


def appeal(member_id: str, penalty_id: str, asked: AppealAsked, request: Request) -> Answer:
    """The supplier's word against a penalty: once. The points count until it is decided."""
    was, standing = only_own(member_id, request)
    text = asked.text
    moved = programme.appealed(was, penalty_id, text, evaluation.point_terms(request.now), request.now)
    return note(was, standing, moved, "supplier.penalty_appealed", request, {"penalty": penalty_id, "text": text})


def uphold(member_id: str, penalty_id: str, asked: ReasonAsked, request: Request) -> Answer:
    """An appeal turned down: the penalty stands."""
    was, standing = for_change(member_id, request)
    reason = asked.reason
    moved = programme.upheld(was, penalty_id, reason, request.now)
    return note(was, standing, moved, "supplier.penalty_upheld", request, {"penalty": penalty_id, "reason": reason})


def lift(member_id: str, penalty_id: str, asked: ReasonAsked, request: Request) -> Answer:
    """A penalty taken back, on appeal or without one, counts no longer."""
    was, standing = for_change(member_id, request)
    reason = asked.reason
    terms = evaluation.point_terms(request.now)
    moved = programme.lifted(was, penalty_id, reason, terms, request.now)
    facts = {"penalty": penalty_id, "reason": reason}
    return change(was, standing, moved, "supplier.penalty_lifted", request, facts=facts)
