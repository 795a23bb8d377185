"""Items as values, for tests of their rules."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from chalicelib.reconciliation.aggregate import ITEMS
from chalicelib.reconciliation.rules import handling
from chalicelib.reconciliation.rules.item import Context, Difference, Item, Policy
from chalicelib.shared import clock, ids, policies
from chalicelib.shared.request import CLOCK, RequestContext

NOW: Final = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
TODAY: Final = date(2026, 3, 2)
PINNED: Final = policies.in_force("reconciliation", TODAY)
CONTEXT: Final = Context(policy=PINNED.read_as(Policy))


def dpd(theirs: int) -> Difference:
    return Difference(of="dpd", ours=0, theirs=theirs)


def opened(theirs: int = 9) -> Item:
    return handling.opened(
        "boc", "lon_1", "CNY", [dpd(theirs)], TODAY, context=CONTEXT, policy_hash=PINNED.hash, now=NOW
    ).state


def plant_item() -> str:
    """An item in the tables, of which an officer has to say something."""
    now, about = clock.now(), ids.new_id("lon", clock.now())
    first = handling.opened("boc", about, "CNY", [dpd(9)], TODAY, context=CONTEXT, policy_hash=PINNED.hash, now=now)
    ITEMS.create(first, CONTEXT, RequestContext(caller=CLOCK, now=now, request_id="test", key=about, digest="test"))
    return first.state.id


def escalated() -> Item:
    was = opened()
    assert was.due_at is not None
    return handling.escalate(was, CONTEXT, was.due_at).state
