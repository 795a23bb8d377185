"""What the kernel makes of a table and its timers, on the smallest machine that has everything: a parcel that waits to be fetched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import PaymentOrder, Posting, transfer
from chalicelib.shared.state_machine import (
    STAYS,
    Change,
    Deadline,
    Effect,
    InvalidTransition,
    StateMachine,
    Table,
    Timer,
    Transition,
    UndeclaredTransition,
)

NOW: Final = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
DAY: Final = timedelta(days=1)


class Parcel(Struct, frozen=True, kw_only=True):
    id: str = "par_1"
    status: str = "waiting"
    version: int = 1
    seq: int = 1
    entry_hash: str = ""
    recent: tuple[str, ...] = ()
    updated_at: datetime = NOW
    policy: str = "pinned"
    is_held: bool = False
    reminders: int = 0


class Rules(Struct, frozen=True):
    days: int = 7


class Fee(Effect, frozen=True, kw_only=True):
    minor: int

    @property
    def target(self) -> str:
        return "till"

    @property
    def postings(self) -> tuple[Posting, ...]:
        return transfer(self.minor, "USD", debit_to=("cash", "till"), credit_to=("fees", "till"))


class NotNow(InvalidTransition):
    code = "parcel_not_now"


def _is_free(parcel: Parcel, context: Rules, actor: str, now: datetime) -> bool:
    return not parcel.is_held


WAITING: Final = frozenset({"waiting"})
TABLE: Final = Table[Parcel, Rules](
    kind="parcel",
    error=NotNow,
    ends=frozenset({"fetched", "returned"}),
    transitions=(
        Transition("fetch", WAITING, frozenset({"owner"}), frozenset({"fetched"}), _is_free),
        Transition("fetch", WAITING, frozenset({"clerk"}), frozenset({"fetched"})),
        Transition("hold", WAITING, frozenset({"clerk"}), WAITING),
        Transition("remind", WAITING, frozenset({"clock"}), WAITING),
        Transition("return", WAITING, frozenset({"clock"}), frozenset({"returned"})),
    ),
)


def fetch(was: Parcel, at: datetime, **more: Any) -> Change[Parcel]:
    return TABLE.change(was, "fetch", at, event="fetched", status="fetched", **more)


def remind(was: Parcel, context: Rules, at: datetime) -> Change[Parcel]:
    return TABLE.change(was, "remind", at, event="reminded", reminders=was.reminders + 1)


def send_back(was: Parcel, context: Rules, at: datetime) -> Change[Parcel]:
    return TABLE.change(was, "return", at, event="returned", status="returned")


def _reminder_due(parcel: Parcel, context: Rules) -> datetime | None:
    return NOW + DAY * context.days if parcel.reminders == 0 else None


def _return_due(parcel: Parcel, context: Rules) -> datetime | None:
    return None if parcel.is_held else NOW + DAY * context.days


def _visits(parcel: Parcel, context: Rules) -> list[Deadline]:
    return [
        Deadline(name=f"visit {n}", due_at=NOW + DAY * n, owner="owner", default_outcome="none", by_clock=False)
        for n in (1, 2)
    ]


MACHINE: Final = StateMachine[Parcel, Rules](
    table=TABLE,
    timers=(
        Timer("reminder", WAITING, _reminder_due, "owner", "reminded", remind),
        Timer("return", WAITING, _return_due, lambda parcel: "owner", lambda parcel: "returned", send_back),
        Timer("visits", WAITING, _visits, "owner", "none"),
    ),
)


@pytest.mark.parametrize(
    ("parcel", "actor", "allowed"),
    [
        (Parcel(), "owner", ["fetch"]),
        (Parcel(is_held=True), "owner", []),
        (Parcel(is_held=True), "clerk", ["fetch", "hold"]),
        (Parcel(), "stranger", []),
        (Parcel(status="fetched"), "clerk", []),
    ],
)
def test_what_is_allowed_follows_from_status_actor_and_guard(parcel: Parcel, actor: str, allowed: list[str]) -> None:
    assert TABLE.allowed(parcel, actor, Rules(), NOW) == allowed
    for name in ("fetch", "hold"):
        if name in allowed:
            TABLE.require(name, parcel, actor, Rules(), NOW)
        else:
            with pytest.raises(NotNow) as raised:
                TABLE.require(name, parcel, actor, Rules(), NOW)
            expected = {"parcel_status": parcel.status, "version": 1, "allowed_actions": allowed}
            assert raised.value.numbers == expected


def test_an_action_with_an_error_of_its_own_is_refused_by_it_and_tells_what_is_allowed() -> None:
    class Sealed(Conflict):
        code = "parcel_sealed"

    def sealed(parcel: Parcel, context: Rules, now: datetime) -> Sealed:
        return Sealed("It is sealed.", until=context.days)

    opening = Transition("open", WAITING, frozenset({"clerk"}), WAITING, _is_free, sealed)
    table = replace(TABLE, transitions=(*TABLE.transitions, opening))
    table.require("open", Parcel(), "clerk", Rules(), NOW)
    with pytest.raises(Sealed) as raised:
        table.require("open", Parcel(is_held=True), "clerk", Rules(), NOW)
    assert raised.value.numbers == {
        "until": 7,
        "parcel_status": "waiting",
        "version": 1,
        "allowed_actions": ["fetch", "hold"],
    }


def test_a_timer_of_the_clock_that_names_several_deadlines_fires_at_the_first_of_them() -> None:
    def calls(parcel: Parcel, context: Rules) -> list[Deadline]:
        return [
            Deadline(name=f"call {n}", due_at=NOW + DAY * n, owner="clock", default_outcome="reminded")
            for n in (2, 3)[parcel.reminders :]
        ]

    machine = StateMachine[Parcel, Rules](
        table=TABLE, timers=(Timer("calls", WAITING, calls, "clock", "reminded", remind, backdated=True),)
    )
    assert machine.next_due(Parcel(), Rules()) == NOW + DAY * 2
    assert [deadline.name for deadline in machine.deadlines(Parcel(), Rules())] == ["call 2", "call 3"]
    fired = list(machine.overdue(Parcel(updated_at=NOW + DAY * 9), Rules(), NOW + DAY * 9))
    assert [change.at for change in fired] == [NOW + DAY * 2, NOW + DAY * 3]
    assert machine.next_due(fired[-1].state, Rules()) is None


def test_an_action_of_the_clock_is_never_anybodys_action() -> None:
    assert TABLE.actors("fetch") == {"owner", "clerk"}
    assert not TABLE.actors("return")


def test_a_change_is_the_next_version_with_the_event_that_tells_of_it() -> None:
    change = fetch(Parcel(version=4, seq=2), NOW + DAY, payload={"by": "owner"})
    assert (change.state.version, change.state.seq, change.state.status) == (5, 3, "fetched")
    assert (change.state.updated_at, change.at) == (NOW + DAY, NOW + DAY)
    assert (change.event.kind, change.event.policy) == ("parcel.fetched", "pinned")
    assert change.event.payload == {"from": "waiting", "to": "fetched", "by": "owner"}


def test_what_takes_effect_before_the_last_change_does_not_set_the_clock_back() -> None:
    change = fetch(Parcel(updated_at=NOW + DAY), NOW)
    assert (change.state.updated_at, change.at) == (NOW + DAY, NOW)


def test_effects_are_booked_with_the_change_that_has_them() -> None:
    own = transfer(5, "USD", debit_to=("a", "x"), credit_to=("b", "x"))
    order = PaymentOrder(kind="payout", bank_id="boc", aggregate_id="x", currency="USD", amount_minor=5, party="x")
    change = fetch(Parcel(), NOW, postings=own, effects=(Fee(minor=3), Fee(minor=4)), payment_orders=(order,))
    assert change.event.postings == (*own, *Fee(minor=3).postings, *Fee(minor=4).postings)
    assert change.event.payment_orders == (order,)
    assert [effect.target for effect in change.effects] == ["till", "till"]


@pytest.mark.parametrize(
    ("was", "name", "status"),
    [
        (Parcel(), "fetch", "returned"),
        (Parcel(status="returned"), "fetch", "fetched"),
        (Parcel(), "burn", "waiting"),
    ],
)
def test_a_change_that_no_transition_declares_is_a_named_fault(was: Parcel, name: str, status: str) -> None:
    with pytest.raises(UndeclaredTransition):
        TABLE.change(was, name, NOW, status=status)


@pytest.mark.parametrize("status", ["waiting", "fetched"])
def test_what_stays_leaves_each_of_its_statuses_as_it_is(status: str) -> None:
    look = Transition[Parcel, Rules]("look", frozenset({"waiting", "fetched"}), frozenset({"clerk"}), STAYS)
    table = replace(TABLE, transitions=(look,))
    was = Parcel(status=status)
    assert table.change(was, "look", NOW).state.status == status
    for other in {"waiting", "fetched", "returned"} - {status}:
        with pytest.raises(UndeclaredTransition):
            table.change(was, "look", NOW, status=other)


def test_while_a_machine_is_paused_only_deadlines_of_people_run() -> None:
    machine, rules = replace(MACHINE, is_paused=lambda parcel: parcel.is_held), Rules()
    free, held = Parcel(), Parcel(is_held=True)
    assert machine.deadlines(free, rules) == MACHINE.deadlines(free, rules)
    assert [each.name for each in machine.deadlines(held, rules)] == ["visit 1", "visit 2"]
    assert machine.next_due(held, rules) is None
    assert list(machine.overdue(held, rules, NOW + 1000 * DAY)) == []


def test_a_state_that_was_worked_out_whole_becomes_the_next_version() -> None:
    change = TABLE.change(Parcel(version=2), "hold", NOW, state=Parcel(version=9, is_held=True))
    assert (change.state.version, change.state.is_held) == (3, True)


def test_deadlines_are_told_earliest_first_with_those_that_only_people_meet() -> None:
    deadlines = MACHINE.deadlines(Parcel(), Rules())
    assert [(each.name, each.by_clock) for each in deadlines] == [
        ("visit 1", False),
        ("visit 2", False),
        ("reminder", True),
        ("return", True),
    ]
    assert MACHINE.deadlines(Parcel(status="fetched"), Rules()) == []


def test_of_timers_at_one_instant_the_first_of_the_tuple_fires_first() -> None:
    changes = list(MACHINE.overdue(Parcel(), Rules(), NOW + 30 * DAY))
    assert [(change.event.kind, change.at) for change in changes] == [
        ("parcel.reminded", NOW + 7 * DAY),
        ("parcel.returned", NOW + 7 * DAY),
    ]


def test_a_timer_that_does_not_run_is_waited_for_by_nobody() -> None:
    held = Parcel(is_held=True, reminders=1)
    assert MACHINE.next_due(held, Rules()) is None
    assert list(MACHINE.overdue(held, Rules(), NOW + 365 * DAY)) == []


def test_a_deadline_is_met_before_its_instant_and_missed_at_it() -> None:
    due = NOW + 7 * DAY
    assert list(MACHINE.overdue(Parcel(), Rules(), due - timedelta(milliseconds=1))) == []
    assert next(MACHINE.overdue(Parcel(), Rules(), due)).at == due


@pytest.mark.parametrize(("backdated", "at"), [(False, NOW + 9 * DAY), (True, NOW + 7 * DAY)])
def test_what_fell_due_before_the_last_change_takes_effect_after_it_unless_it_is_backdated(
    backdated: bool, at: datetime
) -> None:
    timers = (Timer("return", WAITING, _return_due, "owner", "returned", send_back, backdated=backdated),)
    machine = StateMachine[Parcel, Rules](table=TABLE, timers=timers)
    change = next(machine.overdue(Parcel(updated_at=NOW + 9 * DAY), Rules(), NOW + 9 * DAY))
    assert (change.at, change.state.updated_at) == (at, NOW + 9 * DAY)


def test_a_machine_says_what_its_events_tell() -> None:
    def told(was: Parcel, parcel: Parcel) -> Mapping[str, Any]:
        return {"reminders": parcel.reminders}

    table = Table[Parcel, Rules](
        kind="parcel", error=NotNow, ends=TABLE.ends, transitions=TABLE.transitions, payload=told
    )
    assert table.change(Parcel(), "remind", NOW, reminders=1).event.payload == {"reminders": 1}
