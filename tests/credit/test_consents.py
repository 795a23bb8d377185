"""Consents through the API: who gives and withdraws them, who sees them, and what is live at a moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.credit.declared import CONSENTS
from chalicelib.credit.examples import CONSENT
from chalicelib.credit.rules.consent import ConsentMissing
from chalicelib.credit.service import consents
from tests.credit.borrowing import OFFICER, Borrower, register
from tests.credit.consenting import POLICY
from tests.firms.factories import sign_for
from tests.round_trips import calls
from tests.world import token

PATH = "/v1/consents"
MS = timedelta(milliseconds=1)


def test_a_signer_gives_consent_and_takes_it_back(borrower: Borrower) -> None:
    given = borrower.post(PATH, CONSENT, key="once")
    assert borrower.post(PATH, CONSENT, key="once").raw == given.raw
    assert (given["status"], given["firm_id"], given["given_by"]) == ("live", borrower.member_id, borrower.person_id)
    assert (given["bank_ids"], given["allowed_actions"]) == (["boc", "ccb", "cmb"], ["withdraw"])
    assert given["deadlines"][0]["name"] == "consent_end"

    withdrawn = borrower.post(f"{PATH}/{given['id']}/withdraw", key="twice")
    assert borrower.post(f"{PATH}/{given['id']}/withdraw", key="twice").raw == withdrawn.raw
    assert (withdrawn["status"], withdrawn["withdrawn_by"]) == ("withdrawn", borrower.person_id)
    refused = borrower.post(f"{PATH}/{given['id']}/withdraw")
    assert (refused.status, refused["code"]) == (409, "consent_not_in_this_status")


def test_it_takes_a_signer_with_the_power_to_give_and_to_withdraw(borrower: Borrower) -> None:
    consent_id = borrower.consent("boc")
    for path, body in ((PATH, CONSENT), (f"{PATH}/{consent_id}/withdraw", None)):
        unnamed = borrower.api.post(path, body, borrower.token)
        assert (unnamed.status, unnamed["code"]) == (403, "signer_not_named")
    clerk = sign_for(borrower.member_id, "draw")
    assert borrower.post(PATH, CONSENT, Surety_Acting_Person=clerk)["code"] == "power_lacking"
    assert consents.live(borrower.member_id, "boc", "exports", borrower.time.at) is not None


def test_a_consent_is_seen_by_its_firm_and_officers_and_by_nobody_else(borrower: Borrower) -> None:
    consent_id = borrower.consent("boc")
    other = register(borrower.api, borrower.time, "another-firm")
    unknown = "cns_00000000000000000000000000"

    assert borrower.get(f"{PATH}/{consent_id}")["id"] == consent_id
    assert borrower.get(f"{PATH}/{consent_id}", OFFICER)["allowed_actions"] == []
    hidden, missing = other.get(f"{PATH}/{consent_id}"), other.get(f"{PATH}/{unknown}")
    assert (hidden.status, missing.status) == (404, 404)
    assert other.post(f"{PATH}/{consent_id}/withdraw").status == 404
    assert borrower.get(PATH, token("bank", "boc")).status == 403
    assert [each["id"] for each in borrower.get(PATH)["items"]] == [consent_id]
    assert [each["id"] for each in borrower.get(f"{PATH}?firm_id={borrower.member_id}", OFFICER)["items"]] == [
        consent_id
    ]
    assert other.get(f"{PATH}?firm_id={borrower.member_id}")["items"] == []
    assert other.get(PATH)["items"] == []
    assert borrower.get(PATH, OFFICER)["items"] == []


def test_the_list_goes_on_page_by_page_and_by_status(borrower: Borrower) -> None:
    names = []
    for bank_id in ("boc", "ccb", "cmb"):
        names.append(borrower.consent(bank_id))
        borrower.time.advance(seconds=1)
    first, second, third = names
    borrower.withdraw(second)
    page = borrower.get(f"{PATH}?limit=2")
    rest = borrower.get(f"{PATH}?limit=2&cursor={page['next_cursor']}")
    assert [each["id"] for each in (*page["items"], *rest["items"])] == [first, second, third]
    assert [each["id"] for each in borrower.get(f"{PATH}?status=live")["items"]] == [first, third]
    assert [each["id"] for each in borrower.get(f"{PATH}?status=withdrawn")["items"]] == [second]


@pytest.mark.parametrize(
    ("other", "status", "code"),
    [
        ({"bank_ids": ["nobank"]}, 422, "not_a_partner_bank"),
        ({"bank_ids": []}, 422, "consent_not_for_banks"),
        ({"purpose": "pre_offers"}, 422, "consent_not_for_banks"),
        ({"purpose": "pre_offers", "bank_ids": [], "data_classes": ["profile", "score"]}, 422, "consent_to_nothing"),
        ({"purpose": "publish_integrity", "bank_ids": [], "data_classes": ["exports"]}, 422, "consent_to_nothing"),
        ({"until": "2026-03-01"}, 422, "consent_too_long"),
        ({"until": "2027-03-04"}, 422, "consent_too_long"),
        ({"until": "2036-01-01"}, 422, "date_out_of_range"),
        ({"data_classes": []}, 400, "bad_field"),
        ({"data_classes": ["blood_group"]}, 400, "bad_field"),
        ({"purpose": "curiosity"}, 400, "bad_field"),
    ],
)
def test_what_no_consent_can_be_is_refused_by_name(
    borrower: Borrower, other: dict[str, Any], status: int, code: str
) -> None:
    reply = borrower.post(PATH, CONSENT | other)
    assert (reply.status, reply["code"]) == (status, code), reply.body
    assert reply["param"].partition("[")[0] in CONSENT
    assert borrower.get(PATH)["items"] == []


def test_a_firm_has_so_many_at_a_time_and_what_ends_makes_room(borrower: Borrower) -> None:
    names = [borrower.consent("boc") for _ in range(POLICY.most_live)]
    full = borrower.post(PATH, CONSENT)
    assert (full.status, full["code"], full["maximum"]) == (409, "too_many_consents", POLICY.most_live)
    borrower.withdraw(names[0])
    borrower.consent("ccb")


def test_what_is_live_is_so_until_the_moment_it_ends_and_for_whom_it_names(borrower: Borrower) -> None:
    firm_id, now = borrower.member_id, borrower.time.at
    consent_id = borrower.consent("boc", data_classes=["exports"])

    def is_live(bank_id: str = "boc", data_class: Any = "exports", at: Any = now) -> bool:
        return consents.live(firm_id, bank_id, data_class, at) is not None

    assert is_live()
    assert not is_live(bank_id="ccb")
    assert not is_live(data_class="profile")
    end = CONSENTS.due_at(consent_id, now)
    assert end is not None
    assert (is_live(at=end - MS), is_live(at=end)) == (True, False), "before any sweep"
    assert consents.covered(firm_id, "boc", now) == {"exports"}
    assert consents.covered(firm_id, "ccb", now) == frozenset()


def test_who_needs_a_consent_that_is_not_there_is_told_which(borrower: Borrower) -> None:
    consent_id = borrower.consent("boc", data_classes=["exports"])
    assert consents.require_live(borrower.member_id, "boc", "exports", borrower.time.at).id == consent_id
    borrower.withdraw(consent_id)
    with pytest.raises(ConsentMissing) as refused:
        consents.require_live(borrower.member_id, "boc", "exports", borrower.time.at)
    assert refused.value.numbers == {"bank_id": "boc", "data_class": "exports"}


def test_the_sweep_ends_what_is_over_and_the_index_of_live_ones_forgets_it(borrower: Borrower) -> None:
    consent_id = borrower.consent("boc")
    borrower.time.at = CONSENTS.due_at(consent_id, borrower.time.at) or borrower.time.at
    assert borrower.get(f"{PATH}/{consent_id}")["status"] == "expired", "before any sweep"
    assert CONSENTS.sweep(borrower.time.at).looked_at == 1
    assert CONSENTS.due_at(consent_id, borrower.time.at) is None
    assert borrower.get(f"{PATH}/{consent_id}")["status"] == "expired"


def test_withdrawing_is_one_read_and_one_transaction_beside_the_signer(borrower: Borrower) -> None:
    consent_id = borrower.consent("boc")
    with calls() as round_trips:
        borrower.withdraw(consent_id)
    assert round_trips == ["GetItem", "GetItem", "TransactWriteItems"]
