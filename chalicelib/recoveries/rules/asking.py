"""Asking the supplier for what it owes: the demand, its debit, suspension, giving up. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.ledger.rules.chart import ADVANCES_RECEIVABLE, WRITTEN_OFF
from chalicelib.recoveries.rules.moves import must_be_allowed
from chalicelib.recoveries.rules.recovery import Account, Advance, Policy, Recovery
from chalicelib.recoveries.rules.step import Step, step
from chalicelib.shared.journal import Event, Instruct, transfer
from chalicelib.shared.periods import (
    BeyondCalendar,
    Calendar,
    business_date,
    business_days_after,
    end_of_business_date,
)


def opened(
    recovery_id: str,
    advance: Advance,
    account: Account | None,
    *,
    policy: Policy,
    policy_hash: str,
    calendar: Calendar,
    now: datetime,
) -> Step:
    """The first step. `now` is when the claim became payable: every term of the recovery runs from there."""
    recovery = Recovery(
        id=recovery_id,
        advance=advance,
        status="open",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
        account=account,
        debit_due_at=debit_due_at(now, policy, calendar),
    )
    facts = {
        "to": "open",
        "claim_id": advance.claim_id,
        "order_id": advance.order_id,
        "amount_minor": advance.amount_minor,
        "currency": advance.currency,
    }
    return Step(recovery=recovery, event=Event("recovery.opened", facts, policy=policy_hash), at=now)


def debit_due_at(start: datetime, policy: Policy, calendar: Calendar) -> datetime:
    """When a debit that a bank was told of at `start` is no longer waited for.

    What the platform advanced is asked back whether or not the holidays of the coming year are known: beyond the calendar, plain days are
    counted, so many that the supplier's bank has its business days in any year.
    """
    try:
        return business_days_after(start, policy.debit_business_days, calendar)
    except BeyondCalendar:
        return end_of_business_date(business_date(start) + timedelta(days=policy.debit_days_beyond_calendar))


def demand(was: Recovery, at: datetime) -> Step:
    """Ask for all that is left, and tell the supplier's bank to debit it where an account is registered."""
    asked = was.left_minor
    return step(
        was,
        "demanded",
        at,
        status="demanded",
        debit_minor=asked if was.account else 0,
        instructs=debit_instructions(was, asked),
        facts={"amount_minor": asked, "by_debit": was.account is not None},
    )


def debit_instructions(recovery: Recovery, minor: int) -> tuple[Instruct, ...]:
    """What the supplier's bank is told: one debit, or nothing where nothing is asked or no account is known."""
    if recovery.account is None or minor <= 0:
        return ()
    return (
        Instruct(
            kind="debit",
            bank_id=recovery.account.bank_id,
            account=recovery.account.account,
            of=recovery.supplier_id,
            party=recovery.supplier_id,
            currency=recovery.currency,
            amount_minor=minor,
        ),
    )


def give_up_debit(was: Recovery, at: datetime, *, why: str) -> Step:
    """The debit is not waited for any longer. Should the bank carry it out yet, its money is taken all the same."""
    status = "setoff" if was.status == "demanded" else was.status
    return step(
        was,
        "debit_given_up",
        at,
        status=status,
        debit_minor=0,
        facts={"reason": why, "left_minor": was.left_minor},
    )


def suspend(was: Recovery, at: datetime) -> Step:
    """The supplier is kept out of the programme from now on, until it has paid or agreed on how to."""
    return step(was, "suspended", at, status="suspended", suspended_at=at, facts={"left_minor": was.left_minor})


def write_off(was: Recovery, policy: Policy, reason: str, now: datetime) -> Step:
    """An officer gives up the rest. It is lost to the platform, and to the supplier's limit: no cover becomes free."""
    must_be_allowed("write-off", was, policy, "officer", now)
    lost = was.left_minor
    postings = transfer(
        lost,
        was.currency,
        debit_to=(WRITTEN_OFF, was.supplier_id),
        credit_to=(ADVANCES_RECEIVABLE, was.supplier_id),
    )
    return step(
        was,
        "written_off",
        now,
        status="written_off",
        written_off_minor=lost,
        ended_at=now,
        proposed=None,
        postings=postings,
        facts={"reason": reason, "amount_minor": lost},
    )
