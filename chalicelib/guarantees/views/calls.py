"""A call on guarantors, as its debtor, its guarantors, its bank and officers see it, and what they send about it.

A guarantor sees what the bank asks for and its own share; of another's neither an amount nor whether it pays. The debtor sees the sums.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.groups.rules.joint_liability import LiabilityMode, WeightBasis
from chalicelib.guarantees.rules import call as rules
from chalicelib.guarantees.rules.call_handling import may_object
from chalicelib.guarantees.rules.call_timers import MACHINE, is_of_seat
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of


class NoticeView(msgspec.Struct, frozen=True, kw_only=True):
    """So much was claimed at once. `due_at` is longer by what was paused since."""

    money: Money
    at: datetime
    due_at: datetime


class ObjectionView(msgspec.Struct, frozen=True, kw_only=True):
    """Why the guarantor does not owe its share, and what an officer decided. `undecided`: nobody did in time, and an officer still may."""

    id: str
    at: datetime
    reason: str
    decide_by: datetime
    outcome: rules.Outcome | None
    decided_at: datetime | None
    answer: str | None


class ShareView(msgspec.Struct, frozen=True, kw_only=True):
    """One guarantor's part. `fair` is what it bears in the end, `due` what it is to pay now; `refund` is what the bank has to give back.

    `room` is what the call may take of its cap at most; null where it has none.
    """

    seat: int
    member_id: str
    status: rules.ShareStatus
    weight: int
    room: Money | None
    fair: Money
    due: Money
    paid: Money
    refund: Money
    due_at: datetime | None
    object_until: datetime | None
    notices: list[NoticeView]
    objections: list[ObjectionView]
    overdue_at: datetime | None
    failed_at: datetime | None


class CertifiedView(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank says was owed at the end of `cut_off`."""

    cut_off: date
    principal: Money
    interest: Money
    penalty: Money


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """A bank's call on those who stand for a loan. `call_ref` is the bank's name for it: whoever pays names it, and its seat.

    `net` is what is owed under it: what was certified and accrued since, less what the debtor paid. `shortfall` is what of that no guarantor
    can be made to pay, of which the pool has paid `pool_paid`. `shares` are those the caller may see.
    """

    id: str
    version: int
    status: rules.Status
    loan_id: str
    group_id: str
    bank_id: str
    call_ref: str
    debtor_id: str
    debtor_seat: int
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    policy: str
    mode: LiabilityMode
    weight_basis: WeightBasis
    sheet_version: int
    sheet_sha256: str
    certified: CertifiedView
    accrued_until: date
    net: Money
    due: Money
    paid: Money
    shortfall: Money
    pool_paid: Money
    surplus: Money
    shares: list[ShareView]
    checked_at: datetime | None
    checked_by: str | None
    noticed_at: datetime | None
    noticed_by: str | None
    confirmed_at: datetime | None
    over_at: datetime | None
    ended_at: datetime | None
    why: rules.Why | None


def view(call: rules.Call, context: rules.Context, actor: rules.Actor, now: datetime) -> CallView:
    """The call as a debtor, a bank or an officer sees it."""
    return view_as(call, context, actor, call.shares if actor in ("bank", "officer") else (), now)


def view_as(
    call: rules.Call, context: rules.Context, actor: rules.Actor, shares: tuple[rules.Share, ...], now: datetime
) -> CallView:
    """The call with these of its shares, and the deadlines that are theirs or all parties'."""
    allowed = MACHINE.table.allowed(call, actor, context, now)
    if not any(may_object(call, share, now) for share in shares):
        allowed = [action for action in allowed if action != "object"]
    officers = {} if actor == "officer" else {"checked_by": None, "noticed_by": None}
    return view_of(
        CallView,
        call,
        allowed_actions=allowed,
        deadlines=list(_deadlines(call, context, actor, shares)),
        certified=view_of(CertifiedView, call.certified, call.currency),
        pool_paid=Money.of(call.pool_minor, call.currency),
        shares=[_share(call, share) for share in shares],
        **officers,
    )


def _share(call: rules.Call, share: rules.Share) -> ShareView:
    return view_of(
        ShareView,
        share,
        call.currency,
        due_at=call.due_at(share),
        object_until=call.object_until(share),
        notices=[
            view_of(NoticeView, notice, call.currency, due_at=call.paused(notice.due_at, notice.at, share))
            for notice in share.notices
        ],
    )


def _deadlines(
    call: rules.Call, context: rules.Context, actor: rules.Actor, shares: tuple[rules.Share, ...]
) -> Iterator[Deadline]:
    hidden = {share.seat for share in call.shares} - {share.seat for share in shares}
    return (
        deadline
        for deadline in MACHINE.deadlines(call, context)
        if not any(is_of_seat(deadline, seat) for seat in hidden)
    )


class CallsQuery(Waiting, frozen=True, kw_only=True):
    """A member sees calls on it or for its loans, a bank its own. Officers name the member or the bank, or see all."""

    status: rules.Status | None = None
    """Only those in this status."""
    member_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The member, by its id."""
    bank_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The bank, by its id."""


class ObjectRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, prose(rules.MOST_CHARACTERS, least=1)]
    """Why the firm does not owe its share, in words that officers and the bank read."""


class DecideRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    decision: rules.Decision
    """Whether the objection is upheld."""
    answer: Annotated[str, prose(rules.MOST_CHARACTERS, least=1)]
    """The decision in words that the guarantor reads."""


def shown(call: rules.Call, member_id: str) -> tuple[rules.Share, ...]:
    """The share that a member may see: its own."""
    share = call.share_of(member_id)
    return (share,) if share else ()


class ShareLine(msgspec.Struct, frozen=True, kw_only=True):
    """A share as an entry left it."""

    seat: int
    status: rules.ShareStatus
    due: Money
    paid: Money
    refund: Money


class CallStatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one entry of a call came to: what was owed under it, what was paid and due by all guarantors, and each share the reader may see.

    `notices` are what was claimed anew by it. `net` = `due` + `paid` + `shortfall`, as long as nobody paid too much.
    """

    at: datetime
    event: str
    net: Money
    paid: Money
    due: Money
    shortfall: Money
    shares: list[ShareLine]
    notices: list[NoticeLine]


class NoticeLine(msgspec.Struct, frozen=True, kw_only=True):
    seat: int
    money: Money
    due_at: datetime


def statement_line(entry: Entry, currency: str, seats: Collection[int]) -> CallStatementLine:
    """With the shares of these seats."""
    payload = entry.event.payload
    private = payload["private"]
    return msgspec.convert(
        {
            "at": entry.at,
            "event": entry.event.kind,
            **{name: Money.of(payload[f"{name}_minor"], currency) for name in ("net", "paid", "due", "shortfall")},
            "shares": [
                {
                    "seat": share["seat"],
                    "status": share["status"],
                    **{name: Money.of(share[f"{name}_minor"], currency) for name in ("due", "paid", "refund")},
                }
                for share in private["shares"]
                if share["seat"] in seats
            ],
            "notices": [
                {
                    "seat": notice["seat"],
                    "money": Money.of(notice["amount_minor"], currency),
                    "due_at": notice["due_at"],
                }
                for notice in private["notices"]
                if notice["seat"] in seats
            ],
        },
        CallStatementLine,
    )
