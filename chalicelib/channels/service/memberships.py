"""What agencies, officers and suppliers do with memberships. One read and one transaction each."""

from __future__ import annotations

from chalicelib.channels.aggregate.memberships import MEMBERSHIPS
from chalicelib.channels.rules import membership_machine as rules
from chalicelib.channels.rules.membership import Actor, Membership, Side
from chalicelib.channels.rules.membership_machine import MembershipChange
from chalicelib.channels.rules.policy import Context
from chalicelib.channels.views.membership import DecideAppealRequest, MeasureRequest, TextRequest
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.request import RequestContext


def renew(membership_id: str, request: RequestContext) -> StoredResponse:
    return MEMBERSHIPS.execute(
        membership_id, request, "renew", lambda was, context, actor: rules.renew(was, context, request.now)
    )


def suspend(membership_id: str, body: MeasureRequest, request: RequestContext) -> StoredResponse:
    def decide(was: Membership, context: Context, actor: Actor) -> MembershipChange:
        return rules.suspend(was, _side(actor), request.caller.sub, body.reason, body.text, request.now)

    return MEMBERSHIPS.execute(membership_id, request, "suspend", decide)


def reinstate(membership_id: str, body: TextRequest, request: RequestContext) -> StoredResponse:
    return MEMBERSHIPS.execute(
        membership_id, request, "reinstate", lambda was, context, actor: rules.reinstate(was, body.text, request.now)
    )


def revoke(membership_id: str, body: MeasureRequest, request: RequestContext) -> StoredResponse:
    def decide(was: Membership, context: Context, actor: Actor) -> MembershipChange:
        return rules.revoke(was, context, _side(actor), request.caller.sub, body.reason, body.text, request.now)

    return MEMBERSHIPS.execute(membership_id, request, "revoke", decide)


def appeal(membership_id: str, body: TextRequest, request: RequestContext) -> StoredResponse:
    return MEMBERSHIPS.execute(
        membership_id, request, "appeal", lambda was, context, actor: rules.appeal(was, context, body.text, request.now)
    )


def decide_appeal(membership_id: str, body: DecideAppealRequest, request: RequestContext) -> StoredResponse:
    def decide(was: Membership, context: Context, actor: Actor) -> MembershipChange:
        return rules.decide_appeal(was, request.caller.sub, body.outcome, body.text, request.now)

    return MEMBERSHIPS.execute(membership_id, request, "decide-appeal", decide)


def _side(actor: Actor) -> Side:
    return "agency" if actor == "agency" else "officer"
