"""Which deposits wait for a moment, for officers: whoever owes is among them."""

from __future__ import annotations

from tests.deposits.account.shop import Shop, shop
from tests.world import token

__all__ = ["shop"]
OFFICER = token("officer", "officer-1", "deposits")


def listed(shop: Shop, query: str = "") -> list[tuple[str, str]]:
    reply = shop.api.get(f"/v1/deposits{query}", OFFICER)
    assert reply.status == 200, reply.body
    return [(each["seller_id"], each["status"]) for each in reply["items"]]


def test_who_owes_is_listed_from_the_moment_it_does_until_it_has_paid(shop: Shop) -> None:
    shop.open()
    assert listed(shop) == []
    shop.act("risks", {"risk_class": "R2", "case": "C-1", "reason": "False advertising."})
    assert listed(shop) == listed(shop, "?status=due") == [(shop.seller_id, "due")]
    assert listed(shop, "?status=overdue") == []
    shop.time.advance(hours=73)
    assert listed(shop, "?status=overdue") == [(shop.seller_id, "overdue")], "as it stands now, swept or not"
    shop.pays("2000.00")
    assert listed(shop) == []
