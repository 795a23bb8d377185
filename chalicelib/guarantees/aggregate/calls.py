"""Calls on guarantors as an aggregate: what ties their machine to their table and view, to the loan they are about, and who is what to one."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.groups.aggregate import GROUPS
from chalicelib.guarantees.records import calls as records
from chalicelib.guarantees.records import member_claims
from chalicelib.guarantees.rules.call import Actor, Call, Context, Facts, Policy
from chalicelib.guarantees.rules.call_timers import MACHINE
from chalicelib.guarantees.rules.loan_facts import facts_of
from chalicelib.guarantees.rules.member_claim import ENDS as CLAIM_ENDS
from chalicelib.guarantees.views.calls import CallView, shown, view, view_as
from chalicelib.loans.aggregate import LOANS
from chalicelib.shared import calendars, observe, policies
from chalicelib.shared.aggregates import Aggregate, Loaded
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import Caller, RequestContext, within_duty


class _Calls(Aggregate[Call, Context, Actor]):
    """An aggregate of which each guarantor sees its own part."""

    def show(self, loaded: Loaded[Call, Context], actor: Actor, request: RequestContext) -> CallView:
        return within_duty(view_for(loaded.state, loaded.context, actor, request), request.caller, self.duty)


def view_for(call: Call, context: Context, actor: Actor, request: RequestContext) -> CallView:
    """The call as the caller sees it."""
    if actor != "guarantor":
        return view(call, context, actor, request.now)
    return view_as(call, context, actor, shown(call, request.caller.member_id), request.now)


def context_of(policy_hash: str) -> Context:
    policy = policies.pinned("guarantee-calls", policy_hash).read_as(Policy)
    return Context(policy=policy, calendar=calendars.calendar(policy.calendar))


def actor_of(call: Call, caller: Caller) -> Actor | None:
    """A call is seen by the debtor, by its guarantors, by the bank and by officers; not by the rest of the group."""
    if caller.is_officer:
        return "officer"
    if caller.role == "bank":
        return "bank" if caller.sub == call.bank_id else None
    if caller.is_member(call.debtor_id):
        return "debtor"
    return "guarantor" if caller.member_id and call.share_of(caller.member_id) else None


def with_facts(call: Call, context: Context, at: datetime) -> Context:
    """What the loan, the group and the group's other calls say now, and of a call that is over which claims between members are open."""
    return replace(context, facts=_facts(call, at))


def _facts(call: Call, at: datetime) -> Facts:
    loan = LOANS.load(call.loan_id, at)
    assert loan is not None, "a loan stays"
    group = GROUPS.repository.load(call.group_id)
    in_default = {seat.number for seat in group.seats if seat.status == "debtor_default"} if group else set()
    others = records.REPOSITORY.load_all(
        name for name in records.ids("by_group", call.group_id, None) if name != call.id
    )
    return facts_of(
        call,
        loan.state,
        loan.context.product,
        others.values(),
        frozenset(in_default),
        open_claims=0 if call.is_open else open_claims(call),
    )


def open_claims(call: Call) -> int:
    """How many claims between members that the call has made have not ended."""
    claims = member_claims.REPOSITORY.load_all(member_claims.ids("by_loan", call.loan_id, None)).values()
    return sum(claim.call_id == call.id and claim.status not in CLAIM_ENDS for claim in claims)


_BY_CLOCK: Final = frozenset(
    {"guarantee_call.noticed", "guarantee_call.objection_decided", "guarantee_call.member_failed"}
)
"""What officers had to do."""


def _ring(call: Call, entry: Entry, now: datetime) -> None:
    """Where the clock wrote because people had not acted. Notices of what comes on top are the clock's anyway."""
    kind = entry.event.kind
    if kind == "guarantee_call.escalated":
        observe.count("CallNotNoticed")
    elif kind == "guarantee_call.looked_at":
        observe.count("CallLeftOpen")
    elif kind in _BY_CLOCK and not (kind == "guarantee_call.noticed" and entry.at != call.noticed_at):
        observe.count("CallLeftToClock")
    else:
        return
    observe.logger.error("nobody has acted on a call", extra={"call_id": call.id, "event": kind})


CALLS: Final = _Calls(
    name="guarantee-calls",
    machine=MACHINE,
    repository=records.REPOSITORY,
    context=lambda states, now: [context_of(each.policy) for each in states],
    actor_of=actor_of,
    view=view,
    duty="risk",
    gather=with_facts,
    after=_ring,
)
