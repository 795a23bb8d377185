"""What banks say of a claim's payments: each part counts once, and with the last part of the last payment the claim is paid. Pure.

A word is about the payment that its instruction's purpose names; one about none of them (a fee that goes back) changes nothing here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.claims.rules.claim import SHARE, Claim, Paying, RefundStatus
from chalicelib.claims.rules.step import Dossier, Step, step
from chalicelib.orders.rules import claims as orders_claims

_FIELDS: Final = {"": "paying", SHARE: "share"}
"""The payment of a claim, by the purpose of its instructions."""


def settled(
    dossier: Dossier, instruction_id: str, amount_minor: int, now: datetime, *, purpose: str = ""
) -> Step | None:
    """A bank has paid part of a payment. None where that part was counted before."""
    was = _open(dossier.claim, purpose)
    if was is None or instruction_id in was.settled:
        return None
    more = replace(
        was,
        settled_minor=was.settled_minor + amount_minor,
        settled=(*was.settled, instruction_id),
    )
    return _come_nearer(dossier, purpose, more.without(instruction_id), "refund_settled", amount_minor, now)


def taken_back(
    dossier: Dossier, amount_minor: int, now: datetime, *, purpose: str = "", stopped: str = ""
) -> Step | None:
    """The buyer's bank took its payment back before so much of the refund had left: that part is with the buyer already.

    `stopped` is the instruction of which nothing is left.
    """
    was = _open(dossier.claim, purpose)
    if was is None:
        return None
    more = replace(was, taken_back_minor=was.taken_back_minor + amount_minor)
    return _come_nearer(dossier, purpose, more.without(stopped), "refund_taken_back", amount_minor, now)


def hindered(
    dossier: Dossier,
    instruction_id: str,
    seq: int,
    status: RefundStatus,
    reason: str,
    now: datetime,
    *,
    purpose: str = "",
) -> Step | None:
    """A part did not arrive, or is on its way again; the parties are told when that has changed, and of nothing old."""
    was = _open(dossier.claim, purpose)
    if was is None or instruction_id in was.settled:
        return None
    known = next((found for found in was.hindrances if found.instruction == instruction_id), None)
    if known is not None and (seq <= known.seq or status == known.status):
        return None
    name = "refund_retried" if status == "in_flight" else "refund_failed"
    facts = {"instruction": instruction_id, "status": status} | ({"reason": reason} if reason else {})
    return step(dossier.claim, name, now, facts=facts, **_changed(purpose, was.hindered(instruction_id, seq, status)))


def overdue(dossier: Dossier, now: datetime, *, purpose: str = "") -> Step:
    """An officer looks at the instructions; the claim waits for the bank, and rings again until it is paid."""
    was = _open(dossier.claim, purpose)
    assert was is not None
    return step(dossier.claim, "refund_overdue", now, **_changed(purpose, replace(was, overdue=was.overdue + 1)))


def paid(dossier: Dossier, now: datetime, *, facts: dict[str, Any], **changes: Any) -> Step:
    """All that is owed is with the buyer: the claim lets its order go."""
    claim = dossier.claim
    payments = replace(claim, **changes).payments
    told = {
        "amount_minor": sum(payment.total_minor for payment in payments),
        "taken_back_minor": sum(payment.taken_back_minor for payment in payments),
        "not_guaranteed_minor": payments[-1].not_guaranteed_minor,
    }
    effect = orders_claims.let_go(dossier.order, claim.id, "paid", dossier.terms, now)
    changes["why"] = " ".join(
        filter(None, (changes.get("why", claim.why), _through_its_bank(told["taken_back_minor"])))
    )
    return step(claim, "paid", now, status="paid", ended_at=now, facts=facts | told, effect=effect, **changes)


def _through_its_bank(minor: int) -> str:
    return (
        f"PA-3: {minor} minor units of it the buyer has through its own bank, which took the payment back."
        if minor
        else ""
    )


def _come_nearer(dossier: Dossier, purpose: str, more: Paying, name: str, amount_minor: int, now: datetime) -> Step:
    """One part nearer to the end, which it is when nothing is contested any more and no part of any payment is missing."""
    claim, changed = dossier.claim, _changed(purpose, more)
    if claim.status == "payable" and all(payment.is_settled for payment in replace(claim, **changed).payments):
        return paid(dossier, now, facts={}, **changed)
    return step(claim, name, now, facts={"amount_minor": amount_minor}, **changed)


def _open(claim: Claim, purpose: str) -> Paying | None:
    """The payment of that purpose, while banks have not settled all of it."""
    found: Paying | None = getattr(claim, _FIELDS[purpose]) if purpose in _FIELDS else None
    return None if found is None or found.is_settled else found


def _changed(purpose: str, paying: Paying) -> dict[str, Any]:
    return {_FIELDS[purpose]: paying}
