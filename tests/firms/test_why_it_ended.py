"""A profile that expires tells why: nobody verified it, the firm did not mend it, or did not confirm it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from chalicelib.firms.rules import verifying
from chalicelib.firms.rules.firm import Firm, WhyExpired
from chalicelib.firms.rules.timers import MACHINE
from chalicelib.firms.rules.transitions import TABLE
from chalicelib.firms.views.firm import view
from tests.ends import endings
from tests.firms.profiles import CONTEXT, DAY, NOW, changed, registered, returned, verified

EXPIRED: list[tuple[Callable[[], Firm], WhyExpired]] = [
    (registered, "not_verified"),
    (changed, "not_verified"),
    (returned, "not_mended"),
    (verified, "not_confirmed"),
]


def last_change(was: Callable[[], Firm]) -> Any:
    *_, change = MACHINE.overdue(was(), CONTEXT, NOW + 800 * DAY)
    return change


ENDED = [("expire", last_change(was).state.status) for was, _ in EXPIRED]
"""By which transition it ends, and how it then stands."""


@pytest.mark.parametrize(("was", "why"), EXPIRED)
def test_the_reason_is_the_one_that_acted(was: Callable[[], Firm], why: WhyExpired) -> None:
    change = last_change(was)
    assert (change.event.kind, change.event.payload["why"]) == ("firm.expired", why)
    firm_view = view(change.state, CONTEXT, "firm", NOW + 800 * DAY)
    assert (firm_view.status, firm_view.why_expired) == ("expired", why)


def test_every_reason_and_every_transition_to_an_end_is_here() -> None:
    assert {why for _, why in EXPIRED} == set(get_args(WhyExpired))
    assert set(ENDED) == endings(TABLE)


def test_a_profile_that_is_confirmed_has_no_reason_any_more() -> None:
    for was, _ in EXPIRED:
        assert verifying.confirm(last_change(was).state, CONTEXT, NOW + 900 * DAY).state.why_expired is None
