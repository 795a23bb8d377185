"""A firm is in one live group at a time: a name that counts once, which the next group takes only after the last is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from chalicelib.groups.records.groups import REPOSITORY
from chalicelib.groups.rules.group import Group
from chalicelib.shared import uniques
from chalicelib.shared.commit import Update
from chalicelib.shared.errors import Conflict
from chalicelib.shared.texts import say
from chalicelib.shared.uses import Use

_NAME: Final = "group-of#"


class InAnotherGroup(Conflict):
    code = "in_another_group"
    title = "A firm is in one group of guarantors at a time."
    fix = "Leave the other group first; what was guaranteed there is still answered for."


def live_of(member_id: str) -> Group | None:
    """The group in which a member stands, as it is kept. Two consistent reads."""
    place = uniques.find(_NAME + member_id)
    group = REPOSITORY.load(place.by) if place else None
    return group if group and group.is_live_for(member_id) else None


def live_among(member_ids: Iterable[str]) -> set[str]:
    """Those of some members that stand in a group. Two round trips."""
    places = uniques.find_many(_NAME + member_id for member_id in member_ids)
    groups = REPOSITORY.load_many({place.by for place in places.values()})
    live = ((name.removeprefix(_NAME), groups.get(place.by)) for name, place in places.items())
    return {member_id for member_id, group in live if group and group.is_live_for(member_id)}


def take_place(member_id: str, group_id: str, seat_id: str, now: datetime) -> Update:
    """For the commit by which a member stands in a group: it stands in no other one, at the moment of writing. InAnotherGroup.

    `seat_id` tells this place from another that the member had in the same group before.
    """
    last = uniques.find(_NAME + member_id)
    group = REPOSITORY.load(last.by) if last else None
    if group and group.is_live_for(member_id):
        raise _in_another(group.id)
    place = Use(by=group_id, at=now, named=(seat_id,))
    return uniques.take(_NAME + member_id, place, lambda taken: _in_another(taken.by), after=last)


def _in_another(group_id: str) -> InAnotherGroup:
    return InAnotherGroup(say("The firm stands in {group_id}.", group_id=group_id), group_id=group_id)
