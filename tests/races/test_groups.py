"""Invitations that a firm accepts in many groups at once, and last attestations that meet: one group for a firm, one seal for a group."""

from __future__ import annotations

from collections import Counter

import pytest

from chalicelib.groups.examples import VOUCH
from chalicelib.groups.service.membership import live_of
from chalicelib.shared.journal import JournalRow
from tests.groups.grouping import attested, signed, vetting_group
from tests.groups.joining import PATH, Circle
from tests.races.conftest import ParallelApi, at_once
from tests.world import StandingClock

GROUPS = 8

pytestmark = pytest.mark.engine


def test_of_many_groups_that_invite_one_firm_it_stands_in_one(api: ParallelApi, time: StandingClock) -> None:
    wanted = Circle(api, time).join(1)
    circles = [Circle(api, time) for _ in range(GROUPS)]
    paths = []
    for circle in circles:
        circle.found()
        circle.firms.append(wanted)
        paths.append(f"{PATH}/{circle.group_id}/invitations/{circle.invite(2)}/accept")
    replies = at_once(GROUPS, lambda number: wanted.post(paths[number], key=f"accept-{number}"))
    assert Counter((reply.status, reply.body.get("code")) for reply in replies) == {
        (200, None): 1,
        (409, "in_another_group"): GROUPS - 1,
    }
    live = live_of(wanted.member_id)
    assert live
    assert live.id == next(reply["id"] for reply in replies if reply.status == 200)
    assert [len(circle.see()["seats"]) for circle in circles] == [2] * GROUPS


def test_attestations_that_meet_are_all_counted_and_the_last_one_seals(api: ParallelApi, time: StandingClock) -> None:
    circle = Circle(api, time)
    circle.plant(attested(signed(vetting_group(4), 1, 2, 3, 4), 1))
    pairs = [(by, of) for by in (2, 3, 4) for of in (1, 2, 3, 4) if of != by]
    replies = at_once(
        len(pairs), lambda number: circle.ask(pairs[number][0], "attestations", VOUCH | {"seat": pairs[number][1]})
    )
    again = [pair for pair, reply in zip(pairs, replies, strict=True) if reply.status != 200]
    for by, of in again:  # who lost eight times in a row is told to come again
        circle.attest(by, of)
    group = circle.see()
    assert (group["status"], len(group["attestations"])) == ("sealed", 12)
    kinds = [row.entry().event.kind for row in JournalRow.scan(consistent_read=True)]
    assert kinds.count("group.sealed") == 1
