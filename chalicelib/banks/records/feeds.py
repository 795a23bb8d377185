"""The feeds of what banks are told: an item for each bank. The messages themselves are entries of the journal."""

from __future__ import annotations

from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.banks.rules.feed import BankFeed
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import table


class BankFeedRow(AggregateRow):
    Meta = table("bank-feeds")
    feed_id = UnicodeAttribute(hash_key=True)
    body = Packed(BankFeed)
    due = None


REPOSITORY: Final = Repository[BankFeed](BankFeedRow)
