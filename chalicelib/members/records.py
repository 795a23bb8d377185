"""The members' table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.members.rules import Member, MemberExists
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.journal import Entry
from chalicelib.shared.tables import Row, find_together, table
from chalicelib.shared.texts import say


class MemberRow(Row):
    Meta = table("members")
    member_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    entry_hash = UnicodeAttribute()
    body = Packed(Member)


def load(member_id: str) -> Member | None:
    row = MemberRow.find(member_id)
    return row.body if row else None


def load_beside(table: type[Row], name: str, member_id: str) -> tuple[Any, Member | None]:
    """An item of another table, by its only key, and a member: one round trip for both."""
    beside, row = find_together((table, name), (MemberRow, member_id))
    return beside, row.body if row else None


def load_many(member_ids: Iterable[str]) -> dict[str, Member]:
    return {row.member_id: row.body for row in MemberRow.find_many(member_ids)}


def names(after: str | None) -> Iterator[str]:
    """The ids of all members, in no order that means anything, from behind one of them on."""
    return MemberRow.names(after)


def load_listed(member_ids: Iterable[str]) -> dict[str, Member]:
    """For lists: those of these that can be read."""
    return {row.member_id: row.body for row in MemberRow.listed(member_ids)}


def every_id(*, segment: int, segments: int) -> Iterator[str]:
    """Names only, so that a record that cannot be read does not end the walk."""
    scan = MemberRow.scan(
        segment=segment, total_segments=segments, page_size=1000, attributes_to_get=["member_id"], consistent_read=True
    )
    for row in scan:
        yield row.member_id


def create(member: Member, entry: Entry) -> Put:
    row = MemberRow(member.id, version=member.version, entry_hash=entry.entry_hash, body=member)
    taken = MemberExists(
        say("{external_ref!r} is registered as {id}.", external_ref=member.external_ref, id=member.id),
        param="external_ref",
        id=member.id,
    )
    return Put(row, guard=MemberRow.member_id.does_not_exist(), error=taken)
