"""A claim between members tells what ended it: money, whoever is owed it, the bank's word, an officer, or time."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from chalicelib.guarantees.rules import member_claim_handling as handling
from chalicelib.guarantees.rules.member_claim import MemberClaim, Status, Why
from chalicelib.guarantees.rules.member_claim_transitions import TABLE
from chalicelib.guarantees.views.member_claims import view
from tests.ends import endings
from tests.guarantees.between import CONTEXT, DAY, NOW, disputed, held, later, offered, overdue, payable

AT = NOW + DAY


def _part_paid() -> MemberClaim:
    return handling.receive(payable(), "boc", "R-1", 50_000_00, "CNY", CONTEXT, AT).state


def _adjusted(was: MemberClaim) -> MemberClaim:
    change = handling.adjust(was, 0, is_payable=True, context=CONTEXT, now=AT)
    assert change is not None
    return change.state


ENDS: list[tuple[Callable[[], MemberClaim], str, Status, Why]] = [
    (
        lambda: handling.receive(payable(), "boc", "R-1", 150_000_00, "CNY", CONTEXT, AT).state,
        "receive",
        "paid",
        "paid",
    ),
    (lambda: _adjusted(_part_paid()), "adjust", "paid", "paid"),
    (lambda: _adjusted(held()), "adjust", "withdrawn", "nothing_owed"),
    (lambda: handling.waive(payable(), AT).state, "waive", "waived", "waived"),
    (lambda: handling.withdraw(offered(), AT).state, "withdraw", "withdrawn", "offer_withdrawn"),
    (
        lambda: handling.decide_dispute(disputed(), "not_owed", "Right.", "officer-1", CONTEXT, AT).state,
        "decide-dispute",
        "withdrawn",
        "not_owed",
    ),
    (lambda: later(offered(), NOW + 30 * DAY), "end_offer", "lapsed", "not_lent_in_time"),
    (lambda: handling.end_offer(offered(), "defaulted", AT).state, "end_offer", "lapsed", "defaulted"),
    (lambda: later(overdue(), NOW + 1200 * DAY), "bar", "lapsed", "time_barred"),
]
ENDED = [(name, status) for _, name, status, _ in ENDS]
"""By which transition it ends, and how it then stands."""


@pytest.mark.parametrize(("ends", "name", "status", "why"), ENDS)
def test_the_reason_is_the_one_that_acted(ends: Callable[[], MemberClaim], name: str, status: Status, why: Why) -> None:
    seen = view(ends(), CONTEXT, "creditor", NOW + 1300 * DAY)
    assert (seen.status, seen.why, seen.allowed_actions, seen.deadlines) == (status, why, [], [])
    assert seen.remaining.amount == "0.00"


def test_every_reason_and_every_transition_to_an_end_is_here() -> None:
    assert {why for _, _, _, why in ENDS} == set(get_args(Why))
    assert set(ENDED) == endings(TABLE)
