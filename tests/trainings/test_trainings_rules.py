"""Trainings as values: who may do what in each status, places, attendance, and both deadlines to the millisecond."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from chalicelib.shared.bounds import NoRoom
from chalicelib.trainings.rules import handling
from chalicelib.trainings.rules.timers import MACHINE
from chalicelib.trainings.rules.training import (
    Actor,
    AlreadyRegistered,
    NotRegistered,
    Status,
    TooManyOfAFirm,
    Training,
    TrainingFull,
    TrainingTimes,
)
from chalicelib.trainings.rules.transitions import TABLE
from tests.ends import endings
from tests.trainings.teaching import (
    CONTEXT,
    DAY,
    HOUR,
    MS,
    NOW,
    PEOPLE,
    announced,
    at,
    cancelled,
    closed,
    held,
    registered,
)

IN: dict[Status, Callable[[], Training]] = {
    "announced": registered,
    "held": held,
    "closed": closed,
    "cancelled": cancelled,
}
ENDED = [("cancel", cancelled().status), ("close", closed().status)]
"""By which transition it ends, and how it then stands."""
MAY: dict[tuple[Actor, Status], list[str]] = {
    ("member", "announced"): ["register", "unregister"],
    ("officer", "announced"): ["cancel"],
    ("officer", "held"): ["record"],
}


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("actor", get_args(Actor))
def test_each_may_do_in_each_status_what_is_drawn_and_nothing_else(status: Status, actor: Actor) -> None:
    training = IN[status]()
    assert training.status == status
    assert TABLE.allowed(training, actor, CONTEXT, NOW) == MAY.get((actor, status), [])


def test_every_transition_to_an_end_is_here() -> None:
    assert set(ENDED) == endings(TABLE)


def test_it_begins_when_it_says_and_attendance_is_recorded_for_a_week_after_its_end() -> None:
    training = registered()
    assert at(training, training.starts_at - MS).status == "announced"
    assert at(training, training.starts_at).status == "held"
    assert training.record_until == training.ends_at + 7 * DAY
    assert at(training, training.record_until - MS).status == "held"
    assert at(training, training.record_until).status == "closed"
    assert MACHINE.next_due(closed(), CONTEXT) is None


def test_it_is_announced_before_it_begins_and_ends_after_that() -> None:
    wrong: list[dict[str, Any]] = [
        {"starts_at": NOW, "ends_at": NOW + HOUR},
        {"starts_at": NOW + DAY, "ends_at": NOW + DAY},
        {"starts_at": NOW + 366 * DAY, "ends_at": NOW + 367 * DAY},
    ]
    for times in wrong:
        with pytest.raises(TrainingTimes):
            announced(**times)


def test_places_are_each_somebodys_and_no_more_than_there_are() -> None:
    full = registered(*PEOPLE[:3])
    assert full.free == 0
    with pytest.raises(TrainingFull):
        registered(PEOPLE[3], was=full)
    with pytest.raises(AlreadyRegistered):
        registered(PEOPLE[0], was=full)
    again = handling.unregister(full, "mem_1", PEOPLE[0], NOW).state
    assert again.free == 1
    for member_id, person in (("mem_1", PEOPLE[0]), ("mem_2", PEOPLE[1])):
        with pytest.raises(NotRegistered):
            handling.unregister(again, member_id, person, NOW)
    with pytest.raises(TooManyOfAFirm):
        registered(*PEOPLE, was=announced(capacity=10))
    assert issubclass(TooManyOfAFirm, NoRoom)


def test_the_last_word_on_who_was_there_counts_and_of_others_nothing_is_known() -> None:
    training = handling.record(held(), [PEOPLE[0]], [], NOW).state
    assert [each.attendance for each in training.places] == ["attended", None]
    training = handling.record(training, [PEOPLE[1]], [PEOPLE[0]], NOW).state
    assert [each.attendance for each in training.places] == ["missed", "attended"]
    with pytest.raises(NotRegistered) as refused:
        handling.record(training, ["per_Z"], [], NOW)
    assert refused.value.numbers["strangers"] == ["per_Z"]


def test_who_had_a_place_hears_that_it_does_not_take_place() -> None:
    payload = handling.cancel(registered(), "Ill.", NOW).event.payload
    assert payload["private"] == {"member_ids": ["mem_1"]}
