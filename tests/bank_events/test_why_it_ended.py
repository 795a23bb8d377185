"""A bank event tells what ended it: why it is refused, and of money in suspense what became of it and whose doing that was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.banks.rules import suspense
from chalicelib.banks.rules.event_timers import MACHINE
from chalicelib.banks.rules.event_transitions import REUSED, TABLE, EventChange
from chalicelib.banks.rules.inbox import BankEvent, Movement, Target
from chalicelib.banks.rules.suspense import ReferenceReused
from chalicelib.banks.views.inbox import view
from chalicelib.shared.errors import DomainError, RuleViolation
from tests.ends import endings

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
DAY = timedelta(days=1)
WAIT = 10 * DAY
NOBODYS = RuleViolation("Nobody's.")


def arrived() -> BankEvent:
    return BankEvent(id="bev_1", bank_id="boc", webhook_id="w", digest="d", received_at=NOW, updated_at=NOW, since=NOW)


def parked() -> BankEvent:
    return suspense.parked(arrived(), "ord_1", 2, expected=1, wait=3 * DAY, now=NOW).state


def waiting(why: DomainError = NOBODYS, *, incoming: bool = True) -> BankEvent:
    return suspense.suspended(arrived(), Movement(1_000, "USD", incoming), why, "R-1", WAIT, NOW).state


def left_alone(was: BankEvent) -> EventChange:
    [change] = MACHINE.overdue(was, b"", NOW + 90 * DAY)
    return change


def charged_back(was: BankEvent, minor: int = 1_000) -> EventChange:
    return suspense.charged_back(was, Movement(minor, "USD", True), NOW + DAY)


ENDED: list[tuple[Callable[[], EventChange], str, str, str | None, str | None]] = [
    (lambda: suspense.applied(parked(), NOW), "apply", "applied", None, None),
    (lambda: suspense.refused(parked(), ReferenceReused("Told before."), NOW), "refuse", "refused", REUSED, None),
    (
        lambda: suspense.allocated(waiting(), Target(kind="order", id="ord_1"), NOW),
        "allocate",
        "allocated",
        NOBODYS.code,
        "officer",
    ),
    (lambda: suspense.returned(waiting(), NOW), "return", "returned", NOBODYS.code, "officer"),
    (lambda: suspense.returned(waiting(incoming=False), NOW), "return", "claimed_back", NOBODYS.code, "officer"),
    (lambda: suspense.reversed_(waiting(ReferenceReused("Used.")), NOW), "reverse", "reversed", REUSED, "officer"),
    (lambda: left_alone(waiting()), "default", "returned", NOBODYS.code, "clock"),
    (lambda: left_alone(waiting(incoming=False)), "default", "claimed_back", NOBODYS.code, "clock"),
    (lambda: left_alone(waiting(ReferenceReused("Used."))), "default", "returned", REUSED, "clock"),
    (lambda: charged_back(waiting()), "charged_back", "charged_back", NOBODYS.code, "bank"),
]
"""What ends it, by which transition, how it then stands, why it was nobody's, and who ended that."""


@pytest.mark.parametrize(("ends", "transition", "status", "reason", "ended_by"), ENDED)
def test_the_reason_is_the_one_that_acted(
    ends: Callable[[], EventChange], transition: str, status: str, reason: str | None, ended_by: str | None
) -> None:
    change = ends()
    bank_event_view = view(change.state, b"{}", "officer", NOW + 90 * DAY)
    assert (bank_event_view.status, bank_event_view.reason, bank_event_view.ended_by, bank_event_view.deadlines) == (
        status,
        reason,
        ended_by,
        [],
    )
    assert change.event.kind == f"bank_event.{status}"
    assert change.event.payload.get("default", False) == (ended_by == "clock")
    assert change.event.payload.get("reason") == (reason if status == "refused" else None)


def test_every_transition_to_an_end_is_here() -> None:
    assert {(transition, status) for _, transition, status, _, _ in ENDED} == endings(TABLE)


def test_what_waits_was_ended_by_nobody() -> None:
    assert view(charged_back(waiting(), 400).state, b"{}", "officer", NOW).ended_by is None
    assert view(parked(), b"{}", "officer", NOW).ended_by is None


def test_what_the_bank_takes_back_of_what_was_returned_changes_nothing_of_who_returned_it() -> None:
    by_officer = charged_back(suspense.returned(waiting(), NOW).state).state
    assert (by_officer.status, by_officer.ended_by) == ("returned", "officer")
    late = left_alone(charged_back(waiting(), 400).state).state
    assert (late.status, late.ended_by) == ("returned", "clock")


def test_the_moment_itself_is_the_clocks() -> None:
    item = waiting(ReferenceReused("Used."))
    actions = ["allocate", "return", "reverse"]
    assert TABLE.allowed(item, "officer", b"", NOW + WAIT - timedelta(milliseconds=1)) == actions
    assert TABLE.allowed(item, "officer", b"", NOW + WAIT) == []
    assert left_alone(item).at == NOW + WAIT
