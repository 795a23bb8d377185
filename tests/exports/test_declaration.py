"""A declaration told once and again: what is new, known, updated or refused, and what it counts for."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.exports.rules.declaration import (
    MOST_RETURNS,
    Declaration,
    DeclarationFact,
    Return,
    UnfitDeclaration,
    corrected,
    lines_of,
    tell,
)
from chalicelib.shared import fx
from chalicelib.shared.fx import Quote
from tests.exports.declarations import RELEASED, SUBMITTED, TODAY, back, fact, tellings

REFUND = date(2026, 2, 10)
FIRST, SECOND, THIRD = date(2026, 2, 1), date(2026, 2, 5), date(2026, 2, 20)


def told(was: Declaration | None, *facts: DeclarationFact) -> list[str]:
    outcomes = []
    for each in facts:
        was, outcome = tell(was, each, fx.quote, TODAY)
        outcomes.append(":".join(filter(None, (outcome.result, outcome.column, outcome.reason))))
    return outcomes


def counts(*facts: DeclarationFact) -> list[tuple[date, int]]:
    known = tellings(*facts)
    assert known is not None
    return [(on, line.usd_minor) for on, line in lines_of(known)]


def test_a_declaration_goes_from_submitted_to_released_and_back() -> None:
    submitted = fact(status="submitted", released_on=None)
    assert told(None, submitted, fact(), fact(tax_refund_paid_on=REFUND), back(FIRST, 1_000_000)) == [
        "new",
        "updated",
        "updated",
        "updated",
    ]
    assert counts(submitted) == []
    assert counts(submitted, fact()) == [(RELEASED, 12_000_000)]
    assert counts(submitted, fact(), back(FIRST, 1_000_000)) == [(RELEASED, 12_000_000), (FIRST, -1_000_000)]


def test_what_is_told_again_or_late_is_known() -> None:
    assert told(None, fact(), fact(), fact(status="submitted", released_on=None)) == ["new", "known", "known"]
    assert told(None, back(FIRST, 5), fact(), back(FIRST, 5)) == ["new", "known", "known"]


def test_the_same_telling_is_answered_as_it_was_the_first_time() -> None:
    first, second = fact(source="feed:0"), back(FIRST, 5, source="feed:1")
    assert told(None, first, second, first, second) == ["new", "updated", "new", "updated"]


def test_a_cancelled_declaration_counts_for_nothing_whatever_is_told_of_it() -> None:
    cancelled = fact(status="cancelled", released_on=None)
    assert counts(cancelled) == counts(fact(), cancelled) == counts(cancelled, back(FIRST, 5)) == []


@pytest.mark.parametrize(
    ("given_", "column"),
    [
        ({"member_id": "mem_other"}, "exporter_ref"),
        ({"order_ref": "order-2"}, "order_ref"),
        ({"buyer_ref": "globex"}, "buyer_ref"),
        ({"buyer_country": "FR"}, "buyer_country"),
        ({"currency": "EUR"}, "currency"),
        ({"amount_minor": 12_000_001}, "amount"),
        ({"channel": "staff"}, "channel"),
        ({"origin": "elsewhere"}, "origin"),
        ({"is_related": True}, "related_party"),
        ({"submitted_on": SUBMITTED - timedelta(1)}, "submitted_on"),
        ({"released_on": RELEASED + timedelta(1)}, "released_on"),
        ({"tax_refund_paid_on": REFUND + timedelta(1)}, "tax_refund_paid_on"),
        ({"returns": (Return(FIRST, 6),)}, "returned_amount"),
    ],
)
def test_what_never_changes_contradicts_when_it_is_told_otherwise(given_: dict[str, Any], column: str) -> None:
    known = back(FIRST, 5, tax_refund_paid_on=REFUND)
    assert told(None, known, replace(known, **given_)) == ["new", f"refused:{column}:contradicts"]


@pytest.mark.parametrize(
    ("given_", "refused"),
    [
        ({"amount_minor": 0}, "amount:zero_amount"),
        ({"buyer_ref": "lantern-works"}, "buyer_ref:own_trade"),
        ({"released_on": None}, "released_on:missing_for_status"),
        ({"status": "submitted", "released_on": None, "tax_refund_paid_on": REFUND}, "released_on:missing_for_status"),
        ({"status": "returned"}, "returned_on:missing_for_status"),
        (
            {"submitted_on": TODAY + timedelta(1), "released_on": None, "status": "submitted"},
            "submitted_on:in_the_future",
        ),
        ({"released_on": TODAY + timedelta(1)}, "released_on:in_the_future"),
        ({"tax_refund_paid_on": TODAY + timedelta(1)}, "tax_refund_paid_on:in_the_future"),
        ({"returns": (Return(TODAY + timedelta(1), 5),)}, "returned_on:in_the_future"),
        ({"released_on": SUBMITTED - timedelta(1)}, "released_on:before_the_submission"),
        ({"tax_refund_paid_on": RELEASED - timedelta(1)}, "tax_refund_paid_on:before_the_release"),
        ({"returns": (Return(RELEASED - timedelta(1), 5),)}, "returned_on:before_the_release"),
        ({"returns": (Return(FIRST, 0),)}, "returned_amount:zero_amount"),
        ({"returns": (Return(FIRST, 12_000_001),)}, "returned_amount:returned_too_much"),
        ({"currency": "KES"}, "currency:no_exchange_rate"),
    ],
)
def test_what_cannot_be_true_is_refused_by_name(given_: dict[str, Any], refused: str) -> None:
    assert told(None, fact(**given_)) == [f"refused:{refused}"]


def test_returns_of_several_dates_are_no_more_than_was_exported() -> None:
    assert told(None, back(FIRST, 7_000_000), back(SECOND, 5_000_000), back(THIRD, 1)) == [
        "new",
        "updated",
        "refused:returned_amount:returned_too_much",
    ]


def test_a_declaration_holds_so_many_returns_and_refuses_one_more() -> None:
    days = [RELEASED + timedelta(number) for number in range(MOST_RETURNS + 1)]
    assert told(None, *(back(on, 1) for on in days))[-2:] == ["updated", "refused:returned_on:too_many_returns"]


def test_a_return_takes_the_rate_of_its_exports_month() -> None:
    """EX-1."""

    def quote(currency: str, on: date) -> Quote:
        return Quote(currency, "USD", {3: "1.0850", 6: "1.0700"}[on.month], f"{on:%Y-%m}", "a table")

    march = fact(currency="EUR", amount_minor=1_000_000, submitted_on=date(2024, 3, 1), released_on=date(2024, 3, 12))
    known, _ = tell(None, march, quote, TODAY)
    known, _ = tell(
        known, replace(march, status="returned", returns=(Return(date(2024, 6, 5), 1_000_000),)), quote, TODAY
    )
    assert known is not None
    assert [line.usd_minor for _, line in lines_of(known)] == [1_085_000, -1_085_000]
    assert (known.rate, known.rate_as_of) == ("1.0850", "2024-03")


def test_the_return_that_makes_it_whole_takes_what_the_others_left() -> None:
    known = fact(currency="EUR", amount_minor=100, tax_refund_paid_on=REFUND)
    parts = [
        replace(known, status="returned", returns=(Return(on, minor),))
        for on, minor in ((FIRST, 33), (SECOND, 33), (THIRD, 34))
    ]
    for order in itertools.permutations(parts):
        assert [minor for _, minor in counts(*order)] == [110, -36, -36, -38]


def test_a_correction_takes_the_place_of_what_was_told() -> None:
    known = tellings(fact(source="feed:0"), back(FIRST, 5))
    assert known is not None
    right = fact(amount_minor=11_000_000, member_id="mem_other")
    after = corrected(known, right, fx.quote, TODAY)
    assert (after.fact, after.seq, after.rate) == (right, 1, "1")
    assert told(after, fact(source="feed:0"), fact(source="feed:9")) == ["new", "refused:exporter_ref:contradicts"]
    moved = corrected(after, replace(right, currency="EUR"), fx.quote, TODAY)
    assert moved.rate == "1.1000"
    with pytest.raises(UnfitDeclaration, match="returned_too_much"):
        corrected(known, fact(returns=(Return(FIRST, 12_000_001),)), fx.quote, TODAY)


STEPS = st.lists(
    st.sampled_from(
        [
            fact(status="submitted", released_on=None),
            fact(),
            fact(tax_refund_paid_on=REFUND),
            back(FIRST, 4_000_001),
            back(SECOND, 3_999_999),
            back(THIRD, 4_000_000, tax_refund_paid_on=REFUND),
            fact(status="cancelled"),
        ]
    ),
    min_size=1,
    max_size=9,
)


@given(STEPS, st.randoms(use_true_random=False))
def test_the_order_of_tellings_and_how_often_they_come_do_not_matter(facts: list[DeclarationFact], chance: Any) -> None:
    known = tellings(*facts)
    again = [*facts, *chance.choices(facts, k=4)]
    chance.shuffle(again)
    assert tellings(*again) == known
    assert known is not None
    lines = [line.usd_minor for _, line in lines_of(known)]
    assert sum(lines) >= 0
    if known.returned_minor == known.fact.amount_minor:
        assert sum(lines) == 0
