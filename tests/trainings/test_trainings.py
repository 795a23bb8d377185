"""Trainings through the API: announced, come to, recorded; what a firm shows of it, and who hears what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.shared.journal import JournalRow
from chalicelib.trainings.declared import TRAININGS
from chalicelib.trainings.examples import ANNOUNCE, CANCEL
from chalicelib.webhooks.service.parties import of_training
from tests.firms.factories import sign_for
from tests.round_trips import calls
from tests.trade import Trade
from tests.world import Reply, StandingClock, token

RISK, CLAIMS = token("officer", "ann", "risk"), token("officer", "bob", "claims")


@pytest.fixture
def person(trade: Trade) -> str:
    return sign_for(trade.supplier_id)


def announce(trade: Trade, **other: Any) -> str:
    reply = trade.api.post("/v1/trainings", ANNOUNCE | other, RISK)
    assert reply.status == 201, reply.body
    return str(reply["id"])


def act(trade: Trade, training_id: str, action: str, by: str, body: Any = None, **how: Any) -> Reply:
    return trade.api.post(f"/v1/trainings/{training_id}/{action}", body, by, **how)


def test_a_firm_registers_a_person_who_attends_and_the_firm_shows_it(
    trade: Trade, time: StandingClock, person: str
) -> None:
    training_id = announce(trade)
    for _ in range(2):
        taken = act(trade, training_id, "register", trade.supplier, {"person_id": person}, key="once")
        assert (taken.status, taken["free"]) == (200, 29)
    path = f"/v1/members/{trade.supplier_id}/trainings"
    [mine] = trade.api.get(path, trade.supplier)["items"]
    assert (mine["training_id"], mine["status"], mine["places"][0]["attendance"]) == (training_id, "announced", None)
    early = act(trade, training_id, "record", RISK, {"attended": [person]})
    assert (early.status, early["code"]) == (409, "training_not_in_this_status")
    time.at = datetime.fromisoformat(ANNOUNCE["starts_at"])
    TRAININGS.sweep(time.at)
    score = f"/v1/members/{trade.supplier_id}/score"
    before = trade.api.get(score, RISK)
    assert act(trade, training_id, "record", RISK, {"attended": [person]}).status == 200
    assert trade.api.get(score, RISK)["trainings"] == [], "the day is not over"
    time.at += timedelta(days=1)
    [beside] = trade.api.get(score, RISK)["trainings"]
    assert (beside["training_id"], beside["topic"], beside["attendees"]) == (training_id, ANNOUNCE["topic"], 1)
    assert trade.api.get(score, RISK)["points"] == before["points"]
    [mine] = trade.api.get(path, CLAIMS)["items"]
    assert (mine["status"], mine["places"][0]["attendance"]) == ("held", "attended")
    assert trade.api.get(path, trade.buyer).status == 404
    late = act(trade, training_id, "register", trade.supplier, {"person_id": person})
    assert (late.status, late["code"]) == (409, "training_not_in_this_status")


def test_a_place_that_is_given_back_is_shown_no_more(trade: Trade, person: str) -> None:
    training_id = announce(trade, capacity=1)
    assert act(trade, training_id, "register", trade.supplier, {"person_id": person})["free"] == 0
    assert (
        act(trade, training_id, "unregister", trade.buyer, {"person_id": person})["code"]
        == "not_registered_for_training"
    )
    assert act(trade, training_id, "unregister", trade.supplier, {"person_id": person})["free"] == 1
    assert trade.api.get(f"/v1/members/{trade.supplier_id}/trainings", trade.supplier)["items"] == []


def test_who_comes_is_officers_to_know_and_nobody_elses(trade: Trade, person: str) -> None:
    training_id = announce(trade)
    act(trade, training_id, "register", trade.supplier, {"person_id": person})
    [place] = trade.api.get(f"/v1/trainings/{training_id}/places", RISK)["places"]
    assert (place["member_id"], place["person_id"]) == (trade.supplier_id, person)
    assert trade.api.get(f"/v1/trainings/{training_id}/places", trade.buyer).status == 403
    assert trade.api.get(f"/v1/trainings/{training_id}/timeline", trade.buyer).status == 403
    assert person.encode() not in trade.api.get(f"/v1/trainings/{training_id}", trade.buyer).raw
    cancelled = act(trade, training_id, "cancel", RISK, CANCEL)
    assert (cancelled["status"], cancelled["note"]) == ("cancelled", CANCEL["note"])
    heard = {row.entry().event.kind: of_training(row.entry()).sides for row in JournalRow.scan()
             if row.entry().aggregate_id == training_id}  # fmt: skip
    own = {trade.supplier_id: "member"}
    assert heard == {"training.announced": {}, "training.registered": own, "training.cancelled": own}


def test_lists_and_refusals(trade: Trade, person: str) -> None:
    first, second = announce(trade), announce(trade, title="Another one")
    act(trade, first, "cancel", RISK, CANCEL)
    listed = trade.api.get("/v1/trainings?status=announced", trade.buyer)["items"]
    assert [each["id"] for each in listed] == [second]
    assert len(trade.api.get("/v1/trainings", CLAIMS)["items"]) == 2
    stranger = act(trade, second, "register", trade.supplier, {"person_id": "per_01JV8QZ7N4K3T5W6X8Y9ABCDEF"})
    assert (stranger.status, stranger["code"]) == (404, "not_found")
    assert act(trade, second, "register", trade.buyer, {"person_id": person}).status == 404, "another firm's"
    assert act(trade, "trn_unknown", "register", trade.supplier, {"person_id": person}).status == 404
    assert trade.api.post("/v1/trainings", ANNOUNCE | {"capacity": 0}, RISK).status == 400
    assert trade.api.post("/v1/trainings", ANNOUNCE, CLAIMS).status == 403
    past = trade.api.post("/v1/trainings", ANNOUNCE | {"ends_at": ANNOUNCE["starts_at"]}, RISK)
    assert (past.status, past["code"]) == (422, "training_times")


def test_a_command_is_one_read_and_one_transaction(trade: Trade, person: str) -> None:
    training_id = announce(trade)
    with calls() as sent:
        assert act(trade, training_id, "register", trade.supplier, {"person_id": person}).status == 200
    assert sent == ["GetItem", "GetItem", "TransactWriteItems"], "the firm's profile, too"
