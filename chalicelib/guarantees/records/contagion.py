"""The table of nights: how failures would spread in each bank's groups. One item for a bank and a night."""

from __future__ import annotations

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from chalicelib.guarantees.rules.contagion import Night
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.tables import Row, guarded, table


class NightRow(Row):
    Meta = table("contagion-nights")
    bank_id = UnicodeAttribute(hash_key=True)
    night = UnicodeAttribute(range_key=True)
    portion = WholeNumber()
    body = Packed(Night)


def load(bank_id: str, on: date) -> Night:
    """The night as far as it is worked out."""
    row = NightRow.find(bank_id, on.isoformat())
    return row.body if row else Night(bank_id=bank_id, on=on)


def latest(bank_id: str, until: date) -> Night | None:
    """The last night up to a date: one read."""
    upto = NightRow.night <= until.isoformat()
    rows = NightRow.query(bank_id, upto, consistent_read=True, scan_index_forward=False, limit=1)
    return next((row.body for row in rows), None)


def keep(night: Night, portion: int) -> bool:
    """Keep a night with so many portions of the groups in it; False where somebody else has come further."""
    guard = NightRow.night.does_not_exist() | (NightRow.portion <= portion)
    row = NightRow(night.bank_id, night.on.isoformat(), portion=portion, body=night)
    return guarded(lambda: row.save(condition=guard))
