"""The quotes' table."""

from __future__ import annotations

from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.quotes.rules.quote import Quote
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import table


class QuoteRow(AggregateRow):
    Meta = table("quotes")
    quote_id = UnicodeAttribute(hash_key=True)
    body = Packed(Quote)


REPOSITORY: Final = Repository[Quote](QuoteRow)
