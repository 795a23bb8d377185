"""The process stops before or after any call of a command about groups, and it is sent again: nothing is different in the end."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from chalicelib.groups.declared import GROUPS
from chalicelib.groups.examples import CONSENT, FOUND, INVITE, VOUCH
from chalicelib.shared import ids
from tests.groups.grouping import active
from tests.groups.joining import PATH, Circle, circle
from tests.stopping import try_every_stop

__all__ = ["circle"]


def test_stopping_anywhere_and_asking_again_changes_nothing(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    invited = [INVITE | {"member_id": circle.join(number).member_id} for number in (2, 3)]
    circle.group_id = ids.derived_id("grp", "once")
    monkeypatch.setattr(ids, "new_id", lambda prefix, now: ids.derived_id(prefix, "once"))

    def stop(number: int, action: str, body: Any = None) -> int:
        """At every instant of a command of the firm on a seat; how many calls it makes."""
        key = f"{number}-{action[:20]}-{circle.see()['version']}".replace("/", "-")
        return len(try_every_stop(action, lambda: circle.ask(number, action, body, key=key), circle.time))

    stops = len(try_every_stop("found", lambda: circle.join(1).post(PATH, FOUND, key="found"), circle.time))
    for number, body in enumerate(invited, 2):
        stops += stop(1, "invitations", body)
        stops += stop(number, f"invitations/{circle.see()['seats'][-1]['invitation_id']}/accept")
    stops += stop(1, "freeze-list") + stop(1, "attestations", VOUCH)
    assert stops > 20
    group = circle.see()
    assert (group["status"], len(group["seats"]), len(group["attestations"])) == ("vetting", 3, 1)
    time = circle.time
    time.at = GROUPS.due_at(circle.group_id, time.at) or time.at
    try_every_stop("the clock", lambda: GROUPS.sweep(time.at), time)
    assert circle.see()["status"] == "lapsed", "nobody has done all"


def test_stopping_while_members_part_changes_nothing(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    circle.plant(active())
    monkeypatch.setattr(ids, "new_id", lambda prefix, now: ids.derived_id(prefix, "once"))
    try_every_stop("leave", lambda: circle.ask(4, "leave", key="leave"), circle.time)
    path = f"proposals/{circle.see()['proposal']['id']}/consent"
    for number in (1, 2, 3):
        consent = partial(circle.ask, number, path, CONSENT, key=f"consent-{number}")
        try_every_stop("consent", consent, circle.time)
    assert circle.see()["proposal"]["stage"] == "with_bank"
