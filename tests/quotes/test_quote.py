"""A quote is used once, for exactly what it was asked for, and in its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.quotes.rules import quote as rules
from chalicelib.quotes.rules.quote import MACHINE, Quote, QuoteExpired, QuoteNotForThat, QuoteUsed
from chalicelib.shared.errors import DomainError
from tests.quotes.quoting import CHANNEL, open_channel, quoted
from tests.trade import Trade
from tests.world import Reply, StandingClock

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
    ("error", "of", "other"),
    [
        (QuoteUsed, ENDED["used"], {}),
        (QuoteExpired, ENDED["expired"], {}),
        (QuoteExpired, QUOTE, {"now": NOW + timedelta(minutes=15)}),
        (QuoteNotForThat, QUOTE, {"price": 129_001}),
        (QuoteNotForThat, QUOTE, {"channel": "chn_other"}),
    ],
)
def test_a_quote_is_refused_for_anything_else(error: type[DomainError], of: Quote, other: dict[str, object]) -> None:
    with pytest.raises(error):
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


def ask(trade: Trade, channel_id: str, price: str = "129000", of: str = "KRW", currency: str = "CNY") -> Reply:
    body = {"channel_id": channel_id, "price": {"amount": price, "currency": of}, "currency": currency}
    return trade.api.post("/v1/quotes", body, trade.buyer)


def test_a_buyer_is_told_what_a_price_comes_to_and_nobody_else_is(trade: Trade, officer: str) -> None:
    told = ask(trade, open_channel())
    assert (told.status, told["status"], told["version"], told["order_id"]) == (201, "open", 1, None)
    assert (told["pays"], told["gets"], told["fee"]) == (
        {"amount": "661.19", "currency": "CNY"},
        {"amount": "125775", "currency": "KRW"},
        {"amount": "3225", "currency": "KRW"},
    )
    assert [deadline["name"] for deadline in told["deadlines"]] == ["validity"]
    assert trade.api.get(f"/v1/quotes/{told['id']}", trade.buyer).body == told.body
    assert trade.api.get(f"/v1/quotes/{told['id']}", officer).status == 200
    assert trade.api.get(f"/v1/quotes/{told['id']}", trade.supplier).status == 404


def test_no_quote_is_given_for_what_a_channel_does_not_trade(trade: Trade, time: StandingClock) -> None:
    channel_id = open_channel()
    usd = ask(trade, channel_id, "100.00", "USD")
    assert (usd.status, usd["code"], usd["currencies"]) == (422, "price_currency_not_allowed", ["KRW"])
    unpaid = ask(trade, channel_id, currency="XAF")
    assert (unpaid["code"], "CNY" in unpaid["currencies"]) == ("buyer_currency_not_taken", True)
    decimals = ask(trade, channel_id, "129000.00")
    assert (decimals.status, decimals["param"]) == (400, "price.amount")
    assert ask(trade, "chn_none").status == 404
    closed = open_channel(closes_on=time().date())
    time.advance(days=1)
    assert ask(trade, closed)["code"] == "channel_not_open"


def test_a_japanese_price_is_quoted_as_well_and_a_price_in_the_buyers_own_currency_has_no_spread(trade: Trade) -> None:
    yen = ask(trade, open_channel("JP"), "10000", "JPY")
    assert (yen["gets"], yen["fee"]["amount"], yen["spread_bp"]) == ({"amount": "9700", "currency": "JPY"}, "300", 60)
    own = ask(trade, open_channel(price_currencies=("KRW", "CNY")), "100.00", "CNY")
    assert (own["pays"]["amount"], own["rate"], own["spread_bp"], own["fee"]["amount"]) == ("100.00", "1", 0, "2.50")
