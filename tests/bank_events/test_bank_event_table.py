"""Whatever comes, whoever decides and however late: the table declares it, suspense holds what is left, and every item leaves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.banks.rules import suspense
from chalicelib.banks.rules.event_timers import MACHINE
from chalicelib.banks.rules.event_transitions import TABLE, EventChange
from chalicelib.banks.rules.inbox import BankEvent, Movement, Target
from chalicelib.banks.rules.suspense import ReferenceReused
from chalicelib.ledger.rules.chart import SUSPENSE
from chalicelib.shared.errors import DomainError, RuleViolation
from chalicelib.shared.journal import imbalance

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
DAY = timedelta(days=1)
STEPS = ("park", "apply", "refuse", "suspend", "allocate", "return", "reverse", "charged_back", "wait")


@given(
    incoming=st.booleans(),
    is_reused=st.booleans(),
    walk=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 200)), max_size=12),
)
def test_every_change_of_a_bank_event_is_declared_and_suspense_holds_what_is_left(
    incoming: bool, is_reused: bool, walk: list[tuple[str, int]]
) -> None:
    event = BankEvent(id="bev_1", bank_id="boc", webhook_id="w", digest="d", received_at=NOW, updated_at=NOW, since=NOW)
    why = ReferenceReused("Used.") if is_reused else RuleViolation("Nobody's.")
    now, held = NOW, 0
    for name, number in walk:
        now += number * DAY / 10 if name == "wait" else timedelta(minutes=1)
        changes = [*MACHINE.overdue(event, b"", now)]
        event = changes[-1].state if changes else event
        changes += (
            [change] if (change := _change(event, name, number, Movement(1_000, "USD", incoming), why, now)) else []
        )
        for change in changes:
            assert imbalance(change.event.postings) == {}
            held += sum(leg.credit_minor - leg.debit_minor for leg in change.event.postings if leg.account == SUSPENSE)
            event = change.state
        assert held == suspense.in_suspense_minor(event, now + DAY)
        assert (event.due_at is not None) == (event.status in ("parked", "suspense"))
    for change in MACHINE.overdue(event, b"", now + 400 * DAY):
        event = change.state
    assert event.status != "suspense"


def _change(
    was: BankEvent, name: str, number: int, money: Movement, why: DomainError, now: datetime
) -> EventChange | None:
    """What comes of a step, or None where the table does not allow it."""
    if not any(name in TABLE.allowed(was, actor, b"", now) for actor in ("officer", "bank")):
        return None
    match name:
        case "park":
            return suspense.parked(was, "ord_1", 2, expected=1, wait=3 * DAY, now=now)
        case "apply":
            return suspense.applied(was, now)
        case "refuse":
            return suspense.refused(was, why, now)
        case "suspend":
            return suspense.suspended(was, money, why, "R-1", 10 * DAY, now)
        case "allocate":
            return suspense.allocated(was, Target(kind="order", id="ord_1"), now)
        case "return":
            return suspense.returned(was, now)
        case "reverse":
            return suspense.reversed_(was, now)
        case "charged_back" if suspense.may_be_charged_back(was, part := Movement(number, "USD", True), now):
            return suspense.charged_back(was, part, now)
    return None
