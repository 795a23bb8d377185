"""A training, as members and officers see it, and what is sent about trainings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import BookMoment
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import one_line, prose
from chalicelib.shared.views import view_of
from chalicelib.trainings.rules import training as rules
from chalicelib.trainings.rules.timers import MACHINE

PersonId = Annotated[str, Meta(pattern=r"^per_[0-9A-HJKMNP-TV-Z]{26}$(?!\n)")]


class AnnounceRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`where` is an address, or that of a meeting on line."""

    topic: rules.Topic
    """What people learn there."""
    title: Annotated[str, one_line(200)]
    """What it is called."""
    where: Annotated[str, one_line(200)]
    """An address, or that of a meeting on line."""
    language: rules.Language
    """The language, as BCP 47 has it, such as `zh-Hans`."""
    starts_at: BookMoment
    ends_at: BookMoment
    capacity: Annotated[int, Meta(ge=1, le=rules.MOST_PLACES)]
    """How many people it has places for."""


class PlaceRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    person_id: PersonId
    """One of the people in your firm's profile."""


class CancelTrainingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    note: Annotated[str, prose(rules.MOST_CHARACTERS, least=1)]
    """What there is to add, in words."""


class RecordRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """People by the ids they are registered under. Whoever is in neither list is not known to have been there or not."""

    attended: Annotated[list[PersonId], Meta(max_length=rules.MOST_PLACES)] = []
    """Those who were there."""
    missed: Annotated[list[PersonId], Meta(max_length=rules.MOST_PLACES)] = []
    """Those who were registered and did not come."""


class TrainingsQuery(Waiting, frozen=True, kw_only=True):
    status: rules.Status | None = None
    """Only those in this status."""


class TrainingView(msgspec.Struct, frozen=True, kw_only=True):
    """An event that firms register people for. `free` places are left."""

    id: str
    version: int
    topic: rules.Topic
    title: str
    where: str
    language: rules.Language
    starts_at: datetime
    ends_at: datetime
    capacity: int
    free: int
    status: rules.Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    note: str | None


class PlaceView(msgspec.Struct, frozen=True, kw_only=True):
    """`attendance` is null where nobody has recorded it."""

    member_id: str
    person_id: str
    registered_at: datetime
    attendance: rules.Attendance | None


class PlacesView(msgspec.Struct, frozen=True, kw_only=True):
    training_id: str
    places: list[PlaceView]


class MemberTrainingView(msgspec.Struct, frozen=True, kw_only=True):
    """A training at which a firm has, or had, places: evidence of its care, and never a condition of anything."""

    training_id: str
    topic: rules.Topic
    title: str
    starts_at: datetime
    ends_at: datetime
    status: rules.Status
    places: list[PlaceView]


def view(training: rules.Training, context: rules.Context, actor: rules.Actor, now: datetime) -> TrainingView:
    return view_of(TrainingView, training, **MACHINE.offer(training, actor, context, now))


def places_view(training: rules.Training) -> PlacesView:
    return PlacesView(training_id=training.id, places=_views(training.places))


def member_view(training: rules.Training, member_id: str) -> MemberTrainingView:
    places = _views(training.places_of(member_id))
    return view_of(MemberTrainingView, training, training_id=training.id, places=places)


def _views(places: Iterable[rules.Place]) -> list[PlaceView]:
    return [view_of(PlaceView, each) for each in places]
