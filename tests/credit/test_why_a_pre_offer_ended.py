"""A pre-offer that ended says what ended it: the firm that is not interested, that lets the platform look no more, or its last moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.credit.rules import pre_offer as rules
from chalicelib.credit.rules.need import Need, Policy
from chalicelib.credit.rules.pre_offer import MACHINE, TABLE, PreOffer, PreOfferChange
from chalicelib.credit.views.pre_offers import view
from chalicelib.shared import policies
from tests.ends import endings

NOW = datetime(2026, 3, 2, 17, 20, tzinfo=UTC)
TICK = timedelta(milliseconds=1)
POLICY = policies.versions("pre-offers")[0].read_as(Policy)
NEED = Need(
    kind="growth",
    amount_minor=10_000_000,
    currency="CNY",
    limit_minor=30_000_000,
    product_ids=("boc-term",),
    reasons=("You exported more.",),
)


def shown() -> PreOffer:
    return rules.opened("pro_1", "mem_1", "cns_1", "2026-03", NEED, policy=POLICY, policy_hash="", now=NOW).state


def declined() -> PreOfferChange:
    return rules.decline(shown(), NOW)


def withdrawn() -> PreOfferChange:
    return rules.withdraw(shown(), NOW)


def expired() -> PreOfferChange:
    [change] = MACHINE.overdue(shown(), (), shown().due_at)
    return change


ENDED = [
    ("decline", declined().state.status),
    ("withdraw", withdrawn().state.status),
    ("expire", expired().state.status),
]
"""By which transition it ends, and how it then stands."""


@pytest.mark.parametrize(
    ("ends", "event"),
    [(declined, "pre_offer.declined"), (withdrawn, "pre_offer.withdrawn"), (expired, "pre_offer.expired")],
)
def test_the_reason_is_the_one_that_acted(ends: Callable[[], PreOfferChange], event: str) -> None:
    change = ends()
    assert change.event.kind == event
    pre_offer_view = view(change.state, (), "firm", change.at)
    assert (pre_offer_view.status, pre_offer_view.ended_at) == (event.removeprefix("pre_offer."), change.at)
    assert (pre_offer_view.allowed_actions, pre_offer_view.deadlines) == ([], [])


def test_every_transition_to_an_end_is_here() -> None:
    assert set(ENDED) == endings(TABLE)


def test_the_firm_decides_until_the_last_millisecond_and_not_after_it() -> None:
    last = shown().due_at - TICK
    assert list(MACHINE.overdue(shown(), (), last)) == []
    assert list(MACHINE.overdue(rules.decline(shown(), last).state, (), shown().due_at)) == []
    assert TABLE.allowed(expired().state, "firm", (), shown().due_at) == []
    assert TABLE.allowed(shown(), "officer", (), NOW) == []
