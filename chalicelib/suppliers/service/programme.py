"""Leaving the programme, and suspension: each recomputes the limit at once, in one commit with its postings."""

from __future__ import annotations

from datetime import datetime

from chalicelib.shared.commit import StoredResponse, retry_on_conflict
from chalicelib.shared.request import RequestContext
from chalicelib.suppliers.rules import programme
from chalicelib.suppliers.rules.coverage import CoverPosition
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.service.changing import chain, change, current, for_change, write
from chalicelib.suppliers.service.evaluation import Evaluated
from chalicelib.suppliers.views.programme import ReasonRequest


def evaluate(member_id: str, request: RequestContext) -> StoredResponse:
    """Evaluated again on what is known now: for who joined before the facts about it were in. EvaluatedToday."""
    was, position = for_change(member_id, request)
    return change(was, position, programme.evaluated(was, request.now), "supplier.evaluated", request)


def withdraw(member_id: str, request: RequestContext) -> StoredResponse:
    was, position = for_change(member_id, request)
    return change(was, position, programme.withdrawn(was), "supplier.withdrawn", request)


def suspend(member_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    was, position = for_change(member_id, request)
    reason = body.reason
    moved = programme.suspended(was, reason)
    return change(was, position, moved, "supplier.suspended", request, payload={"reason": reason})


def reinstate(member_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    was, position = for_change(member_id, request)
    reason = body.reason
    moved = programme.reinstated(was)
    return change(was, position, moved, "supplier.reinstated", request, payload={"reason": reason})


@retry_on_conflict
def suspend_for(supplier_id: str, reason: str, cause: str, request: RequestContext) -> bool:
    """Suspend a supplier for a debt that is overdue, `cause` being the recovery; open in every status, beside other suspensions.

    False where it is suspended for that cause already. Done once however often it is asked for.
    """
    loaded = current(supplier_id, request.now)
    if loaded is None or cause in loaded[0].overdue:
        return False
    moved = programme.in_default(loaded[0], cause, reason)
    payload = {"reason": reason, "cause": cause}
    change(*loaded, moved, "supplier.suspended", for_cause(request, loaded[0], "suspended", cause), payload=payload)
    return True


@retry_on_conflict
def reinstate_for(supplier_id: str, reason: str, cause: str, request: RequestContext) -> bool:
    """End the suspension for one debt; what else the supplier is suspended for stands. False where it is not suspended for it."""
    loaded = current(supplier_id, request.now)
    if loaded is None or cause not in loaded[0].overdue:
        return False
    moved = programme.paid_up(loaded[0], cause)
    payload = {"reason": reason, "cause": cause}
    change(*loaded, moved, "supplier.reinstated", for_cause(request, loaded[0], "reinstated", cause), payload=payload)
    return True


def once_for(request: RequestContext, supplier_id: str, what: str, cause: str) -> RequestContext:
    """The request in the one name that a supplier and a cause have for ever: its entry can exist once."""
    return request.derived("once", f"{chain(supplier_id)}:{what}:{cause}", what)


def for_cause(request: RequestContext, was: Supplier, what: str, cause: str) -> RequestContext:
    """The request in its own name for one supplier and cause: what made it may have an entry of its own."""
    return request.derived("cause", f"{chain(was.id)}:{was.version + 1}:{what}:{cause}", what)


def recompute(was: Supplier, position: CoverPosition, evaluated: Evaluated, now: datetime) -> Supplier | None:
    """Write what an evaluation changes of a supplier's status or limit. None, and nothing written, where it changes nothing."""
    after = programme.settled(was, was, evaluated.qualification, evaluated.decision, now)
    if (after.status, after.limit_minor) == (was.status, was.limit_minor):
        return None
    request = RequestContext.of_clock(chain(was.id), after.version, now)
    write(was, position, after, evaluated, "supplier.recomputed", request, {})
    return after
