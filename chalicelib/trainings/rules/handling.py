"""What firms, officers and the clock do with a training. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.journal import Event
from chalicelib.shared.texts import say
from chalicelib.trainings.rules import training as rules
from chalicelib.trainings.rules.transitions import TABLE, TrainingChange


def announced(
    training_id: str,
    topic: rules.Topic,
    title: str,
    where: str,
    language: rules.Language,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    *,
    context: rules.Context,
    policy_hash: str,
    now: datetime,
) -> TrainingChange:
    """The first version. TrainingTimes where it lies in the past, too far ahead, or ends before it begins."""
    latest = now + timedelta(days=context.policy.most_days_ahead)
    if not now < starts_at <= latest:
        raise rules.TrainingTimes("It begins later than now, and within a year.", param="starts_at", latest=latest)
    if ends_at <= starts_at:
        raise rules.TrainingTimes("It ends before it begins.", param="ends_at")
    training = rules.Training(
        id=training_id,
        topic=topic,
        title=title,
        where=where,
        language=language,
        starts_at=starts_at,
        ends_at=ends_at,
        record_until=ends_at + timedelta(days=context.policy.record_days),
        capacity=capacity,
        status="announced",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
    )
    payload = {"to": "announced", "topic": topic, "title": title, "starts_at": starts_at, "ends_at": ends_at}
    return TrainingChange(state=training, event=Event("training.announced", payload, policy=policy_hash), at=now)


def register(
    was: rules.Training, context: rules.Context, member_id: str, person_id: str, now: datetime
) -> TrainingChange:
    """A place for one of a firm's people."""
    if was.place(person_id):
        raise rules.AlreadyRegistered(say("{person_id} has a place.", person_id=person_id), param="person_id")
    must_have_room(was.places, was.capacity, rules.TrainingFull)
    must_have_room(was.places_of(member_id), context.policy.most_of_a_firm, rules.TooManyOfAFirm)
    place = rules.Place(member_id=member_id, person_id=person_id, registered_at=now)
    payload = {"member_id": member_id, "person_id": person_id}
    return TABLE.change(was, "register", now, event="registered", places=(*was.places, place), payload=payload)


def unregister(was: rules.Training, member_id: str, person_id: str, now: datetime) -> TrainingChange:
    """A firm gives a place back."""
    place = was.place(person_id)
    if place is None or place.member_id != member_id:
        raise rules.NotRegistered(say("{person_id} has no place.", person_id=person_id), param="person_id")
    kept = tuple(each for each in was.places if each is not place)
    payload = {"member_id": member_id, "person_id": person_id}
    return TABLE.change(was, "unregister", now, event="unregistered", places=kept, payload=payload)


def cancel(was: rules.Training, note: str, now: datetime) -> TrainingChange:
    """It does not take place; the firms read why."""
    payload = {"note": note, "private": {"member_ids": _members(was)}}
    return TABLE.change(was, "cancel", now, to="cancelled", note=note, payload=payload)


def begin(was: rules.Training, context: rules.Context, at: datetime) -> TrainingChange:
    return TABLE.change(was, "begin", at, event="begun", status="held")


def record(was: rules.Training, attended: Collection[str], missed: Collection[str], now: datetime) -> TrainingChange:
    """Who was there, and who was not; said again, the last word counts. NotRegistered names somebody who has no place."""
    attendance: dict[str, rules.Attendance] = {**dict.fromkeys(missed, "missed"), **dict.fromkeys(attended, "attended")}
    if strangers := sorted(attendance.keys() - {each.person_id for each in was.places}):
        raise rules.NotRegistered(
            say("{strangers} has no place.", strangers=strangers[0]), param="attended", strangers=strangers
        )
    places = tuple(replace(each, attendance=attendance.get(each.person_id, each.attendance)) for each in was.places)
    payload = {"private": {"attended": sorted(attended), "missed": sorted(missed)}}
    return TABLE.change(was, "record", now, event="recorded", places=places, payload=payload)


def close(was: rules.Training, context: rules.Context, at: datetime) -> TrainingChange:
    """What nobody has recorded is not known, and counts for nothing."""
    return TABLE.change(was, "close", at, to="closed")


def _members(training: rules.Training) -> list[str]:
    return sorted({each.member_id for each in training.places})
