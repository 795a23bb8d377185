"""Nominations through the API: an agency vouches, the platform checks in time, the supplier joins by itself."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.channels.declared import NOMINATIONS
from chalicelib.channels.examples import DECLINE, EDIT, NOMINATE, RETURN, WITHDRAW
from chalicelib.channels.rules.nomination import registration_key, search_key
from chalicelib.shared import observe
from tests.channels.country import FEEDS, JETRO, KOTRA, OFFICER, Country, korea
from tests.readings import openings
from tests.round_trips import calls
from tests.world import token

__all__ = ["korea"]


def test_a_supplier_is_nominated_checked_invited_and_joins_by_itself(korea: Country) -> None:
    member_id = korea.firm()
    nomination_id = korea.draft()
    korea.hand_in(nomination_id)
    submitted = korea.go(nomination_id, "submit")
    assert (submitted["status"], submitted["deadlines"][0]["due_at"]) == ("nominated", "2026-03-09T16:00:00Z")
    assert korea.see(nomination_id, token("member", member_id)).status == 404
    invited = korea.go(nomination_id, "check", {"member_id": member_id}, OFFICER)
    assert (invited["status"], invited["member_id"]) == ("invited", member_id)
    supplier = token("member", member_id)
    assert [each["id"] for each in korea.api.get("/v1/nominations", supplier)["items"]] == [nomination_id]
    accepted = korea.api.post(f"/v1/nominations/{nomination_id}/accept", None, supplier, key="once")
    assert (accepted.status, accepted["status"], accepted["allowed_actions"]) == (200, "joined", [])
    assert korea.api.post(f"/v1/nominations/{nomination_id}/accept", None, supplier, key="once").raw == accepted.raw
    membership = korea.membership(accepted["membership_id"], supplier)
    assert (membership["status"], membership["is_valid"], membership["agency_id"]) == ("active", True, "kotra")
    assert (membership["issued_at"], membership["expires_at"]) == ("2026-03-02T02:15:00Z", "2027-03-02T15:00:00Z")
    kinds = [each["kind"] for each in korea.api.get(f"/v1/nominations/{nomination_id}/timeline", KOTRA)["items"]]
    assert kinds == [
        f"nomination.{each}"
        for each in ("drafted", "document_announced", "document_kept", "submitted", "invited", "joined")
    ]
    [issued] = korea.api.get(f"/v1/channel-memberships/{membership['id']}/timeline", supplier)["items"]
    assert issued["kind"] == "nomination.joined"


def test_a_firm_that_is_no_member_yet_is_checked_and_invited_when_it_is_one(korea: Country) -> None:
    nomination_id = korea.nominated()
    checked = korea.go(nomination_id, "check", {}, OFFICER)
    assert (checked["status"], checked["member_id"], checked["deadlines"][0]["name"]) == ("checked", None, "invitation")
    again = korea.act(nomination_id, "check", {}, OFFICER)
    assert (again.status, again["code"]) == (422, "unknown_supplier")
    invited = korea.go(nomination_id, "check", {"member_id": korea.firm()}, OFFICER)
    assert invited["status"] == "invited"


def test_one_is_returned_with_reasons_mended_and_submitted_again(korea: Country) -> None:
    nomination_id = korea.nominated()
    number = korea.see(nomination_id)["registration_number"]
    returned = korea.go(nomination_id, "return", RETURN, OFFICER)
    assert (returned["status"], returned["reason"], returned["check_due_at"]) == ("returned", RETURN["reason"], None)
    mended = korea.go(nomination_id, "edit", EDIT | {"registration_number": number.replace("-", " ")})
    assert mended["categories"] == ["clothing", "jewellery"]
    other = korea.act(nomination_id, "edit", EDIT | {"registration_number": "999"})
    assert (other.status, other["code"]) == (422, "registration_number_fixed")
    assert korea.go(nomination_id, "submit")["reason"] is None


def test_what_nobody_checks_in_time_is_escalated_and_never_lapses(
    korea: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    nomination_id = korea.nominated()
    signals: list[str] = []
    monkeypatch.setattr(observe, "count", lambda signal, value=1: signals.append(signal))
    korea.time.advance(days=400)
    NOMINATIONS.settle(nomination_id, korea.time.at)
    assert signals == ["NominationUnchecked"]
    late = korea.see(nomination_id, OFFICER)
    assert (late["status"], late["escalated_at"]) == ("nominated", "2026-03-09T16:00:00Z")
    invited = korea.go(nomination_id, "check", {"member_id": korea.firm()}, OFFICER)
    assert invited["until"] == (korea.time.at + timedelta(days=30)).isoformat().replace("+00:00", "Z")


def test_a_nomination_is_checked_with_the_documents_its_country_asks_for(korea: Country) -> None:
    nomination_id = korea.draft()
    korea.go(nomination_id, "submit")
    refused = korea.act(nomination_id, "check", {"member_id": korea.firm()}, OFFICER)
    assert (refused.status, refused["code"], refused["documents"]) == (
        422,
        "nomination_documents_missing",
        ["business_registration"],
    )
    korea.hand_in(nomination_id, arrives=b"another file")
    assert korea.see(nomination_id)["documents"][0]["status"] == "refused"
    assert korea.act(nomination_id, "check", {"member_id": korea.firm()}, OFFICER)["code"] == refused["code"]


def test_a_document_is_fetched_by_the_agency_and_officers_and_goes_when_its_retention_ends(korea: Country) -> None:
    nomination_id = korea.draft()
    path = f"/v1/nominations/{nomination_id}/documents/{korea.hand_in(nomination_id)}"
    assert [korea.api.get(path, by).status for by in (KOTRA, OFFICER, JETRO)] == [200, 200, 404]
    assert [officer for officer, _ in openings(nomination_id)] == ["officer-1"]
    korea.time.advance(days=5 * 365 + 2)
    NOMINATIONS.settle(nomination_id, korea.time.at)
    assert korea.see(nomination_id)["documents"] == []
    korea.streams()
    assert korea.api.get(path, KOTRA).status == 404


def test_only_a_member_of_the_channels_country_is_invited(korea: Country) -> None:
    nomination_id = korea.nominated()
    for member_id, code in ((korea.firm(country="JP"), "supplier_of_another_country"), ("mem_1", "unknown_supplier")):
        refused = korea.act(nomination_id, "check", {"member_id": member_id}, OFFICER)
        assert (refused.status, refused["code"], refused["param"]) == (422, code, "member_id")


def test_who_is_in_the_channel_is_not_invited_again(korea: Country) -> None:
    member_id = korea.firm()
    membership_id = korea.joined(member_id)
    refused = korea.act(korea.nominated(), "check", {"member_id": member_id}, OFFICER)
    assert (refused.status, refused["code"], refused["membership_id"]) == (409, "member_of_channel", membership_id)


def test_two_invitations_of_one_supplier_come_to_one_membership(korea: Country) -> None:
    member_id = korea.firm()
    supplier = token("member", member_id)
    first, second = korea.invited(member_id), korea.invited(member_id)
    assert korea.act(first, "accept", None, supplier).status == 200
    refused = korea.act(second, "accept", None, supplier)
    assert (refused.status, refused["code"]) == (409, "member_of_channel")


def test_who_left_the_channel_joins_again_by_a_new_nomination(korea: Country) -> None:
    member_id = korea.firm()
    membership_id = korea.joined(member_id)
    korea.time.advance(days=366)
    assert korea.membership(membership_id)["status"] == "expired"
    assert korea.joined(member_id) == membership_id
    again = korea.membership(membership_id)
    assert (again["status"], again["expires_at"]) == ("active", "2028-03-03T15:00:00Z")
    kinds = [
        each["kind"] for each in korea.api.get(f"/v1/channel-memberships/{membership_id}/timeline", KOTRA)["items"]
    ]
    assert kinds == ["nomination.joined", "channel_membership.expired", "nomination.joined"]


# --- K8: one supplier, however its name is written ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (unicodedata.normalize("NFD", "김철수 상사"), unicodedata.normalize("NFC", "김철수 상사")),
        ("\uf90a성무역", "金성무역"),
    ],
)
def test_a_name_in_parts_or_in_compatibility_form_is_one_supplier_found_by_either(
    korea: Country, one: str, other: str
) -> None:
    first = korea.ask(legal_name=one, registration_number="220-81-62517")
    assert first.status == 201
    assert first["legal_name"] == unicodedata.normalize("NFC", other)
    again = korea.ask(legal_name=other, registration_number="２２０ 81 62517")
    assert (again.status, again["code"], again["nomination_id"]) == (409, "nominated_already", first["id"])
    for name in (one, other, other.replace(" ", "")):
        for by in (KOTRA, OFFICER):
            items = korea.api.get(f"/v1/nominations?name={name}", by)["items"]
            assert [each["id"] for each in items] == [first["id"]]


@pytest.mark.parametrize("character", ["\ufdfa", "\u33c2", "\u0390", "𝒜", "ß"])
def test_a_name_fits_into_a_key_of_the_store_whatever_it_becomes_there(korea: Country, character: str) -> None:
    """One character of a compatibility form may become eighteen: a row of a file that has two hundred of them would stop the import for ever."""
    for key in (search_key(character * 200), registration_key(character * 60)):
        assert 0 < len(key.encode()) <= 1_024
    name = character * 200
    nomination_id = korea.draft(legal_name=name, registration_number=character * 60)
    assert [each["id"] for each in korea.api.get(f"/v1/nominations?name={name}", KOTRA)["items"]] == [nomination_id]


def test_it_is_found_by_the_romanised_name_too_and_once_where_both_are_the_same(korea: Country) -> None:
    local = korea.draft(legal_name="한빛", romanised_name="Hanbit")
    both = korea.draft(legal_name="HANBIT", romanised_name="Hanbit")
    items = korea.api.get("/v1/nominations?name=hanbit", OFFICER)["items"]
    assert sorted(each["id"] for each in items) == sorted([local, both])


def test_a_number_is_free_again_when_its_nomination_is_over(korea: Country) -> None:
    first = korea.draft(registration_number="1")
    korea.go(first, "withdraw", WITHDRAW)
    second = korea.draft(registration_number="1")
    korea.time.advance(days=30)
    assert korea.see(second)["status"] == "expired"
    assert korea.ask(registration_number="1").status == 201


# --- what is refused, and whom it does not concern -------------------------------------------------------------------


def test_an_agency_of_another_country_reads_the_same_bytes_as_of_nothing(korea: Country) -> None:
    """K11."""
    nomination_id = korea.nominated()
    unseen = korea.api.get(f"/v1/nominations/{nomination_id}", JETRO, X_Request_Id="same")
    nothing = korea.api.get("/v1/nominations/nom_0000000000000000000000000Z", JETRO, X_Request_Id="same")
    assert unseen.status == nothing.status == 404
    assert unseen.raw.replace(nomination_id.encode(), b"") == nothing.raw.replace(
        b"nom_0000000000000000000000000Z", b""
    )
    assert korea.api.get("/v1/nominations", JETRO)["items"] == []
    assert korea.api.get(f"/v1/nominations?name={NOMINATE['legal_name']}", JETRO)["items"] == []
    refused = korea.api.post(f"/v1/channels/{korea.channel_id}/nominations", NOMINATE, JETRO)
    assert (refused.status, refused["code"]) == (404, "not_found")
    for action in ("submit", "withdraw"):
        assert korea.act(nomination_id, action, {} if action == "withdraw" else None, JETRO).status == 404


@pytest.mark.parametrize(
    ("details", "status", "code"),
    [
        ({"categories": ["tea"]}, 422, "category_not_in_channel"),
        ({"proposed_until": "2026-03-02T02:15:00Z"}, 422, "proposal_over"),
        ({"office": {"mailbox": "nobody"}}, 400, "bad_field"),
        ({"legal_name": "\u3164"}, 400, "text_unreadable"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(korea: Country, details: dict[str, Any], status: int, code: str) -> None:
    refused = korea.ask(**details)
    assert (refused.status, refused["code"]) == (status, code)


def test_a_closed_channel_takes_nobody_more_and_a_supplier_may_decline(korea: Country) -> None:
    supplier = korea.firm()
    declined = korea.go(korea.invited(supplier), "decline", DECLINE, token("member", supplier))
    assert (declined["status"], declined["reason"]) == ("declined", DECLINE["reason"])
    draft, invited = korea.draft(), korea.invited(supplier)
    korea.on_channel("close", {"reason": "The agreement has ended."})
    for refused in (
        korea.ask(),
        korea.act(draft, "submit"),
        korea.act(invited, "accept", None, token("member", supplier)),
    ):
        assert (refused.status, refused["code"]) == (409, "channel_takes_no_suppliers")


def test_a_command_is_few_reads_and_one_transaction(korea: Country) -> None:
    with calls() as round_trips:
        korea.draft()
    assert round_trips == ["GetItem", "GetItem", "TransactWriteItems"]
    nomination_id = korea.draft()
    for action, expected in (("submit", ["GetItem", "GetItem"]), ("withdraw", ["GetItem"])):
        with calls() as round_trips:
            korea.go(nomination_id, action, {} if action == "withdraw" else None)
        assert round_trips == [*expected, "TransactWriteItems"], action
    assert korea.act(nomination_id, "withdraw", {}, FEEDS).status == 403
