"""The table of groups, and that of their seats, by which a member finds its groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.groups.rules.group import Group
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.commit import Put
from chalicelib.shared.tables import Row, index, table


class GroupRow(AggregateRow):
    Meta = table("groups")
    group_id = UnicodeAttribute(hash_key=True)
    bank_id = UnicodeAttribute()
    status = UnicodeAttribute()
    body = Packed(Group)

    by_bank = index(bank_id, group_id)
    by_status = index(status, group_id)


class GroupSeatRow(Row):
    """A member has, or had, a seat in a group or an invitation to it."""

    Meta = table("group-seats")
    member_id = UnicodeAttribute(hash_key=True)
    group_id = UnicodeAttribute(range_key=True)


REPOSITORY: Final = Repository[Group](GroupRow, lambda group: {"bank_id": group.bank_id, "status": group.status})


def seated(member_id: str, group_id: str) -> Put:
    """For a commit: the member finds the group among its own from now on. Once or many times."""
    unseated = GroupSeatRow.group_id.does_not_exist()
    return Put(GroupSeatRow(member_id, group_id), guard=unseated | (GroupSeatRow.group_id == group_id))


def ids_of(member_id: str, after: str | None) -> Iterator[str]:
    """The groups of a member, oldest first."""
    beyond = GroupSeatRow.group_id > after if after else None
    return (row.group_id for row in GroupSeatRow.query(member_id, beyond, consistent_read=True, page_size=100))


ids = REPOSITORY.ids
"""Ids of a bank's groups, or of those in a status, oldest first."""
