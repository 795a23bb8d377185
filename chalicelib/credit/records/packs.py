"""The data packs' table."""

from __future__ import annotations

from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.credit.rules.pack import Pack
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import table


class PackRow(AggregateRow):
    Meta = table("data-packs")
    pack_id = UnicodeAttribute(hash_key=True)
    body = Packed(Pack)
    due = None


REPOSITORY: Final = Repository[Pack](PackRow)
