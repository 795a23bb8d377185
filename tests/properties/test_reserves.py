"""Reserves are personal: whatever order claims are filed, settled, decided, paid and closed in, each gets at least what was reserved for it.

Money comes back through a bank, and comes in again, in between; the claims filed last give way first, whoever is quickest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.claims.rules import refunds
from chalicelib.claims.rules.changing import end
from chalicelib.claims.rules.claim import Claim
from chalicelib.ledger.rules.chart import SUPPLIER_BALANCE
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules import delivery as orders_delivery
from chalicelib.orders.rules import payments as orders_payments
from chalicelib.orders.rules.order import ENDS, Claimed
from chalicelib.orders.rules.payments import PaymentReceived, PaymentReturned
from chalicelib.orders.views.money import money_view
from tests.claims.rules.given import TERMS_POLICY
from tests.properties.disputed import Disputed, order_in
from tests.size import at_size

REASONS = ("wrong_item", "quality_mismatch", "quantity_short")
MINOR = st.integers(1, 500_000)
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["file", "settle", "settle", "more", "close", "pay", "interim_payment", "back", "again", "early"]
        ),
        st.integers(0, 2),
        MINOR,
    ),
    min_size=3,
    max_size=14,
)


class Crowd(Disputed):
    """Up to three claims on one order, ended by whichever way is asked for."""

    def __init__(self, cap_minor: int) -> None:
        super().__init__(order_in("USD", "1", cap_minor))
        self.take_own(orders_delivery.receive(self.order, TERMS_POLICY, self.now))
        self.seqs = count(1)

    def do(self, deed: str, which: int, minor: int) -> None:
        if deed in _MONEY:
            _MONEY[deed](self, minor)
        elif deed == "file":
            if len(self.claims) < len(REASONS) and self.order.ceiling_left_minor:
                self.file(REASONS[len(self.claims)], minor)  # type: ignore[arg-type]
        elif which < len(self.claims):
            claim_id = sorted(self.claims)[which]
            if self.claims[claim_id].status in _DECIDED_BY:
                _ENDS[deed](self, claim_id, minor)

    def mark(self, claim_id: str) -> Claimed:
        return next(mark for mark in self.order.claims if mark.claim_id == claim_id)

    def refund(self, claim_id: str, minor: int) -> None:
        """Agreed or decided: the claim gets what was reserved for it first, whatever became of the others."""
        was, own = self.claims[claim_id], self.mark(claim_id).reserved_minor
        asked = max(min(minor, was.requested_minor), was.interim_payment_minor)
        change = refunds.refund(was, self.context, _DECIDED_BY[was.status], asked, self.now, payload={})
        assert change.state.interim_payment_minor + _total(change.state) >= min(
            asked, own + change.state.interim_payment_minor
        )
        self.take(change)

    def what_is_lacking_grows_with_the_amount(self) -> None:
        """So where the held money suffices for the most that can be owed, nothing else is read."""
        for claim in self.open_claims():
            amounts = range(claim.interim_payment_minor, claim.requested_minor + 1, 1 + claim.requested_minor // 40)
            lacking = [refunds.lacking_minor(claim, self.context, minor) for minor in amounts]
            assert lacking == sorted(lacking)


_DECIDED_BY: dict[str, str] = {"negotiating": "settle", "appealed": "decide-appeal"}
"""What brings a refund about, by the state it comes from."""


def _total(claim: Claim) -> int:
    return claim.refund.total_minor if claim.refund else 0


def _share(crowd: Crowd, claim_id: str, minor: int) -> None:
    """While an appeal runs."""
    appealed = replace(crowd.claims[claim_id], status="appealed")
    most = min(minor, refunds.approvable_minor(appealed, crowd.context))
    if most and not appealed.interim_payment:
        crowd.take(
            refunds.interim_payment(
                appealed, crowd.context, "pay_share", most, crowd.now, event="undisputed", payload={}
            )
        )


def _more(crowd: Crowd, claim_id: str, minor: int) -> None:
    was = crowd.claims[claim_id]
    if not was.interim_payment:
        changed = orders_claims.change_requested_amount(crowd.order, claim_id, minor, crowd.now)
        crowd.order, crowd.claims[claim_id] = changed, replace(was, requested_minor=minor)


def _close(crowd: Crowd, claim_id: str, minor: int) -> None:
    if not crowd.claims[claim_id].interim_payment:
        crowd.take(end(crowd.claims[claim_id], crowd.context, "withdraw", "withdrawn", crowd.now, why="x"))


_ENDS: dict[str, Callable[[Crowd, str, int], None]] = {
    "settle": Crowd.refund,
    "pay": lambda crowd, claim_id, minor: crowd.refund(claim_id, crowd.claims[claim_id].requested_minor),
    "interim_payment": _share,
    "more": _more,
    "close": _close,
}


def _own(crowd: Crowd, fact: Any) -> None:
    crowd.take_own(orders_payments.apply(crowd.order, fact, designated=True, policy=TERMS_POLICY, now=crowd.now))


def _back(crowd: Crowd, minor: int) -> None:
    left = crowd.order.payments[1].amount_minor - crowd.order.payments[1].returned_minor
    if crowd.order.status not in ENDS and min(left, minor):
        fact = PaymentReturned(
            bank_id="boc",
            bank_ref="R-2",
            seq=next(crowd.seqs),
            amount_minor=min(left, minor),
            currency="USD",
            reason="recalled",
            value_date=date(2026, 3, 3),
        )
        _own(crowd, fact)


def _again(crowd: Crowd, minor: int) -> None:
    """More money comes in, in the place of what went back."""
    if crowd.order.status not in ENDS:
        seq = next(crowd.seqs)
        fact = PaymentReceived(
            bank_id="boc",
            bank_ref=f"N-{seq}",
            seq=seq,
            account="TA-USD-01",
            value_date=date(2026, 3, 3),
            amount_minor=minor,
            currency="USD",
        )
        _own(crowd, fact)


def _early(crowd: Crowd, minor: int) -> None:
    if most := min(minor, crowd.order.early_minor):
        crowd.take_own(orders_delivery.pay_out(crowd.order, most, crowd.now))


_MONEY: dict[str, Callable[[Crowd, int], None]] = {"back": _back, "again": _again, "early": _early}


@settings(max_examples=at_size(600, 150))
@given(deeds=DEEDS, cap=st.sampled_from([150_000, 500_000]))
def test_each_claim_gets_what_is_reserved_for_it_and_money_adds_up_in_whatever_order_things_happen(
    deeds: list[tuple[str, int, int]], cap: int
) -> None:
    crowd = Crowd(cap)
    for deed, which, minor in deeds:
        crowd.now += timedelta(hours=1)
        before = {mark.claim_id: mark.reserved_minor for mark in crowd.order.open_claims}
        crowd.do(deed, which, minor)
        order = crowd.order
        assert order.reserved_minor <= order.claimable_minor <= order.refundable_minor
        assert crowd.accounts[SUPPLIER_BALANCE, "mem_s"] <= 0 <= order.held_minor
        crowd.what_is_lacking_grows_with_the_amount()
        told = money_view(order, crowd.now)
        if order.status not in ENDS:
            parts = told.claimed.minor(param=""), told.ceiling_left.minor(param=""), told.covered.minor(param="")
            assert parts[0] + parts[1] <= parts[2]
        if deed == "back":
            _last_filed_gives_first(crowd, before)


def _last_filed_gives_first(crowd: Crowd, before: dict[str, int]) -> None:
    cut = [mark.reserved_minor < before[mark.claim_id] for mark in crowd.order.open_claims]
    kept = [mark.reserved_minor for mark in crowd.order.open_claims]
    if any(cut):
        first = cut.index(True)
        assert not any(kept[first + 1 :]), "who filed later had nothing left before an earlier claim gave anything"


@pytest.mark.parametrize("decided_first", ["the settlement above the cover", "the claim filed before it"])
def test_a_settlement_above_the_cover_leaves_what_is_reserved_for_another_claim(decided_first: str) -> None:
    """5,000.00 covered and held. The first claim has 3,000.00 reserved, the second 2,000.00, and settles for 3,000.00."""
    crowd = Crowd(500_000)
    first, second = crowd.file("wrong_item", 300_000), crowd.file("quality_mismatch", 300_000)
    ends = [partial(crowd.refund, second.id, 300_000), partial(crowd.refund, first.id, 300_000)]
    for refund in ends if decided_first.startswith("the settlement") else ends[::-1]:
        refund()
    paid = {claim.requested_minor: claim for claim in crowd.claims.values()}
    assert len(paid) == 1
    one, two = (crowd.claims[name].refund for name in (first.id, second.id))
    assert one
    assert (one.total_minor, one.held_minor, one.not_guaranteed_minor) == (300_000, 300_000, 0)
    assert two
    assert (two.total_minor, two.held_minor, two.not_guaranteed_minor) == (200_000, 200_000, 100_000)
    assert (crowd.order.held_minor, crowd.order.refundable_minor) == (0, 0)


def test_held_money_reserved_for_another_claim_pays_no_debt_above_the_cover() -> None:
    """1,500.00 covered of 5,000.00, and 1,500.00 had early: of the 3,500.00 held, 1,000.00 are another claim's."""
    crowd = Crowd(150_000)
    _early(crowd, 150_000)
    first, second = crowd.file("wrong_item", 100_000), crowd.file("quality_mismatch", 400_000)
    crowd.accounts[SUPPLIER_BALANCE, "mem_s"] = 0
    crowd.refund(second.id, 400_000)
    owed = crowd.claims[second.id].refund
    assert owed
    assert (owed.held_minor, owed.advance_minor, owed.not_guaranteed_minor) == (250_000, 0, 150_000)
    crowd.refund(first.id, 100_000)
    owed = crowd.claims[first.id].refund
    assert owed
    assert (owed.held_minor, owed.advance_minor) == (100_000, 0)


def test_a_claim_whose_worth_is_owed_takes_nothing_more_of_what_others_free() -> None:
    """All that the second one got is above the cover: the bank took back what was reserved for it, and the first asked for more."""
    crowd = Crowd(150_000)
    first, second = crowd.file("wrong_item", 100_000), crowd.file("quality_mismatch", 400_000)
    _back(crowd, 350_000)
    crowd.order = replace(crowd.order, received_minor=90_000)
    _more(crowd, first.id, 400_000)
    assert (crowd.mark(first.id).reserved_minor, crowd.mark(second.id).reserved_minor) == (90_000, 0)
    _again(crowd, 200_000)
    assert (crowd.mark(first.id).reserved_minor, crowd.mark(second.id).reserved_minor) == (150_000, 0)
    crowd.refund(second.id, 100_000)
    owed = crowd.claims[second.id].refund
    assert owed
    assert (owed.total_minor, crowd.mark(second.id).paid_minor) == (100_000, 0)
    _close(crowd, first.id, 0)
    assert (crowd.mark(second.id).reserved_minor, crowd.order.ceiling_left_minor) == (0, 150_000)
