"""What the daily close found, part by part and as a whole, and how far the books lag behind the journal."""

from __future__ import annotations

from datetime import date
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.ledger.rules.chain import Findings
from chalicelib.ledger.rules.close import Closing, Lag
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import Row, table

CLOSE: Final = "books-close"
LAG: Final = "books-lag"


class ClosingRow(Row):
    """A finished close; `page` is the business date. Beside the totals, under names no account has."""

    Meta = table("ledger-totals")
    account = UnicodeAttribute(hash_key=True, default=CLOSE)
    page = UnicodeAttribute(range_key=True)
    body = Packed(Closing)


class ClosingPartRow(Row):
    Meta = table("ledger-totals")
    account = UnicodeAttribute(hash_key=True)
    page = UnicodeAttribute(range_key=True)
    body = Packed(Findings)


class LagRow(Row):
    Meta = table("ledger-totals")
    account = UnicodeAttribute(hash_key=True, default=LAG)
    page = UnicodeAttribute(range_key=True, default="last")
    body = Packed(Lag)


def keep_close_part(on: date, part: int, findings: Findings) -> None:
    """Done twice it says the same: a part is found anew, never added to."""
    ClosingPartRow(f"{CLOSE}#{on.isoformat()}", f"{part:05d}", body=findings).save()


def close_parts(on: date) -> list[Findings]:
    return [row.body for row in ClosingPartRow.query(f"{CLOSE}#{on.isoformat()}", consistent_read=True)]


def keep_close(closing: Closing) -> None:
    ClosingRow(page=closing.on.isoformat(), body=closing).save()


def last_close() -> Closing | None:
    """The close of the latest business date that has one."""
    rows = ClosingRow.query(CLOSE, scan_index_forward=False, limit=1, consistent_read=True)
    return next((row.body for row in rows), None)


def keep_lag(lag: Lag) -> None:
    LagRow(body=lag).save()


def lag() -> Lag | None:
    row = LagRow.find(LAG, "last")
    return row.body if row else None
