"""The process stops before or after any call of a command about credit, and it is sent again: nothing is different in the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from chalicelib.credit.declared import CONSENTS, PRE_OFFERS
from chalicelib.credit.examples import APPLICATION, CONSENT, SCREENED_PASSED
from chalicelib.credit.rules.agreement_handling import agreement_id
from chalicelib.credit.service import pre_offers
from chalicelib.shared import ids
from tests.credit.applying import Credit, credit
from tests.credit.borrowing import OFFICER, Borrower
from tests.credit.seeking import AS_OF, grown
from tests.machine import Snapshot
from tests.stopping import try_every_stop
from tests.world import Reply

__all__ = ["credit"]

SEEKING = {"purpose": "pre_offers", "data_classes": ["exports"], "until": "2026-06-30"}


def test_stopping_anywhere_and_asking_again_changes_nothing(
    borrower: Borrower, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown(borrower.member_id)
    seeking = borrower.consent(**SEEKING)
    monkeypatch.setattr(ids, "new_id", lambda prefix, now: ids.derived_id(prefix, "once"))
    consent_id, pre_offer_id = ids.derived_id("cns", "once"), ids.derived_id("pro", borrower.member_id, "2026-03")
    time = borrower.time
    commands = {
        "give": lambda: borrower.post("/v1/consents", CONSENT, key="give"),
        "withdraw": lambda: borrower.post(f"/v1/consents/{consent_id}/withdraw", key="withdraw"),
        "look": lambda: pre_offers.look(seeking, AS_OF, time.at),
        "decline": lambda: borrower.post(f"/v1/pre-offers/{pre_offer_id}/decline", key="decline"),
    }
    stops = sum(len(try_every_stop(name, command, time)) for name, command in commands.items())
    assert stops > 12
    assert borrower.get(f"/v1/consents/{consent_id}")["status"] == "withdrawn"
    assert borrower.get(f"/v1/pre-offers/{pre_offer_id}")["status"] == "declined"

    time.at = CONSENTS.due_at(seeking, time.at) or time.at
    try_every_stop("the clock", lambda: (CONSENTS.sweep(time.at), PRE_OFFERS.sweep(time.at)), time)
    assert borrower.get(f"/v1/consents/{seeking}")["status"] == "expired"


def test_stopping_on_the_way_to_a_line_changes_nothing(credit: Credit, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the data pack: its signature is another each time."""
    credit.borrower.consent("boc")
    application_id, stops = ids.derived_id("app", "once"), 0

    def stop(name: str, command: Callable[[], Reply]) -> None:
        nonlocal stops
        with monkeypatch.context() as patch:
            patch.setattr(ids, "new_id", lambda prefix, now: ids.derived_id(prefix, "once"))
            compared = partial(Snapshot.items, without=("data-packs",))
            stops += len(try_every_stop(name, lambda: answered(command()), credit.time, compared=compared))

    def answered(reply: Reply) -> None:
        assert reply.status in (200, 201), reply.body

    opened = APPLICATION | {"product_ids": ["boc-term"]}
    stop("open", lambda: credit.borrower.post("/v1/credit-applications", opened, key="open"))
    stop("submit", lambda: credit.act(application_id, "submit", key="submit"))
    stop("screen", lambda: credit.act(application_id, "screen", SCREENED_PASSED, OFFICER, key="screen"))
    credit.streams()
    offer_id = credit.offered(application_id)
    stop("accept", lambda: credit.answer(offer_id, "accept", key="accept"))
    credit.streams()
    name = agreement_id(application_id)
    in_force = credit.agreement(name)["document_sha256"]
    stop("sign", lambda: credit.sign(name, in_force, key="sign"))
    stop("sign too", lambda: credit.sign(name, in_force, OFFICER, key="sign-too"))
    assert stops > 30
    credit.countersign(name, in_force)
    assert credit.agreement(name)["line_id"]
