"""A firm's exposure over all banks: one guarded number, so that two banks' draws in the same second cannot both take the last yuan. Pure.

    available = the firm's limit - pending draws - principal outstanding - debts elsewhere        (credit.md 12)

An offer or a line reserves nothing of it: a line has a limit of its own, and draws take of both.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.credit.rules.application import AppliedTooSoon
from chalicelib.credit.rules.position import CNY, Parts, Position, limit_postings, postings
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.journal import Event, Posting
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date, wire
from chalicelib.shared.texts import say


class ExposureExceeded(Conflict):
    code = "exposure_exceeded"
    title = "The firm's limit over all banks does not suffice."
    fix = "Draw at most `maximum`, or repay first. GET /v1/members/{member_id}/credit-limit says how the limit comes about."


class DebtsNotInYuan(RuleViolation):
    code = "debts_not_in_yuan"
    title = "A firm's limit over all banks is in yuan, and so is what it owes elsewhere."
    fix = "Report the sum in CNY."


class DebtsOutdated(Conflict):
    code = "debts_outdated"
    title = "What the firm owes elsewhere was reported as of a later day."
    fix = "Report it as of `as_of` or later, and not of a day to come."


class CreditHeld(Conflict):
    code = "credit_held"
    title = "The firm draws nothing, or applies for nothing, while a sanction stands or a red alert holds its draws."
    fix = "Read GET /v1/sanctions and GET /v1/alerts: each says why, until when, and how to answer."


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """One firm's. `version` counts changes of the limit and of debts elsewhere; draws, repayments and holds leave it alone.

    While there are `holds` nothing is drawn, while there are `suspensions` nothing is applied for, nor for a while after `screened_out_at`.
    `elsewhere_as_of` is the day as of which what it owes elsewhere was reported; None where nothing counts.
    """

    member_id: str
    version: int = 0
    entry_hash: str = ""
    position: Position = Position()
    holds: int = 0
    suspensions: int = 0
    screened_out_at: datetime | None = None
    elsewhere_as_of: date | None = None
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
    after = replace(was, position=replace(was.position, limit_minor=limit_minor))
    return _next(was, after, "exposure.limit_set", booked, now)


def with_debts_elsewhere(was: Exposure, minor: int, as_of: date, now: datetime) -> tuple[Exposure, Event] | None:
    """What the firm owes others has been reported, with its consent. None where it is what it was, DebtsOutdated where a later day is known."""
    today = business_date(now)
    if as_of > today or (was.elsewhere_as_of and as_of < was.elsewhere_as_of):
        known = was.elsewhere_as_of or today
        raise DebtsOutdated(
            say("{as_of} is not from {known} until {today}.", as_of=as_of, known=known, today=today),
            param="as_of",
            as_of=known.isoformat(),
        )
    if (minor, as_of) == (was.position.withheld_minor, was.elsewhere_as_of):
        return None
    return _with_elsewhere(was, minor, as_of, "exposure.elsewhere_reported", now)


def without_debts_elsewhere(was: Exposure, now: datetime) -> tuple[Exposure, Event] | None:
    """No consent to it is live any more: what the firm owes others counts no longer. None where nothing counts."""
    if was.elsewhere_as_of is None:
        return None
    return _with_elsewhere(was, 0, None, "exposure.elsewhere_forgotten", now)


def _with_elsewhere(was: Exposure, minor: int, as_of: date | None, kind: str, now: datetime) -> tuple[Exposure, Event]:
    more = minor - was.position.withheld_minor
    parts: Parts = ("available", "withheld") if more > 0 else ("withheld", "available")
    booked = postings("exposure", was.member_id, abs(more), parts) if more else ()
    after = replace(was, position=replace(was.position, withheld_minor=minor), elsewhere_as_of=as_of)
    return _next(was, after, kind, booked, now)


def require_may_apply(was: Exposure, reapply_days: int, now: datetime) -> None:
    """CreditHeld while the firm is suspended, AppliedTooSoon for some days after it was screened out."""
    if was.suspensions:
        raise CreditHeld("The firm's credit is suspended: nothing is applied for.")
    again = was.screened_out_at + timedelta(days=reapply_days) if was.screened_out_at else now
    if now < again:
        raise AppliedTooSoon("The firm was screened out not long ago.", **{"from": wire(again)})


def refuse(position: Position | None, minor: int) -> ExposureExceeded:
    """Why a draw could not take so much, from the exposure as it was at that moment."""
    maximum = position.drawable_minor if position else 0
    return ExposureExceeded(
        say(
            "Of the firm's limit over all banks {amount} {cny} are free.",
            amount=Money.of(maximum, CNY).grouped,
            cny=CNY,
        ),
        shortfall=_money(minor - maximum),
        maximum=_money(maximum),
    )


def _next(
    was: Exposure, after: Exposure, kind: str, booked: tuple[Posting, ...], now: datetime
) -> tuple[Exposure, Event]:
    payload = {
        "member_id": was.member_id,
        "limit_minor": after.position.limit_minor,
        "elsewhere_minor": after.position.withheld_minor,
        "elsewhere_as_of": after.elsewhere_as_of,
    }
    return replace(after, version=was.version + 1, updated_at=now), Event(kind, payload, booked)


def _money(minor: int) -> Any:
    return msgspec.to_builtins(Money.of(minor, CNY))
