"""A quote is used once, for exactly what it was asked for, and in its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.quotes.rules import quote as rules
from chalicelib.quotes.rules.quote import MACHINE, Quote, QuoteExpired, QuoteNotForThat, QuoteUsed
from chalicelib.shared.errors import DomainError
from tests.quotes.quoting import CHANNEL, quoted
from tests.trade import Trade

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
QUOTE = quoted("mem_B", NOW).state
ORDER = "ord_01JV8QZ7N4K3T5W6X8Y9ABCDEF"
ENDED = {
    "used": rules.use(QUOTE, ORDER, CHANNEL, 129_000, "KRW", NOW),
    "expired": rules.expire(QUOTE, (), QUOTE.valid_until).state,
}


def use(quote: Quote, now: datetime = NOW, channel: str = CHANNEL, price: int = 129_000) -> Quote:
    return rules.use(quote, ORDER, channel, price, "KRW", now)


def test_a_used_quote_names_its_order() -> None:
    used = use(QUOTE)
    assert (used.status, used.order_id, used.version, used.seq) == ("used", ORDER, 2, 1)


@pytest.mark.parametrize(
    ("refusal", "of", "other"),
    [
        (QuoteUsed, ENDED["used"], {}),
        (QuoteExpired, ENDED["expired"], {}),
        (QuoteExpired, QUOTE, {"now": NOW + timedelta(minutes=15)}),
        (QuoteNotForThat, QUOTE, {"price": 129_001}),
        (QuoteNotForThat, QUOTE, {"channel": "chn_other"}),
    ],
)
def test_a_quote_is_refused_for_anything_else(refusal: type[DomainError], of: Quote, other: dict[str, object]) -> None:
    with pytest.raises(refusal):
        use(of, **other)  # type: ignore[arg-type]


def test_a_quote_expires_when_its_quarter_of_an_hour_is_over() -> None:
    assert MACHINE.next_due(QUOTE, ()) == NOW + timedelta(minutes=15)
    assert list(MACHINE.overdue(QUOTE, (), QUOTE.valid_until - timedelta(milliseconds=1))) == []
    [change] = MACHINE.overdue(QUOTE, (), QUOTE.valid_until)
    assert (change.state.status, change.event.kind) == ("expired", "quote.expired")


@pytest.mark.parametrize("status", sorted(ENDED))
def test_nothing_happens_to_a_quote_that_has_ended(status: str) -> None:
    assert ENDED[status].status == status
    assert MACHINE.next_due(ENDED[status], ()) is None


def test_methods_are_shown_by_currency(trade: Trade) -> None:
    methods = trade.api.get("/v1/payment-methods?currency=HKD", trade.buyer)
    assert [method["id"] for method in methods["items"]] == ["bank_transfer", "card"]
    every = trade.api.get("/v1/payment-methods", trade.buyer)
    assert [(method["id"], method["refund_days"]) for method in every["items"]] == [
        ("bank_transfer", 3650),
        ("card", 365),
        ("wallet", 365),
    ]
