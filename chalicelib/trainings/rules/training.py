"""A training: an event about lending or joint liability, on line or at a place, that firms register their people for. A value. Pure.

Statuses:

    announced  firms register people, until it begins
    held       it has begun: officers say who was there
    closed     the time for that is over
    cancelled  it does not take place

Who attended is evidence of a firm's care, beside its score for whoever looks at that, and never a gate: no rule here or elsewhere asks for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.state_machine import Versioned

Language = Literal["en", "zh-Hans", "ko"]
Topic = Literal["joint_liability", "borrowing", "repayment", "bookkeeping", "export_trade"]
Status = Literal["announced", "held", "closed", "cancelled"]
Attendance = Literal["attended", "missed"]
Actor = Literal["member", "officer"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"closed", "cancelled"})
MOST_PLACES: Final = 100
MOST_CHARACTERS: Final = 500


class TrainingFull(NoRoom):
    code = "training_full"
    title = "Every place is taken."
    fix = "Register for another one: GET /v1/trainings?status=announced."


class TooManyOfAFirm(NoRoom):
    code = "too_many_of_a_firm"
    title = "A firm has no more places at one training."
    fix = "Give a place back first, or register for another training."


class NotRegistered(Conflict):
    code = "not_registered_for_training"
    title = "That person has no place."
    fix = "Name people who are registered."


class AlreadyRegistered(Conflict):
    code = "already_registered"
    title = "That person has a place."
    fix = "Name somebody else."


class TrainingTimes(RuleViolation):
    code = "training_times"
    title = "A training is announced before it begins, and ends after that."
    fix = "Name a beginning that is to come, and an end after it."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters: `chalicelib/policies/trainings/`. Attendance is recorded for `record_days` after the end."""

    record_days: int
    most_days_ahead: int
    most_of_a_firm: int


class Context(msgspec.Struct, frozen=True, kw_only=True):
    policy: Policy


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of a firm's people who is registered, by the id that the firm's profile has. None of `attendance`: nobody has recorded it."""

    member_id: str
    person_id: str
    registered_at: datetime
    attendance: Attendance | None = None


class Training(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One training. Attendance is recorded until `record_until`."""

    id: str
    topic: Topic
    title: Annotated[str, characters(200)]
    where: Annotated[str, characters(200)]
    language: Language
    starts_at: datetime
    ends_at: datetime
    record_until: datetime
    capacity: int
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    places: Annotated[tuple[Place, ...], most(MOST_PLACES)] = ()
    note: Annotated[str, characters(MOST_CHARACTERS)] = ""

    @property
    def free(self) -> int:
        return self.capacity - len(self.places)

    def place(self, person_id: str) -> Place | None:
        return next((each for each in self.places if each.person_id == person_id), None)

    def attended_by(self, member_id: str) -> int:
        """How many people of a firm were there."""
        return sum(each.attendance == "attended" for each in self.places_of(member_id))

    def places_of(self, member_id: str) -> list[Place]:
        return [each for each in self.places if each.member_id == member_id]
