"""Whatever banks, members, officers and the clock do to a claim between members: the table declares it, the books balance, nothing is paid twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.guarantees.rules import member_claim_handling as handling
from chalicelib.guarantees.rules.member_claim import ENDS, MemberClaim
from chalicelib.guarantees.rules.member_claim_timers import MACHINE
from chalicelib.guarantees.rules.member_claim_transitions import TABLE, MemberClaimChange
from chalicelib.shared.errors import DomainError
from chalicelib.shared.journal import imbalance
from tests.guarantees.between import CONTEXT, NOW, claim, later, offered

STEPS = ("wait", "owe", "hold", "receive", "waive", "withdraw", "lend", "default", "dispute", "stands", "not_owed")
MEMORANDUM = ("member_claims_standing", "member_claims_owed", "member_claims_paid")


@given(
    is_rescue=st.booleans(),
    walk=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 150_000_00)), max_size=40),
)
def test_every_change_of_a_claim_is_declared_and_adds_up(is_rescue: bool, walk: list[tuple[str, int]]) -> None:
    first = (
        handling.offered(claim("rescue"), CONTEXT)
        if is_rescue
        else handling.opened(claim(), is_payable=False, context=CONTEXT)
    )
    books, state, now, came = Counter[str](), first.state, NOW, 0
    _book(books, first)
    for number, (name, minor) in enumerate(walk):
        now += timedelta(days=minor % 400) if name == "wait" else timedelta(minutes=1)
        for overdue in MACHINE.overdue(state, CONTEXT, now):
            _book(books, overdue)
        state = later(state, now)
        change = _step(state, name, minor, number, max(now, state.updated_at))
        if change is None:
            continue
        _book(books, change)
        came += sum(leg.debit_minor for leg in change.event.postings if leg.account == "bank_clearing")
        state = change.state
        assert change.state.version > 1
        assert (state.due_at is None) == (state.status in ENDS), "every state has a due time"
        assert 0 <= state.paid_minor <= state.minor
        assert state.remaining_minor > 0 or state.status in (*ENDS, "offered")
    assert books["member_claims_owed"] == state.remaining_minor
    assert books["member_claims_paid"] == state.paid_minor == -books["payouts_payable"]
    assert books["bank_clearing"] == came == state.paid_minor - books["refunds_payable"], (
        "all that came is paid on or goes back"
    )


def _book(books: Counter[str], change: MemberClaimChange) -> None:
    assert imbalance(change.event.postings) == {}
    assert imbalance(leg for leg in change.event.postings if leg.account in MEMORANDUM) == {}
    for leg in change.event.postings:
        books[leg.account] += leg.debit_minor - leg.credit_minor
    ordered = Counter[str]()
    for order in change.event.payment_orders:
        ordered[order.kind] += order.amount_minor
    credited = Counter({leg.account: leg.credit_minor for leg in change.event.postings})
    assert (ordered["payout"], ordered["refund"]) == (credited["payouts_payable"], credited["refunds_payable"])


def _step(was: MemberClaim, name: str, minor: int, number: int, now: datetime) -> MemberClaimChange | None:
    """What comes of a step; None where it is not allowed, or changes nothing."""
    try:
        return _decide(was, name, minor, number, now)
    except DomainError:
        return None


def _decide(was: MemberClaim, name: str, minor: int, number: int, now: datetime) -> MemberClaimChange | None:
    match name:
        case "owe" | "hold":
            owed = 0 if minor % 3 == 0 else minor
            return handling.adjust(was, owed, is_payable=name == "owe", context=CONTEXT, now=now)
        case "receive":
            return handling.receive(was, "boc", f"R-{number}", minor, "CNY", CONTEXT, now)
        case "waive" if _may(was, "waive", "creditor", now):
            return handling.waive(was, now)
        case "withdraw" if _may(was, "withdraw", "creditor", now):
            return handling.withdraw(was, now)
        case "lend" if was.status == "offered":
            return handling.lend(was, minor, f"P-{number}", CONTEXT, now)
        case "default" if was.status == "offered":
            return handling.end_offer(was, "defaulted", now)
        case "dispute" if _may(was, "dispute", "debtor", now):
            return handling.dispute(was, "No.", CONTEXT, now)
        case "stands" | "not_owed" if _may(was, "decide-dispute", "officer", now):
            return handling.decide_dispute(
                was, "stands" if name == "stands" else "not_owed", "So.", "ann", CONTEXT, now
            )
    return None


def _may(was: MemberClaim, name: str, actor: str, now: datetime) -> bool:
    return name in TABLE.allowed(was, actor, CONTEXT, now)


def test_an_offer_owes_nothing() -> None:
    assert offered().remaining_minor == 0
