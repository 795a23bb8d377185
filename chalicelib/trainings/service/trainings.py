"""Trainings: announced and recorded by officers, come to by people of firms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from chalicelib.firms.service import reading as firms_reading
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.members import service as members
from chalicelib.shared import ids, pages, policies
from chalicelib.shared.commit import Joined, StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.pages import MOST_LOOKED_AT, Page, Paging
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.trainings import records
from chalicelib.trainings.aggregate import TRAININGS
from chalicelib.trainings.rules import handling
from chalicelib.trainings.rules.training import STATUSES, Context, Policy, Training
from chalicelib.trainings.views import training as views


def announce(body: views.AnnounceRequest, request: RequestContext) -> StoredResponse:
    in_force = policies.in_force("trainings", business_date(request.now))
    context = Context(policy=in_force.read_as(Policy))
    change = handling.announced(
        ids.new_id("trn", request.now),
        body.topic,
        body.title,
        body.where,
        body.language,
        body.starts_at,
        body.ends_at,
        body.capacity,
        context=context,
        policy_hash=in_force.hash,
        now=request.now,
    )
    return TRAININGS.create(change, context, request, "officer")


def register(training_id: str, body: views.PlaceRequest, request: RequestContext) -> StoredResponse:
    """NotFound where the firm's profile has no such person."""
    member_id = request.caller.member_id
    firm = firms_reading.profile(member_id)
    if firm is None or firm.person(body.person_id) is None:
        raise NotFound(
            say("Your firm's profile has no {person_id!r:.60}.", person_id=body.person_id), param="person_id"
        )
    return TRAININGS.execute(
        training_id,
        request,
        "register",
        lambda was, context, actor: handling.register(was, context, member_id, body.person_id, request.now),
        joined=lambda change: Joined(changes=(records.placed(member_id, training_id),)),
    )


def unregister(training_id: str, body: views.PlaceRequest, request: RequestContext) -> StoredResponse:
    return TRAININGS.execute(
        training_id,
        request,
        "unregister",
        lambda was, context, actor: handling.unregister(was, request.caller.member_id, body.person_id, request.now),
    )


def cancel(training_id: str, body: views.CancelTrainingRequest, request: RequestContext) -> StoredResponse:
    return TRAININGS.execute(
        training_id, request, "cancel", lambda was, context, actor: handling.cancel(was, body.note, request.now)
    )


def record(training_id: str, body: views.RecordRequest, request: RequestContext) -> StoredResponse:
    return TRAININGS.execute(
        training_id,
        request,
        "record",
        lambda was, context, actor: handling.record(was, body.attended, body.missed, request.now),
    )


training = partial(TRAININGS.shown, views.TrainingView)


def places(training_id: str, request: RequestContext) -> views.PlacesView:
    return views.places_view(TRAININGS.read(training_id, request)[0].state)


timeline = partial(ledger_timelines.of_aggregate, TRAININGS)


def listed(query: views.TrainingsQuery, request: RequestContext) -> Page[views.TrainingView]:
    """Of a status, or all, one status after the other; within each the oldest first."""
    of = f"trainings:{query.status}"
    after = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    statuses = [query.status] if query.status else STATUSES
    return TRAININGS.page(
        pages.in_groups(statuses, after, records.ids),
        query,
        request,
        of,
        keep=lambda state: query.status in (None, state.status),
    )


def attended(member_id: str, until: date) -> list[Training]:
    """Those of a firm's newest trainings before a day that its people came to, as officers recorded it, the newest first."""
    names = records.newest_ids_of(member_id, MOST_LOOKED_AT)
    known = TRAININGS.repository.load_all(names)
    came = (known[name] for name in names if name in known and known[name].attended_by(member_id))
    return sorted((each for each in came if business_date(each.starts_at) < until), key=_begun, reverse=True)


def _begun(training: Training) -> datetime:
    return training.starts_at


def of_member(member_id: str, query: Paging, request: RequestContext) -> Page[views.MemberTrainingView]:
    """A firm's trainings, the oldest first. NotFound for others than the firm and officers."""
    members.find(member_id, request.caller)
    of = f"trainings-of:{member_id}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    places: Iterator[tuple[str, str]] = ((name, name) for name in records.ids_of(member_id, after))

    def show(training: Training) -> views.MemberTrainingView | None:
        return views.member_view(training, member_id) if training.places_of(member_id) else None

    def load(names: list[str]) -> dict[str, Training]:
        loaded = TRAININGS.load_many(names, request.now).items()
        return {name: TRAININGS.preview_at(each, request.now).state for name, each in loaded}

    return pages.filtered(places, load, show, query, request, of)
