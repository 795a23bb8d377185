"""The table of verified peer reports: few, and by month, so that a run reads those of its window once for all firms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from pynamodb.attributes import UnicodeAttribute

from chalicelib.monitoring.rules.effects import NoteVerifiedReport
from chalicelib.monitoring.rules.facts import VerifiedReport
from chalicelib.shared.commit import Put
from chalicelib.shared.periods import month_of, months_between
from chalicelib.shared.tables import Row, table_name


class VerifiedReportRow(Row):
    class Meta:
        table_name = table_name("verified-reports")

    month = UnicodeAttribute(hash_key=True)
    report_id = UnicodeAttribute(range_key=True)
    member_id = UnicodeAttribute()
    reporter = UnicodeAttribute()
    found_on = UnicodeAttribute()


def note(report_id: str, effects: Sequence[NoteVerifiedReport]) -> Put:
    """Keep one, once."""
    [found] = effects
    row = VerifiedReportRow(
        month_of(found.on), report_id, member_id=found.member_id, reporter=found.reporter, found_on=found.on.isoformat()
    )
    return Put(row, guard=VerifiedReportRow.report_id.does_not_exist())


def verified(first: date, last: date) -> dict[str, tuple[VerifiedReport, ...]]:
    """Reports that were found true from a day on to another, by the firm that they are about."""
    by_member: dict[str, list[VerifiedReport]] = defaultdict(list)
    for month in months_between(month_of(first), month_of(last)):
        for row in VerifiedReportRow.query(month, consistent_read=True):
            if first <= (on := date.fromisoformat(row.found_on)) <= last:
                report = VerifiedReport(report_id=row.report_id, reporter=row.reporter, on=on)
                by_member[row.member_id].append(report)
    return {member_id: tuple(reports) for member_id, reports in by_member.items()}
