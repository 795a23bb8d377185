"""A listing through the API: written, looked at, on sale, seen by everybody, and taken off again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.channels.aggregate.memberships import MEMBERSHIPS
from chalicelib.channels.records.memberships import MembershipRow
from chalicelib.listings.declared import LISTINGS
from chalicelib.listings.examples import OFFER
from chalicelib.listings.service import commands, following, gates
from chalicelib.shared import clock
from chalicelib.shared.request import CLOCK, RequestContext
from tests.listings.selling import Booth, join, reinstate, steps, suspend
from tests.world import Streams, token


def test_a_listing_is_written_checked_approved_and_then_seen_by_everybody(booth: Booth) -> None:
    listing_id, _ = booth.ready()
    assert booth.catalogue() == []
    submitted = booth.act(listing_id, "submit", booth.supplier)
    assert (submitted.status, submitted["status"], submitted["deadlines"][0]["name"]) == (
        200,
        "submitted",
        "moderation",
    )
    assert booth.act(listing_id, "publish", booth.supplier).status == 403
    own = f"/v1/listings/{listing_id}/documents/{submitted['offer']['pictures'][0]}"
    assert [booth.api.get(own, by).status for by in (booth.officer, booth.supplier, booth.trade.buyer)] == [
        200,
        200,
        404,
    ]
    assert booth.api.get(own.replace("documents", "pictures")).status == 404
    published = booth.act(listing_id, "publish", booth.officer)
    assert (published["status"], published["offer"]["number"]) == ("published", 2)
    assert booth.catalogue() == booth.catalogue("?category=clothing") == [listing_id]
    assert booth.catalogue(f"?supplier={booth.trade.supplier_id}") == [listing_id]
    assert booth.catalogue("?category=cosmetics") == []
    seen = booth.api.get(f"/v1/channels/{booth.channel_id}/listings/{listing_id}")
    assert (seen["available"], seen["offer"]["steps"]) == (100, OFFER["steps"])
    picture = booth.api.get(f"/v1/listings/{listing_id}/pictures/{seen['offer']['pictures'][0]}")
    assert (picture.status, picture["url"].startswith("http")) == (200, True)


def test_what_breaks_rules_is_refused_by_their_ids_and_stays_a_draft(booth: Booth) -> None:
    """K9: priced in USD in a channel of KRW."""
    drafted = booth.draft(steps=steps((1, "9.00"), currency="USD"))
    refused = booth.act(drafted["id"], "submit", booth.supplier)
    assert (refused.status, refused["code"]) == (422, "listing_breaks_rules")
    assert [broken["rule"] for broken in refused["rules"]] == ["currency_not_allowed", "picture_missing"]
    assert refused["rules"][0]["allowed"] == ["KRW"]
    assert booth.api.get(f"/v1/listings/{drafted['id']}", booth.supplier)["status"] == "draft"


def test_a_rejection_is_read_by_the_supplier_in_rules_and_words(booth: Booth) -> None:
    listing_id, _ = booth.ready()
    booth.act(listing_id, "submit", booth.supplier)
    rules = [{"rule": "not_as_described", "words": "Another shirt."}]
    rejected = booth.act(listing_id, "reject", booth.officer, {"rules": rules})
    assert (rejected.status, rejected["status"]) == (200, "draft")
    seen = booth.api.get(f"/v1/listings/{listing_id}", booth.supplier)
    assert [(each["rule"], each["words"]) for each in seen["findings"]] == [("not_as_described", "Another shirt.")]


def test_prices_move_at_once_by_up_to_thirty_percent_of_what_was_approved(booth: Booth) -> None:
    """LI-2: 10,000 → 12,900 → 16,000; the stock moves without anybody."""
    listing_id = booth.sell(on_hand=0, steps=steps((1, "10000")))
    offer = booth.api.get(f"/v1/listings/{listing_id}", booth.supplier)["offer"]
    written = {name: offer[name] for name in (*OFFER, "pictures")}
    first = booth.act(listing_id, "edit", booth.supplier, {"offer": written | {"steps": steps((1, "12900"))}})
    assert (first["pending"], first["offer"]["steps"]) == (None, steps((1, "12900")))
    booth.trade.time.at += timedelta(days=1)
    second = booth.act(listing_id, "edit", booth.supplier, {"offer": written | {"steps": steps((1, "16000"))}})
    assert (second["pending"]["steps"], second["offer"]["steps"]) == (steps((1, "16000")), steps((1, "12900")))
    assert booth.api.get(f"/v1/channels/{booth.channel_id}/listings")["items"][0]["steps"] == steps((1, "12900"))
    counted = booth.act(listing_id, "count-stock", booth.supplier, {"on_hand": 5, "count": 1})
    assert counted.status == 200
    assert booth.stock(listing_id).available == 5


def test_what_is_on_hand_is_stated_by_the_count_that_was_read(booth: Booth) -> None:
    """LI-3 (b): on hand 10, 3 reserved, the supplier counts 12."""
    listing_id = booth.sell(on_hand=10)
    assert booth.order("38700", (listing_id, 3)).status == 201
    seen = booth.api.get(f"/v1/listings/{listing_id}/stock", booth.supplier)
    assert (seen["on_hand"], seen["available"], seen["reserved"], seen["count"]) == (10, 7, 3, 1)
    assert booth.act(listing_id, "count-stock", booth.supplier, {"on_hand": 12, "count": 1}).status == 200
    assert booth.stock(listing_id).available == 9
    late = booth.act(listing_id, "count-stock", booth.supplier, {"on_hand": 50, "count": 1})
    assert (late.status, late["code"], late["count"]) == (409, "stock_counted", 2)
    few = booth.act(listing_id, "count-stock", booth.supplier, {"on_hand": 2, "count": 2})
    assert (few.status, few["code"], few["reserved"]) == (409, "stock_below_reserved", 3)


def test_listings_leave_the_catalogue_with_the_membership_and_come_back_with_it(booth: Booth, streams: Streams) -> None:
    listing_id, withdrawn = booth.sell(), booth.sell()
    booth.act(withdrawn, "withdraw", booth.supplier)
    streams()
    suspend(booth.membership_id)
    refused = booth.order("51600", (listing_id, 4))
    assert (refused.status, refused["code"]) == (409, "membership_not_valid")
    streams()
    assert booth.catalogue() == []
    assert booth.api.get(f"/v1/listings/{listing_id}", booth.supplier)["why"] == "membership"
    streams.forget()
    streams()
    reinstate(booth.membership_id)
    streams()
    assert booth.catalogue() == [listing_id]


def test_a_listing_that_is_published_as_its_supplier_is_suspended_does_not_stay_on_sale(
    booth: Booth, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing_id, _ = booth.ready()
    booth.act(listing_id, "submit", booth.supplier)
    asked = gates.valid_membership

    def suspended_meanwhile(*of: Any) -> Any:
        membership = asked(*of)
        suspend(booth.membership_id)
        streams()
        return membership

    monkeypatch.setattr(commands, "valid_membership", suspended_meanwhile)
    assert booth.act(listing_id, "publish", booth.officer)["status"] == "published"
    streams()
    assert booth.catalogue() == []
    reinstate(booth.membership_id)
    streams()
    assert booth.catalogue() == [listing_id]


def test_a_listing_that_is_taken_off_as_its_supplier_is_reinstated_comes_back(booth: Booth, streams: Streams) -> None:
    listing_id = booth.sell()
    suspend(booth.membership_id)
    as_it_was = MEMBERSHIPS.present(booth.membership_id, clock.now())
    assert as_it_was is not None
    reinstate(booth.membership_id)
    streams()
    late = RequestContext(caller=CLOCK, now=clock.now(), request_id="late")
    following._settle(listing_id, as_it_was, late)
    assert booth.catalogue() == []
    streams()
    assert booth.catalogue() == [listing_id]


def test_nobody_lists_without_a_membership_and_an_agency_sees_what_it_vouches_for(booth: Booth) -> None:
    listing_id = booth.sell()
    body = {"channel_id": booth.channel_id, "offer": OFFER, "on_hand": 1}
    refused = booth.api.post("/v1/listings", body, booth.trade.buyer)
    assert (refused.status, refused["code"]) == (409, "membership_not_valid")
    kotra, jetro = token("agency", "kotra"), token("agency", "jetro")
    assert booth.api.get(f"/v1/listings/{listing_id}", kotra).status == 200
    assert booth.api.get(f"/v1/listings/{listing_id}", jetro).status == 404
    assert booth.api.get(f"/v1/listings/{listing_id}", booth.trade.buyer).status == 404
    listed = booth.api.get(f"/v1/listings?supplier_id={booth.trade.supplier_id}", kotra)
    assert [item["id"] for item in listed["items"]] == [listing_id]
    assert booth.api.get(f"/v1/listings?supplier_id={booth.trade.supplier_id}", jetro)["items"] == []


def test_a_listing_is_seen_by_the_agency_that_vouches_for_its_supplier_by_now(booth: Booth, streams: Streams) -> None:
    listing_id = booth.sell()
    suspend(booth.membership_id)
    streams()
    row = MembershipRow.find(booth.membership_id)
    assert row is not None
    row.body = replace(row.body, agency_id="another")
    row.save()
    reinstate(booth.membership_id)
    streams()
    seen = [booth.api.get(f"/v1/listings/{listing_id}", token("agency", name)).status for name in ("kotra", "another")]
    assert (booth.catalogue(), seen) == ([listing_id], [404, 200])


def test_the_catalogue_goes_on_by_pages_the_newest_first_or_the_cheapest(booth: Booth) -> None:
    dear, cheap = booth.sell(steps=steps((1, "30000"))), booth.sell(steps=steps((1, "8000")))
    booth.trade.time.at += timedelta(seconds=1)
    middle = booth.sell(steps=steps((1, "15000")))
    assert booth.catalogue()[0] == middle
    assert booth.catalogue("?sort=price") == booth.catalogue("?sort=price&category=clothing") == [cheap, middle, dear]
    first = booth.api.get(f"/v1/channels/{booth.channel_id}/listings?limit=2&sort=price")
    assert [item["id"] for item in first["items"]] == [cheap, middle]
    rest = booth.catalogue(f"?limit=2&sort=price&cursor={first['next_cursor']}")
    assert rest == [dear]
    refused = booth.api.get(f"/v1/channels/{booth.channel_id}/listings?sort=price&supplier={booth.trade.supplier_id}")
    assert (refused.status, refused["code"]) == (400, "not_sorted_by_price")


def test_a_listing_leaves_after_ninety_days_by_the_clock_and_is_renewed(booth: Booth) -> None:
    listing_id = booth.sell()
    booth.trade.time.at += timedelta(days=90)
    assert booth.catalogue() == []
    LISTINGS.settle(listing_id, clock.now())
    expired = booth.api.get(f"/v1/listings/{listing_id}", booth.supplier)
    assert (expired["status"], "renew" in expired["allowed_actions"]) == ("expired", True)
    renewed = booth.act(listing_id, "renew", booth.supplier)
    assert (renewed.status, renewed["status"]) == (200, "published")
    assert booth.catalogue() == [listing_id]


def test_an_officer_takes_a_listing_off_sale_and_puts_it_back(booth: Booth) -> None:
    listing_id = booth.sell()
    off = booth.act(listing_id, "suspend", booth.officer, {"reason": "Not licensed."})
    assert (off.status, off["status"], off["reason"]) == (200, "suspended", "Not licensed.")
    refused = booth.order("12900", (listing_id, 4))
    assert (refused.status, refused["code"]) == (409, "offer_changed")
    assert booth.act(listing_id, "publish", booth.officer)["status"] == "published"
    assert booth.order("51600", (listing_id, 4)).status == 201


def test_another_supplier_has_listings_of_its_own(booth: Booth) -> None:
    join(booth.channel_id, booth.trade.buyer_id)
    listing_id = booth.sell()
    assert booth.act(listing_id, "withdraw", booth.trade.buyer).status == 404
    assert booth.api.get("/v1/listings", booth.trade.buyer)["items"] == []


def test_a_listings_timeline_tells_its_supplier_what_was_approved(booth: Booth) -> None:
    listing_id = booth.sell(steps=steps((1, "10000")))
    timeline = booth.api.get(f"/v1/listings/{listing_id}/timeline", booth.supplier)["items"]
    assert [each["kind"] for each in timeline][-2:] == ["listing.submitted", "listing.published"]
    assert timeline[-1]["payload"]["steps"] == steps((1, "10000"))


def test_officers_find_what_waits_for_them_whatever_its_status(booth: Booth) -> None:
    on_sale, (submitted, _) = booth.sell(), booth.ready()
    booth.draft()
    booth.act(submitted, "submit", booth.supplier)

    def found(query: str) -> list[str]:
        return [item["id"] for item in booth.api.get(f"/v1/listings{query}", booth.officer)["items"]]

    assert found("?status=awaiting_moderation") == [submitted]
    offer = booth.api.get(f"/v1/listings/{on_sale}", booth.supplier)["offer"]
    reworded = {name: offer[name] for name in (*OFFER, "pictures")} | {"lead_days": 9}
    assert booth.act(on_sale, "edit", booth.supplier, {"offer": reworded})["pending"]["lead_days"] == 9
    assert found("?status=awaiting_moderation") == sorted([on_sale, submitted])
    assert (found("?status=published"), found("?status=submitted"), len(found(""))) == ([on_sale], [submitted], 3)
    assert booth.catalogue() == [on_sale]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Prices in USD are not allowed in this channel."),
        ("ko", "이 채널에서는 USD 표시 가격을 쓸 수 없습니다."),
        ("zh-CN", "该频道不接受以 USD 标价。"),
    ],
)
def test_a_broken_rule_is_said_in_the_suppliers_language(booth: Booth, language: str, words: str) -> None:
    drafted = booth.draft(steps=steps((1, "9.00"), currency="USD"))
    path = f"/v1/listings/{drafted['id']}/submit"
    refused = booth.api.post(path, None, booth.supplier, Accept_Language=language)
    assert (refused.status, refused["rules"][0]["rule"], refused["rules"][0]["words"]) == (
        422,
        "currency_not_allowed",
        words,
    )
