"""Rule R8: one verified peer report is amber, one more by another member is red; what is not verified, or said twice by one, is neither."""

from __future__ import annotations

from chalicelib.conduct import jobs
from chalicelib.shared.journal import JournalRow
from tests.conduct.reporting import Reporting
from tests.credit.borrowing import register
from tests.monitoring.watched import DAY, DRAWN, Watched, bank, lender, watched

__all__ = ["bank", "lender", "watched"]


def of_reports(watched: Watched) -> list[tuple[str, str]]:
    return [(alert.rule, alert.level) for alert in watched.alerts() if alert.rule == "reports"]


def test_verified_reports_of_two_members_are_red_and_of_one_amber(watched: Watched) -> None:
    names = (register(watched.lender.api, watched.time, name).member_id for name in ("looms", "silk"))
    reporting = Reporting(watched.lender, *names)
    reporting.find(reporting.answered(category="sham_trade"), "unproven")
    watched.follow()
    watched.night(DRAWN)
    assert of_reports(watched) == []
    for day, by, level in (
        (1, reporting.reporter, "amber"),
        (2, reporting.reporter, "amber"),
        (3, reporting.other, "red"),
    ):
        reporting.find(reporting.answered(by, category="false_data"), "verified")
        for row in JournalRow.scan():
            jobs.follow(row.entry())
        watched.logs_in(DRAWN + day * DAY)
        watched.night(DRAWN + day * DAY)
        assert of_reports(watched) == [("reports", level)], day
    assert len(watched.watch.reports) == 3
