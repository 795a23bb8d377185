"""What a borrower asks of its bank: a pause, or another schedule, which it signs. The bank answers by its reports. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.loans.rules.loan import Actor, Context, HardshipRequest, Loan, PlannedInstalment, Restructuring
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.schedule_changes import BadSchedule
from chalicelib.loans.rules.servicing import PauseTooLong
from chalicelib.loans.rules.transitions import TABLE, LoanChange
from chalicelib.shared.errors import Conflict
from chalicelib.shared.periods import business_date


class NothingProposed(Conflict):
    code = "no_restructuring_proposed"
    title = "No other schedule is proposed."
    fix = "Propose one: POST /v1/loans/{loan_id}/restructurings."


class OtherHash(Conflict):
    code = "another_restructuring"
    title = "That is not the hash of what is proposed."
    fix = "Read the loan, look at the schedule, and sign the hash that it has now."


def request_hardship(was: Loan, context: Context, from_on: date, to_on: date, reason: str, now: datetime) -> LoanChange:
    """Ask for a pause. The bank answers, or it lapses."""
    most = context.policy.pause_days
    if not 0 < (to_on - from_on).days <= most:
        raise PauseTooLong(f"Ask for one day to {most}.", param="to_on", most_days=most)
    request = HardshipRequest(
        from_on=from_on,
        to_on=to_on,
        reason=reason,
        asked_at=now,
        due_at=now + timedelta(days=context.policy.hardship_answer_days),
    )
    return TABLE.change(
        was,
        "request-hardship",
        now,
        event="hardship_requested",
        payload={"from_on": from_on, "to_on": to_on},
        hardship=request,
    )


def propose_restructuring(
    was: Loan,
    context: Context,
    restructuring_id: str,
    planned: Sequence[PlannedInstalment],
    reason: str,
    actor: Actor,
    now: datetime,
) -> LoanChange:
    """Another schedule for all that is lent. It binds once the borrower has signed its hash and the bank has put it in force."""
    today = business_date(now)
    lent = position_on(was, context.product, today).principal_minor
    dates = [today, *(each.due_date for each in planned)]
    if sum(each.principal for each in planned) != lent or sorted(set(dates)) != dates:
        raise BadSchedule("It does not pay back what is lent, on days that ascend.", param="schedule", lent_minor=lent)
    proposed = Restructuring(
        id=restructuring_id,
        hash=hash_of(restructuring_id, was.id, planned),
        planned=tuple(planned),
        proposed_by=actor,
        reason=reason,
        proposed_at=now,
        due_at=now + timedelta(days=context.policy.restructuring_days),
    )
    return TABLE.change(
        was,
        "propose-restructuring",
        now,
        event="restructuring_proposed",
        payload={"restructuring_id": proposed.id, "hash": proposed.hash, "schedule": to_builtins(proposed.planned)},
        restructuring=proposed,
    )


def sign_restructuring(was: Loan, hash_: str, signer: str, now: datetime) -> LoanChange:
    """The borrower's signature, under exactly what it has read."""
    proposed = was.restructuring
    if proposed is None:
        raise NothingProposed(f"Nothing is proposed for {was.id}.")
    if hash_ != proposed.hash:
        raise OtherHash("Something else is proposed.", param="hash", hash=proposed.hash)
    return TABLE.change(
        was,
        "sign-restructuring",
        now,
        event="restructuring_signed",
        payload={"restructuring_id": proposed.id, "hash": proposed.hash, "signer": signer},
        restructuring=replace(proposed, signed_by=signer, signed_at=now),
    )


def hash_of(restructuring_id: str, loan_id: str, planned: Sequence[PlannedInstalment]) -> str:
    """The SHA-256 of what is signed: whose loan, which proposal, and each instalment."""
    document = {"loan_id": loan_id, "restructuring_id": restructuring_id, "schedule": list(planned)}
    return hashlib.sha256(msgspec.json.encode(document, order="sorted")).hexdigest()


def lapse_hardship_request(was: Loan, context: Context, at: datetime) -> LoanChange:
    return TABLE.change(was, "lapse_hardship_request", at, event="hardship_request_lapsed", hardship=None)


def lapse_restructuring(was: Loan, context: Context, at: datetime) -> LoanChange:
    return TABLE.change(was, "lapse_restructuring", at, event="restructuring_lapsed", restructuring=None)
