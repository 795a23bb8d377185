"""Activity facts: logins, profile changes and changes of what is on offer, each counted on its day; inquiries and replies, joined by buyer thread.

A thread counts once, on the day of its first inquiry, with the first reply that came after it. Facts may arrive in any order.
Sources of the rule: `response_rate` and `response_time` of the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.rules.facts import Contradiction, History, Outcome, is_duplicate, remembered
from chalicelib.shared.bounds import most
from chalicelib.shared.periods import business_date, to_ms

Flag = Literal["blocked", "self", "test"]
Offered = Literal["put_up", "taken_down"]
SignKind = Literal["login", "profile_change", Offered]
_COUNTED: Final[Mapping[SignKind, str]] = {
    "login": "logins",
    "profile_change": "profile_changes",
    "put_up": "offers_put_up",
    "taken_down": "offers_taken_down",
}
MOST_EARLY_REPLIES: Final = 100
"""So many replies wait for an inquiry that has not been told of yet; more are refused."""


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """An interactive login by one of the member's people."""

    member_id: str
    activity_id: str
    at: datetime
    source: str = ""


class ProfileChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the member's public profile."""

    member_id: str
    activity_id: str
    at: datetime
    source: str = ""


class OfferChange(msgspec.Struct, frozen=True, kw_only=True):
    """The member put up something for sale, or took it down: one listing of a marketplace."""

    member_id: str
    activity_id: str
    change: Offered
    at: datetime
    source: str = ""


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer asked the member. `flags` take the whole thread out of the figures."""

    member_id: str
    thread_id: str
    buyer_ref: str
    at: datetime
    flags: tuple[Flag, ...] = ()
    source: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """The member answered, declined or reported spam in a thread."""

    member_id: str
    thread_id: str
    at: datetime
    source: str = ""


Activity = Login | ProfileChange | OfferChange | Inquiry | Reply


class Sign(msgspec.Struct, frozen=True, omit_defaults=True, tag="sign"):
    """A login, a profile change or a change of what is on offer that was counted."""

    kind: SignKind
    at: datetime
    history: History = ()


class Thread(msgspec.Struct, frozen=True, omit_defaults=True, tag="thread"):
    """What is known of a buyer thread. `replies` are those that may still turn out to be its first answer, oldest first."""

    buyer_ref: str = ""
    asked_at: datetime | None = None
    flags: Annotated[tuple[Flag, ...], most(3, why="each once")] = ()
    replies: Annotated[tuple[datetime, ...], most(MOST_EARLY_REPLIES)] = ()
    history: History = ()

    @property
    def answered_at(self) -> datetime | None:
        return next((at for at in self.replies if self.asked_at is not None and at >= self.asked_at), None)


def tell_sign(sign: Sign | None, fact: Login | ProfileChange | OfferChange) -> tuple[Sign, Outcome]:
    if sign is None:
        return Sign(_kind(fact), fact.at, remembered((), fact.source, "new")), Outcome("new")
    if (first := is_duplicate(sign.history, fact.source)) is not None:
        return sign, first
    if _kind(fact) != sign.kind:
        return sign, Contradiction("change").outcome
    return sign, Outcome("known") if fact.at == sign.at else Contradiction("at").outcome


def tell_thread(thread: Thread | None, fact: Inquiry | Reply) -> tuple[Thread | None, Outcome]:
    """The thread after one more inquiry or reply, and what became of the telling."""
    if thread is not None and (first := is_duplicate(thread.history, fact.source)) is not None:
        return thread, first
    before = thread or Thread()
    if isinstance(fact, Inquiry) and before.asked_at is not None and fact.buyer_ref != before.buyer_ref:
        return thread, Contradiction("buyer_ref").outcome
    if isinstance(fact, Reply) and _is_early(before, fact) and len(before.replies) >= MOST_EARLY_REPLIES:
        return thread, Outcome("refused", "too_many_replies", "thread_id")
    after = _inquired(before, fact) if isinstance(fact, Inquiry) else _replied(before, fact)
    if after == before:
        return thread, Outcome("known")
    is_first = before.asked_at is None if isinstance(fact, Inquiry) else before.answered_at is None
    outcome = Outcome("new" if is_first else "updated")
    history = remembered(before.history, fact.source, outcome.result)
    return msgspec.structs.replace(after, history=history), outcome


def days_of_sign(sign: Sign) -> tuple[DayRow, ...]:
    return (msgspec.structs.replace(DayRow(day=business_date(sign.at)), **{_COUNTED[sign.kind]: 1}),)


def days_of_thread(thread: Thread) -> tuple[DayRow, ...]:
    """A thread counts when it was asked and is not flagged."""
    if thread.asked_at is None or thread.flags:
        return ()
    answered_at = thread.answered_at
    took = None if answered_at is None else -((thread.asked_at - answered_at) // timedelta(seconds=1))
    return (DayRow(day=business_date(thread.asked_at), inquiries=((to_ms(thread.asked_at), took),)),)


def _kind(fact: Login | ProfileChange | OfferChange) -> SignKind:
    match fact:
        case Login():
            return "login"
        case ProfileChange():
            return "profile_change"
        case OfferChange():
            return fact.change


def _is_early(thread: Thread, reply: Reply) -> bool:
    return thread.asked_at is None or reply.at < thread.asked_at


def _inquired(thread: Thread, inquiry: Inquiry) -> Thread:
    first = inquiry.at if thread.asked_at is None else min(thread.asked_at, inquiry.at)
    flags = tuple(sorted({*thread.flags, *inquiry.flags}))
    return _pruned(msgspec.structs.replace(thread, buyer_ref=inquiry.buyer_ref, asked_at=first, flags=flags))


def _replied(thread: Thread, reply: Reply) -> Thread:
    return _pruned(msgspec.structs.replace(thread, replies=tuple(sorted({*thread.replies, reply.at}))))


def _pruned(thread: Thread) -> Thread:
    """Without replies after the answer: the first inquiry can only turn out to be earlier, and the answer with it."""
    answer = thread.answered_at
    if answer is None:
        return thread
    return msgspec.structs.replace(thread, replies=tuple(at for at in thread.replies if at <= answer))
