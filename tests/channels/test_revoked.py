"""K5: a membership is revoked after a payment and before the shipment. What is open goes on; nothing new begins; the badge says so at once."""

from __future__ import annotations

from chalicelib.channels.examples import REVOKE
from tests.acquiring.till import Till, booth, till
from tests.channels.country import OFFICER
from tests.listings.selling import steps

__all__ = ["booth", "till"]


def test_open_orders_cover_and_claims_go_on_and_no_new_order_is_taken(till: Till) -> None:
    api, shop = till.booth.api, till.booth
    order_id, payment_id = till.captured()
    before = till.order(order_id).body
    listing_id = shop.sell(steps=steps((1, "129000")))
    quote_id = shop.quote("129000")
    badge = f"/v1/storefronts/{shop.trade.supplier_id}/channel-badge?channel_id={shop.channel_id}"
    assert api.get(badge)["status"] == "VALID"
    revoked = api.post(f"/v1/channel-memberships/{shop.membership_id}/revoke", REVOKE | {"reason": "fraud"}, OFFICER)
    assert (revoked.status, revoked["payouts_frozen"]) == (200, True)
    assert api.get(badge)["status"] == "REVOKED"
    early = shop.order("129000", (listing_id, 1), quote_id=quote_id)
    assert (early.status, early["code"]) == (409, "membership_not_valid")
    till.streams()
    assert till.order(order_id).body == before
    assert till.payment(payment_id)["status"] == "captured"
    refused = shop.order("129000", (listing_id, 1), quote_id=quote_id)
    assert (refused.status, refused["code"]) == (409, "offer_changed")
    till.pass_time(days=20)
    claim = {"reason": "late_shipment", "amount": {"amount": "100.00", "currency": "CNY"}}
    filed = api.post(f"/v1/orders/{order_id}/claims", claim, shop.trade.buyer)
    assert (filed.status, filed["reserved"]["amount"]) == (201, "100.00")
