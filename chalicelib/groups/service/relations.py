"""Whether firms are related: looked at when one accepts, when the list is frozen and when the group is sealed, and ever after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.firms.service import marks
from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.rules import living, relations
from chalicelib.groups.rules.group import Context, Group
from chalicelib.groups.rules.relations import Pair
from chalicelib.groups.rules.transitions import GroupChange
from chalicelib.groups.service.membership import live_of
from chalicelib.shared import observe
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, RequestContext


def require_unrelated(member_ids: Iterable[str]) -> None:
    """RelatedFirms with every pair. One round trip."""
    relations.require_unrelated(marks.of_firms(member_ids))


def require_unrelated_to(member_id: str, others: Iterable[str]) -> None:
    """RelatedFirms with every pair of the member's own: those among the others are looked at when the list is frozen, and ever after. One round trip."""
    relations.require_unrelated(marks.of_firms([member_id, *others]), member_id)


def require_sealable(was: Group, change: GroupChange) -> GroupChange:
    """A change, if it does not seal a group in which firms are related. RelatedFirms."""
    if change.state.is_sealed and not was.is_sealed:
        require_unrelated(seat.member_id for seat in change.state.bound)
    return change


@retry_on_conflict
def follow(entry: Entry, now: datetime) -> None:
    """A firm's profile has changed: firms of its sealed group that it relates are told to officers, once for each pair."""
    group = live_of(entry.aggregate_id.partition(":")[2])
    if group is None or not group.is_sealed:
        return
    pairs = relations.related(marks.of_firms(seat.member_id for seat in group.bound))

    def decide(was: Group, context: Context) -> GroupChange | None:
        return living.note_related(was, _seats(was, pairs), now)

    request = RequestContext(caller=CLOCK, now=now, request_id=entry.request_id)
    if pairs and GROUPS.apply(group.id, request, decide):
        observe.logger.error("firms of a group are related", extra={"group_id": group.id})
        observe.count("GroupFirmsRelated")


def _seats(group: Group, pairs: Iterable[Pair]) -> tuple[tuple[int, int], ...]:
    numbers = {seat.member_id: seat.number for seat in group.bound}
    known = [sorted((numbers[one], numbers[other])) for one, other in pairs if {one, other} <= numbers.keys()]
    return tuple((one, other) for one, other in known)
