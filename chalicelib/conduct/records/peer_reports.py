"""The table of peer reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.conduct.rules.peer_report import ENDS, PeerReport
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.due import DueIndex
from chalicelib.shared.tables import table_name

Index = Literal["by_subject", "by_reporter", "by_status", "counting"]


class BySubject(GlobalSecondaryIndex["PeerReportRow"]):
    class Meta:
        index_name = "by_subject"
        projection = KeysOnlyProjection()

    subject_id = UnicodeAttribute(hash_key=True)
    report_id = UnicodeAttribute(range_key=True)


class ByReporter(GlobalSecondaryIndex["PeerReportRow"]):
    """By the keyed hash of whoever reported."""

    class Meta:
        index_name = "by_reporter"
        projection = KeysOnlyProjection()

    reporter_mark = UnicodeAttribute(hash_key=True)
    report_id = UnicodeAttribute(range_key=True)


class Counting(GlobalSecondaryIndex["PeerReportRow"]):
    """Sparse: only what is open or was malicious is in it, by the keyed hash of whoever reported."""

    class Meta:
        index_name = "counting"
        projection = KeysOnlyProjection()

    counts_for = UnicodeAttribute(hash_key=True)
    report_id = UnicodeAttribute(range_key=True)


class ByStatus(GlobalSecondaryIndex["PeerReportRow"]):
    class Meta:
        index_name = "by_status"
        projection = KeysOnlyProjection()

    status = UnicodeAttribute(hash_key=True)
    report_id = UnicodeAttribute(range_key=True)


class PeerReportRow(AggregateRow):
    class Meta:
        table_name = table_name("peer-reports")

    report_id = UnicodeAttribute(hash_key=True)
    subject_id = UnicodeAttribute()
    reporter_mark = UnicodeAttribute()
    status = UnicodeAttribute()
    counts_for = UnicodeAttribute(null=True)
    body = Packed(PeerReport)

    by_subject = BySubject()
    by_reporter = ByReporter()
    by_status = ByStatus()
    counting = Counting()
    due = DueIndex()


REPOSITORY: Final = Repository[PeerReport](
    PeerReportRow,
    lambda report: {
        "subject_id": report.subject_id,
        "reporter_mark": report.reporter_mark,
        "status": report.status,
        "counts_for": None if report.status in ENDS - {"malicious"} else report.reporter_mark,
    },
)


def ids(index: Index, value: str, after: str | None = None) -> Iterator[str]:
    """Ids of what an index names, oldest first."""
    return REPOSITORY.ids(getattr(PeerReportRow, index), value, after=after)
