"""How members part: one leaves, another takes its place, or all wind the group down. Pure.

Leaving and replacing take everybody's consent and the bank's, in this order, and that whoever leaves owes nothing; what it guarantees it
goes on to guarantee. Winding down takes more than half of the members. One proposal at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.groups.rules import forming
from chalicelib.groups.rules.group import (
    Attestation,
    Context,
    Group,
    Looked,
    Proposal,
    Seat,
    SeatStatus,
    Status,
    list_sha256,
)
from chalicelib.groups.rules.transitions import TABLE, GroupChange
from chalicelib.groups.rules.vetting import attestation
from chalicelib.shared.errors import Conflict, NotFound
from chalicelib.shared.texts import say


class StillOwes(Conflict):
    code = "group_member_still_owes"
    title = "A member leaves when its own loans are at zero."
    fix = "Repay what is outstanding, and let draws under way be disbursed or cancelled."


class NotAVoter(Conflict):
    code = "not_a_voter"
    title = "That is for the members who are bound, each once."
    fix = "Whoever is to come attests each of the others instead; who has consented has no more to do."


def leave(was: Group, context: Context, seat: Seat, proposal_id: str, now: datetime) -> GroupChange:
    """A member asks to leave. StillOwes."""
    require_paid(context, seat.number)
    proposal = Proposal(
        id=proposal_id,
        kind="leave",
        seat=seat.number,
        leaves=seat.number,
        stage="voting",
        consents=(seat.number,),
        proposed_at=now,
        due_at=_voting_until(context, now),
    )
    return _proposed(was, "leave", proposal, now)


def replace_member(
    was: Group, context: Context, by: Seat, leaves: int, joins: Seat, proposal_id: str, now: datetime
) -> GroupChange:
    """A member proposes that another firm takes a place: its own, or another's who has to agree. StillOwes."""
    leaving = was.seat(leaves)
    if leaving is None or leaving not in was.bound:
        raise NotFound(say("Nobody is bound on seat {leaves}.", leaves=leaves))
    require_paid(context, leaves)
    assert joins.due_at is not None, "an invitation has its time"
    proposal = Proposal(
        id=proposal_id,
        kind="replace",
        seat=by.number,
        leaves=leaves,
        joins=joins.number,
        stage="joining",
        proposed_at=now,
        due_at=joins.due_at,
    )
    payload = {"member_id": joins.member_id, "invitation_id": joins.invitation_id}
    return _proposed(was, "replace", proposal, now, payload, seats=(*was.seats, joins))


def wind_down(was: Group, context: Context, seat: Seat, proposal_id: str, now: datetime) -> GroupChange:
    """A member asks that there be no new draws for ever."""
    proposal = Proposal(
        id=proposal_id,
        kind="wind_down",
        seat=seat.number,
        stage="voting",
        consents=(seat.number,),
        proposed_at=now,
        due_at=_voting_until(context, now),
    )
    return _proposed(was, "wind_down", proposal, now)


def accept(was: Group, context: Context, seat: Seat, now: datetime) -> GroupChange:
    """The firm that is to come accepts: now everybody attests it, and it attests everybody."""
    proposal = _of(was)
    proposal = replace(proposal, stage="voting", due_at=_voting_until(context, now))
    payload = {"seat": seat.number, "member_id": seat.member_id, "proposal_id": proposal.id}
    seats = forming.joined(was, seat, now)
    return TABLE.change(was, "accept", now, event="accepted", seats=seats, proposal=proposal, payload=payload)


def attest(was: Group, context: Context, by: Seat, of: int, looked_at: Sequence[Looked], now: datetime) -> GroupChange:
    """The firm that is to come vouches for a member that stays."""
    proposal = _of(was)
    if by.number != proposal.joins:
        raise NotAVoter(say("Seat {number} attests by consenting.", number=by.number))
    given = attestation(was, by, of, looked_at, now)
    payload = {"seat": by.number, "of": of, "looked_at": list(given.looked_at)}
    return _advanced(was, context, "attest", "attested", proposal, payload, now, (given,))


def consent(
    was: Group, context: Context, by: Seat, proposal_id: str, looked_at: Sequence[Looked], now: datetime
) -> GroupChange:
    """A member agrees; to a replacement by attesting the firm that comes, unless it is the one that leaves."""
    proposal = require(was, proposal_id)
    if by not in was.bound or by.number in proposal.consents:
        raise NotAVoter(say("Seat {number} has no more to say about it.", number=by.number))
    given: tuple[Attestation, ...] = ()
    if proposal.joins and by.number != proposal.leaves:
        given = (attestation(was, by, proposal.joins, looked_at, now),)
    proposal = replace(proposal, consents=(*proposal.consents, by.number))
    payload = {"seat": by.number, "looked_at": [each for one in given for each in one.looked_at]}
    return _advanced(was, context, "consent", "consented", proposal, payload, now, given)


def decline(was: Group, seat: Seat, now: datetime) -> GroupChange:
    """The firm that was to come does not want to."""
    payload = {"seat": seat.number, "member_id": seat.member_id}
    return _dropped(was, "decline", "declined", now, payload, joiner="declined")


def object_to(was: Group, by: Seat, proposal_id: str, now: datetime) -> GroupChange:
    """One no is enough: nobody leaves, and nobody comes."""
    require(was, proposal_id)
    return _dropped(was, "object", "proposal_refused", now, {"seat": by.number})


def approve(was: Group, context: Context, proposal_id: str, now: datetime) -> GroupChange:
    """The bank agrees too: who leaves has left, who comes is bound. With fewer than a group needs it is wound down.

    StillOwes where who leaves owes something again: a repayment of its loan was taken back meanwhile.
    """
    proposal = require(was, proposal_id)
    require_paid(context, proposal.leaves)
    seats = forming.ended(was, {proposal.leaves}, "exited", now)
    seats = tuple(replace(seat, status="sealed_in") if seat.number == proposal.joins else seat for seat in seats)
    state = replace(was, seats=seats)
    stay = {seat.number for seat in state.bound}
    is_enough = len(stay) >= context.policy.least_members
    return TABLE.change(
        was,
        "approve_change",
        now,
        event="changed" if is_enough else "winding_down",
        seats=seats,
        attestations=tuple(each for each in was.attestations if {each.by, each.of} <= stay),
        list_sha256=list_sha256(was.id, state.bound),
        draft_sha256="",
        proposal=None,
        payload={**_facts_of(proposal), "why": None if is_enough else "too_few_members"},
        **({} if is_enough else winding_down(context, now)),
    )


def refuse(was: Group, proposal_id: str, reason: str, now: datetime) -> GroupChange:
    """The bank does not agree."""
    require(was, proposal_id)
    return _dropped(was, "refuse_change", "change_refused", now, {"reason": reason})


def drop(was: Group, context: Context, at: datetime) -> GroupChange:
    """Not all have agreed in time."""
    return _dropped(was, "drop_proposal", "proposal_lapsed", at, {"stage": _of(was).stage})


def require(was: Group, proposal_id: str) -> Proposal:
    """The proposal there is, by its id. NotFound."""
    if was.proposal is None or was.proposal.id != proposal_id:
        raise NotFound(say("There is no proposal {proposal_id!r:.60} now.", proposal_id=proposal_id))
    return was.proposal


def require_paid(context: Context, number: int) -> None:
    """StillOwes where loans of a seat are not at zero."""
    assert context.owed is not None, "whoever leaves has been looked at"
    if number in context.owed:
        raise StillOwes(say("Loans of seat {number} are not at zero.", number=number), seat=number)


def without_proposal(was: Group, at: datetime, joiner: SeatStatus = "timed_out") -> dict[str, Any]:
    """The fields of a group whose proposal has come to nothing: a firm that was to come does not."""
    if was.proposal is None or not was.proposal.joins:
        return {"proposal": None}
    joins = was.proposal.joins
    return {
        "proposal": None,
        "seats": forming.ended(was, {joins}, joiner, at),
        "attestations": tuple(each for each in was.attestations if joins not in (each.by, each.of)),
    }


def winding_down(context: Context, now: datetime) -> dict[str, Any]:
    """The fields of a group that is wound down from now on."""
    status: Status = "winding_down"
    return {"status": status, "due_at": now + timedelta(days=context.policy.look_days)}


def _advanced(
    was: Group,
    context: Context,
    name: str,
    event: str,
    proposal: Proposal,
    payload: dict[str, Any],
    now: datetime,
    given: tuple[Attestation, ...] = (),
) -> GroupChange:
    """The proposal one step on: before the bank once all agree, or the group wound down by more than half of it."""
    state = replace(was, attestations=(*was.attestations, *given))
    voters = {seat.number for seat in was.bound}
    payload = {**payload, "proposal_id": proposal.id, "kind": proposal.kind}
    fields: dict[str, Any] = {"attestations": state.attestations, "proposal": proposal}
    if proposal.kind == "wind_down":
        if 2 * len(proposal.consents) > len(voters):
            fields |= {"proposal": None, **winding_down(context, now)}
            event, payload = "winding_down", {**payload, "why": "voted"}
    elif voters <= {*proposal.consents} and not _unattested(state, proposal):
        due_at = context.business_days_after(now, context.policy.bank_business_days)
        fields["proposal"] = replace(proposal, stage="with_bank", due_at=due_at)
        event, payload = "change_requested", {**payload, **_facts_of(proposal), "due_at": due_at}
    return TABLE.change(was, name, now, event=event, payload=payload, **fields)


def _unattested(group: Group, proposal: Proposal) -> bool:
    """Whether anybody who will stand together has not attested another of them."""
    lacking = group.unattested.items() if proposal.joins else ()
    return any(of != proposal.leaves for by, others in lacking if by != proposal.leaves for of in others)


def _proposed(
    was: Group, name: str, proposal: Proposal, now: datetime, payload: dict[str, Any] | None = None, **fields: Any
) -> GroupChange:
    facts = {"kind": proposal.kind, "seat": proposal.seat, **_facts_of(proposal), **(payload or {})}
    return TABLE.change(was, name, now, event="change_proposed", proposal=proposal, payload=facts, **fields)


def _dropped(
    was: Group, name: str, event: str, at: datetime, payload: dict[str, Any], *, joiner: SeatStatus = "timed_out"
) -> GroupChange:
    proposal = _of(was)
    facts = {**_facts_of(proposal), "kind": proposal.kind, **payload}
    return TABLE.change(was, name, at, event=event, payload=facts, **without_proposal(was, at, joiner))


def _facts_of(proposal: Proposal) -> dict[str, Any]:
    return {"proposal_id": proposal.id, "leaves": proposal.leaves or None, "joins": proposal.joins or None}


def _of(group: Group) -> Proposal:
    assert group.proposal is not None, f"{group.id} has a proposal"
    return group.proposal


def _voting_until(context: Context, now: datetime) -> datetime:
    return context.business_days_after(now, context.policy.vote_business_days)
