"""Whoever may lengthen a list in a claim or an order is told by name when it is full, and stops nobody else."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.claims.rules import case_assignment, negotiation
from chalicelib.claims.rules.claim import (
    MOST_EXCLUDED_REVIEWERS,
    MOST_FILES,
    MOST_OFFERS,
    File,
    TooManyAnnounced,
    TooManyOffers,
    TooManyRecused,
)
from chalicelib.claims.rules.negotiation import TooManyClaims
from chalicelib.claims.rules.transitions import TABLE
from chalicelib.orders.rules.order import MOST_CLAIMS, MOST_DOCUMENTS, MOST_SHIPMENTS, Claimed
from tests.claims.playing import Play
from tests.dispute import Dispute
from tests.trade import Trade

OFFER = {"kind": "partial", "amount": {"amount": "10.00", "currency": "USD"}, "note": "x" * 500}


def test_fifty_six_long_offers_of_a_supplier_stop_nobody_else(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    made = [dispute.act(claim_id, "offers", "supplier", OFFER) for _ in range(56)]
    assert [reply.status for reply in made[:MOST_OFFERS]] == [200] * MOST_OFFERS
    assert {(reply.status, reply["code"], reply["maximum"]) for reply in made[MOST_OFFERS:]} == {
        (409, "too_many_offers", MOST_OFFERS)
    }
    assert "offer" not in dispute.see(claim_id, "supplier")["allowed_actions"]
    assert dispute.act(claim_id, "offers", "buyer", OFFER).status == 200
    offer_id = next(offer["id"] for offer in dispute.see(claim_id)["offers"] if offer["status"] == "open")
    assert dispute.act(claim_id, f"offers/{offer_id}/accept", "buyer").status == 200


def test_a_note_that_is_too_long_is_refused_by_its_field(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    reply = dispute.act(claim_id, "offers", "supplier", OFFER | {"note": "x" * 501})
    assert (reply.status, reply["code"], reply["param"]) == (400, "bad_field", "note")


def test_a_hundred_and_thirty_two_part_shipments_leave_room_for_the_rest(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    part = {"lines": [{"line": 1, "quantity": 1}]}
    made = [trade.ship(order_id, **part) for _ in range(132)]
    assert [reply.status for reply in made[: MOST_SHIPMENTS - 1]] == [200] * (MOST_SHIPMENTS - 1)
    assert {(reply.status, reply["code"]) for reply in made[MOST_SHIPMENTS - 1 :]} == {(409, "too_many_shipments")}
    whole = trade.ship(order_id)
    assert (whole.status, whole["status"]) == (200, "shipped")


def test_documents_leave_room_for_the_last_shipment(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    paper = {"kind": "invoice", "reference": "INV", "sha256": ""}
    many = {"documents": [paper] * 10, "lines": [{"line": 1, "quantity": 1}]}
    made = [trade.ship(order_id, **many) for _ in range(MOST_DOCUMENTS // 10)]
    assert [reply.status for reply in made[:-1]] == [200] * (len(made) - 1)
    assert (made[-1].status, made[-1]["code"], made[-1]["param"]) == (409, "too_many_shipments", "documents")
    assert trade.ship(order_id).status == 200


def test_a_file_that_is_announced_and_removed_again_and_again_is_refused_in_the_end() -> None:
    play = Play()
    play.file()
    file = _announce(play)
    full = replace(play.claim, files=tuple(replace(file, id=f"evd_{n}", status="removed") for n in range(MOST_FILES)))
    play.claims[full.id] = full
    with pytest.raises(TooManyAnnounced):
        play.act("add-evidence", "buyer")
    play.act("add-evidence", "supplier")


def test_officers_recuse_themselves_as_long_as_it_can_be_noted() -> None:
    play = Play()
    play.file()
    claim = replace(
        play.claim, status="escalated", excluded_reviewers=tuple(f"officer-{n}" for n in range(MOST_EXCLUDED_REVIEWERS))
    )
    play.claims[claim.id] = claim
    with pytest.raises(TooManyRecused):
        case_assignment.recuse(play.claim, play.context, "officer-z", play.now)


def test_an_order_holds_so_many_claims() -> None:
    play = Play()
    lapsed = Claimed(claim_id="clm_1", reason="late_shipment", lines=(1,), requested_minor=1, outcome="lapsed")
    play.order = replace(play.order, claims=(lapsed,) * (MOST_CLAIMS - 1))
    play.file()
    with pytest.raises(TooManyClaims):
        play.file("wrong_item")


def test_an_offer_is_counted_for_its_side_only() -> None:
    play = Play()
    play.file()
    for _ in range(MOST_OFFERS):
        play.act("offer", "supplier")
    with pytest.raises(TooManyOffers):
        play.act("offer", "supplier")
    assert "offer" not in TABLE.allowed(play.claim, "supplier", play.context, play.now)
    assert "offer" in TABLE.allowed(play.claim, "buyer", play.context, play.now)
    assert negotiation.overlap(play.claim, play.now) is None


def _announce(play: Play) -> File:
    play.act("add-evidence", "buyer")
    return play.claim.files[-1]
