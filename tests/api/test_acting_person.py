"""Which of a member's people acts: named in a header beside the member's token or a backend's, and nowhere else."""

from __future__ import annotations

from typing import Any, Final

import pytest

from chalicelib.orders.examples import TERMS
from chalicelib.shared import journal
from chalicelib.shared.ids import derived_id
from chalicelib.shared.request import ENDPOINT, Caller, RequestContext
from tests.trade import Trade
from tests.world import Reply, token

CHEN, LIU = derived_id("per", "chen"), derived_id("per", "liu")
BACKEND: Final = token("officer", "marketplace", "act")


def propose(trade: Trade, by: str, key: str, **headers: str) -> Reply:
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": TERMS}
    return trade.api.post("/v1/orders", body, by, key=key, **headers)


@pytest.mark.parametrize("through_backend", [False, True])
def test_the_person_stands_in_the_entry_beside_the_member(trade: Trade, through_backend: bool) -> None:
    by, more = (BACKEND, {"Surety_Acting_For": trade.buyer_id}) if through_backend else (trade.buyer, {})
    reply = propose(trade, by, "k", Surety_Acting_Person=CHEN, **more)
    assert reply.status == 201, reply.body
    caller = Caller(trade.buyer_id, "member", actor="marketplace" if through_backend else "", person=CHEN)
    request = RequestContext(caller=caller, now=trade.time.at, request_id="", key="k", name_space=ENDPOINT)
    entry = journal.read(request.entry_id)
    assert entry is not None
    assert entry.by == caller


def test_a_key_one_person_has_used_is_no_key_of_another(trade: Trade) -> None:
    """Nobody is given the answer to what somebody else has signed."""
    assert propose(trade, trade.buyer, "k", Surety_Acting_Person=CHEN).status == 201
    assert propose(trade, trade.buyer, "k", Surety_Acting_Person=CHEN).headers["Idempotent-Replayed"] == "true"
    other = propose(trade, trade.buyer, "k", Surety_Acting_Person=LIU)
    assert (other.status, other["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("person_id", ["", "per_1", derived_id("mem", "x"), f"{CHEN} "])
def test_the_header_names_a_person_by_its_id(trade: Trade, person_id: str) -> None:
    refused(propose(trade, trade.buyer, "k", Surety_Acting_Person=person_id))


def test_nobody_but_a_member_acts_through_a_person(trade: Trade) -> None:
    refused(trade.api.get("/v1/orders", token("officer", "officer-1", "admin"), Surety_Acting_Person=CHEN))
    refused(trade.api.get("/v1/webhook-endpoints", token("bank", "boc"), Surety_Acting_Person=CHEN))


def refused(reply: Any) -> None:
    assert (reply.status, reply["code"], reply["param"]) == (400, "bad_field", "Surety-Acting-Person")
