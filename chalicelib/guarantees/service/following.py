"""What the journal says that concerns guarantees: payments of guarantors, defaults, calls, and what members pay one another.

Everything here may run twice, late and in any order: what counts is how things stand now.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.credit.rules.history import Past
from chalicelib.credit.service import histories
from chalicelib.guarantees.aggregate.calls import CALLS
from chalicelib.guarantees.rules.call import Call
from chalicelib.guarantees.rules.honouring import is_honoured
from chalicelib.guarantees.rules.member_claim import ENDS
from chalicelib.guarantees.rules.pool import Shortfall
from chalicelib.guarantees.service import between_members, calling, pools, rescues
from chalicelib.loans.aggregate import LOANS
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date
from chalicelib.shared.views import view_of

RESCUING: Final = frozenset({"loan.repayment_received", "loan.repayment_reversed", "loan.default_declared"})
"""Entries of a loan that may concern a rescue."""


def follow(entry: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none."""
    calling.follow(entry, now)
    if entry.event.kind in RESCUING:
        rescues.follow(entry.aggregate_id, now)
    elif entry.event.kind.startswith(calling.OF_CALL):
        _settle_between_members(entry.aggregate_id, now)
        _tell_histories(entry, now)
    elif entry.event.kind.startswith("member_claim.") and (call_id := entry.event.payload["call_id"]):
        if entry.event.kind == "member_claim.received":
            _settle_between_members(call_id, now)
        if entry.event.payload["to"] in ENDS:
            calling.follow_claim(call_id, entry, now)


def _settle_between_members(call_id: str, now: datetime) -> None:
    """What members owe one another by the call as it is now, and what the pool is to pay where they cannot."""
    call = CALLS.repository.load(call_id)
    assert call is not None, "a call stays"
    between_members.follow(call, now)
    if call.status == "exhausted" and call.pool_id:
        pools.ask(call.pool_id, _shortfall(call, now), now)


def _tell_histories(entry: Entry, now: datetime) -> None:
    """Whether guarantors have paid their shares on time, for their scores: as far as that can be said now."""
    loaded = CALLS.load(entry.aggregate_id, now)
    loan = LOANS.load(loaded.state.loan_id, now) if loaded else None
    if loaded is None or loan is None:
        return
    call = loaded.state
    for share in call.shares:
        is_decided = share.status in ("paid", "overdue", "failed")
        if is_decided and (is_kept := is_honoured(call, share, loan.state)) is not None:
            past = Past(
                kind="share",
                subject_id=call.id,
                seq=call.version,
                on=business_date(call.updated_at),
                is_kept=is_kept,
                is_over=True,
            )
            histories.tell(share.member_id, past)


def _shortfall(call: Call, now: datetime) -> Shortfall:
    loan = LOANS.load(call.loan_id, now)
    assert loan is not None, "a loan stays"
    return view_of(
        Shortfall, call, call_id=call.id, minor=call.shortfall_minor, share_bp=loan.context.product.pool_share_bp
    )
