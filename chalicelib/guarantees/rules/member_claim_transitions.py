"""Which action on a claim between members, from where, by whom, to where. Pure. The clock's moments are in `member_claim_timers.py`.

What follows from a call is the bank's: the bank's word of what was paid makes a claim, changes it and lets it fall.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from chalicelib.guarantees.rules.member_claim import ENDS, STATUSES, Context, MemberClaim, Status
from chalicelib.shared.state_machine import Among, Change, InvalidTransition, Table, Transition

MemberClaimChange = Change[MemberClaim]


class MemberClaimNotInThisStatus(InvalidTransition):
    code = "member_claim_not_in_this_status"
    title = "The claim between members does not allow that now."


def _is_undecided(claim: MemberClaim, context: Context, actor: str, now: datetime) -> bool:
    """An officer decides once."""
    return claim.decision is None


def is_final(claim: MemberClaim) -> bool:
    """Whether a claim has ended by somebody's decision, or by time: what the bank still reports does not open it again."""
    return claim.status in ("waived", "lapsed") or claim.why in ("not_owed", "offer_withdrawn")


def _may_change(claim: MemberClaim, context: Context, actor: str, now: datetime) -> bool:
    return not is_final(claim)


def _payload(was: MemberClaim, claim: MemberClaim) -> dict[str, Any]:
    return {
        "from": was.status,
        "to": claim.status,
        "kind": claim.kind,
        "loan_id": claim.loan_id,
        "call_id": claim.call_id,
        "bank_id": claim.bank_id,
        "debtor_id": claim.debtor.member_id,
        "creditor_id": claim.creditor.member_id,
        "currency": claim.currency,
        "amount_minor": claim.minor,
        "remaining_minor": claim.remaining_minor,
    }


_in: Final = Among[Status]()
ASKED: Final = _in("payable", "overdue", "disputed")
"""Whoever owes it can pay it."""
_BOOKED: Final = frozenset(STATUSES) - _in("offered", "waived", "lapsed")
_LIVE: Final = frozenset(STATUSES) - ENDS - _in("offered")
_CLOCK: Final = frozenset({"clock"})
_BANK: Final = frozenset({"bank"})
_DEBTOR: Final = frozenset({"debtor"})
_CREDITOR: Final = frozenset({"creditor"})
_OFFICER: Final = frozenset({"officer"})

TABLE: Final = Table[MemberClaim, Context](
    kind="member_claim",
    error=MemberClaimNotInThisStatus,
    ends=ENDS,
    payload=_payload,
    transitions=(
        Transition("withdraw", _in("offered"), _CREDITOR, _in("withdrawn")),
        Transition("lend", _in("offered"), _BANK, _in("payable")),
        Transition("end_offer", _in("offered"), _CLOCK | _BANK, _in("lapsed")),
        Transition("adjust", _BOOKED, _BANK, _LIVE | _in("paid", "withdrawn"), _may_change),
        Transition("release", _in("held"), _CLOCK, _in("payable")),
        Transition("receive", ASKED, _BANK, ASKED | _in("paid")),
        Transition("fall_due", _in("payable"), _CLOCK, _in("overdue")),
        Transition("bar", _in("overdue"), _CLOCK, _in("lapsed")),
        Transition("waive", _LIVE, _CREDITOR, _in("waived")),
        Transition("dispute", _in("payable", "overdue"), _DEBTOR, _in("disputed"), _is_undecided),
        Transition("decide-dispute", _in("disputed"), _OFFICER, _in("payable", "withdrawn")),
        Transition("let_stand", _in("disputed"), _CLOCK, _in("payable")),
    ),
)
