"""Claims between members as an aggregate, and who is what to one."""

from __future__ import annotations

from typing import Final

from chalicelib.guarantees.records.member_claims import REPOSITORY
from chalicelib.guarantees.rules.member_claim import Actor, Context, MemberClaim, Policy
from chalicelib.guarantees.rules.member_claim_timers import MACHINE
from chalicelib.guarantees.views.member_claims import view
from chalicelib.shared import calendars, policies
from chalicelib.shared.aggregates import Aggregate, ringing
from chalicelib.shared.request import Caller


def context_of(policy_hash: str) -> Context:
    policy = policies.pinned("member-claims", policy_hash).read_as(Policy)
    return Context(policy=policy, calendar=calendars.calendar(policy.calendar))


def actor_of(claim: MemberClaim, caller: Caller) -> Actor | None:
    """A claim is seen by its two sides and by officers: neither by the rest of the group, nor by the bank, which is no party to it."""
    if caller.is_officer:
        return "officer"
    if caller.is_member(claim.creditor.member_id):
        return "creditor"
    return "debtor" if caller.is_member(claim.debtor.member_id) else None


MEMBER_CLAIMS: Final = Aggregate[MemberClaim, Context, Actor](
    name="member-claims",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda states, now: [context_of(each.policy) for each in states],
    actor_of=actor_of,
    view=view,
    duty="risk",
    after=ringing(
        "nobody decided a dispute between members",
        "member_claim_id",
        metric="MemberDisputeUndecided",
        on=("member_claim.dispute_decided",),
    ),
)
