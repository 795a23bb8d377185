"""What a borrower asks of its bank: a pause, or another schedule, which it signs. The bank answers by its reports. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.loans.rules import loan as rules
from chalicelib.loans.rules.heavier import heavier
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.schedule_changes import BadSchedule
from chalicelib.loans.rules.servicing import PauseTooLong
from chalicelib.loans.rules.transitions import TABLE, LoanChange, NothingProposed, NothingToConsentTo
from chalicelib.shared.errors import Conflict
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say


class OtherHash(Conflict):
    code = "another_restructuring"
    title = "That is not the hash of what is proposed."
    fix = "Read the loan, look at the schedule, and sign the hash that it has now."


def request_hardship(
    was: rules.Loan, context: rules.Context, from_on: date, to_on: date, reason: str, now: datetime
) -> LoanChange:
    """Ask for a pause. The bank answers, or it lapses."""
    most = context.policy.pause_days
    if not 0 < (to_on - from_on).days <= most:
        raise PauseTooLong(say("Ask for one day to {most}.", most=most), param="to_on", most_days=most)
    request = rules.HardshipRequest(
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
    was: rules.Loan,
    context: rules.Context,
    restructuring_id: str,
    planned: Sequence[rules.PlannedInstalment],
    reason: str,
    actor: rules.Actor,
    now: datetime,
) -> LoanChange:
    """Another schedule for all that is lent. It binds once the borrower has signed its hash and the bank has put it in force."""
    today = business_date(now)
    position = position_on(was, context.product, today)
    lent = position.principal_minor
    dates = [today, *(each.due_date for each in planned)]
    if sum(each.principal for each in planned) != lent or sorted(set(dates)) != dates:
        raise BadSchedule("It does not pay back what is lent, on days that ascend.", param="schedule", lent_minor=lent)
    proposed = rules.Restructuring(
        id=restructuring_id,
        hash=hash_of(restructuring_id, was.id, planned),
        planned=tuple(planned),
        proposed_by=actor,
        reason=reason,
        proposed_at=now,
        due_at=now + timedelta(days=context.policy.restructuring_days),
        heavier=heavier(planned, position) if was.guarantee and was.guarantee.binds else None,
    )
    loan = replace(was, restructuring=proposed)
    return TABLE.change(
        was,
        "propose-restructuring",
        now,
        event="restructuring_proposed",
        payload={
            "restructuring_id": proposed.id,
            "hash": proposed.hash,
            "schedule": to_builtins(proposed.planned),
            **_for_guarantors(loan),
        },
        state=loan,
    )


def sign_restructuring(was: rules.Loan, hash_: str, signer: str, now: datetime) -> LoanChange:
    """The borrower's signature, under exactly what it has read."""
    proposed = _proposed(was, hash_)
    return TABLE.change(
        was,
        "sign-restructuring",
        now,
        event="restructuring_signed",
        payload={"restructuring_id": proposed.id, "hash": proposed.hash, "signer": signer, **_unbound(was)},
        restructuring=replace(proposed, signed_by=signer, signed_at=now),
    )


def consent_to_restructuring(was: rules.Loan, hash_: str, seat: int, person_id: str, now: datetime) -> LoanChange:
    """A guarantor's consent to a heavier schedule, by its hash: it answers for all of it then. The bank is told who has not."""
    proposed = _proposed(was, hash_)
    if seat not in was.unconsented:
        raise NothingToConsentTo(
            say("Of the seat {seat} nothing is asked.", seat=seat), heavier=proposed.heavier is not None
        )
    consent = rules.Consent(seat=seat, by=person_id, at=now)
    loan = replace(was, restructuring=replace(proposed, consents=(*proposed.consents, consent)))
    return TABLE.change(
        was,
        "consent-restructuring",
        now,
        event="restructuring_consented",
        payload={"restructuring_id": proposed.id, "hash": proposed.hash, "guarantor_seat": seat, **_unbound(loan)},
        state=loan,
    )


def _proposed(was: rules.Loan, hash_: str) -> rules.Restructuring:
    """NothingProposed or OtherHash where that is not what is proposed."""
    proposed = was.restructuring
    if proposed is None:
        raise NothingProposed(say("Nothing is proposed for {id}.", id=was.id))
    if hash_ != proposed.hash:
        raise OtherHash("Something else is proposed.", param="hash", hash=proposed.hash)
    return proposed


def _unbound(loan: rules.Loan) -> dict[str, Any]:
    """What the bank has to know before it decides: for how much which guarantors would not answer."""
    heavier_ = loan.restructuring.heavier if loan.restructuring else None
    return {"heavier_minor": heavier_.minor, "unbound_seats": loan.unconsented} if heavier_ else {}


def _for_guarantors(loan: rules.Loan) -> dict[str, Any]:
    """The same, and that the guarantors hear of it: each is asked to consent."""
    unbound, terms = _unbound(loan), loan.guarantee
    return {**unbound, "guarantor_ids": [each.member_id for each in terms.guarantors]} if unbound and terms else unbound


def hash_of(restructuring_id: str, loan_id: str, planned: Sequence[rules.PlannedInstalment]) -> str:
    """The SHA-256 of what is signed: whose loan, which proposal, and each instalment."""
    document = {"loan_id": loan_id, "restructuring_id": restructuring_id, "schedule": list(planned)}
    return hashlib.sha256(msgspec.json.encode(document, order="sorted")).hexdigest()


def lapse_hardship_request(was: rules.Loan, context: rules.Context, at: datetime) -> LoanChange:
    return TABLE.change(was, "lapse_hardship_request", at, event="hardship_request_lapsed", hardship=None)


def lapse_restructuring(was: rules.Loan, context: rules.Context, at: datetime) -> LoanChange:
    return TABLE.change(was, "lapse_restructuring", at, event="restructuring_lapsed", restructuring=None)
