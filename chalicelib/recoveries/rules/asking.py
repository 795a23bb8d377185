"""Asking the supplier for what it owes: the demand, its debit, suspension, giving up. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.ledger.rules.chart import ADVANCES_RECEIVABLE, WRITTEN_OFF
from chalicelib.recoveries.rules.recovery import Account, Advance, Context, Policy, Recovery
from chalicelib.recoveries.rules.transitions import TABLE
from chalicelib.shared.journal import Event, PaymentOrder, transfer
from chalicelib.shared.periods import (
    BeyondCalendar,
    Calendar,
    business_date,
    business_days_after,
    end_of_business_date,
)
from chalicelib.shared.state_machine import Change


def opened(
    recovery_id: str,
    advance: Advance,
    account: Account | None,
    *,
    policy: Policy,
    policy_hash: str,
    calendar: Calendar,
    now: datetime,
) -> Change[Recovery]:
    """The first version. `now` is when the claim became payable: every term of the recovery runs from there."""
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
    payload = {
        "to": "open",
        "claim_id": advance.claim_id,
        "order_id": advance.order_id,
        "amount_minor": advance.amount_minor,
        "currency": advance.currency,
    }
    return Change(state=recovery, event=Event("recovery.opened", payload, policy=policy_hash), at=now)


def debit_due_at(start: datetime, policy: Policy, calendar: Calendar) -> datetime:
    """When a debit that a bank was told of at `start` is no longer waited for.

    What the platform advanced is asked back whether or not the holidays of the coming year are known: beyond the calendar, plain days are
    counted, so many that the supplier's bank has its business days in any year.
    """
    try:
        return business_days_after(start, policy.debit_business_days, calendar)
    except BeyondCalendar:
        return end_of_business_date(business_date(start) + timedelta(days=policy.debit_days_beyond_calendar))


def demand(was: Recovery, context: Context, at: datetime) -> Change[Recovery]:
    """Ask for all that is left, and tell the supplier's bank to debit it where an account is registered."""
    demanded_minor = was.remaining_minor
    return TABLE.change(
        was,
        "demand",
        at,
        to="demanded",
        debit_minor=demanded_minor if was.account else 0,
        payment_orders=debit_orders(was, demanded_minor),
        payload={"amount_minor": demanded_minor, "by_debit": was.account is not None},
    )


def debit_orders(recovery: Recovery, minor: int) -> tuple[PaymentOrder, ...]:
    """What the supplier's bank is told: one debit, or nothing where nothing is asked or no account is known."""
    if recovery.account is None or minor <= 0:
        return ()
    return (
        PaymentOrder(
            kind="debit",
            bank_id=recovery.account.bank_id,
            account=recovery.account.account,
            aggregate_id=recovery.supplier_id,
            party=recovery.supplier_id,
            currency=recovery.currency,
            amount_minor=minor,
        ),
    )


def give_up_debit(was: Recovery, at: datetime, *, why: str, minor: int | None = None) -> Change[Recovery]:
    """The debit of so much is not waited for any longer, or all that are under way. Should the bank carry it out yet, its money is taken all the same."""
    return TABLE.change(
        was,
        "debit.given_up",
        at,
        event="debit_given_up",
        status="setoff" if was.status == "demanded" else was.status,
        debit_minor=0 if minor is None else max(0, was.debit_minor - minor),
        payload={"reason": why, "remaining_minor": was.remaining_minor},
    )


def debit_not_in_time(was: Recovery, context: Context, at: datetime) -> Change[Recovery]:
    return give_up_debit(was, at, why="not_in_time")


def suspend(was: Recovery, context: Context, at: datetime) -> Change[Recovery]:
    """The supplier is kept out of the programme from now on, until it has paid or agreed on how to."""
    payload = {"remaining_minor": was.remaining_minor}
    return TABLE.change(was, "suspend", at, to="suspended", suspended_at=at, payload=payload)


def write_off(was: Recovery, reason: str, now: datetime) -> Change[Recovery]:
    """An officer gives up the rest. It is lost to the platform, and to the supplier's limit: no cover becomes free."""
    lost = was.remaining_minor
    receivable, written_off = (ADVANCES_RECEIVABLE, was.supplier_id), (WRITTEN_OFF, was.supplier_id)
    return TABLE.change(
        was,
        "write-off",
        now,
        to="written_off",
        written_off_minor=lost,
        ended_at=now,
        proposed=None,
        postings=transfer(lost, was.currency, debit_to=written_off, credit_to=receivable),
        payload={"reason": reason, "amount_minor": lost},
    )
