"""What ended a channel, a nomination or a membership is told by the event of its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from chalicelib.channels.rules import channel_machine, membership_machine, nomination_machine
from chalicelib.shared.state_machine import Change
from tests.channels.members import CONTEXT, NOW, channel, issued, nomination, with_status
from tests.ends import endings

TICK = timedelta(milliseconds=1)
LATER = NOW + timedelta(days=400)


def _at_closing() -> Any:
    return replace(channel(), terms=replace(channel().terms, closes_on=date(2026, 12, 31)))


def _overdue(status: str) -> Change[Any]:
    return next(nomination_machine.MACHINE.overdue(nomination(status), CONTEXT, LATER))


ENDS: Final[dict[str, list[tuple[Callable[[], Change[Any]], str, str, dict[str, Any]]]]] = {
    "channels": [
        (lambda: channel_machine.close(channel(), "It is over.", NOW), "close", "closed", {"reason": "It is over."}),
        (
            lambda: next(channel_machine.MACHINE.overdue(_at_closing(), (), LATER)),
            "close",
            "closed",
            {"reason": "closing_date"},
        ),
    ],
    "nominations": [
        (lambda: nomination_machine.accept(nomination("invited"), issued(), NOW), "accept", "joined", {}),
        (
            lambda: nomination_machine.decline(nomination("invited"), "No.", NOW),
            "decline",
            "declined",
            {"reason": "No."},
        ),
        (
            lambda: nomination_machine.withdraw(nomination(), "Later.", NOW),
            "withdraw",
            "withdrawn",
            {"reason": "Later."},
        ),
        (lambda: _overdue("draft"), "expire", "expired", {"from": "draft"}),
        (lambda: _overdue("returned"), "expire", "expired", {"from": "returned"}),
        (lambda: _overdue("checked"), "expire", "expired", {"from": "checked"}),
        (lambda: _overdue("invited"), "expire", "expired", {"from": "invited"}),
    ],
    "channel-memberships": [
        (
            lambda: next(membership_machine.MACHINE.overdue(issued(), CONTEXT, LATER)),
            "expire",
            "expired",
            {"from": "active"},
        ),
        (
            lambda: next(membership_machine.MACHINE.overdue(with_status("suspended"), CONTEXT, LATER)),
            "expire",
            "expired",
            {"from": "suspended"},
        ),
    ],
}
TABLES: Final[dict[str, Any]] = {
    "channels": channel_machine.TABLE,
    "nominations": nomination_machine.TABLE,
    "channel-memberships": membership_machine.TABLE,
}
ENDED: Final = {name: {status for _, _, status, _ in ends} for name, ends in ENDS.items()}
"""How each stands then."""


@pytest.mark.parametrize(
    ("ends", "status", "says"), [(ends, status, says) for each in ENDS.values() for ends, _, status, says in each]
)
def test_the_event_says_what_ended_it(ends: Callable[[], Change[Any]], status: str, says: dict[str, Any]) -> None:
    change = ends()
    assert (change.state.status, change.event.payload["to"]) == (status, status)
    assert says.items() <= change.event.payload.items()


@pytest.mark.parametrize("name", ENDS)
def test_every_transition_to_an_end_is_here(name: str) -> None:
    assert {(transition, status) for _, transition, status, _ in ENDS[name]} == endings(TABLES[name])


def test_who_accepts_a_moment_before_the_clock_has_joined() -> None:
    invited = nomination("invited")
    assert not list(nomination_machine.MACHINE.overdue(invited, CONTEXT, invited.until - TICK))
    [expired] = nomination_machine.MACHINE.overdue(invited, CONTEXT, invited.until)
    assert expired.state.status == "expired"


def test_what_waits_for_the_platform_never_lapses() -> None:
    changes = list(nomination_machine.MACHINE.overdue(nomination("nominated"), CONTEXT, LATER))
    assert [(change.event.kind, change.state.status) for change in changes] == [("nomination.escalated", "nominated")]
