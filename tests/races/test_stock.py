"""Many buyers at once of the last pieces of a listing, and of one quote."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.listings.selling import Booth
from tests.races.conftest import at_once
from tests.world import token

pytestmark = pytest.mark.engine

PIECES = 10
BUYERS = 100


def buyers(booth: Booth, number: int) -> list[str]:
    officer = token("officer", "officer-1", "admin")
    bodies = [{"external_ref": f"buyer-{n}", "name": f"Buyer {n}", "country": "CN"} for n in range(number)]
    return [token("member", booth.api.post("/v1/members", body, officer)["id"]) for body in bodies]


def test_of_a_hundred_buyers_of_ten_pieces_exactly_ten_have_an_order(booth: Booth) -> None:
    listing_id = booth.sell(on_hand=PIECES, steps=[{"quantity": 1, "price": {"amount": "12900", "currency": "KRW"}}])
    crowd = buyers(booth, BUYERS)
    quotes = [booth.quote("12900", by) for by in crowd]
    replies = at_once(BUYERS, lambda n: booth.order("12900", (listing_id, 1), by=crowd[n], quote_id=quotes[n]))
    assert Counter(reply.status for reply in replies) == {201: PIECES, 409: BUYERS - PIECES}
    assert {(reply["code"], reply["available"]) for reply in replies if reply.status == 409} == {("stock_short", 0)}
    stock = booth.stock(listing_id)
    assert (stock.available, stock.reserved) == (0, PIECES)
    used = Counter(
        booth.api.get(f"/v1/quotes/{quote_id}", by)["status"] for quote_id, by in zip(quotes, crowd, strict=True)
    )
    assert used == {"used": PIECES, "open": BUYERS - PIECES}
    assert booth.trade.standing().reserved_minor == sum(reserved(reply) for reply in replies if reply.status == 201)


def test_a_quote_is_used_once_however_many_orders_are_placed_with_it(booth: Booth) -> None:
    listing_id = booth.sell()
    quote_id = booth.quote("51600")
    replies = at_once(12, lambda _: booth.order("51600", (listing_id, 4), quote_id=quote_id))
    assert Counter((reply.status, reply.body.get("code")) for reply in replies) == {
        (201, None): 1,
        (409, "quote_used"): 11,
    }
    assert booth.stock(listing_id).reserved == 4


def test_a_price_that_moves_while_many_order_is_paid_by_nobody_who_did_not_see_it(booth: Booth) -> None:
    """Whoever was faster than the edit has the old price, and nobody has a price that is not on sale."""
    listing_id = booth.sell(on_hand=100)
    offer = booth.api.get(f"/v1/listings/{listing_id}", booth.supplier)["offer"]
    dearer = [{"quantity": 1, "price": {"amount": "14000", "currency": "KRW"}}, offer["steps"][1]]
    written = {
        name: offer[name] for name in ("titles", "texts", "category", "hs_code", "origin", "lead_days", "pictures")
    }
    quotes = [booth.quote("51600") for _ in range(11)]

    def rival(n: int) -> tuple[int, str | None]:
        if n == 5:
            body = {"offer": written | {"steps": dearer}}
            return booth.act(listing_id, "edit", booth.supplier, body).status, "edit"
        reply = booth.order("51600", (listing_id, 4), quote_id=quotes[n])
        return reply.status, reply.body.get("code")

    told = Counter(at_once(11, rival))
    assert told.pop((200, "edit")) == 1
    assert set(told) <= {(201, None), (409, "offer_changed"), (422, "quote_not_for_that")}
    assert booth.stock(listing_id).reserved == 4 * told[(201, None)]


def reserved(reply: object) -> int:
    return int(reply["cover"]["reserved"]["amount"].replace(".", ""))  # type: ignore[index]
