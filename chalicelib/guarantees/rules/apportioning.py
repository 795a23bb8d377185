"""What the facts of a loan come to in the shares of a call: who has to pay what, and what is claimed of it anew. Pure.

The same facts give the same call, in whatever order they came. A guarantor that has to pay more than was claimed of it gets a notice of the
increment only; where it has to pay less, its last notices shrink.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.groups.rules.joint_liability import caps_for, recompute
from chalicelib.guarantees.rules.call import MOST_NOTICES, Call, Context, Facts, Notice, Share, Status
from chalicelib.ledger.rules.chart import GUARANTEES_CALLED, GUARANTOR_DUE, GUARANTOR_REFUNDS
from chalicelib.shared.journal import Posting, transfer


def apportioned(call: Call, context: Context, at: datetime) -> Call:
    """The call by the facts of now, with notices of what is due on top where notice was given.

    What a pool has paid is asked of no guarantor; it gets back what the debtor still pays after they have (credit.md 4.4).
    """
    facts = context.facts
    assert facts is not None, "facts were gathered"
    call = replace(
        call,
        loan_version=max(call.loan_version, facts.loan_version),
        accrued_until=facts.accrued_until,
        pauses=facts.pauses,
        confirmed_at=call.confirmed_at or (at if facts.is_confirmed else None),
        withdrawn_at=call.withdrawn_at or (at if facts.is_withdrawn else None),
        pool_minor=facts.pool_minor,
        shares=tuple(_paid(share, facts) for share in call.shares),
    )
    net = _net(call, facts)
    room = _within_consent(caps_for(_caps(call), facts.earlier, facts.later), call, net - facts.pool_minor)
    shares = recompute(net - facts.pool_minor, call.weights, room, call.paid, call.failed, call.mode)
    left = net - call.paid_minor - sum(shares.bank_due.values()) - shares.shortfall
    return replace(
        call,
        net_minor=max(0, net),
        surplus_minor=max(0, -net),
        shortfall_minor=shares.shortfall + max(0, min(facts.pool_minor, left)),
        shares=tuple(
            _noticed(
                replace(
                    share,
                    room_minor=room.get(share.seat),
                    fair_minor=shares.fair.get(share.seat, 0),
                    eff_minor=shares.eff.get(share.seat, 0),
                    due_minor=shares.bank_due.get(share.seat, 0),
                    refund_minor=shares.refund.get(share.seat, 0),
                    refund_noticed_minor=min(share.refund_noticed_minor, shares.refund.get(share.seat, 0)),
                ),
                call,
                context,
                at,
            )
            for share in call.shares
        ),
    )


def status_of(call: Call) -> Status:
    """What the shares say. That nobody can pay the rest is written by the clock at once, so that each has an entry of its own."""
    if call.withdrawn_at:
        return "closed" if call.status == "closed" else "withdrawn"
    if call.noticed_at is None and (call.due_minor or call.shortfall_minor):
        return "opened"
    if call.due_minor:
        return "partly_paid" if call.paid_minor else "noticed"
    if call.shortfall_minor:
        return call.status if call.status in ("exhausted", "closed") else _running(call)
    return "closed" if call.status == "closed" else "paid"


def is_exhausted(call: Call) -> bool:
    """Nobody has to pay, and something is left."""
    return call.is_open and call.status != "opened" and not call.due_minor and bool(call.shortfall_minor)


def postings(was: Call | None, call: Call) -> tuple[Posting, ...]:
    """What guarantors owe the bank by its own books, and what it owes them: the difference that a change makes."""
    before = {share.seat: share for share in was.shares} if was else {}
    return tuple(
        posting
        for share in call.shares
        for posting in (
            *_move(call, share, GUARANTOR_DUE, share.due_minor - _of(before, share.seat, "due_minor")),
            *_move(call, share, GUARANTOR_REFUNDS, _of(before, share.seat, "refund_minor") - share.refund_minor),
        )
    )


def payload(was: Call | None, call: Call) -> dict[str, Any]:
    """What an entry tells: sums to all who may read it, its own share to each guarantor, everything to the bank and to officers."""
    return {
        "currency": call.currency,
        "member_id": call.debtor_id,
        "bank_id": call.bank_id,
        "loan_id": call.loan_id,
        "group_id": call.group_id,
        "call_ref": call.call_ref,
        "net_minor": call.net_minor,
        "paid_minor": call.paid_minor,
        "due_minor": call.due_minor,
        "shortfall_minor": call.shortfall_minor,
        "own": {side_of(share.seat): _own(share) for share in call.shares},
        "private": {
            "guarantors": {str(share.seat): share.member_id for share in call.shares},
            "notices": list(_new_notices(was, call)),
            "shares": [{"seat": share.seat, **_own(share)} for share in call.shares],
        },
    }


def side_of(seat: int) -> str:
    """What one guarantor is to a call, where an entry tells each its own."""
    return f"guarantor_{seat}"


def _net(call: Call, facts: Facts) -> int:
    """What is owed under the call. A bank that withdrew asks nothing; one that confirmed has all, whatever is left by our figures."""
    if call.withdrawn_at:
        return 0
    return min(facts.owed_minor, call.paid_minor + facts.pool_minor) if call.confirmed_at else facts.owed_minor


def _within_consent(room: dict[int, int], call: Call, net: int) -> dict[int, int]:
    """What the caps leave, and of a guarantor that has not agreed to what made the loan heavier no more than if it were so much lighter.

    Civil Code, article 695. Those who have agreed bear what is heavier: whoever has agreed to least is reckoned first.
    """
    for share in sorted(call.shares, key=lambda each: (-each.unbound_minor, each.seat)):
        if share.unbound_minor and share.seat in call.weights:
            lighter = max(0, net - share.unbound_minor)
            shares = recompute(lighter, call.weights, room, call.paid, call.failed, call.mode)
            bound = shares.eff.get(share.seat, shares.fair[share.seat])
            room = {**room, share.seat: min(room.get(share.seat, bound), bound)}
    return room


def _caps(call: Call) -> dict[int, int]:
    return {share.seat: share.cap_minor for share in call.shares if share.cap_minor is not None}


def _paid(share: Share, facts: Facts) -> Share:
    paid = facts.paid.get(share.seat, 0)
    back = max(0, share.paid_minor - paid)
    return replace(
        share,
        paid_minor=paid,
        refunded_minor=share.refunded_minor + min(back, share.refund_minor),
        is_left_out=share.seat in facts.in_default,
    )


def _noticed(share: Share, call: Call, context: Context, at: datetime) -> Share:
    """The share with notices of what is due, no more and no less."""
    if call.noticed_at is None:
        return share
    claimed = max(0, share.noticed_minor - share.paid_minor)
    if share.due_minor > claimed:
        share = _claimed(share, share.paid_minor + share.due_minor - share.noticed_minor, call, context, at)
    elif share.due_minor < claimed:
        share = replace(share, notices=tuple(_shrunk(share.notices, claimed - share.due_minor)))
    is_late = share.unpaid_notice is not None and share.overdue_at is not None
    return share if is_late else replace(share, overdue_at=None, confirm_by=None)


def _claimed(share: Share, minor: int, call: Call, context: Context, at: datetime) -> Share:
    """One notice more; where there are too many, the last one takes it and begins anew."""
    days = call.due_business_days
    before = share.notices
    if len(before) == MOST_NOTICES:
        before, minor = before[:-1], minor + before[-1].minor
    notice = Notice(
        minor=minor,
        at=at,
        due_at=context.after(at, days),
        fails_at=context.after(at, days + call.grace_business_days),
        object_until=context.after(at, context.policy.objection_business_days),
    )
    return replace(share, notices=(*before, notice))


def _shrunk(notices: tuple[Notice, ...], minor: int) -> Iterator[Notice]:
    """The same, less so much, taken off the last ones first."""
    kept = sum(notice.minor for notice in notices) - minor
    for notice in notices:
        if kept > 0:
            yield replace(notice, minor=min(kept, notice.minor))
        kept -= notice.minor


def _running(call: Call) -> Status:
    return "partly_paid" if call.paid_minor else "noticed"


def _own(share: Share) -> dict[str, Any]:
    minors = {name: getattr(share, name) for name in ("due_minor", "paid_minor", "refund_minor")}
    return {"status": share.status, **minors}


def _new_notices(was: Call | None, call: Call) -> Iterable[dict[str, Any]]:
    before = {share.seat: set(share.notices) for share in was.shares} if was else {}
    for share in call.shares:
        for notice in share.notices:
            if notice not in before.get(share.seat, ()) and notice.at == call.updated_at:
                yield {"seat": share.seat, "amount_minor": notice.minor, "due_at": notice.due_at}


def _of(shares: Mapping[int, Share], seat: int, name: str) -> int:
    return int(getattr(shares[seat], name)) if seat in shares else 0


def _move(call: Call, share: Share, account: str, minor: int) -> tuple[Posting, ...]:
    """So much more on the debit side of a guarantor's account, or, below nothing, on its credit side."""
    sides = ((account, share.member_id), (GUARANTEES_CALLED, call.id))
    debit_to, credit_to = sides if minor > 0 else sides[::-1]
    return transfer(abs(minor), call.currency, debit_to=debit_to, credit_to=credit_to)
