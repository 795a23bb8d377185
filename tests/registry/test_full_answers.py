"""The entry of a change keeps the whole answer: of an order and a claim with all their lists full, it still fits an item."""

from __future__ import annotations

import random
from typing import Final

from msgspec.structs import replace

from chalicelib.claims.rules.claim import MOST_FILES, MOST_OFFERS, Appeal, Claim, File, Offer
from chalicelib.claims.views.claim import claim_view
from chalicelib.orders.rules.order import (
    MOST_CLAIMS,
    MOST_DOCUMENTS,
    MOST_PAYMENTS,
    MOST_SHIPMENTS,
    MOST_SHIPPED_LINES,
    Claimed,
    Document,
    Order,
    Shipment,
    ShippedLine,
    TermsChangeRequest,
)
from chalicelib.orders.rules.terms import Item
from chalicelib.orders.views.order import order_view
from chalicelib.shared import packing
from chalicelib.shared.bounds import MOST_ITEM_BYTES
from chalicelib.shared.http import encode
from tests.claims.playing import Play
from tests.claims.rules.given import TERMS_POLICY

CHANCE: Final = random.Random(8)
MOST_ENTRY_BYTES: Final = 400 * 1024 - 20_000
"""An item of the store, less what an entry holds beside the answer."""


def words(characters: int) -> str:
    """Text that nothing squeezes: each character one of sixty thousand, four bytes of each."""
    return "".join(chr(0x20000 + CHANCE.randrange(0xA000)) for _ in range(characters))


def full_order() -> Order:
    order = Play().order
    item = order.terms.items[0]
    items = tuple(
        Item(line=line, name=words(200), quantity=1000, unit=words(30), unit_price_minor=item.unit_price_minor)
        for line in range(1, 101)
    )
    terms = replace(order.terms, items=items)
    shipment = Shipment(
        carrier=words(100),
        tracking_number=words(100),
        documents=tuple(
            Document(kind="bill_of_lading", reference=words(100), sha256=f"{CHANCE.randrange(16**64):064x}")
            for _ in range(MOST_DOCUMENTS // MOST_SHIPMENTS)
        ),
        lines=tuple(
            ShippedLine(line=line, quantity=CHANCE.randrange(10))
            for line in range(MOST_SHIPPED_LINES // MOST_SHIPMENTS)
        ),
        at=order.updated_at,
    )
    shipments = tuple(replace(shipment, carrier=words(100), tracking_number=words(100)) for _ in range(MOST_SHIPMENTS))
    claimed = Claimed(
        claim_id="clm_1", reason="wrong_item", lines=tuple(range(1, 101)), requested_minor=1, outcome="paid"
    )
    payment = order.payments[0]
    return replace(
        order,
        terms=terms,
        terms_change_request=TermsChangeRequest(
            by="buyer", terms=replace(terms, items=tuple(replace(i, name=words(200)) for i in items))
        ),
        shipments=shipments,
        payments=tuple(replace(payment, bank_ref=f"{CHANCE.random()}") for _ in range(MOST_PAYMENTS)),
        claims=(claimed,) * MOST_CLAIMS,
    )


def full_claim(play: Play) -> Claim:
    claim = play.file()
    offer = Offer(id="off_1", by="buyer", kind="partial", amount_minor=1, at=play.now, expires_at=play.now)
    file = File(
        id="evd_1",
        by="buyer",
        code="photos",
        name="",
        media_type="image/png",
        size=10**9,
        sha256="",
        visibility="both",
        at=play.now,
        status="submitted",
    )
    return replace(
        claim,
        statement=words(3_000),
        offers=tuple(replace(offer, id=f"off_{n}", note=words(500)) for n in range(2 * MOST_OFFERS)),
        files=tuple(
            replace(file, id=f"evd_{n}", name=words(100), sha256=f"{CHANCE.randrange(16**64):064x}")
            for n in range(2 * MOST_FILES)
        ),
        appeals=tuple(Appeal(by=side, grounds=words(3_000), files=(), at=play.now) for side in ("buyer", "supplier")),
    )


def test_an_order_that_is_full_and_the_answer_of_each_change_to_it_fit() -> None:
    order = full_order()
    assert len(packing.pack(order)) < MOST_ITEM_BYTES
    assert _entry(encode(order_view(order, TERMS_POLICY, "supplier", order.updated_at, []))) < MOST_ENTRY_BYTES


def test_a_claim_that_is_full_and_the_answer_of_each_change_to_it_fit() -> None:
    play = Play()
    claim = full_claim(play)
    play.claims[claim.id] = claim
    assert len(packing.pack(claim)) < MOST_ITEM_BYTES
    assert _entry(encode(claim_view(play.claim, play.context, "officer", play.now))) < MOST_ENTRY_BYTES


def _entry(answer: bytes) -> int:
    return len(packing.pack_bytes(answer))


def test_words_are_as_long_as_they_can_be() -> None:
    assert len(words(100).encode()) == 400
    assert len(packing.pack_bytes(words(10_000).encode())) > 20_000
