"""How a supplier changes: loaded with everything applied that fell due, decided on, and written with its postings in one commit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.members import service as members
from chalicelib.members.rules import Member
from chalicelib.shared import journal
from chalicelib.shared.commit import StoredResponse, commit, retry_on_conflict
from chalicelib.shared.encoding import encode
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import coverage, penalties, programme
from chalicelib.suppliers.rules.coverage import NOT_ENROLLED, CoverPosition
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.service import evaluation
from chalicelib.suppliers.service.evaluation import Evaluated
from chalicelib.suppliers.views.programme import view

Found = tuple[Supplier, CoverPosition]


def authorize_own(member_id: str, request: RequestContext) -> Found:
    """The supplier for itself and nobody else."""
    if not request.caller.is_member(member_id):
        raise NotFound(say("There is no supplier {member_id!r:.60}.", member_id=member_id))
    return for_change(member_id, request)


def for_change(member_id: str, request: RequestContext, member: Member | None = None) -> Found:
    """The supplier with everything written that has fallen due: for itself, or for an officer. `member` is it, where it has been read."""
    seen = request.caller.is_officer or request.caller.is_member(member_id)
    loaded = current(member_id, request.now) if seen else None
    if loaded is None:
        member = member or members.find(member_id, request.caller)
        loaded = programme.non_member(member_id, member.created_at), CoverPosition(status=NOT_ENROLLED)
    request.expects(loaded[0].version)
    return loaded


def current(member_id: str, now: datetime) -> Found | None:
    """The supplier with everything written that has fallen due, or None for a member without a record."""
    loaded = records.load(member_id)
    return settled(member_id, now) if loaded and programme.appeal_overdue(loaded[0], now) else loaded


@retry_on_conflict
def settled(member_id: str, now: datetime) -> Found | None:
    """Lift every penalty whose appeal nobody decided in time, each at its own moment and under one name, whoever writes it first."""
    while (loaded := records.load(member_id)) and (due := programme.appeal_overdue(loaded[0], now)):
        was, position = loaded
        at = due.decided_by or now
        moved = programme.lifted(was, due.id, penalties.UNDECIDED, evaluation.point_terms(at), at)
        request = RequestContext.of_clock(chain(was.id), was.version + 1, now)
        payload = {"penalty": due.id, "reason": penalties.UNDECIDED}
        change(was, position, moved, "supplier.penalty_lifted", request, payload=payload, at=at)
    return loaded


def kept(member_id: str) -> tuple[Supplier, datetime | None] | None:
    """The supplier as it is kept, and when its first open appeal succeeds by itself. For slices above."""
    loaded = records.load(member_id)
    return (loaded[0], records.due_at(loaded[0])) if loaded else None


def due_at(member_id: str, now: datetime) -> datetime | None:
    """When an appeal of the supplier succeeds by itself, as it is kept."""
    loaded = records.load(member_id)
    return records.due_at(loaded[0]) if loaded else None


def change(
    was: Supplier,
    position: CoverPosition,
    moved: Supplier,
    kind: str,
    request: RequestContext,
    *,
    as_of: date | None = None,
    payload: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> StoredResponse:
    """One move: decide on the figures of the day, settle status and limit, write all of it at once.

    `at` is when it took effect, where that is not now: decided on the figures of that day, or of a newer decision's.
    """
    day, moment = _late(was, at) if at else evaluation.day_and_moment(as_of, request)
    evaluated = evaluation.evaluate(moved, day, moment)
    after = programme.settled(was, moved, evaluated.qualification, evaluated.decision, request.now)
    return write(was, position, after, evaluated, kind, request, payload or {}, at=at)


def write(
    was: Supplier,
    position: CoverPosition,
    after: Supplier,
    evaluated: Evaluated,
    kind: str,
    request: RequestContext,
    payload: dict[str, Any],
    *,
    at: datetime | None = None,
) -> StoredResponse:
    """A supplier with a new status or limit, and what that does to its cover."""
    event = Event(
        kind,
        {
            "status": after.status,
            "limit_minor": after.limit_minor,
            "as_of": evaluated.decision.as_of.isoformat(),
            **payload,
        },
        coverage.limit_postings(was.id, was_minor=was.limit_minor, now_minor=after.limit_minor),
        evaluated.policy.hash,
    )
    raised = after.limit_minor - position.limit_minor
    position = replace(
        position,
        status=after.status,
        limit_minor=after.limit_minor,
        available_minor=position.available_minor + raised,
    )
    return _commit(was, position, after, event, request, evaluated, at)


def record(
    was: Supplier, position: CoverPosition, moved: Supplier, kind: str, request: RequestContext, payload: dict[str, Any]
) -> StoredResponse:
    """A change that touches neither status nor limit: an appeal, a bank account."""
    after = programme.recorded(was, moved, request.now)
    evaluated = evaluation.shown_again(after.decision) if after.decision else None
    return _commit(was, position, after, Event(kind, payload), request, evaluated, None)


def chain(member_id: str) -> str:
    """What a supplier's entries are chained under: the member of the same id has a chain of its own."""
    return f"supplier:{member_id}"


def _late(was: Supplier, at: datetime) -> tuple[date, datetime]:
    newer = was.decision
    return (max(business_date(at), newer.as_of), max(at, newer.at)) if newer else (business_date(at), at)


def _commit(
    was: Supplier,
    position: CoverPosition,
    after: Supplier,
    event: Event,
    request: RequestContext,
    evaluated: Evaluated | None,
    at: datetime | None,
) -> StoredResponse:
    supplier_view = view(
        after,
        position,
        evaluation.point_terms(request.now),
        caller=request.caller,
        now=request.now,
        decision=evaluated.view() if evaluated else None,
    )
    entry = journal.entry(
        request,
        event,
        aggregate_id=chain(was.id),
        seq=after.version,
        prev=was.entry_hash,
        response=encode(supplier_view),
        at=at,
    )
    return commit(entry, records.change(was, after, entry) if was.version else records.create(after, entry))
