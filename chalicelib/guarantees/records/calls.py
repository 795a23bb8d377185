"""Two tables: calls on guarantors, and which members are in which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.guarantees.rules.call import Call
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.commit import Put
from chalicelib.shared.due import DueIndex
from chalicelib.shared.tables import AT_ONCE, Row, table_name


class ByGroup(GlobalSecondaryIndex["CallRow"]):
    class Meta:
        index_name = "by_group"
        projection = KeysOnlyProjection()

    group_id = UnicodeAttribute(hash_key=True)
    call_id = UnicodeAttribute(range_key=True)


class ByBank(GlobalSecondaryIndex["CallRow"]):
    class Meta:
        index_name = "by_bank"
        projection = KeysOnlyProjection()

    bank_id = UnicodeAttribute(hash_key=True)
    call_id = UnicodeAttribute(range_key=True)


class CallRow(AggregateRow):
    class Meta:
        table_name = table_name("guarantee-calls")

    call_id = UnicodeAttribute(hash_key=True)
    group_id = UnicodeAttribute()
    bank_id = UnicodeAttribute()
    body = Packed(Call)

    by_group = ByGroup()
    by_bank = ByBank()
    due = DueIndex()


class CallMemberRow(Row):
    """That a member is in a call, as its debtor or as a guarantor: written with the call's first version, and never changed."""

    class Meta:
        table_name = table_name("guarantee-call-members")

    member_id = UnicodeAttribute(hash_key=True)
    call_id = UnicodeAttribute(range_key=True)


REPOSITORY: Final = Repository[Call](CallRow, lambda call: {"group_id": call.group_id, "bank_id": call.bank_id})


def ids(index: str, value: str, after: str | None) -> Iterator[str]:
    """Calls of a member, a bank or a group, oldest first: `by_member`, or the name of an index."""
    if index != "by_member":
        return REPOSITORY.ids(getattr(CallRow, index), value, after=after)
    beyond = None if after is None else CallMemberRow.call_id > after
    return (row.call_id for row in CallMemberRow.query(value, beyond, page_size=AT_ONCE + 1))


def members_of(call: Call) -> tuple[Put, ...]:
    """For the commit that opens a call: who is in it."""
    members = (call.debtor_id, *(share.member_id for share in call.shares))
    rows = (CallMemberRow(member_id, call.id) for member_id in dict.fromkeys(members))
    return tuple(Put(row, guard=CallMemberRow.call_id.does_not_exist()) for row in rows)
