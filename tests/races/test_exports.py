"""Declarations and subsidies that many tell and settle at once, on a real engine."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import pytest

from chalicelib.exports.rules.declaration import id_of as declaration_id
from chalicelib.exports.service import subsidies
from chalicelib.shared.errors import WriteConflict
from tests.exports.declarations import MEMBER, feed, returned, row
from tests.races.conftest import at_once
from tests.world import Api, token

pytestmark = pytest.mark.engine

OFFICER: Final = token("officer", "officer-1", "admin")
OWN: Final = token("member", MEMBER)
REFUNDED: Final = {"tax_refund_paid_on": "2026-02-10", "amount": "500000.00"}


def test_one_declaration_that_many_tell_at_once_counts_once(api: Api) -> None:
    feed(api, OFFICER, row(declaration_no="D-0"))
    backs = [returned(f"2026-02-{day:02d}", "1000.00") for day in range(1, 5)]
    at_once(12, lambda number: feed(api, OFFICER, backs[number % 4], row()))
    shown = api.get(f"/v1/members/{MEMBER}/exports?from=2026-01-01&to=2026-03-02", OWN)
    assert (shown["total"]["platform"]["amount"], shown["total"]["returned"]["amount"]) == ("236000.00", "4000.00")


def test_subsidies_that_are_settled_at_once_take_no_more_than_the_months_most(api: Api) -> None:
    """Ten declarations of 15,000.00 CNY each, 100,000.00 at most; each settled twice at the same time."""
    names = [f"D-{number}" for number in range(10)]
    feed(api, OFFICER, *(row(declaration_no=name, **REFUNDED) for name in names))

    def settle(number: int) -> None:
        with suppress(WriteConflict):  # what lost its race too often is brought again
            subsidies.settle(declaration_id(names[number % 10]))

    at_once(20, settle)
    for number in range(10):
        settle(number)
    shown = api.get(f"/v1/members/{MEMBER}/subsidies?from=2026-02-01&to=2026-03-01", OWN)
    booked = sorted(each["booked"]["amount"] for each in shown["items"])
    assert booked == ["0.00"] * 3 + ["10000.00"] + ["15000.00"] * 6
    assert shown["unpaid"]["amount"] == "100000.00"
