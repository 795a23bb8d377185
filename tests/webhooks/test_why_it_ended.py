"""A message tells what ended it: an answer, that all tries are spent, or what became of its endpoint; an endpoint, who disabled it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from chalicelib.shared.journal import Entry, JournalRow
from chalicelib.webhooks.rules import delivery as webhooks_delivery
from chalicelib.webhooks.rules import endpoint as webhooks_endpoint
from chalicelib.webhooks.rules.delivery import Delivery, Outcome, Status, Why
from chalicelib.webhooks.views import delivery_view
from tests.ends import endings
from tests.webhooks.conftest import Desk
from tests.webhooks.test_rules import FAILED, NOW, POLICY, TAKEN, endpoint, entry

GONE = Outcome(code=410)


def queued(**changes: Any) -> Delivery:
    return replace(webhooks_delivery.first(endpoint(), entry(), POLICY, NOW), **changes)


def tried(*outcomes: Outcome) -> Delivery:
    delivery = queued()
    for outcome in outcomes:
        delivery = webhooks_delivery.attempted(delivery, outcome, POLICY, NOW)
    return delivery


def tries_are_spent() -> Delivery:
    return tried(*[FAILED] * (len(POLICY.retry_minutes) + 1))


def disabled(why: str) -> webhooks_endpoint.Endpoint:
    return webhooks_endpoint.disabled(endpoint(), why, NOW)


def held(why: str, delivery: Delivery) -> Delivery:
    return webhooks_delivery.held(delivery, disabled(why), POLICY, NOW)


ENDED: list[tuple[Callable[[], Delivery], Status, Why]] = [
    (lambda: tried(TAKEN), "delivered", ""),
    (lambda: tried(FAILED, TAKEN), "delivered", ""),
    (tries_are_spent, "dead", "not_taken"),
    (lambda: webhooks_delivery.dropped(tried(FAILED), "endpoint_deleted", POLICY, NOW), "dead", "endpoint_deleted"),
    (lambda: webhooks_delivery.dropped(tried(FAILED), "consent_withdrawn", POLICY, NOW), "dead", "consent_withdrawn"),
    (lambda: tried(FAILED, GONE), "held", "receiver_gone"),
    (lambda: held("asked", tried(FAILED)), "held", "endpoint_disabled"),
    (lambda: held("gone", tried(FAILED)), "held", "receiver_gone"),
    (lambda: webhooks_delivery.first(disabled("asked"), entry(), POLICY, NOW), "held", "endpoint_disabled"),
    (lambda: webhooks_delivery.first(disabled("gone"), entry(), POLICY, NOW), "held", "receiver_gone"),
]
"""What ends it, how it then stands, and why."""


@pytest.mark.parametrize(("ends", "status", "why"), ENDED)
def test_the_reason_is_the_one_that_acted(ends: Callable[[], Delivery], status: Status, why: Why) -> None:
    delivery = ends()
    seen = delivery_view(delivery, endpoint())
    assert (seen.status, seen.why) == (status, why or None)
    assert (seen.why is None) == (seen.status == "delivered" and seen.attempts[-1].code == 204)
    again = webhooks_delivery.replayed(delivery, "ent_9", NOW)
    assert (again.status, again.why) == ("queued", "")


def test_every_end_and_every_reason_is_here_and_what_waits_has_none() -> None:
    at_rest = frozenset(get_args(Status)) - {"queued"}
    assert (
        {status for _, status, _ in ENDED}
        == {status for _, status in endings(webhooks_delivery.TABLE, at_rest)}
        == at_rest
    )
    assert {why for _, _, why in ENDED} == set(get_args(Why))
    assert tried(FAILED).why == ""


def test_no_attempt_is_told_that_was_not_made() -> None:
    assert webhooks_delivery.dropped(queued(), "endpoint_deleted", POLICY, NOW).attempts == ()


def test_the_last_try_that_is_taken_delivers_and_one_that_says_gone_is_not_spent() -> None:
    last = tried(*[FAILED] * len(POLICY.retry_minutes))
    assert last.status == "queued"
    for outcome, status, why in (
        (TAKEN, "delivered", ""),
        (GONE, "held", "receiver_gone"),
        (FAILED, "dead", "not_taken"),
    ):
        after = webhooks_delivery.attempted(last, outcome, POLICY, NOW)
        assert (after.status, after.why) == (status, why)


def test_of_its_owner_and_its_receiver_whoever_came_first_has_disabled_an_endpoint(desk: Desk) -> None:
    buyer = desk.trade.buyer
    asked, gone = (desk.register(buyer, "order.*")["id"] for _ in range(2))
    desk.trade.propose()
    desk.streams()
    desk.do(asked, "disable", buyer)
    desk.receiver.outcome = GONE
    desk.pump()
    assert desk.do(gone, "disable", buyer)["code"] == "endpoint_unchanged"
    for name, why, held_for in ((asked, "asked", "endpoint_disabled"), (gone, "gone", "receiver_gone")):
        reply = desk.trade.api.get(f"/v1/webhook-endpoints/{name}", buyer)
        assert (reply["status"], reply["why"]) == ("disabled", why)
        assert [made.event.payload.get("why") for made in _entries(name)] == [None, why]
        assert [(one["status"], one["why"]) for one in desk.log(name, buyer)] == [("held", held_for)]
        assert desk.do(name, "enable", buyer)["why"] is None


def _entries(endpoint_id: str) -> list[Entry]:
    """The first two of an endpoint."""
    made = sorted(
        (row.entry() for row in JournalRow.scan() if row.aggregate_id == endpoint_id), key=lambda entry: entry.seq
    )
    return made[:2]
