"""The table of peer reports."""

from __future__ import annotations

from typing import Final, Literal

from pynamodb.attributes import UnicodeAttribute

from chalicelib.conduct.rules.peer_report import ENDS, PeerReport
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table

Index = Literal["by_subject", "by_reporter", "by_status", "counting"]


class PeerReportRow(AggregateRow):
    Meta = table("peer-reports")
    report_id = UnicodeAttribute(hash_key=True)
    subject_id = UnicodeAttribute()
    reporter_mark = UnicodeAttribute()
    status = UnicodeAttribute()
    counts_for = UnicodeAttribute(null=True)
    body = Packed(PeerReport)

    by_subject = index(subject_id, report_id)
    by_reporter = index(reporter_mark, report_id)
    """By the keyed hash of whoever reported."""
    by_status = index(status, report_id)
    counting = index(counts_for, report_id)
    """Sparse: only what is open or was malicious is in it, by the keyed hash of whoever reported."""


REPOSITORY: Final = Repository[PeerReport](
    PeerReportRow,
    lambda report: {
        "subject_id": report.subject_id,
        "reporter_mark": report.reporter_mark,
        "status": report.status,
        "counts_for": None if report.status in ENDS - {"malicious"} else report.reporter_mark,
    },
)


ids = REPOSITORY.ids
"""Ids of what an index names, oldest first."""
