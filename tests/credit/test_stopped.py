"""The process stops before or after any call of a command about consents and pre-offers, and it is sent again: nothing is different in the end."""

from __future__ import annotations

import pytest

from chalicelib.credit.declared import CONSENTS, PRE_OFFERS
from chalicelib.credit.examples import CONSENT
from chalicelib.credit.service import pre_offers
from chalicelib.shared import ids
from tests.credit.borrowing import Borrower
from tests.credit.seeking import AS_OF, grown
from tests.stopping import try_every_stop

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
