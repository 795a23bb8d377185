"""What banks say of a claim's payments: each part counts once, and with the last part of the last payment the claim is paid. Pure.

A word is about the payment that its instruction's purpose names; one about none of them (a fee that goes back) changes nothing here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.claims.rules.changing import change
from chalicelib.claims.rules.claim import INTERIM_PAYMENT, Claim, Refund, RefundStatus, existing
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.shared.money import printed

_FIELDS: Final = {"": "refund", INTERIM_PAYMENT: "interim_payment"}
"""The payment of a claim, by the purpose of its instructions."""


def settled(
    was: Claim, context: Context, instruction_id: str, amount_minor: int, at: datetime, *, purpose: str = ""
) -> ClaimChange | None:
    """A bank has paid part of a payment. None where that part was counted before."""
    payment = open_payment(was, purpose)
    if payment is None or instruction_id in payment.settled:
        return None
    more = replace(
        payment.without_exception(instruction_id),
        settled_minor=payment.settled_minor + amount_minor,
        settled=(*payment.settled, instruction_id),
    )
    return _come_nearer(was, context, "refund.settled", purpose, more, amount_minor, at)


def charged_back(
    was: Claim, context: Context, amount_minor: int, at: datetime, *, purpose: str = "", stopped: str = ""
) -> ClaimChange | None:
    """The buyer's bank took its payment back before so much of the refund had left: that part is with the buyer already.

    `stopped` is the instruction of which nothing is left.
    """
    payment = open_payment(was, purpose)
    if payment is None:
        return None
    more = replace(payment.without_exception(stopped), charged_back_minor=payment.charged_back_minor + amount_minor)
    return _come_nearer(was, context, "refund.charged_back", purpose, more, amount_minor, at)


def with_exception(
    was: Claim,
    instruction_id: str,
    seq: int,
    status: RefundStatus,
    reason: str,
    at: datetime,
    *,
    purpose: str = "",
) -> ClaimChange | None:
    """A part did not arrive, or is on its way again; the parties are told when that has changed, and of nothing old."""
    payment = open_payment(was, purpose)
    if payment is None or instruction_id in payment.settled:
        return None
    known = next(
        (refund_exception for refund_exception in payment.exceptions if refund_exception.instruction == instruction_id),
        None,
    )
    if known is not None and (seq <= known.seq or status == known.status):
        return None
    return change(
        was,
        "refund.exception",
        at,
        event="refund_retried" if status == "in_flight" else "refund_failed",
        payload={"instruction": instruction_id, "status": status} | ({"reason": reason} if reason else {}),
        **_changed(purpose, payment.with_exception(instruction_id, seq, status)),
    )


def overdue(was: Claim, context: Context, at: datetime, *, purpose: str = "") -> ClaimChange:
    """An officer looks at the instructions; the claim waits for the bank, and rings again until it is paid."""
    payment = existing(open_payment(was, purpose))
    return change(was, "refund_overdue", at, **_changed(purpose, replace(payment, overdue=payment.overdue + 1)))


def paid(
    was: Claim, context: Context, name: str, at: datetime, *, payload: dict[str, Any] | None = None, **more: Any
) -> ClaimChange:
    """All that is owed is with the buyer: the claim lets its order go."""
    payments = replace(was, **more).payments
    charged_back_minor = sum(payment.charged_back_minor for payment in payments)
    if charged_back_minor:
        through_its_bank = (
            f"PA-3: {printed(charged_back_minor, was.currency)} of it the buyer has through its own bank,"
            " which took the payment back."
        )
        more["why"] = f"{more.get('why', was.why)} {through_its_bank}".strip()
    return change(
        was,
        name,
        at,
        event="paid",
        part=orders_claims.close_claim(context.order, was.id, "paid", context.terms, at),
        status="paid",
        ended_at=at,
        payload=(payload or {})
        | {
            "amount_minor": sum(payment.total_minor for payment in payments),
            "charged_back_minor": charged_back_minor,
            "not_guaranteed_minor": payments[-1].not_guaranteed_minor,
        },
        **more,
    )


def open_payment(claim: Claim, purpose: str) -> Refund | None:
    """The payment of that purpose, while banks have not settled all of it."""
    payment: Refund | None = getattr(claim, _FIELDS[purpose]) if purpose in _FIELDS else None
    return None if payment is None or payment.is_settled else payment


def _come_nearer(
    was: Claim, context: Context, name: str, purpose: str, more: Refund, amount_minor: int, at: datetime
) -> ClaimChange:
    """One part nearer to the end, which it is when nothing is contested any more and no part of any payment is missing."""
    changed = _changed(purpose, more)
    if was.status == "payable" and all(payment.is_settled for payment in replace(was, **changed).payments):
        return paid(was, context, name, at, **changed)
    return change(was, name, at, event=name.replace(".", "_"), payload={"amount_minor": amount_minor}, **changed)


def _changed(purpose: str, refund: Refund) -> dict[str, Any]:
    return {_FIELDS[purpose]: refund}
