"""The table of credit histories: an item for each loan of a firm, and each share of a call that it stands for."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.credit.rules.history import Past
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.tables import Row, guarded, table


class HistoryRow(Row):
    Meta = table("credit-histories")
    member_id = UnicodeAttribute(hash_key=True)
    subject_id = UnicodeAttribute(range_key=True)
    seq = WholeNumber()
    body = Packed(Past)


def load(member_id: str, subject_id: str) -> Past | None:
    row = HistoryRow.find(member_id, subject_id)
    return row.body if row else None


def of_member(member_id: str) -> list[Past]:
    """What all of the firm's loans and shares of calls have come to: a query, and another for each megabyte, some thousands of them."""
    return [row.body for row in HistoryRow.query(member_id, consistent_read=True)]


def put(member_id: str, past: Past) -> bool:
    """Keep what was told; False where something newer is there."""
    row = HistoryRow(member_id, past.subject_id, seq=past.seq, body=past)
    guard = HistoryRow.subject_id.does_not_exist() | (HistoryRow.seq < past.seq)
    return guarded(lambda: row.save(condition=guard))
