"""The endpoints of trainings."""

from __future__ import annotations

from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry
from chalicelib.trainings import examples
from chalicelib.trainings.rules import training as rules
from chalicelib.trainings.rules.transitions import TrainingNotInThisStatus
from chalicelib.trainings.service import trainings
from chalicelib.trainings.views import training as views

routes = Routes(group="Trainings", response=views.TrainingView)
RISK = OFFICER.with_duty("risk")
ANYBODY = MEMBER | OFFICER.with_duty(*ANY_DUTY)
_CHANGING = (TrainingNotInThisStatus, Stale)


@routes.command(
    "/v1/trainings", by=RISK, status=201, errors=[rules.TrainingTimes], examples={"joint liability": examples.ANNOUNCE}
)
def announce(body: views.AnnounceRequest, request: RequestContext) -> StoredResponse:
    """Announce a training: on line or at a place, for so many people."""
    return trainings.announce(body, request)


@routes.read("/v1/trainings", by=ANYBODY, errors=[BadCursor])
def listed(query: views.TrainingsQuery, request: RequestContext) -> Page[views.TrainingView]:
    """Trainings of a status, or all."""
    return trainings.listed(query, request)


@routes.read("/v1/trainings/{training_id}", by=ANYBODY)
def training(training_id: str, request: RequestContext) -> views.TrainingView:
    """One training: what about, where and when, and how many places are left."""
    return trainings.training(training_id, request)


@routes.read("/v1/trainings/{training_id}/places", by=RISK)
def training_places(training_id: str, request: RequestContext) -> views.PlacesView:
    """Who is registered, and who was there."""
    return trainings.places(training_id, request)


@routes.read("/v1/trainings/{training_id}/timeline", by=RISK)
def training_timeline(training_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a training, oldest first."""
    return trainings.timeline(training_id, query, request)


@routes.command(
    "/v1/trainings/{training_id}/register",
    by=MEMBER,
    errors=[*_CHANGING, NotFound, rules.AlreadyRegistered, rules.TrainingFull, rules.TooManyOfAFirm],
    examples={"a person": examples.REGISTER},
)
def register(training_id: str, body: views.PlaceRequest, request: RequestContext) -> StoredResponse:
    """Take a place for one of your people, until it begins."""
    return trainings.register(training_id, body, request)


@routes.command(
    "/v1/trainings/{training_id}/unregister",
    by=MEMBER,
    errors=[*_CHANGING, rules.NotRegistered],
    examples={"a person": examples.REGISTER},
)
def unregister(training_id: str, body: views.PlaceRequest, request: RequestContext) -> StoredResponse:
    """Give a place back."""
    return trainings.unregister(training_id, body, request)


@routes.command(
    "/v1/trainings/{training_id}/cancel", by=RISK, errors=_CHANGING, examples={"a teacher is ill": examples.CANCEL}
)
def cancel(training_id: str, body: views.CancelTrainingRequest, request: RequestContext) -> StoredResponse:
    """Say that it does not take place. Firms that have places hear it."""
    return trainings.cancel(training_id, body, request)


@routes.command(
    "/v1/trainings/{training_id}/record",
    by=RISK,
    errors=[*_CHANGING, rules.NotRegistered],
    examples={"one attended": examples.RECORD},
)
def record(training_id: str, body: views.RecordRequest, request: RequestContext) -> StoredResponse:
    """Say who was there, within a week of its end. The last word counts."""
    return trainings.record(training_id, body, request)


@routes.read("/v1/members/{member_id}/trainings", by=ANYBODY, errors=[BadCursor])
def trainings_of_member(member_id: str, query: Paging, request: RequestContext) -> Page[views.MemberTrainingView]:
    """Which trainings a firm's people registered for, and attended. It is evidence, and opens or shuts nothing."""
    return trainings.of_member(member_id, query, request)
