"""A listing from its draft to its end, as values: ladders, moderation, what moves at once, and the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.listings.rules import handling, moderation
from chalicelib.listings.rules.catalogue import card_of, places_of
from chalicelib.listings.rules.effects import CountStock, PutOnSale
from chalicelib.listings.rules.listing import BelowMinimum, Finding, Step, price_of
from chalicelib.listings.rules.moderation import NotFit
from chalicelib.listings.rules.stock import Stock, StockCounted
from chalicelib.listings.rules.timers import MACHINE
from tests.listings.offered import CONTEXT, LATER, NOW, POLICY, broken, case, drafted, offer, published


@pytest.mark.parametrize(("quantity", "price"), [(1, 10_000), (9, 10_000), (10, 9_000), (11, 9_000)])
def test_the_ladder_prices_a_quantity_by_the_last_step_it_reaches(quantity: int, price: int) -> None:
    assert price_of(published(), quantity).price_minor == price


def test_less_than_the_minimum_is_not_sold_and_the_least_is_named() -> None:
    listing = published(minimum_quantity=10)
    with pytest.raises(BelowMinimum) as refused:
        price_of(listing, 9)
    assert refused.value.numbers["minimum_quantity"] == 10
    assert price_of(listing, 10) == Step(10, 9_000)
    with pytest.raises(BelowMinimum) as refused:
        price_of(published(steps=(Step(5, 1_000),)), 4)
    assert refused.value.numbers["minimum_quantity"] == 5


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"category": "weapons"}, "category_not_eligible"),
        ({"category": "cosmetics"}, "hs_code_missing"),
        ({"currency": "USD"}, "currency_not_allowed"),
        ({"steps": (Step(10, 900), Step(10, 880))}, "duplicate_step"),
        ({"steps": (Step(1, 900), Step(10, 901))}, "price_rises"),
        ({"minimum_quantity": 1_000}, "minimum_above_band"),
        ({"texts": {"ko": "손자수."}}, "language_missing"),
        ({"titles": {"zh-Hans": "高仿衬衫"}}, "prohibited_words"),
        ({"titles": {"zh-Hans": "衬衫", "en": "A Replica shirt"}}, "prohibited_words"),
        ({"pictures": ()}, "picture_missing"),
        ({"pictures": ("doc_1", "doc_2")}, "picture_missing"),
    ],
)
def test_each_rule_is_named_by_its_id(fields: dict[str, Any], rule: str) -> None:
    assert broken(offer(**fields)) == [rule]


def test_what_keeps_the_rules_breaks_none() -> None:
    assert broken(offer()) == []
    assert broken(offer(category="cosmetics", hs_code="330499")) == []
    assert broken(offer(titles={"zh-Hans": "衬衫", "en": "Replicated pattern"})) == [], "a word is looked for whole"


def test_a_currency_that_is_not_the_channels_is_refused_with_those_that_are() -> None:
    with pytest.raises(NotFit) as refused:
        moderation.must_be_fit(case(drafted(), offer(currency="USD")))
    [broken] = refused.value.numbers["rules"]
    assert (broken["rule"], broken["allowed"]) == ("currency_not_allowed", ("KRW",))
    assert str(broken["words"]) == "Prices in USD are not allowed in this channel."


def test_a_small_move_of_prices_holds_at_once_and_is_measured_from_what_a_person_approved() -> None:
    """Approved 10,000; 12,900 at once; 16,000 is +24 % of the last and +60 % of the approved: it waits, and 12,900 stays on sale."""
    first = published(steps=(Step(1, 10_000),))
    moved = handling.edit(first, CONTEXT, offer(number=2, steps=(Step(1, 12_900),)), LATER, NOW).state
    assert (moved.offer.steps, moved.pending, moved.on_sale) == ((Step(1, 12_900),), None, 2)
    waiting = handling.edit(moved, CONTEXT, offer(number=3, steps=(Step(1, 16_000),)), LATER, NOW).state
    assert (waiting.offer.steps, waiting.on_sale, waiting.moderate_by) == ((Step(1, 12_900),), 2, LATER)
    approved = handling.publish(waiting, CONTEXT, NOW).state
    assert (approved.offer.steps, approved.approved, approved.on_sale) == ((Step(1, 16_000),), (Step(1, 16_000),), 3)


@pytest.mark.parametrize(
    ("fields", "at_once"),
    [
        ({"steps": (Step(1, 13_000), Step(10, 6_300))}, True),
        ({"steps": (Step(1, 13_001), Step(10, 9_000))}, False),
        ({"steps": (Step(1, 10_000), Step(10, 6_299))}, False),
        ({"steps": (Step(1, 10_000),)}, False),
        ({"steps": (Step(1, 10_000), Step(20, 9_000))}, False),
        ({"titles": {"zh-Hans": "丝绸衬衫"}}, False),
    ],
)
def test_thirty_percent_of_prices_alone_is_the_most_that_moves_at_once(fields: dict[str, Any], at_once: bool) -> None:
    first = published()
    assert (
        moderation.moves_at_once(first.offer, offer(number=2, **fields), first.approved, POLICY.price_change_bp)
        is at_once
    )


def test_an_edit_on_top_of_one_that_waits_waits_too() -> None:
    waiting = handling.edit(published(), CONTEXT, offer(number=2, unit="box"), LATER, NOW).state
    again = handling.edit(waiting, CONTEXT, offer(number=waiting.next_number), LATER, NOW).state
    assert (again.on_sale, again.pending and again.pending.number) == (1, 3)


def test_a_rejection_says_its_rules_and_leaves_what_is_on_sale() -> None:
    finding = Finding(rule="not_as_described", words="Another shirt.")
    first = handling.reject(handling.submit(drafted(), LATER, NOW).state, CONTEXT, (finding,), NOW)
    assert (first.state.status, first.state.findings) == ("draft", (finding,))
    assert first.event.payload["rules"] == ["not_as_described"]
    waiting = handling.edit(published(), CONTEXT, offer(number=2, unit="box"), LATER, NOW).state
    later = handling.reject(waiting, CONTEXT, (finding,), NOW).state
    assert (later.status, later.on_sale, later.pending, later.findings) == ("published", 1, None, (finding,))


def test_what_is_on_sale_is_told_to_its_stock_in_the_same_commit() -> None:
    submitted = handling.submit(drafted(), LATER, NOW).state
    on_sale = handling.publish(submitted, CONTEXT, NOW)
    assert on_sale.effects == (PutOnSale(listing_id="lst_1", offer=1),)
    off = handling.suspend(on_sale.state, "Not licensed.", NOW)
    assert off.effects == (PutOnSale(listing_id="lst_1", offer=0),)
    assert handling.submit(drafted(), LATER, NOW).effects == ()


def test_the_catalogue_has_a_place_for_what_is_on_sale_and_for_nothing_else() -> None:
    listing = published()
    card = card_of(listing)
    assert card is not None
    assert (card.id, card.offer, card.picture, card.steps) == ("lst_1", 1, "doc_1", listing.offer.steps)
    assert places_of(listing)["price_place"] == "0000000000010000:lst_1"
    hidden = handling.suspend(listing, "Not licensed.", NOW).state
    assert card_of(hidden) is None
    assert set(places_of(hidden).values()) == {None}


def test_the_membership_takes_listings_off_sale_and_brings_back_only_those() -> None:
    gone = handling.suspend_with_membership(published(), NOW)
    assert gone is not None
    assert (gone.state.status, gone.state.why) == ("suspended", "membership")
    back = handling.reinstate_with_membership(gone.state, NOW)
    assert back is not None
    assert (back.state.status, back.state.on_sale) == ("published", 1)
    by_officer = handling.suspend(published(), "Not licensed.", NOW).state
    assert handling.reinstate_with_membership(by_officer, NOW) is None
    assert handling.suspend_with_membership(drafted(), NOW) is None


def test_moderation_is_escalated_once_and_never_lapses() -> None:
    submitted = handling.submit(drafted(), LATER, NOW).state
    due = MACHINE.due(submitted, CONTEXT)
    assert due is not None
    assert (due.timer.name, due.at) == ("moderation", LATER)
    late = due.fire(submitted, CONTEXT).state
    assert (late.status, late.escalated_at) == ("submitted", LATER)
    assert "moderation" not in [deadline.name for deadline in MACHINE.deadlines(late, CONTEXT)]


def test_a_listing_ends_after_ninety_days_and_is_renewed_in_its_last_thirty_or_after() -> None:
    listing = published()
    end = NOW + timedelta(days=90)
    assert listing.expires_at == end
    assert "renew" not in MACHINE.table.allowed(listing, "supplier", CONTEXT, end - timedelta(days=31))
    assert "renew" in MACHINE.table.allowed(listing, "supplier", CONTEXT, end - timedelta(days=30))
    assert handling.renew(listing, CONTEXT, LATER, end - timedelta(days=10)).state.expires_at == end + timedelta(
        days=90
    )
    over = handling.expire(listing, CONTEXT, end).state
    assert (over.status, over.on_sale, card_of(over)) == ("expired", 0, None)
    later = end + timedelta(days=5)
    again = handling.renew(over, CONTEXT, LATER, later).state
    assert (again.status, again.on_sale, again.expires_at) == ("published", 1, later + timedelta(days=90))


@pytest.mark.parametrize("also_by_membership", [False, True])
def test_what_an_officer_took_off_sale_is_put_back_by_an_officer_after_its_time_too(also_by_membership: bool) -> None:
    """Time does not undo what an officer decided: renewed, it waits for a person, and then has its time anew."""
    off = handling.suspend(published(), "Not licensed.", NOW).state
    if also_by_membership:
        assert handling.suspend_with_membership(off, NOW) is None
    over = handling.expire(off, CONTEXT, NOW + timedelta(days=90)).state
    later = NOW + timedelta(days=95)
    renewed = handling.renew(over, CONTEXT, later + timedelta(days=2), later)
    assert (renewed.state.status, renewed.state.on_sale, renewed.effects) == ("submitted", 0, ())
    assert (renewed.state.moderate_by, renewed.state.expires_at) == (later + timedelta(days=2), None)
    back = handling.publish(renewed.state, CONTEXT, later).state
    assert (back.status, back.expires_at, back.reason) == ("published", later + timedelta(days=90), "")
    refused = handling.reject(renewed.state, CONTEXT, (Finding(rule="other", words="Still not."),), later).state
    assert (refused.status, refused.on_sale) == ("draft", 0)


def test_what_is_on_hand_is_stated_on_the_count_it_was_read_at() -> None:
    """On hand 10, of which 3 are reserved; the supplier counts 12: 9 are available."""
    stock = Stock(available=7, reserved=3, count=4)
    change = handling.count_stock(published(), stock, 12, 4, NOW)
    assert change.effects == (CountStock(listing_id="lst_1", more=2, count=4),)
    with pytest.raises(StockCounted):
        handling.count_stock(published(), stock, 12, 3, NOW)


def test_an_edit_of_what_was_submitted_takes_it_back() -> None:
    submitted = handling.submit(drafted(), LATER, NOW).state
    edited = handling.edit(submitted, CONTEXT, offer(number=2), LATER, NOW).state
    assert (edited.status, edited.moderate_by) == ("draft", None)
    assert replace(edited.offer, number=1) == submitted.offer
