"""A firm that accepts the invitations of many groups at once stands in one of them."""

from __future__ import annotations

from collections import Counter

import pytest

from chalicelib.groups.service.membership import live_of
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
