"""The tables of what is watched, of what was usual for firms, and of what others have said of them.

A watch is written when something of it has changed, guarded by its version. Two sparse indexes lead to it: one in parts, with the day on which
each wakes, which is all that a run reads of those that sleep; and one by group, of those with a red alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final
from zlib import crc32

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.monitoring.rules.baseline import Baseline
from chalicelib.monitoring.rules.watch import FirmSigns, Watch
from chalicelib.shared import bulk
from chalicelib.shared.columns import Document, Packed, WholeNumber
from chalicelib.shared.table_pages import Text
from chalicelib.shared.tables import AT_ONCE, Row, guarded, index, table

PARTS: Final = 8
"""So many work on a day side by side."""
RED: Final = 1


class _Number(msgspec.Struct, frozen=True):
    """`{"N": "…"}`"""

    N: str


class _Waiting(msgspec.Struct, frozen=True):
    """An item of the index `watched`."""

    loan_id: Text
    wakes_on: _Number
    decided_on: _Number | None = None


class _Answer(msgspec.Struct, frozen=True):
    Items: list[_Waiting]
    LastEvaluatedKey: dict[str, Any] | None = None


_DECODER: Final = msgspec.json.Decoder(_Answer)


class WatchRow(Row):
    Meta = table("watches")
    loan_id = UnicodeAttribute(hash_key=True)
    member_id = UnicodeAttribute()
    version = WholeNumber()
    watched_part = WholeNumber(null=True)
    wakes_on = WholeNumber(null=True)
    decided_on = WholeNumber(null=True)
    red = WholeNumber(null=True)
    group_loan = UnicodeAttribute(null=True)
    body = Packed(Watch)

    by_member = index(member_id, loan_id)
    watched = index(watched_part, loan_id, wakes_on, decided_on)
    """Watches of loans that are not over, in parts, with the day on which each wakes and the last that was decided."""
    red_in_group = index(red, group_loan)
    """Watches with a red alert that counts for the group that stands for their loan, by group and loan."""


class BaselineRow(Row):
    """What was usual for a firm before its first draw; written once."""

    Meta = table("baselines")
    member_id = UnicodeAttribute(hash_key=True)
    body = Document[Baseline](Baseline)


class FirmSignsRow(Row):
    Meta = table("firm-signs")
    member_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    body = Document[FirmSigns](FirmSigns)


def load(loan_id: str) -> Watch | None:
    row = WatchRow.find(loan_id)
    return row.body if row else None


def load_many(loan_ids: Iterable[str]) -> dict[str, Watch]:
    """Those of these loans, by loan: a round trip for each hundred."""
    return {row.loan_id: row.body for row in WatchRow.find_many(loan_ids)}


def save(watch: Watch) -> bool:
    """Keep a watch in its next version; False where somebody else was faster."""
    first = WatchRow.loan_id.does_not_exist()
    guard = first if watch.version == 1 else WatchRow.version == watch.version - 1
    return guarded(lambda: row_of(watch).save(condition=guard))


def row_of(watch: Watch) -> WatchRow:
    is_red = watch.is_red_in_group
    return WatchRow(
        watch.id,
        member_id=watch.member_id,
        version=watch.version,
        watched_part=part_of(watch.id) if watch.wakes_on else None,
        wakes_on=watch.wakes_on.toordinal() if watch.wakes_on else None,
        decided_on=watch.decided_on.toordinal() if watch.decided_on else None,
        red=RED if is_red else None,
        group_loan=f"{watch.group_id}#{watch.id}" if is_red else None,
        body=watch,
    )


def part_of(loan_id: str) -> int:
    return crc32(loan_id.encode()) % PARTS


def of_member(member_id: str) -> Iterator[str]:
    """The loans of a firm that are or were watched."""
    return (row.loan_id for row in WatchRow.by_member.query(member_id, page_size=AT_ONCE))


def every_id(*, segment: int, segments: int, after: str = "") -> Iterator[str]:
    """The loans that are or were watched, of one in so many segments of the table, from behind one of them on. Names only."""
    scan = WatchRow.scan(
        segment=segment,
        total_segments=segments,
        page_size=AT_ONCE,
        last_evaluated_key={"loan_id": {"S": after}} if after else None,
        attributes_to_get=["loan_id"],
        consistent_read=True,
    )
    return (row.loan_id for row in scan)


def waiting(part: int, day: date | None, after: str) -> Iterator[str]:
    """The loans of a part that wake until a day or were decided on it, in their order; all that are not over, where no day is named."""
    ordinal = day.toordinal() if day else None
    for item in _watched(part, after):
        if (
            ordinal is None
            or int(item.wakes_on.N) <= ordinal
            or (item.decided_on and int(item.decided_on.N) == ordinal)
        ):
            yield item.loan_id.S


def first_waking() -> date | None:
    """The first day on which any watch wakes."""
    days = (int(item.wakes_on.N) for part in range(PARTS) for item in _watched(part, ""))
    first = min(days, default=None)
    return date.fromordinal(first) if first else None


def _watched(part: int, after: str) -> Iterator[_Waiting]:
    """A part of the index, from behind a loan on, page by page as the engine hands it out."""
    parameters: dict[str, Any] = {
        "TableName": WatchRow.Meta.table_name,
        "IndexName": WatchRow.watched.Meta.index_name,
        "KeyConditionExpression": "watched_part = :part",
        "ExpressionAttributeValues": {":part": {"N": str(part)}},
    }
    if after:
        parameters["ExclusiveStartKey"] = {"watched_part": {"N": str(part)}, "loan_id": {"S": after}}
    while True:
        answer = _DECODER.decode(bulk.answer("Query", parameters))
        yield from answer.Items
        if not answer.LastEvaluatedKey:
            return
        parameters["ExclusiveStartKey"] = answer.LastEvaluatedKey


def red_in_groups() -> dict[str, list[str]]:
    """The loans with a red alert that counts, by the group that stands for them."""
    groups: dict[str, list[str]] = {}
    for row in WatchRow.red_in_group.query(RED):
        group_id, _, loan_id = row.group_loan.partition("#")
        groups.setdefault(group_id, []).append(loan_id)
    return groups


def baseline(member_id: str) -> Baseline | None:
    row = BaselineRow.find(member_id)
    return row.body if row else None


def keep_baseline(member_id: str, baseline: Baseline) -> Baseline:
    """The first that is kept stays. Returns that."""
    row = BaselineRow(member_id, body=baseline)
    if guarded(lambda: row.save(condition=BaselineRow.member_id.does_not_exist())):
        return baseline
    kept = BaselineRow.find(member_id)
    assert kept is not None, "it is there"
    return kept.body


def signs(member_id: str) -> FirmSigns:
    row = FirmSignsRow.find(member_id)
    return row.body if row else FirmSigns()


def keep_signs(member_id: str, signs: FirmSigns) -> bool:
    """Keep them in their next version; False where somebody else was faster."""
    first = FirmSignsRow.member_id.does_not_exist()
    guard = first if signs.version == 1 else FirmSignsRow.version == signs.version - 1
    row = FirmSignsRow(member_id, version=signs.version, body=signs)
    return guarded(lambda: row.save(condition=guard))
