"""A pre-offer: what the platform thinks a firm could use, shown to the firm that consented to its looking, and never to a bank. Pure.

Statuses:

    shown      the firm may apply for it, or say that it is not interested
    declined   the firm is not interested
    withdrawn  the firm has taken back the consent by which it was found
    expired    its time is over
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from chalicelib.credit.rules.need import Need, Policy
from chalicelib.shared.bounds import most
from chalicelib.shared.journal import Event
from chalicelib.shared.state_machine import (
    Change,
    InvalidTransition,
    StateMachine,
    Table,
    Timer,
    Transition,
    Versioned,
    telling,
)

Status = Literal["shown", "declined", "withdrawn", "expired"]
Actor = Literal["firm", "officer"]


class PreOfferNotInThisStatus(InvalidTransition):
    code = "pre_offer_not_in_this_status"
    title = "The pre-offer does not allow that now."


class PreOffer(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One pre-offer of a month, `period`. `consent_id` is that to the platform's looking."""

    id: str
    firm_id: str
    consent_id: str
    period: str
    need: Need
    status: Status
    due_at: datetime
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    ended_at: datetime | None = None


Context = tuple[()]
PreOfferChange = Change[PreOffer]

ENDS: Final[frozenset[Status]] = frozenset({"declined", "withdrawn", "expired"})
_SHOWN: Final = frozenset[str]({"shown"})

TABLE: Final = Table[PreOffer, Context](
    kind="pre_offer",
    error=PreOfferNotInThisStatus,
    ends=ENDS,
    payload=telling("firm_id"),
    transitions=(
        Transition("decline", _SHOWN, frozenset({"firm"}), frozenset({"declined"})),
        Transition("withdraw", _SHOWN, frozenset({"clock"}), frozenset({"withdrawn"})),
        Transition("expire", _SHOWN, frozenset({"clock"}), frozenset({"expired"})),
    ),
)


def opened(
    pre_offer_id: str,
    firm_id: str,
    consent_id: str,
    period: str,
    need: Need,
    *,
    policy: Policy,
    policy_hash: str,
    now: datetime,
) -> PreOfferChange:
    """The first version."""
    pre_offer = PreOffer(
        id=pre_offer_id,
        firm_id=firm_id,
        consent_id=consent_id,
        period=period,
        need=need,
        status="shown",
        due_at=now + timedelta(days=policy.valid_days),
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
    )
    payload = {
        "to": "shown",
        "firm_id": firm_id,
        "need": need.kind,
        "amount_minor": need.amount_minor,
        "currency": need.currency,
    }
    return PreOfferChange(state=pre_offer, event=Event("pre_offer.made", payload, policy=policy_hash), at=now)


def decline(was: PreOffer, now: datetime) -> PreOfferChange:
    """Not interested."""
    return TABLE.change(was, "decline", now, to="declined", ended_at=now)


def withdraw(was: PreOffer, now: datetime) -> PreOfferChange:
    """The consent to the platform's looking has been withdrawn."""
    return TABLE.change(was, "withdraw", now, to="withdrawn", ended_at=now)


def expire(was: PreOffer, context: Context, at: datetime) -> PreOfferChange:
    return TABLE.change(was, "expire", at, to="expired", ended_at=at)


MACHINE: Final = StateMachine[PreOffer, Context](
    table=TABLE,
    timers=(Timer("pre_offer_end", _SHOWN, lambda offer, context: offer.due_at, "firm", "expired", expire),),
)
"""Whoever is asked and does not answer has said nothing: it ends without quiet days."""
