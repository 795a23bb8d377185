"""Points: given by an officer or for a claim, appealed by the supplier, upheld or lifted. Status and limit follow at once."""

from __future__ import annotations

from datetime import datetime

from chalicelib.shared import ids
from chalicelib.shared.commit import StoredResponse, idempotent
from chalicelib.shared.errors import NotFound
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.suppliers.rules import penalties, programme
from chalicelib.suppliers.service import evaluation
from chalicelib.suppliers.service.changing import authorize_own, change, current, for_change, record
from chalicelib.suppliers.service.programme import once_for
from chalicelib.suppliers.views.programme import AppealRequest, PenaltyRequest, ReasonRequest


def penalize(member_id: str, body: PenaltyRequest, request: RequestContext) -> StoredResponse:
    was, position = for_change(member_id, request)
    terms = evaluation.point_terms(request.now)
    name = ids.derived_id("pen", request.entry_id)
    penalty = penalties.penalty(name, body.reason, body.points, body.note, terms, request.now)
    moved = programme.penalized(was, penalty, terms, request.now)
    payload = {"penalty": penalty.id, "reason": penalty.reason, "points": penalty.points}
    return change(was, position, moved, "supplier.penalized", request, payload=payload)


def penalize_for(supplier_id: str, reason: str, cause: str, at: datetime, request: RequestContext) -> bool:
    """Give the policy's points for a reason, once for ever for each cause (a claim, say); they count from `at`.

    The entry bears the name of reason and cause: a supplier keeps only so many penalties, and forgets those that no longer count.
    False where they were given before. UnknownPenalty for a reason the policy does not know, NeverJoined for a member that
    was never in the programme.
    """
    named = once_for(request, supplier_id, reason, cause)
    return not idempotent(named, lambda: _penalize_for(supplier_id, reason, cause, at, named)).replayed


def _penalize_for(supplier_id: str, reason: str, cause: str, at: datetime, request: RequestContext) -> StoredResponse:
    loaded = current(supplier_id, request.now)
    if loaded is None:
        raise NotFound(say("There is no supplier {supplier_id!r:.60}.", supplier_id=supplier_id))
    was, position = loaded
    terms = evaluation.point_terms(at)
    name = ids.derived_id("pen", supplier_id, cause, reason)
    penalty = penalties.penalty(name, reason, None, "", terms, at, cause=cause)
    moved = programme.penalized(was, penalty, terms, request.now)
    payload = {"penalty": name, "reason": reason, "points": penalty.points, "cause": cause}
    return change(was, position, moved, "supplier.penalized", request, payload=payload)


def appeal(member_id: str, penalty_id: str, body: AppealRequest, request: RequestContext) -> StoredResponse:
    """The supplier's word against a penalty: once. The points count until it is decided."""
    was, position = authorize_own(member_id, request)
    text = body.text
    moved = programme.appealed(was, penalty_id, text, evaluation.point_terms(request.now), request.now)
    return record(was, position, moved, "supplier.penalty_appealed", request, {"penalty": penalty_id, "text": text})


def uphold(member_id: str, penalty_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    """An appeal turned down: the penalty stands."""
    was, position = for_change(member_id, request)
    reason = body.reason
    moved = programme.upheld(was, penalty_id, reason, request.now)
    return record(was, position, moved, "supplier.penalty_upheld", request, {"penalty": penalty_id, "reason": reason})


def lift(member_id: str, penalty_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    """A penalty taken back, on appeal or without one, counts no longer."""
    was, position = for_change(member_id, request)
    reason = body.reason
    terms = evaluation.point_terms(request.now)
    moved = programme.lifted(was, penalty_id, reason, terms, request.now)
    payload = {"penalty": penalty_id, "reason": reason}
    return change(was, position, moved, "supplier.penalty_lifted", request, payload=payload)
