"""What a firm exported, for the tests of what it could use."""

from __future__ import annotations

from datetime import date, timedelta

from chalicelib.exports.records import DayRow
from chalicelib.exports.rules.days import ExportDay, ExportLine
from tests.credit.borrowing import Borrower

AS_OF = date(2026, 3, 3)


def exported(member_id: str, on: date, usd_minor: int) -> None:
    """A declaration that counts on a day."""
    day = ExportDay(on=on, lines=(ExportLine("order-1", "acme", usd_minor),))
    DayRow(member_id, on.isoformat(), version=1, body=day).save()


def grown(member_id: str, on: date = AS_OF) -> None:
    """200,000.00 USD in the three months before a date, after 100,000.00 in those before."""
    exported(member_id, on - timedelta(days=50), 20_000_000)
    exported(member_id, on - timedelta(days=140), 10_000_000)


def seeking(borrower: Borrower) -> str:
    """The firm's consent to being looked at, by its id."""
    return borrower.consent(purpose="pre_offers", data_classes=["exports"])
