"""The table of credit histories: an item for each loan of a firm, and each share of a call that it stands for."""

from __future__ import annotations

from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.credit.rules.history import Past
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.tables import Row, guarded, table

MOST: Final = 200
"""So many are looked at, those of the youngest loans and calls: their ids sort by the moment they were made."""


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
    """What the firm's loans and calls have come to, the youngest of each kind: a query for each."""
    return [
        row.body
        for prefix in ("lon_", "gcl_")
        for row in HistoryRow.query(
            member_id,
            HistoryRow.subject_id.startswith(prefix),
            consistent_read=True,
            scan_index_forward=False,
            limit=MOST // 2,
        )
    ]


def put(member_id: str, past: Past) -> bool:
    """Keep what was told; False where something newer is there."""
    row = HistoryRow(member_id, past.subject_id, seq=past.seq, body=past)
    guard = HistoryRow.subject_id.does_not_exist() | (HistoryRow.seq < past.seq)
    return guarded(lambda: row.save(condition=guard))
