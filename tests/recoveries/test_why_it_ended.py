"""A recovery tells what ended it: the money that brought the last of it, or that an officer gave it up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.recoveries.rules import asking, receiving
from chalicelib.recoveries.rules.recovery import ENDS, Recovery, Status
from chalicelib.recoveries.rules.transitions import TABLE
from tests.recoveries.asking import (
    DAY,
    NOW,
    demanded,
    in_setoff,
    later,
    opened,
    suspended,
    with_balance,
    with_plan,
    written_off,
)

LATER = NOW + 95 * DAY
STANDS: dict[Status, Callable[[], Recovery]] = {
    "open": opened,
    "demanded": demanded,
    "setoff": in_setoff,
    "suspended": suspended,
    "instalments": with_plan,
    "written_off": written_off,
}


def debited(was: Recovery, minor: int | None = None, *, source: str = "ins_1", seq: int = 1) -> Recovery:
    return receiving.collected(was, source, seq, was.remaining_minor if minor is None else minor, LATER).state


def manual(was: Recovery, minor: int | None = None) -> Recovery:
    left = was.remaining_minor if minor is None else minor
    return receiving.manual(was, "boc", "R-1", left, "USD", LATER).state


def set_off(was: Recovery) -> Recovery:
    change = receiving.set_off(was, with_balance(was.remaining_minor), LATER)
    assert change is not None
    return change.state


def went_back(was: Recovery, source: str = "ins_1") -> Recovery:
    return receiving.charged_back(was, source, 9, LATER, tried_again=False, debit_due_at=LATER + DAY).state


@pytest.mark.parametrize("status", STANDS)
@pytest.mark.parametrize(("brings", "why"), [(debited, "debit"), (manual, "manual")])
def test_what_brought_the_last_of_it_is_named_from_wherever_it_stood(
    status: Status, brings: Callable[[Recovery], Recovery], why: str
) -> None:
    was = STANDS[status]()
    assert was.why == ("written_off" if status == "written_off" else None)
    ended = brings(was)
    assert (ended.remaining_minor, ended.why, ended.ended_at) == (0, why, LATER)
    assert ended.status == ("debited" if (status, why) == ("demanded", "debit") else "recovered")


ENDED = {
    "debit.settled": debited(demanded()),
    "receipts": manual(suspended()),
    "set_off": set_off(in_setoff()),
    "write-off": written_off(),
}
"""By which transition it ends, and how it then stands."""


def test_every_transition_that_ends_a_recovery_is_told_by_a_reason_of_its_own() -> None:
    """A transition that leads to an end and is not here has no reason yet."""
    ending = {each.name for each in TABLE.transitions if each.targets & ENDS and not each.sources & ENDS}
    assert ending | {"debit.settled", "receipts"} == set(ENDED)
    assert {name: ended.why for name, ended in ENDED.items()} == {
        "debit.settled": "debit",
        "receipts": "manual",
        "set_off": "setoff",
        "write-off": "written_off",
    }


def test_of_several_that_paid_the_last_is_named_and_not_what_came_when_nothing_was_left() -> None:
    partly = manual(in_setoff(), 50_000)
    ended = set_off(partly)
    assert ended.why == "setoff"
    excess = debited(ended, 150_000)
    assert (excess.why, excess.ended_at) == ("setoff", ended.ended_at)
    reopened = went_back(excess)
    assert (reopened.status, reopened.remaining_minor, reopened.why, reopened.ended_at) == (
        "demanded",
        150_000,
        None,
        None,
    )


def test_what_goes_back_ends_nothing_and_the_next_end_has_its_own_reason() -> None:
    reopened = went_back(debited(demanded()))
    assert (reopened.status, reopened.why, reopened.ended_at) == ("demanded", None, None)
    assert manual(reopened).why == "manual"
    assert debited(reopened, source="ins_2").why == "debit"
    given_up = asking.write_off(later(reopened, NOW + 200 * DAY), "struck off", NOW + 200 * DAY).state
    assert given_up.why == "written_off"


def test_a_debit_that_went_back_after_the_rest_was_given_up_leaves_it_given_up() -> None:
    part = debited(in_setoff(), 50_000)
    given_up = asking.write_off(later(part, LATER), "struck off", LATER).state
    assert went_back(given_up).why == "written_off"
