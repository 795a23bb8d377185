"""Many at once for the last of a pool, and for one claim: each fen is given, and paid, once."""

from __future__ import annotations

from collections import Counter

import pytest
from msgspec.structs import replace

from chalicelib.guarantees.aggregate.member_claims import MEMBER_CLAIMS
from chalicelib.guarantees.aggregate.pools import POOLS
from chalicelib.guarantees.rules import pool_handling
from chalicelib.guarantees.service import between_members, member_claims, pools
from chalicelib.shared import clock, ids
from chalicelib.shared.errors import DomainError
from chalicelib.shared.request import CLOCK, RequestContext
from tests.guarantees import pooling
from tests.guarantees.calling import Calling
from tests.guarantees.rescuing import between, plant_claim
from tests.races.conftest import at_once
from tests.trade import Trade

pytestmark = pytest.mark.engine


def test_calls_that_ask_a_pool_at_once_get_no_more_than_it_has(trade: Trade) -> None:
    now = clock.now()
    pool = replace(pooling.empty(), id=ids.new_id("pol", now), share_bp=10_000)
    request = RequestContext(caller=CLOCK, now=now, request_id="test")
    POOLS.create(pool_handling.opened(pool), pooling.CONTEXT, request)
    POOLS.apply(
        pool.id, request, lambda was, context: pool_handling.replenish(was, context, pooling.paid_in(7), "boc", now)
    )
    at_once(12, lambda n: pools.ask(pool.id, pooling.short(1, f"gcl_{n}"), now))
    after = POOLS.repository.load(pool.id)
    assert after is not None
    assert (len({draw.call_id for draw in after.draws}), after.available_minor) == (7, 0)


def test_transfers_for_one_claim_at_once_are_each_booked_once_and_no_fen_beyond(trade: Trade) -> None:
    claim_id = plant_claim(between(trade.supplier_id, trade.buyer_id))

    def pay(number: int) -> str:
        request = RequestContext(caller=CLOCK, now=clock.now(), request_id="t", key=f"event {number // 2}", digest="t")
        try:
            member_claims.receive(claim_id, "boc", f"T-{number // 2}", 40_000_00, "CNY", request)
        except DomainError as error:
            return error.code
        return "booked"

    outcomes = Counter(at_once(12, pay))
    claim = MEMBER_CLAIMS.repository.load(claim_id)
    assert claim is not None
    assert (claim.status, claim.paid_minor, sum(each.excess_minor for each in claim.receipts)) == (
        "paid",
        150_000_00,
        10_000_00,
    )
    assert len({each.bank_ref for each in claim.receipts}) == len(claim.receipts) == 4
    assert set(outcomes) == {"booked", "member_claim_not_in_this_status"}


def test_several_that_follow_one_call_at_once_make_each_claim_once(trade: Trade) -> None:
    calling = Calling(300_000_00, dict.fromkeys("BCDE", 100))
    calling.notice()
    before = calling.pay("B", 200_000_00)
    after = calling.pay("B", 100_000_00)
    assert (before.status, after.status) == ("partly_paid", "paid")
    between_members.follow(before, clock.now())
    at_once(6, lambda n: between_members.follow(after, clock.now()))
    claims = between_members.claims_of(after).values()
    assert Counter((claim.kind, claim.status, claim.remaining_minor) for claim in claims) == {
        ("contribution", "payable", 75_000_00): 3,
        ("debtor_recourse", "payable", 300_000_00): 1,
    }
