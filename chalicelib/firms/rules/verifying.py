"""What officers and the clock do to a firm's profile: verify it, return it, look into it, let it expire. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.firms.rules.firm import Context, Firm, Registers, WhyExpired
from chalicelib.firms.rules.transitions import TABLE, FirmChange
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say


class RegistersNotOfThen(RuleViolation):
    code = "registers_not_of_then"
    title = "Registers are not seen on a day to come, nor before a day that is known already."
    fix = "Name the day on which you looked, from `earliest` until `latest`."


def confirm(was: Firm, context: Context, now: datetime) -> FirmChange:
    """The firm says that all of it is so: an officer has to look, with the whole time for it."""
    return TABLE.change(
        was,
        "confirm",
        now,
        event="confirmed",
        status="changed" if was.verified_at else "registered",
        due_at=now + timedelta(hours=context.policy.verify_hours),
        escalated_at=None,
        reasons=(),
        why_expired=None,
    )


def verify(was: Firm, context: Context, now: datetime) -> FirmChange:
    """An officer has seen that it is so, people and accounts among it."""
    until = now + timedelta(days=context.policy.valid_days)
    return TABLE.change(
        was,
        "verify",
        now,
        to="verified",
        people=tuple(replace(each, verified_at=each.verified_at or now) for each in was.people),
        settlement_accounts=tuple(
            replace(each, verified_at=each.verified_at or now) for each in was.settlement_accounts
        ),
        verified_at=now,
        verified_until=until,
        due_at=until,
        reminded_at=None,
        escalated_at=None,
        reasons=(),
        payload={"verified_until": until},
    )


def send_back(was: Firm, context: Context, reasons: Sequence[str], now: datetime) -> FirmChange:
    """An officer says what is wrong with it."""
    return TABLE.change(
        was,
        "return",
        now,
        to="returned",
        reasons=tuple(reasons),
        due_at=now + timedelta(days=context.policy.mend_days),
        escalated_at=None,
        payload={"reasons": list(reasons)},
    )


def note_registers(was: Firm, context: Context, seen: Registers, now: datetime) -> FirmChange:
    """An officer has looked into public registers. RegistersNotOfThen."""
    today = business_date(now)
    known = was.registers.seen_on if was.registers else seen.seen_on
    if not known <= seen.seen_on <= today:
        raise RegistersNotOfThen(
            say("{seen_on} is not from {known} until {today}.", seen_on=seen.seen_on, known=known, today=today),
            param="seen_on",
            earliest=known.isoformat(),
            latest=today.isoformat(),
        )
    payload = {"seen_on": seen.seen_on, "tax_grade": seen.tax_grade, "on_court_list": seen.on_court_list}
    return TABLE.change(was, "note-registers", now, event="registers_noted", registers=seen, payload=payload)


def disclosed(was: Firm, context: Context, to: dict[str, str], officer: str, now: datetime) -> FirmChange:
    """Somebody is shown what is sealed: the firm reads who and why, an officer's name apart."""
    return TABLE.change(was, "disclose", now, event="disclosed", payload={**to, "private": {"officer": officer}})


def escalate(was: Firm, context: Context, at: datetime) -> FirmChange:
    """No officer has looked in time: a supervisor is told. A profile that was verified holds at least as long as it would have."""
    due_at = at + timedelta(hours=context.policy.supervisor_hours)
    return TABLE.change(
        was,
        "escalate",
        at,
        event="escalated",
        escalated_at=at,
        due_at=max(due_at, was.verified_until or due_at),
    )


def remind(was: Firm, context: Context, at: datetime) -> FirmChange:
    """The firm is told that its verification ends."""
    return TABLE.change(was, "remind", at, event="verification_ending", reminded_at=at)


def expire_unverified(was: Firm, context: Context, at: datetime) -> FirmChange:
    return _expired(was, "not_verified", at)


def expire_unmended(was: Firm, context: Context, at: datetime) -> FirmChange:
    return _expired(was, "not_mended", at)


def expire_unconfirmed(was: Firm, context: Context, at: datetime) -> FirmChange:
    return _expired(was, "not_confirmed", at)


def _expired(was: Firm, why: WhyExpired, at: datetime) -> FirmChange:
    return TABLE.change(was, "expire", at, to="expired", due_at=None, why_expired=why, payload={"why": why})
