"""Whom a founder might invite: firms that let themselves be found, with the reason for each, and never by person."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.firms.declared import FIRMS
from chalicelib.firms.records import REPOSITORY
from chalicelib.groups.rules.matching import matches
from chalicelib.groups.views.groups import MatchView
from tests.credit.borrowing import Borrower
from tests.firms.factories import SINCE, firm, sign_for, signer
from tests.groups.joining import PATH, Circle, circle
from tests.groups.test_groups import relate
from tests.round_trips import calls
from tests.trade import Trade

__all__ = ["circle"]

LOOKING = {"seeks_until": SINCE}


def alike(circle: Circle, number: int, **fields: Any) -> Borrower:
    """A firm with these facts, which looks for a group."""
    borrower = circle.join(number)
    known = REPOSITORY.load(borrower.member_id)
    assert known
    REPOSITORY.put(replace(known, **fields), None).row.save()
    reply = borrower.post(f"/v1/firms/{borrower.member_id}/seek-group")
    assert reply.status == 200, reply.body
    return borrower


def found(circle: Circle) -> list[tuple[str, list[str]]]:
    reply = circle.api.get(f"{PATH}/{circle.group_id}/matches", circle.join(1).token)
    assert reply.status == 200, reply.body
    return [(item["member_id"], item["reasons"]) for item in reply["items"]]


def test_firms_that_have_most_in_common_come_first_with_their_reasons() -> None:
    founder = firm("mem_1", industry="C2742", region="CN-ZJ", size="small")
    others = [
        firm("mem_2", industry="2741", region="CN-ZJ", size="micro", **LOOKING),
        firm("mem_3", industry="6520", region="CN-SH", size="small", **LOOKING),
        firm("mem_4", industry="6520", region="CN-SH", size="micro", **LOOKING),
        firm("mem_5", industry="6520", region="CN-SH", size="large", **LOOKING),
        firm("mem_6", industry="C2743", region="CN-ZJ", size="small"),
        firm("mem_7", industry="C2743", region="CN-ZJ", size="small", status="expired", **LOOKING),
    ]
    assert [(each.firm.id, each.reasons) for each in matches(founder, others, {"mem_5"})] == [
        ("mem_2", ("same_industry", "same_region")),
        ("mem_3", ("same_size",)),
        ("mem_5", ("trades_with_you",)),
    ]


def test_a_founder_is_shown_firms_that_look_for_a_group_and_no_others(circle: Circle) -> None:
    circle.found()
    same = alike(circle, 2)
    near = alike(circle, 3, industry="6520", size="large")
    alike(circle, 4, industry="6520", region="CN-SH")
    circle.join(5)
    assert found(circle) == [
        (same.member_id, ["same_industry", "same_region", "same_size"]),
        (near.member_id, ["same_region"]),
    ]
    circle.do(2, f"invitations/{circle.invite(2)}/accept")
    assert [name for name, _ in found(circle)] == [near.member_id], "who is in the group is not to be invited"
    path = f"{PATH}/{circle.group_id}/matches"
    assert circle.api.get(path, same.token)["items"][0]["member_id"] == near.member_id
    circle.invite(5)
    for firm_outside in (near, circle.join(5)):
        assert circle.api.get(path, firm_outside.token).status == 404


def test_whoever_stands_in_another_group_or_is_related_to_a_member_is_not_named(circle: Circle) -> None:
    circle.found()
    elsewhere, related = alike(circle, 2), alike(circle, 3)
    assert len(found(circle)) == 2
    other = Circle(circle.api, circle.time, [elsewhere])
    other.found()
    for borrower in (circle.join(1), related):
        known = REPOSITORY.load(borrower.member_id)
        assert known
        person = signer(borrower.person_id, "apply", "consent", marks=("m" * 32,))
        REPOSITORY.put(replace(known, people=(person,)), None).row.save()
    assert found(circle) == []


def test_members_that_have_become_related_are_shown_whom_they_might_propose_all_the_same(circle: Circle) -> None:
    circle.gather(3)
    relate(circle, 2, 3)
    fourth = alike(circle, 4)
    assert [name for name, _ in found(circle)] == [fourth.member_id]


def test_who_has_agreed_on_trade_with_the_founder_is_named_for_it(trade: Trade) -> None:
    """Though its branch, region and size are others."""
    circle = Circle(trade.api, trade.time)
    for member_id in (trade.supplier_id, trade.buyer_id):
        circle.firms.append(Borrower(trade.api, trade.time, member_id, sign_for(member_id)))
    circle.found()
    alike(circle, 2, industry="6520", region="CN-SH", size="large")
    trade.propose()
    assert found(circle) == []
    trade.agree()
    assert found(circle) == [(trade.buyer_id, ["trades_with_you"])]


def test_a_signer_consents_to_be_found_which_ends_by_itself_or_at_a_word(circle: Circle) -> None:
    circle.found()
    borrower = alike(circle, 2)
    path = f"/v1/firms/{borrower.member_id}"
    unsigned = circle.api.post(f"{path}/seek-group", None, borrower.token)
    assert (unsigned.status, unsigned["code"]) == (403, "signer_not_named")
    stopped = borrower.post(f"{path}/stop-seeking")
    assert (stopped["seeks_until"], found(circle)) == (None, [])
    assert borrower.post(f"{path}/stop-seeking")["code"] == "firm_not_in_this_status"
    until = borrower.post(f"{path}/seek-group")["seeks_until"]
    assert until == "2026-05-31T02:15:00Z"
    circle.time.advance(days=90)
    assert not FIRMS.sweep(circle.time.at).failed
    assert borrower.get(path)["seeks_until"] is None


def test_a_match_shows_a_firm_and_nobody_of_it() -> None:
    assert set(MatchView.__struct_fields__) == {"member_id", "name", "industry", "region", "size", "reasons"}


@pytest.mark.parametrize("firms", [1, 12])
def test_matches_take_the_same_reads_however_many_firms_look(circle: Circle, firms: int) -> None:
    circle.found()
    for number in range(2, firms + 2):
        alike(circle, number)
    with calls() as round_trips:
        assert len(found(circle)) == firms
    assert len(round_trips) <= 13, round_trips
