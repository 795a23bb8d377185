"""What banks, members, officers and the clock do to a claim between members. Pure.

The books follow by themselves: what members owe one another stands in memorandum accounts, a transfer in the accounts of money. A transfer
is paid on at once: what comes in from one member is on its way to the other in the same entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.guarantees.rules.member_claim import (
    ENDS,
    MOST_RECEIPTS,
    Context,
    Decision,
    MemberClaim,
    Receipt,
    TooManyReceipts,
    Why,
)
from chalicelib.guarantees.rules.member_claim_transitions import ASKED, TABLE, MemberClaimChange, is_final
from chalicelib.ledger.rules.chart import (
    BANK_CLEARING,
    MEMBER_CLAIMS_OWED,
    MEMBER_CLAIMS_PAID,
    MEMBER_CLAIMS_STANDING,
    PAYOUTS_PAYABLE,
    REFUNDS_PAYABLE,
)
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.journal import Event, PaymentOrder, Posting, transfer
from chalicelib.shared.texts import say

PURPOSE: Final = "member_claim"
"""What a payout to a member is for that another member paid."""


class OtherCurrency(RuleViolation):
    code = "not_the_member_claims_currency"
    title = "The claim is in another currency."
    fix = "Pay in the claim's own currency; an officer gives back what came in another one."


class NotPayableYet(Conflict):
    code = "member_claim_not_payable_yet"
    title = "The bank comes first: the claim is not payable yet."
    fix = "Pay when the claim says `payable`; an officer gives back what came before."


# What a call, or a repayment, makes of it


def opened(claim: MemberClaim, *, is_payable: bool, context: Context) -> MemberClaimChange:
    """The first version of a claim that follows from a call: held while the bank has not all that the call asks for."""
    first = _running(claim, context, claim.created_at) if is_payable else _held(claim, context, claim.created_at)
    return _first(first, "opened")


def offered(claim: MemberClaim, context: Context) -> MemberClaimChange:
    """The first version of a rescue: the bank has to report the payment in time, and is told of the offer."""
    due_at = context.after(claim.created_at, context.policy.rescue_days)
    payload = {"instalment": claim.instalment, "seat": claim.creditor.seat, "due_at": due_at}
    return _first(replace(claim, status="offered", due_at=due_at), "offered", payload)


def lent_at_once(claim: MemberClaim, context: Context) -> MemberClaimChange:
    """The first version of a rescue that no offer preceded: a guarantor has paid, and the debtor owes it that."""
    return _first(_running(claim, context, claim.created_at), "lent")


def adjust(
    was: MemberClaim, owed_minor: int, *, is_payable: bool, context: Context, now: datetime
) -> MemberClaimChange | None:
    """So much is still owed, by the call as it stands. None where the claim says so already, or has ended for good."""
    if was.status == "offered" or is_final(was):
        return None
    minor = was.paid_minor + owed_minor
    if not owed_minor:
        if was.status in ENDS:
            return None
        return _ended(was, "adjust", "paid" if was.paid_minor else "nothing_owed", now, minor=minor)
    after = replace(was, minor=minor, why=None, ended_at=None)
    if not is_payable:
        after = after if was.status == "held" else _held(after, context, now)
    elif was.status not in ASKED:
        after = _running(after, context, now)
    if after == was:
        return None
    event = "adjusted" if after.status == was.status else "became_payable" if is_payable else "held"
    return _change(was, "adjust", now, event=event, state=after)


def lend(was: MemberClaim, minor: int, bank_ref: str, context: Context, now: datetime) -> MemberClaimChange:
    """The bank reports that the offered instalment was paid: the debtor owes what was lent."""
    after = _running(replace(was, minor=minor, bank_ref=bank_ref), context, now)
    return _change(was, "lend", now, event="lent", state=after)


def end_offer(was: MemberClaim, why: Why, now: datetime) -> MemberClaimChange:
    return _ended(was, "end_offer", why, now)


def receive(
    was: MemberClaim, bank_id: str, bank_ref: str, minor: int, currency: str, context: Context, now: datetime
) -> MemberClaimChange:
    """A transfer that names the claim: what is left is paid on to the creditor, what is beyond goes back.

    NotPayableYet, OtherCurrency, MemberClaimNotInThisStatus and TooManyReceipts say why none of it is taken.
    """
    if was.status == "held":
        raise NotPayableYet(say("The claim {id} waits for the bank.", id=was.id), due_at=was.due_at)
    TABLE.require("receive", was, "bank", context, now)
    if currency != was.currency:
        raise OtherCurrency(say("The claim is in {currency}.", currency=was.currency), currency=was.currency)
    must_have_room(was.receipts, MOST_RECEIPTS, TooManyReceipts)
    taken = min(minor, was.remaining_minor)
    excess = minor - taken
    receipt = Receipt(bank_id=bank_id, bank_ref=bank_ref, amount_minor=taken, at=now, excess_minor=excess)
    after = replace(
        was,
        paid_minor=was.paid_minor + taken,
        receipts=(*was.receipts, receipt),
        lapses_at=context.time_barred(now),
    )
    if after.paid_minor == after.minor:
        after = replace(after, status="paid", why="paid", ended_at=now, due_at=None)
    elif after.status == "overdue":
        after = replace(after, due_at=after.lapses_at)
    bank = (BANK_CLEARING, bank_id)
    return _change(
        was,
        "receive",
        now,
        event="received",
        state=after,
        payload={"bank_ref": bank_ref, "received_minor": taken, "excess_minor": excess},
        postings=transfer(taken, currency, debit_to=bank, credit_to=(PAYOUTS_PAYABLE, was.creditor.member_id))
        + transfer(excess, currency, debit_to=bank, credit_to=(REFUNDS_PAYABLE, was.id)),
        payment_orders=_orders(was, receipt),
    )


# What its sides and officers do


def withdraw(was: MemberClaim, now: datetime) -> MemberClaimChange:
    return _ended(was, "withdraw", "offer_withdrawn", now)


def waive(was: MemberClaim, now: datetime) -> MemberClaimChange:
    """Whoever is owed it gives up what is left. What was paid stays paid."""
    return _ended(was, "waive", "waived", now)


def dispute(was: MemberClaim, text: str, context: Context, now: datetime) -> MemberClaimChange:
    due_at = context.after(now, context.policy.dispute_days)
    after = replace(was, status="disputed", disputed_at=now, dispute=text, due_at=due_at)
    return _change(was, "dispute", now, event="disputed", state=after)


def decide_dispute(
    was: MemberClaim, decision: Decision, text: str, officer: str, context: Context, now: datetime
) -> MemberClaimChange:
    decided = {"decision": decision, "decision_text": text, "decided_by": officer}
    if decision == "not_owed":
        return _ended(was, "decide-dispute", "not_owed", now, payload={"decision": decision}, **decided)
    after = _running(replace(was, **decided), context, now)
    return _change(was, "decide-dispute", now, event="dispute_decided", state=after, payload={"decision": decision})


# The clock


def end_unlent(was: MemberClaim, context: Context, at: datetime) -> MemberClaimChange:
    return end_offer(was, "not_lent_in_time", at)


def release(was: MemberClaim, context: Context, at: datetime) -> MemberClaimChange:
    """The bank has had all the time it has: members wait for it no longer."""
    return _change(was, "release", at, event="became_payable", state=_running(was, context, at))


def fall_due(was: MemberClaim, context: Context, at: datetime) -> MemberClaimChange:
    return _change(was, "fall_due", at, event="fell_due", state=replace(was, status="overdue", due_at=was.lapses_at))


def bar(was: MemberClaim, context: Context, at: datetime) -> MemberClaimChange:
    return _ended(was, "bar", "time_barred", at)


def let_stand(was: MemberClaim, context: Context, at: datetime) -> MemberClaimChange:
    """No officer decided in time: the claim stands, and may be disputed no more."""
    after = _running(replace(was, decision="stands"), context, at)
    return _change(was, "let_stand", at, event="dispute_decided", state=after, payload={"decision": "stands"})


_ENDED: Final[dict[Why, Any]] = {
    "paid": "paid",
    "waived": "waived",
    "nothing_owed": "withdrawn",
    "offer_withdrawn": "withdrawn",
    "not_owed": "withdrawn",
    "not_lent_in_time": "lapsed",
    "defaulted": "lapsed",
    "time_barred": "lapsed",
}
"""The status in which each reason leaves a claim."""


def _held(claim: MemberClaim, context: Context, now: datetime) -> MemberClaim:
    return replace(claim, status="held", due_at=now + timedelta(days=context.policy.hold_days))


def _running(claim: MemberClaim, context: Context, now: datetime) -> MemberClaim:
    """Payable from now on: due in so many days, and time-barred in so many years."""
    return replace(
        claim,
        status="payable",
        payable_at=now,
        due_at=context.payment_due(claim.kind, now),
        lapses_at=context.time_barred(now),
    )


def _first(claim: MemberClaim, event: str, more: Mapping[str, Any] | None = None) -> MemberClaimChange:
    payload = {**TABLE.payload(claim, claim), "from": None, **(more or {})}
    postings = _memorandum(replace(claim, status="offered"), claim)
    happened = Event(f"member_claim.{event}", payload, postings, claim.policy)
    return MemberClaimChange(state=claim, event=happened, at=claim.created_at)


def _ended(was: MemberClaim, name: str, why: Why, now: datetime, **fields: Any) -> MemberClaimChange:
    payload = {"why": why, **fields.pop("payload", {})}
    after = replace(was, **fields, status=_ENDED[why], why=why, ended_at=now, due_at=None)
    return _change(was, name, now, event=after.status, state=after, payload=payload)


def _change(
    was: MemberClaim, name: str, now: datetime, *, state: MemberClaim, postings: tuple[Posting, ...] = (), **more: Any
) -> MemberClaimChange:
    return TABLE.change(was, name, now, state=state, postings=postings + _memorandum(was, state), **more)


def _memorandum(was: MemberClaim, after: MemberClaim) -> tuple[Posting, ...]:
    """What members owe one another, before and after: what stands = what is owed + what was paid."""
    paid = after.paid_minor - was.paid_minor
    standing = after.remaining_minor - was.remaining_minor + paid
    of_claim = (MEMBER_CLAIMS_OWED, after.id), (MEMBER_CLAIMS_STANDING, after.id)
    debit_to, credit_to = of_claim if standing > 0 else of_claim[::-1]
    return transfer(abs(standing), after.currency, debit_to=debit_to, credit_to=credit_to) + transfer(
        paid, after.currency, debit_to=(MEMBER_CLAIMS_PAID, after.id), credit_to=(MEMBER_CLAIMS_OWED, after.id)
    )


def _orders(was: MemberClaim, receipt: Receipt) -> tuple[PaymentOrder, ...]:
    """What the bank is told to do with a transfer: pay it on, and give back what came beyond."""
    payout = PaymentOrder(
        kind="payout",
        bank_id=receipt.bank_id,
        aggregate_id=was.creditor.member_id,
        currency=was.currency,
        amount_minor=receipt.amount_minor,
        party=was.creditor.member_id,
        purpose=PURPOSE,
    )
    refund = PaymentOrder(
        kind="refund",
        bank_id=receipt.bank_id,
        aggregate_id=was.id,
        currency=was.currency,
        amount_minor=receipt.excess_minor,
        party=was.debtor.member_id,
        bank_ref=receipt.bank_ref,
    )
    return tuple(order for order in (payout, refund) if order.amount_minor)
