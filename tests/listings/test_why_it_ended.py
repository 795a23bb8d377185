"""A listing tells why it is on sale no more: its supplier gave it up, or nothing came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.listings.rules import handling
from chalicelib.listings.rules.listing import ENDS, Why
from chalicelib.listings.rules.timers import MACHINE
from chalicelib.listings.rules.transitions import TABLE, ListingChange
from chalicelib.listings.views.listing import view
from tests.ends import endings
from tests.listings.offered import CONTEXT, NOW, drafted, published

LATER = NOW + timedelta(days=400)


def left_alone(listing: Callable[[], object]) -> ListingChange:
    return [*MACHINE.overdue(listing(), CONTEXT, LATER)][-1]  # type: ignore[arg-type]


def given_up() -> ListingChange:
    return handling.withdraw(published(), NOW)


HOW: list[tuple[str, Callable[[], ListingChange], Why]] = [
    ("withdraw", given_up, "by_supplier"),
    ("lapse", lambda: left_alone(drafted), "not_submitted"),
    ("lapse", lambda: left_alone(published), "not_renewed"),
]
ENDED = [(name, end().state.status) for name, end, _ in HOW]
"""By which transition it ends, and how it then stands."""


@pytest.mark.parametrize(("name", "end", "why"), HOW)
def test_the_reason_is_the_one_that_acted(name: str, end: Callable[[], ListingChange], why: Why) -> None:
    change = end()
    assert (change.event.kind, change.event.payload["why"]) == ("listing.withdrawn", why)
    assert change.state.status in ENDS
    seen = view(change.state, CONTEXT, "supplier", LATER)
    assert (seen.why, [action for action in seen.allowed_actions if action != "add-picture"]) == (why, [])


def test_every_transition_to_an_end_is_here() -> None:
    assert set(ENDED) == endings(TABLE)
