"""A training that firms come to, and one that does not take place."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.floors.stage import Stage
from chalicelib.trainings.aggregate import TRAININGS
from chalicelib.trainings.examples import ANNOUNCE, CANCEL


def play(stage: Stage) -> None:
    stage.time.begin()
    firm = stage.register("trained-firm")
    person = {"person_id": stage.signer(firm)}
    starts_at = stage.time.at + timedelta(days=1)
    body = ANNOUNCE | {
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=3)).isoformat(),
    }
    stage.time.advance(minutes=1)
    name = stage.call("/v1/trainings", "officer-1", body, expect=201, command="announce a training")["id"]
    about = f"/v1/trainings/{name}"
    stage.call(f"{about}/register", firm, person, command="register for a training")
    stage.call(f"{about}/unregister", firm, person, command="give a place at a training back")
    stage.call(f"{about}/register", firm, person)
    other = stage.call("/v1/trainings", "officer-1", body, expect=201)["id"]
    stage.call(f"/v1/trainings/{other}/cancel", "officer-1", CANCEL, command="cancel a training")
    stage.time.advance(days=2)
    TRAININGS.catch_up(name, stage.time.at)
    attended = {"attended": [person["person_id"]]}
    stage.call(f"{about}/record", "officer-1", attended, command="record who attended a training")
    stage.leave()
