"""What agencies, officers, suppliers and the clock do to a membership: its table, its rules and its deadlines. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.channels.rules.membership import (
    ENDS,
    Appeal,
    Measure,
    Membership,
    Outcome,
    Reason,
    Side,
    Status,
    membership_id,
)
from chalicelib.channels.rules.policy import Context
from chalicelib.shared.errors import Conflict, NotAllowed
from chalicelib.shared.periods import end_of_day, months_after, zone
from chalicelib.shared.state_machine import (
    STAYS,
    Among,
    Change,
    InvalidTransition,
    StateMachine,
    Table,
    Timer,
    Transition,
)
from chalicelib.shared.texts import say

MembershipChange = Change[Membership]


class MembershipNotInThisStatus(InvalidTransition):
    code = "channel_membership_not_in_this_status"
    title = "The membership does not allow that now."


class TooSoonToRenew(Conflict):
    code = "too_soon_to_renew"
    title = "A membership is renewed shortly before it ends."
    fix = "Renew it from `renewable_from` on."


class DecidedOneself(NotAllowed):
    code = "appeal_decided_by_the_same_person"
    title = "Whoever revoked a membership does not decide the appeal."
    fix = "Have another officer decide it."


def renewable_from(membership: Membership, context: Context) -> datetime:
    return membership.expires_at - timedelta(days=context.policy.renewal_days)


def _is_renewable(membership: Membership, context: Context, actor: str, now: datetime) -> bool:
    return renewable_from(membership, context) <= now


def _too_soon(membership: Membership, context: Context, now: datetime) -> TooSoonToRenew | None:
    begins = renewable_from(membership, context)
    if membership.status != "active" or begins <= now:
        return None
    return TooSoonToRenew(
        say("It ends at {expires_at:%Y-%m-%d}.", expires_at=membership.expires_at), renewable_from=begins.isoformat()
    )


def _may_reinstate(membership: Membership, context: Context, actor: str, now: datetime) -> bool:
    """What the platform suspended only the platform reinstates."""
    return actor == "officer" or (membership.measure is not None and membership.measure.by == actor)


def _may_appeal(membership: Membership, context: Context, actor: str, now: datetime) -> bool:
    """Once for each revocation, and in time."""
    return membership.appeal is None and membership.appeal_until is not None and now < membership.appeal_until


_in: Final = Among[Status]()
_LIVE: Final = _in("active", "suspended")
_AGENCY: Final = frozenset({"agency"})
_OFFICER: Final = frozenset({"officer"})
_SUPPLIER: Final = frozenset({"supplier"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[Membership, Context](
    kind="channel_membership",
    error=MembershipNotInThisStatus,
    ends=ENDS,
    payload=lambda was, membership: {"from": was.status, "to": membership.status, **_whose(membership)},
    transitions=(
        Transition("renew", _in("active"), _AGENCY, STAYS, _is_renewable, _too_soon),
        Transition("suspend", _in("active"), _AGENCY | _OFFICER, _in("suspended")),
        Transition("reinstate", _in("suspended"), _AGENCY | _OFFICER, _in("active"), _may_reinstate),
        Transition("revoke", _LIVE, _AGENCY | _OFFICER, _in("revoked")),
        Transition("appeal", _in("revoked"), _SUPPLIER, _in("appealed"), _may_appeal),
        Transition("decide-appeal", _in("appealed"), _OFFICER, _in("active", "revoked")),
        Transition("escalate", _in("appealed"), _CLOCK, STAYS),
        Transition("expire", _LIVE, _CLOCK, ENDS),
        Transition("join", _in("revoked", "expired"), _CLOCK, _in("active")),
    ),
)


def _whose(membership: Membership) -> dict[str, Any]:
    return {
        "channel_id": membership.channel_id,
        "member_id": membership.member_id,
        "agency_id": membership.agency_id,
    }


def expires_at(issued_at: datetime, months: int, zone_name: str) -> datetime:
    """The end of the anniversary's day in a zone. Issued on 29 February, it ends with 28 February."""
    return end_of_day(months_after(issued_at.astimezone(zone(zone_name)).date(), months), zone_name)


def issued(
    was: Membership | None,
    channel_id: str,
    member_id: str,
    agency_id: str,
    nomination_id: str,
    country: str,
    zone_name: str,
    legal_name: str,
    romanised_name: str,
    context: Context,
    policy_hash: str,
    now: datetime,
) -> Membership:
    """The membership that a supplier joins by: its first version, or the next one of a membership that has ended."""
    ends = expires_at(now, context.policy.membership_months, zone_name)
    fields: dict[str, Any] = {
        "agency_id": agency_id,
        "nomination_id": nomination_id,
        "country": country,
        "zone": zone_name,
        "legal_name": legal_name,
        "romanised_name": romanised_name,
        "status": "active",
        "issued_at": now,
        "expires_at": ends,
        "policy": policy_hash,
    }
    if was:
        return TABLE.next_version(was, "join", now, measure=None, appeal=None, appeal_until=None, renewals=0, **fields)
    return Membership(
        id=membership_id(channel_id, member_id),
        channel_id=channel_id,
        member_id=member_id,
        version=1,
        created_at=now,
        updated_at=now,
        **fields,
    )


def renew(was: Membership, context: Context, now: datetime) -> MembershipChange:
    """A year more, from the end of the present one."""
    ends = expires_at(was.issued_at, (was.renewals + 2) * context.policy.membership_months, was.zone)
    return TABLE.change(
        was,
        "renew",
        now,
        event="renewed",
        expires_at=ends,
        renewals=was.renewals + 1,
        payload={"expires_at": ends.isoformat()},
    )


def suspend(was: Membership, by: Side, officer: str, reason: Reason, text: str, now: datetime) -> MembershipChange:
    """No new orders until it is reinstated."""
    measure = Measure(by=by, officer=officer, reason=reason, text=text, at=now)
    return TABLE.change(was, "suspend", now, to="suspended", measure=measure, payload=_why(measure))


def reinstate(was: Membership, text: str, now: datetime) -> MembershipChange:
    return TABLE.change(
        was, "reinstate", now, event="reinstated", status="active", measure=None, payload={"text": text}
    )


def revoke(
    was: Membership, context: Context, by: Side, officer: str, reason: Reason, text: str, now: datetime
) -> MembershipChange:
    """The badge says so at once. What is open goes on; the supplier may appeal."""
    measure = Measure(by=by, officer=officer, reason=reason, text=text, at=now)
    until = now + timedelta(days=context.policy.appeal_days)
    return TABLE.change(
        was,
        "revoke",
        now,
        to="revoked",
        measure=measure,
        appeal=None,
        appeal_until=until,
        payload={**_why(measure), "appeal_until": until.isoformat()},
    )


def appeal(was: Membership, context: Context, text: str, now: datetime) -> MembershipChange:
    """Have somebody else look at a revocation."""
    due_at = context.business_days_after(now, context.policy.decide_business_days)
    return TABLE.change(
        was, "appeal", now, to="appealed", appeal=Appeal(text=text, at=now, due_at=due_at), payload={"text": text}
    )


def decide_appeal(was: Membership, officer: str, outcome: Outcome, text: str, now: datetime) -> MembershipChange:
    """By somebody who did not revoke it. Overturned, it is active again; upheld, it stays revoked for good."""
    assert was.appeal is not None, "an appealed membership has an appeal"
    assert was.measure is not None, "an appealed membership was revoked"
    if was.measure.officer == officer:
        raise DecidedOneself(say("{officer} revoked it.", officer=officer))
    decided = replace(was.appeal, outcome=outcome, decided_by=officer, decision=text, decided_at=now)
    is_over = outcome == "overturned"
    return TABLE.change(
        was,
        "decide-appeal",
        now,
        event="appeal_decided",
        status="active" if is_over else "revoked",
        appeal=decided,
        measure=None if is_over else was.measure,
        appeal_until=None,
        payload={"outcome": outcome, "text": text, "private": {"decided_by": officer}},
    )


def escalate(was: Membership, context: Context, at: datetime) -> MembershipChange:
    """Nobody has decided the appeal in time. It never lapses: an alarm rings."""
    assert was.appeal is not None, "an appealed membership has an appeal"
    return TABLE.change(was, "escalate", at, event="appeal_escalated", appeal=replace(was.appeal, escalated_at=at))


def expire(was: Membership, context: Context, at: datetime) -> MembershipChange:
    return TABLE.change(was, "expire", at, to="expired")


def _why(measure: Measure) -> dict[str, Any]:
    return {
        "by": measure.by,
        "reason": measure.reason,
        "text": measure.text,
        "private": {"officer": measure.officer},
    }


def _decision_due(membership: Membership, context: Context) -> datetime | None:
    appeal = membership.appeal
    return appeal.due_at if appeal and appeal.escalated_at is None else None


def _appeal_ends(membership: Membership, context: Context) -> datetime | None:
    return membership.appeal_until if membership.appeal is None else None


MACHINE: Final = StateMachine[Membership, Context](
    table=TABLE,
    timers=(
        Timer("expiry", _LIVE, lambda membership, context: membership.expires_at, "agency", "expired", expire),
        Timer("appeal", _in("revoked"), _appeal_ends, "supplier", "revocation_stands"),
        Timer("appeal_decision", _in("appealed"), _decision_due, "officer", "escalated", escalate),
    ),
)
