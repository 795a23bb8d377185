"""A member on one page: the first few of every list there is of it."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.office.rules.sections import SECTIONS
from chalicelib.office.service import overview
from tests.api.seeds import OFFICER, Seeds
from tests.world import Api, token

FEEDS: Final = token("officer", "officer-2", "feeds")


def test_a_member_is_shown_whole_with_the_first_few_of_every_list_that_a_duty_opens(api: Api, seeds: Seeds) -> None:
    supplier, buyer = (_read(api, f"/v1/members/{name}/overview") for name in (seeds.ids["member_id"], seeds.buyer_id))
    shown = {section["name"] for section in supplier["sections"] + buyer["sections"]}
    assert {each.name for each in SECTIONS} - shown == {"claims_received"}, "the claim that is sown is on a third one"
    penalties = _read(api, f"/v1/suppliers/{seeds.ids['member_id']}")["points"]["total"]
    assert (supplier["cover"]["points"], supplier["deposit"]["status"]) == (penalties, "clear")
    for section in supplier["sections"]:
        whole = _read(api, section["href"])["items"]
        assert [each["id"] for each in section["items"]] == [each["id"] for each in whole][: overview.MOST]
        assert section["has_more"] == (len(whole) > overview.MOST)
    narrow = api.get(f"/v1/members/{seeds.ids['member_id']}/overview", FEEDS)
    assert {section["name"] for section in narrow["sections"]} == {"orders_sold"}
    assert (narrow["cover"], narrow["deposit"]) == (None, None)
    assert api.get("/v1/members/mem_0000000000000000000000000Z/overview", OFFICER).status == 404


def _read(api: Api, path: str) -> Any:
    reply = api.get(path, OFFICER)
    assert reply.status == 200, reply.body
    return reply.body
