"""The table of calls on guarantors."""

from __future__ import annotations

from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.guarantees.rules.call import Call
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class CallRow(AggregateRow):
    Meta = table("guarantee-calls")
    call_id = UnicodeAttribute(hash_key=True)
    group_id = UnicodeAttribute()
    bank_id = UnicodeAttribute()
    body = Packed(Call)

    by_group = index(group_id, call_id)
    by_bank = index(bank_id, call_id)


REPOSITORY: Final = Repository[Call](CallRow, lambda call: {"group_id": call.group_id, "bank_id": call.bank_id})


ids = REPOSITORY.ids
"""Calls of a bank or a group, oldest first: the name of an index."""
