"""What officers and the clock do to a channel: its table, its rules and its deadlines. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.channels.rules.channel import ENDS, BandUnfit, Channel, Context, Status, Terms
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import end_of_business_date, start_of
from chalicelib.shared.state_machine import (
    STAYS,
    Among,
    Change,
    InvalidTransition,
    StateMachine,
    Table,
    Timer,
    Transition,
    telling,
)
from chalicelib.shared.texts import say

ChannelChange = Change[Channel]


class ChannelNotInThisStatus(InvalidTransition):
    code = "channel_not_in_this_status"
    title = "The channel does not allow that now."


_in: Final = Among[Status]()
_LIVE: Final = _in("planned", "open", "paused")
_OFFICER: Final = frozenset({"officer"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[Channel, Context](
    kind="channel",
    error=ChannelNotInThisStatus,
    ends=ENDS,
    payload=telling("country"),
    transitions=(
        Transition("open", _in("planned", "paused"), _OFFICER, _in("open")),
        Transition("open", _in("planned"), _CLOCK, _in("open")),
        Transition("pause", _in("open"), _OFFICER, _in("paused")),
        Transition("close", _LIVE, _OFFICER | _CLOCK, _in("closed")),
        Transition("amend", _LIVE, _OFFICER, STAYS),
    ),
)


def planned(
    channel_id: str, country: str, name: str, terms: Terms, *, policy_hash: str, now: datetime
) -> ChannelChange:
    """The first version."""
    channel = Channel(
        id=channel_id,
        country=country,
        name=name,
        terms=terms,
        status="planned",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
    )
    payload = {"to": "planned", "country": country, "name": name}
    return ChannelChange(state=channel, event=Event("channel.planned", payload, policy=policy_hash), at=now)


def open_(was: Channel, now: datetime) -> ChannelChange:
    """Orders may be placed from now on, or again."""
    return TABLE.change(
        was, "open", now, event="opened", status="open", opened_at=was.opened_at or now, reason="", payload={}
    )


def open_by_date(was: Channel, context: Context, at: datetime) -> ChannelChange:
    return open_(was, at)


def pause(was: Channel, reason: str, now: datetime) -> ChannelChange:
    """No new orders until it is opened again."""
    return TABLE.change(was, "pause", now, to="paused", reason=reason, payload={"reason": reason})


def close(was: Channel, reason: str, now: datetime) -> ChannelChange:
    """No new orders ever. What is open goes on."""
    return TABLE.change(was, "close", now, to="closed", reason=reason, closed_at=now, payload={"reason": reason})


def close_by_date(was: Channel, context: Context, at: datetime) -> ChannelChange:
    return close(was, "closing_date", at)


def amend(was: Channel, name: str, terms: Terms, now: datetime) -> ChannelChange:
    """Other terms from now on. Orders and quotes keep what they were made under. BandUnfit for a band in another currency once it was open."""
    if was.opened_at and terms.band.currency != was.terms.band.currency:
        raise BandUnfit(
            say("What is paid in the channel is counted in {currency}.", currency=was.terms.band.currency),
            fix="Keep the band in that currency; plan another channel for another one.",
            param="terms.band",
            currency=was.terms.band.currency,
        )
    fields = [field for field in Terms.__struct_fields__ if getattr(terms, field) != getattr(was.terms, field)]
    fields += ["name"] if name != was.name else []
    amended = replace(was, name=name, terms=terms)
    return TABLE.change(was, "amend", now, event="amended", state=amended, payload={"fields": fields})


def _opens_at(channel: Channel, context: Context) -> datetime | None:
    return start_of(channel.terms.opens_on) if channel.terms.opens_on else None


def _closes_at(channel: Channel, context: Context) -> datetime | None:
    return end_of_business_date(channel.terms.closes_on) if channel.terms.closes_on else None


MACHINE: Final = StateMachine[Channel, Context](
    table=TABLE,
    timers=(
        Timer("opening", _in("planned"), _opens_at, "officer", "open", open_by_date),
        Timer("closing", _LIVE, _closes_at, "officer", "closed", close_by_date),
    ),
)
