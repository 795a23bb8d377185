"""What banks have made of applications, for slices above."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from chalicelib.credit.records import applications as records
from chalicelib.credit.rules.review import Review

AT_ONCE = 100


def of_bank(bank_id: str) -> Iterator[Review]:
    """Every review of a bank that can be read, some at a time."""
    names = records.review_ids_of_bank(bank_id, None)
    while some := list(islice(names, AT_ONCE)):
        yield from records.REVIEWS.load_many(some).values()
