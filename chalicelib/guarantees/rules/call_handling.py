"""What banks, officers, guarantors and the clock do to a call. Pure.

Each decides on the facts of now, which are gathered before: nobody is said to have failed who has paid meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.guarantees.rules import apportioning
from chalicelib.guarantees.rules.apportioning import apportioned, status_of
from chalicelib.guarantees.rules.call import (
    MOST_OBJECTIONS,
    Call,
    Certified,
    Context,
    Decision,
    Objection,
    Outcome,
    Share,
    Status,
    TooManyObjections,
    Why,
)
from chalicelib.guarantees.rules.call_transitions import TABLE, CallChange
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.errors import AnotherOfficerNeeded, Conflict, NotFound
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import wire
from chalicelib.shared.texts import say, term

BY_CLOCK: Final = "clock"
"""Who gave notice, or confirmed that a guarantor failed, where no officer did in time."""


class ShareNotFound(NotFound):
    code = "share_not_found"
    title = "The call has no such share."
    fix = "Name a seat of a guarantor of this call."


class ObjectionNotFound(NotFound):
    code = "objection_not_found"
    title = "The call has no such objection that waits for a decision."
    fix = "Name an objection of one of the call's shares."


class TooLateToObject(Conflict):
    code = "too_late_to_object"
    title = "The time to object is over, or an objection is being decided already."
    fix = "Wait for the decision; after `object_until` turn to the bank."


class NotOverdue(Conflict):
    code = "share_not_overdue"
    title = "The share's days of grace are not over, or it is paid."
    fix = "Wait until the share is overdue."


def drawn_up(
    call_id: str,
    *,
    loan_id: str,
    bank_id: str,
    debtor_id: str,
    call_ref: str,
    currency: str,
    guarantee: Guarantee,
    certified: Certified,
    weights: Mapping[int, int],
    unbound: Mapping[int, int] = MappingProxyType({}),
    context: Context,
    policy_hash: str,
    now: datetime,
) -> Call:
    """A call before its shares: what the bank certified, with weights and caps as they were at the cut-off.

    `unbound`: by how much the loan became heavier without a seat's consent. A cascade that does not take all of each is a capped one.
    """
    return Call(
        id=call_id,
        loan_id=loan_id,
        group_id=guarantee.group_id,
        bank_id=bank_id,
        call_ref=call_ref,
        debtor_id=debtor_id,
        debtor_seat=guarantee.seat,
        status="opened",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
        currency=currency,
        mode="joint_capped" if unbound and guarantee.mode == "joint_cascade" else guarantee.mode,
        weight_basis=guarantee.weight_basis,
        sheet_version=guarantee.sheet_version,
        sheet_sha256=guarantee.sheet_sha256,
        due_business_days=guarantee.due_business_days,
        grace_business_days=guarantee.grace_business_days,
        pool_id=guarantee.pool_id,
        certified=certified,
        accrued_until=certified.cut_off,
        shares=tuple(
            Share(
                seat=each.seat,
                member_id=each.member_id,
                weight=weights[each.seat],
                cap_minor=each.cap_minor,
                unbound_minor=unbound.get(each.seat, 0),
            )
            for each in guarantee.guarantors
        ),
        check_by=context.after(now, context.policy.check_business_days),
        notice_by=context.after(now, context.policy.notice_business_days),
    )


def opened(call: Call, context: Context) -> CallChange:
    """The first version, with the shares it comes to: nobody is noticed yet."""
    call = apportioned(call, context, call.created_at)
    payload = {"to": call.status, "cut_off": call.certified.cut_off, **apportioning.payload(None, call)}
    event = Event("guarantee_call.opened", payload, apportioning.postings(None, call), call.policy)
    return CallChange(state=call, event=event, at=call.created_at)


def recompute(was: Call, context: Context, at: datetime) -> CallChange | None:
    """Take in what the loan and the group's other calls say now. None where nothing of the call follows from it."""
    facts = context.facts
    if facts is None or facts.loan_version < was.loan_version:
        return None
    call = apportioned(was, context, at)
    status = status_of(call)
    if replace(call, loan_version=was.loan_version, status=status) == was:
        return None
    return _changed(was, "recompute", _over(call, status, context, at), at, event=_event(was, call, status))


def notice(was: Call, context: Context, officer: str, now: datetime) -> CallChange:
    """The first officer checks; the second, another one, gives notice to each guarantor of its share."""
    _require_wanted(was, context, now)
    if not was.checked_by:
        call = replace(apportioned(was, context, now), checked_by=officer, checked_at=now)
        return _changed(was, "notice", call, now, event="checked")
    if officer == was.checked_by:
        raise AnotherOfficerNeeded("Who has checked a call does not give notice of it too.")
    return _give_notice(was, context, officer, now)


def escalate(was: Call, context: Context, at: datetime) -> CallChange:
    """Nobody has given notice in time: an alarm rings."""
    return _changed(was, "escalate", replace(was, escalated_at=at), at, event="escalated")


def notice_by_clock(was: Call, context: Context, at: datetime) -> CallChange:
    """No two officers in all that time: the bank's certificate stands, and whoever is called on may object."""
    return _give_notice(was, context, BY_CLOCK, at)


def object_to(was: Call, seat: int, objection_id: str, reason: str, context: Context, now: datetime) -> CallChange:
    """A guarantor says that it does not owe its share: that share's clock stands still until an officer has decided."""
    share = _share(was, seat)
    if not may_object(was, share, now):
        until = was.object_until(share)
        raise TooLateToObject(
            say("Seat {seat} cannot object now.", seat=seat), object_until=wire(until) if until else None
        )
    must_have_room(share.objections, MOST_OBJECTIONS, TooManyObjections)
    objection = Objection(
        id=objection_id,
        at=now,
        reason=reason,
        decide_by=context.after(now, context.policy.decision_business_days),
    )
    call = _with(was, replace(share, objections=(*share.objections, objection)))
    payload = {"seat": seat, "objection_id": objection_id, "private": {"reason": reason}}
    return _changed(was, "object", call, now, event="share_objected", payload=payload)


def may_object(call: Call, share: Share, now: datetime) -> bool:
    """Whether a guarantor may object to its share now."""
    until = call.object_until(share)
    is_settled = share.open_objection or share.failed_at or share.is_released
    return until is not None and now < until and not is_settled


def decide(
    was: Call, objection_id: str, decision: Decision, answer: str, context: Context, officer: str, now: datetime
) -> CallChange:
    """An officer's decision. A share that is released is the others' to bear, as far as they stand for all."""
    _require_wanted(was, context, now)
    share, objection = _objection(was, objection_id)
    if officer in (was.checked_by, was.noticed_by):
        raise AnotherOfficerNeeded("Who has checked a call or given notice of it decides no objection to it.")
    return _decided(was, share, objection, decision, answer, officer, context, now)


def leave_undecided(was: Call, context: Context, at: datetime) -> CallChange:
    """Nobody has decided in time: the share's clock goes on, an alarm rings, and an officer may still decide."""
    share, objection = min(
        ((share, share.open_objection) for share in was.shares if share.open_objection),
        key=lambda disputed: (disputed[1].decide_by, disputed[0].seat),
    )
    return _decided(was, share, objection, "undecided", "", BY_CLOCK, context, at)


def fall_overdue(was: Call, context: Context, at: datetime) -> CallChange:
    """The days of grace of some shares are over: an officer is to confirm that their guarantors have failed. Until then nobody else hears whose."""
    call = apportioned(was, context, at)
    late = {share.seat for share in call.shares if _is_late(call, share, at)}
    confirm_by = context.after(at, context.policy.confirmation_business_days)
    shares = tuple(
        replace(share, overdue_at=at, confirm_by=confirm_by) if share.seat in late else share for share in call.shares
    )
    call = replace(call, shares=shares)
    payload = {"private": {"seats": sorted(late)}}
    return _changed(was, "fall_overdue", call, at, event="share_overdue", payload=payload)


def fail(was: Call, seat: int, context: Context, officer: str, now: datetime) -> CallChange:
    """An officer confirms that a guarantor has failed: what it does not pay the others have to, as far as they stand for all."""
    call = apportioned(was, context, now)
    if _share(call, seat).status != "overdue":
        raise NotOverdue(
            say("The share of seat {seat} is {status}.", seat=seat, status=term("status", _share(call, seat).status)),
            seat=seat,
        )
    return _failed(was, call, {seat}, officer, context, now)


def fail_by_clock(was: Call, context: Context, at: datetime) -> CallChange:
    """No officer has confirmed it or given more time: the default that was written down."""
    call = apportioned(was, context, at)
    seats = {share.seat for share in call.shares if (until := call.confirm_by(share)) and until <= at}
    return _failed(was, call, seats, BY_CLOCK, context, at)


def exhaust(was: Call, context: Context, at: datetime) -> CallChange:
    """Nobody has to pay any more, and something is left: the bank's to recover, or the pool's."""
    return _changed(was, "exhaust", _over(was, "exhausted", context, at), at, event="exhausted")


def ask_refunds(was: Call, context: Context, at: datetime) -> CallChange:
    """Tell the bank, which has the money, what it has to give back to whom."""
    refunds = [
        {"seat": share.seat, "amount_minor": share.refund_minor - share.refund_noticed_minor}
        for share in was.shares
        if share.refund_minor > share.refund_noticed_minor
    ]
    shares = tuple(replace(share, refund_noticed_minor=share.refund_minor) for share in was.shares)
    payload = {"surplus_minor": was.surplus_minor, "private": {"refunds": refunds}}
    return _changed(was, "ask_refunds", replace(was, shares=shares), at, event="refund_due", payload=payload)


def look_or_close(was: Call, context: Context, at: datetime) -> CallChange:
    """Close a call of which nothing is open between its parties; else look again, for a year at most."""
    facts, since = context.facts, was.over_at or was.updated_at
    is_settled = not (was.refund_minor or (facts and facts.open_claims))
    is_long_ago = at >= since + timedelta(days=context.policy.most_closing_days)
    if not (is_settled or is_long_ago):
        look_at = at + timedelta(days=context.policy.closing_days)
        return _changed(was, "look", replace(was, look_at=look_at), at, event="looked_at")
    why: Why = _WHY[was.status] if is_settled else "left_open"
    call = replace(was, status="closed", look_at=None, ended_at=at, why=why)
    return _changed(was, "close", call, at, event="closed", payload={"why": why})


_WHY: Final[dict[Status, Why]] = {"paid": "paid", "exhausted": "exhausted", "withdrawn": "withdrawn"}


# --- parts of them ----------------------------------------------------------------------------------------------------


def _changed(
    was: Call, name: str, call: Call, at: datetime, *, event: str, payload: Mapping[str, Any] | None = None
) -> CallChange:
    """The change to a call, with what it books. What `payload` keeps private is added to what every change does."""
    facts = dict(payload or {})
    if own := facts.pop("private", None):
        of_every_change = apportioning.payload(was, replace(call, updated_at=max(at, was.updated_at)))
        facts["private"] = {**of_every_change["private"], **own}
    return TABLE.change(
        was, name, at, event=event, payload=facts, postings=apportioning.postings(was, call), state=call
    )


def _event(was: Call, call: Call, status: Status) -> str:
    """What a change is called for those who follow: the end it came to, else that somebody has to pay more."""
    if status != was.status and status in ("paid", "withdrawn"):
        return status
    has_more = any(
        share.noticed_minor > before.noticed_minor for share, before in zip(call.shares, was.shares, strict=True)
    )
    return "noticed" if has_more else "recomputed"


def _over(call: Call, status: Status, context: Context, at: datetime) -> Call:
    """The call in a status: with when it was over and is looked at, where it is; with the officers' days anew, where it is theirs again."""
    if status in ("paid", "exhausted", "withdrawn"):
        if call.over_at:
            return replace(call, status=status)
        return replace(call, status=status, over_at=at, look_at=at + timedelta(days=context.policy.closing_days))
    if status == "closed":
        return replace(call, status=status)
    if status == "opened" and call.status != "opened":
        call = replace(
            call,
            check_by=context.after(at, context.policy.check_business_days),
            notice_by=context.after(at, context.policy.notice_business_days),
            escalated_at=None,
        )
    return replace(call, status=status, over_at=None, look_at=None, ended_at=None, why=None)


def _give_notice(was: Call, context: Context, by: str, at: datetime) -> CallChange:
    call = apportioned(replace(was, status="noticed", noticed_by=by, noticed_at=at), context, at)
    return _changed(was, "notice", _over(call, status_of(call), context, at), at, event="noticed")


def _decided(
    was: Call,
    share: Share,
    objection: Objection,
    outcome: Outcome,
    answer: str,
    by: str,
    context: Context,
    at: datetime,
) -> CallChange:
    decided = replace(objection, outcome=outcome, decided_at=objection.decided_at or at, decided_by=by, answer=answer)
    objections = tuple(decided if each is objection else each for each in share.objections)
    call = apportioned(_with(was, replace(share, objections=objections)), context, at)
    payload = {"seat": share.seat, "objection_id": objection.id, "outcome": outcome, "private": {"by": by}}
    name = "leave_undecided" if outcome == "undecided" else "decide"
    return _changed(
        was, name, _over(call, status_of(call), context, at), at, event="objection_decided", payload=payload
    )


def _failed(was: Call, call: Call, seats: set[int], by: str, context: Context, at: datetime) -> CallChange:
    shares = (
        replace(share, failed_at=at, failed_by=by, overdue_at=None, confirm_by=None) if share.seat in seats else share
        for share in call.shares
    )
    call = apportioned(replace(call, shares=tuple(shares)), context, at)
    payload = {"seats": sorted(seats), "private": {"by": by}}
    return _changed(was, "fail", replace(call, status=status_of(call)), at, event="member_failed", payload=payload)


def _require_wanted(was: Call, context: Context, now: datetime) -> None:
    """CallNotInThisStatus where the bank has withdrawn the call, and the call has not been told so yet."""
    if context.facts and context.facts.is_withdrawn:
        raise TABLE.refused(say("The bank has withdrawn the call."), was, "officer", context, now)


def _is_late(call: Call, share: Share, at: datetime) -> bool:
    fails_at = call.fails_at(share)
    return share.overdue_at is None and fails_at is not None and fails_at <= at


def _share(call: Call, seat: int) -> Share:
    share = call.share(seat)
    if share is None:
        raise ShareNotFound(say("There is no share of seat {seat}.", seat=seat), param="seat")
    return share


def _objection(call: Call, objection_id: str) -> tuple[Share, Objection]:
    """The objection and its share, while it can be decided."""
    for share in call.shares:
        for objection in share.objections:
            if objection.id == objection_id and objection.outcome in (None, "undecided"):
                return share, objection
    raise ObjectionNotFound(say("There is no objection {objection_id!r:.60}.", objection_id=objection_id))


def _with(call: Call, share: Share) -> Call:
    return replace(call, shares=tuple(share if each.seat == share.seat else each for each in call.shares))
