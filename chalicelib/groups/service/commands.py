"""What members and officers do with groups. Who binds a firm is a signer of it; whoever leaves is looked at for what it owes."""

from __future__ import annotations

from chalicelib.firms.rules.firm import Power
from chalicelib.firms.service.signers import require_signer
from chalicelib.groups.aggregate import GROUPS, POLICY, context_of
from chalicelib.groups.records import groups as records
from chalicelib.groups.rules import forming, living, products, proposing, vetting
from chalicelib.groups.rules.group import Actor, Context, Group, Seat
from chalicelib.groups.rules.transitions import GroupChange
from chalicelib.groups.service import relations
from chalicelib.groups.service.membership import take_place
from chalicelib.groups.views import requests
from chalicelib.members import service as members
from chalicelib.orders.service.commands import UnknownMember
from chalicelib.shared import ids, policies
from chalicelib.shared.commit import Joined, StoredResponse
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


def found(body: requests.FoundRequest, request: RequestContext) -> StoredResponse:
    """By a signer of the founder, which stands in no other group. InAnotherGroup and NotGuaranteed."""
    founder_id, now = request.caller.member_id, request.now
    require_signer(founder_id, request, "apply")
    product = products.for_groups(body.product_id, business_date(now))
    policy = policies.in_force(POLICY, business_date(now)).hash
    context, group_id = context_of(policy), ids.new_id("grp", now)
    founded = forming.founded(group_id, product.bank_id, product.id, body.name, founder_id, context, policy, now)
    place = take_place(founder_id, group_id, request.entry_id, now)
    return GROUPS.create(
        founded, context, request, "founder", joined=Joined(changes=(place, records.seated(founder_id, group_id)))
    )


def invite(group_id: str, body: requests.InviteRequest, request: RequestContext) -> StoredResponse:
    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        _require_known(body.member_id)
        return forming.invite(was, context, _invitation_id(request), body.member_id, request.now)

    return GROUPS.execute(
        group_id,
        request,
        "invite",
        decide,
        status=201,
        joined=lambda change: Joined(changes=(records.seated(body.member_id, group_id),)),
    )


def accept(group_id: str, invitation_id: str, request: RequestContext) -> StoredResponse:
    """By a signer of the invited firm, which stands in no other group and is related to nobody in this one."""

    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        seat = forming.seat_of_invitation(was, invitation_id, request.caller.member_id)
        require_signer(seat.member_id, request, "apply")
        relations.require_unrelated_to(seat.member_id, (each.member_id for each in was.standing))
        if was.proposal:
            return proposing.accept(was, context, seat, request.now)
        return forming.accept(was, seat, request.now)

    def place(change: GroupChange) -> Joined:
        return Joined(changes=(take_place(request.caller.member_id, group_id, invitation_id, request.now),))

    return GROUPS.execute(group_id, request, "accept", decide, joined=place)


def decline(group_id: str, invitation_id: str, request: RequestContext) -> StoredResponse:
    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        seat = forming.seat_of_invitation(was, invitation_id, request.caller.member_id)
        return proposing.decline(was, seat, request.now) if was.proposal else forming.decline(was, seat, request.now)

    return GROUPS.execute(group_id, request, "decline", decide)


def freeze(group_id: str, request: RequestContext) -> StoredResponse:
    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        relations.require_unrelated(seat.member_id for seat in was.standing)
        return forming.freeze(was, context, request.now)

    return GROUPS.execute(group_id, request, "freeze", decide)


def attest(group_id: str, body: requests.AttestRequest, request: RequestContext) -> StoredResponse:
    """Stand for another member, or refuse to and leave. The last attestation may seal the group: then everybody is looked at once more."""

    def vouch(was: Group, context: Context, actor: Actor) -> GroupChange:
        seat = _own_seat(was, request, "apply")
        if was.proposal:
            return proposing.attest(was, context, seat, body.seat, body.looked_at, request.now)
        change = vetting.attest(was, context, seat, body.seat, body.looked_at, request.now)
        return relations.require_sealable(was, change)

    def refuse(was: Group, context: Context, actor: Actor) -> GroupChange:
        return vetting.refuse(was, context, _own_seat(was, request, "apply"), body.seat, request.now)

    if body.answer == "refuses":
        return GROUPS.execute(group_id, request, "refuse", refuse)
    return GROUPS.execute(group_id, request, "attest", vouch)


def leave(group_id: str, request: RequestContext) -> StoredResponse:
    """At once before the seal; after it as a proposal to the others and the bank."""

    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        seat = _own_seat(was, request, "sign")
        if not was.is_sealed:
            return forming.leave(was, context, seat, request.now)
        return proposing.leave(was, context, seat, _proposal_id(request), request.now)

    return GROUPS.execute(group_id, request, "leave", decide, funded=True)


def replace_member(group_id: str, body: requests.ReplaceRequest, request: RequestContext) -> StoredResponse:
    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        seat = _own_seat(was, request, "sign")
        _require_known(body.member_id)
        joins = forming.invited(was, context, _invitation_id(request), body.member_id, request.now)
        return proposing.replace_member(was, context, seat, body.seat, joins, _proposal_id(request), request.now)

    return GROUPS.execute(
        group_id,
        request,
        "replace",
        decide,
        funded=True,
        status=201,
        joined=lambda change: Joined(changes=(records.seated(body.member_id, group_id),)),
    )


def wind_down(group_id: str, request: RequestContext) -> StoredResponse:
    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        return proposing.wind_down(was, context, _own_seat(was, request, "sign"), _proposal_id(request), request.now)

    return GROUPS.execute(group_id, request, "wind_down", decide)


def consent(
    group_id: str, proposal_id: str, body: requests.ConsentToChangeRequest, request: RequestContext
) -> StoredResponse:
    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        seat = _own_seat(was, request, "sign")
        return proposing.consent(was, context, seat, proposal_id, body.looked_at, request.now)

    return GROUPS.execute(group_id, request, "consent", decide)


def object_to(group_id: str, proposal_id: str, request: RequestContext) -> StoredResponse:
    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        return proposing.object_to(was, _own_seat(was, request, "sign"), proposal_id, request.now)

    return GROUPS.execute(group_id, request, "object", decide)


def suspend(group_id: str, body: requests.GroupReasonRequest, request: RequestContext) -> StoredResponse:
    return GROUPS.execute(
        group_id,
        request,
        "suspend",
        lambda was, context, actor: living.suspend(was, "officer", body.reason, request.now),
    )


def resume(group_id: str, body: requests.GroupReasonRequest, request: RequestContext) -> StoredResponse:
    return GROUPS.execute(
        group_id, request, "resume", lambda was, context, actor: living.resume(was, body.reason, request.now)
    )


def _own_seat(group: Group, request: RequestContext, power: Power) -> Seat:
    """The caller's seat, for a signer with the power that it takes."""
    seat = group.seat_of(request.caller.member_id)
    assert seat is not None, "a member of a group has a seat"
    require_signer(seat.member_id, request, power)
    return seat


def _require_known(member_id: str) -> None:
    if member_id not in members.known([member_id]):
        raise UnknownMember(say("There is no member {member_id!r:.60}.", member_id=member_id), param="member_id")


def _invitation_id(request: RequestContext) -> str:
    return ids.derived_id("inv", request.entry_id)


def _proposal_id(request: RequestContext) -> str:
    return ids.derived_id("prp", request.entry_id)
