"""The deposits' table, one segment after the other, for jobs that decide on all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from chalicelib.deposits.records import DepositRow
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.shared import table_pages
from chalicelib.shared.table_pages import Binary, Page, Text


class Held(msgspec.Struct, frozen=True):
    """An item of the deposits' table, as far as it is looked at."""

    member_id: Text
    body: Binary | None = None

    @property
    def deposit(self) -> Deposit:
        """Raises ValidationError where the item does not hold what it should."""
        return _DECODER.decode(self.body.B if self.body else b"")


def pages(segment: int, segments: int, after: str = "") -> Iterator[Page[Held]]:
    """A segment (the first is 1) from behind a position on."""
    table, columns = DepositRow.Meta.table_name, ("member_id", "body")
    return table_pages.pages(table, Held, columns, segment=segment - 1, segments=segments, after=after)


_DECODER: Final = msgspec.json.Decoder(Deposit)
