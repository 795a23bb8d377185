"""Whose money pays a claim, in which order, exactly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.claims.rules.waterfall import Slices, split, usd_of
from chalicelib.shared.fx import Quote

MINOR = st.integers(0, 10**15)
DOLLARS = Quote("USD", "USD", "1", "2026-03", "test")
WON = Quote("KRW", "USD", "0.0007", "2026-03", "test")


def slices(held: int = 0, balance: int = 0, deposit: int = 0, advance: int = 0, not_guaranteed: int = 0) -> Slices:
    return Slices(held=held, balance=balance, deposit=deposit, advance=advance, not_guaranteed=not_guaranteed)


def test_money_still_held_pays_first_and_alone_where_it_suffices() -> None:
    assert split(1_500, 5_000, 900, 900, 900) == slices(held=1_500)


def test_the_balance_the_deposit_and_the_advance_follow_in_that_order() -> None:
    assert split(1_000, 100, 200, 300, 5_000) == slices(100, 200, 300, 400)


def test_what_the_reservation_does_not_reach_is_not_guaranteed() -> None:
    found = split(1_000, 100, 200, 0, 300)
    assert found == slices(100, 200, 0, 300, 400)
    assert found.paid_minor == 600


def test_a_source_below_zero_gives_nothing_and_takes_nothing() -> None:
    assert split(100, -50, -50, -50, 30) == slices(advance=30, not_guaranteed=70)


def test_nothing_payable_takes_nothing() -> None:
    assert split(0, 100, 100, 100, 100) == slices()


@given(payable=MINOR, sources=st.tuples(MINOR, MINOR, MINOR, MINOR))
def test_slices_add_up_stay_within_their_sources_and_a_later_one_only_opens_when_the_earlier_are_spent(
    payable: int, sources: tuple[int, int, int, int]
) -> None:
    slices = split(payable, *sources)
    taken = [slices.held, slices.balance, slices.deposit, slices.advance]
    assert sum(taken) + slices.not_guaranteed == payable
    assert all(0 <= part <= source for part, source in zip(taken, sources, strict=True))
    for place, source in enumerate(sources):
        if taken[place] < source:
            assert sum(taken[place + 1 :]) + slices.not_guaranteed == 0


def test_a_part_of_a_reservation_is_converted_half_even_at_its_own_rate() -> None:
    assert usd_of(150_000, 500_000, 500_000, DOLLARS) == 150_000
    assert usd_of(50, 1_000, 71, WON) == 4  # 3.5 cents, to the even neighbour
    assert usd_of(150, 1_000, 71, WON) == 10  # 10.5 cents, to the even neighbour


def test_the_last_part_takes_what_remains_of_the_reservation() -> None:
    assert usd_of(1_000, 1_000, 71, WON) == 71
    assert usd_of(1_001, 1_000, 71, WON) == 71
    assert usd_of(0, 0, 0, WON) == 0


def test_no_part_takes_more_than_remains() -> None:
    assert usd_of(999, 1_000, 3, WON) == 3


@given(
    cap=st.integers(1, 10**12),
    shares=st.lists(st.integers(1, 10**11), max_size=12),
    rate=st.decimals("0.0001", "5", places=4).map(str),
)
def test_parts_of_a_reservation_never_add_up_to_more_and_all_of_them_to_exactly_that(
    cap: int, shares: list[int], rate: str
) -> None:
    quote = Quote("CNY", "USD", rate, "2026-03", "test")
    reserved = quote.convert(cap, "up")
    left, left_usd = cap, reserved
    for share in [*shares, cap]:
        part = min(share, left)
        usd = usd_of(part, left, left_usd, quote)
        assert 0 <= usd <= left_usd
        left, left_usd = left - part, left_usd - usd
    assert (left, left_usd) == (0, 0)
