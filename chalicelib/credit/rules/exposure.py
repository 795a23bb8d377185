"""A firm's exposure over all banks: one guarded number, so that two banks' draws in the same second cannot both take the last yuan. Pure.

    available = the firm's limit - pending draws - principal outstanding - debts elsewhere        (credit.md 12)

An offer or a line reserves nothing of it: a line has a limit of its own, and draws take of both.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.credit.rules.position import CNY, Position, limit_postings, postings
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import Event, Posting
from chalicelib.shared.money import Money


class ExposureExceeded(Conflict):
    code = "exposure_exceeded"
    title = "The firm's limit over all banks does not suffice."
    fix = "Draw at most `maximum`, or repay first. GET /v1/members/{member_id}/credit-limit says how the limit comes about."


class CreditHeld(Conflict):
    code = "credit_held"
    title = "The firm draws nothing, or applies for nothing, while a sanction stands."
    fix = "Read GET /v1/sanctions: each says why it stands, until when, and how to appeal."


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """One firm's. `version` counts changes of the limit and of debts elsewhere; draws, repayments and holds leave it alone.

    While there are `holds` nothing is drawn, while there are `suspensions` nothing is applied for.
    """

    member_id: str
    version: int = 0
    entry_hash: str = ""
    position: Position = Position()
    holds: int = 0
    suspensions: int = 0
    updated_at: datetime | None = None

    @property
    def chain(self) -> str:
        return chain(self.member_id)


def chain(member_id: str) -> str:
    """What an exposure's entries are chained under."""
    return f"exposure:{member_id}"


def with_limit(was: Exposure, limit_minor: int, now: datetime) -> tuple[Exposure, Event] | None:
    """The firm's limit has been worked out anew. None where it is what it was. A fall forces no repayment."""
    before = was.position.limit_minor
    if was.version and limit_minor == before:
        return None
    booked = limit_postings("exposure", was.member_id, was_minor=before, now_minor=limit_minor)
    return _next(was, replace(was.position, limit_minor=limit_minor), "exposure.limit_set", booked, now)


def with_debts_elsewhere(was: Exposure, minor: int, now: datetime) -> tuple[Exposure, Event] | None:
    """What the firm owes others has been reported, with its consent. None where it is what it was."""
    more = minor - was.position.withheld_minor
    if not more:
        return None
    parts = ("available", "withheld") if more > 0 else ("withheld", "available")
    booked = postings("exposure", was.member_id, abs(more), parts)  # type: ignore[arg-type]
    return _next(was, replace(was.position, withheld_minor=minor), "exposure.elsewhere_reported", booked, now)


def refuse(position: Position | None, minor: int) -> ExposureExceeded:
    """Why a draw could not take so much, from the exposure as it was at that moment."""
    maximum = position.drawable_minor if position else 0
    return ExposureExceeded(
        f"Of the firm's limit over all banks {Money.of(maximum, CNY).amount} {CNY} are free.",
        shortfall=_money(minor - maximum),
        maximum=_money(maximum),
    )


def _next(
    was: Exposure, position: Position, kind: str, booked: tuple[Posting, ...], now: datetime
) -> tuple[Exposure, Event]:
    payload = {
        "member_id": was.member_id,
        "limit_minor": position.limit_minor,
        "elsewhere_minor": position.withheld_minor,
    }
    after = replace(was, position=position, version=was.version + 1, updated_at=now)
    return after, Event(kind, payload, booked)


def _money(minor: int) -> Any:
    return msgspec.to_builtins(Money.of(minor, CNY))
