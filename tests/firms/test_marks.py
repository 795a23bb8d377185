"""Firms are compared by marks, which are in no view, no entry and no other profile, and go with the person they are of."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.firms.examples import ACCOUNT, FIRM, SIGNER
from chalicelib.firms.records import REPOSITORY
from chalicelib.firms.service import marks
from chalicelib.shared.journal import JournalRow
from tests.firms.office import Office, another, office
from tests.world import Api, Pump, StandingClock, Streams

__all__ = ["office"]

HOLDER = {"name": "Ningbo Holding", "id_number": "91330200MA2BBBBB2B", "kind": "company", "share_bp": 2500}
HELD = HOLDER | {"name": "ningbo holding ltd."}
BARE = {"powers": [], "is_legal_representative": False, "is_controller": False, "share_bp": 0}


@pytest.fixture
def other(api: Api, time: StandingClock, streams: Streams, pump: Pump) -> Office:
    """Another firm, with another registration."""
    return another(api, time, streams, pump, "haixing")


def are_related(one: Office, other: Office) -> bool:
    known = marks.of_firms([one.firm_id, other.firm_id])
    return bool(known[one.firm_id] & known[other.firm_id])


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (SIGNER | {"is_controller": True}, {"name": "C.", "id_number": SIGNER["id_number"], "is_controller": True}),
        ({"name": "Chen", "share_bp": 2500}, {"name": "CHEN ", "is_legal_representative": True}),
        (HOLDER, HELD),
        ({"name": "A", "phone": "+86 21 5555 0100"}, {"name": "B", "phone": "(021) 55550100"}),
        ({"name": "A", "address": "1 Quay Road, Ningbo"}, {"name": "B", "address": "1, quay road (Ningbo)"}),
        ({"name": "A", "address": "宁波市码头路1号A座"}, {"name": "B", "address": "宁波市码头路１号Ａ座"}),
        (HOLDER, HOLDER | {"id_number": "９１330200MA2BBBBB2B"}),
        ({"name": "ﾁｪﾝ", "share_bp": 2500}, {"name": "チェン", "share_bp": 2500}),
    ],
)
def test_firms_that_share_a_controller_a_holder_a_phone_or_an_address_are_related(
    office: Office, other: Office, mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    open_both(office, other)
    office.do("people", mine)
    assert not are_related(office, other)
    other.do("people", theirs)
    assert are_related(office, other)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"name": "Chen", "id_number": "1"} | BARE, {"name": "Chen", "id_number": "1"} | BARE),
        (HOLDER | {"share_bp": 2499}, HELD),
        ({"name": "Chen", "share_bp": 2500}, {"name": "Chen", "id_number": "1", "share_bp": 2500}),
        ({"name": "A", "phone": "2155550100"}, {"name": "B", "address": "2155550100"}),
        ({"name": "A", "email": "books@haiyue.example"}, {"name": "B", "email": "books@haiyue.example"}),
    ],
)
def test_who_merely_works_for_both_or_holds_less_ties_them_not(
    office: Office, other: Office, mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    open_both(office, other)
    office.do("people", mine)
    other.do("people", theirs)
    assert not are_related(office, other)


def test_a_firm_is_related_to_the_company_that_holds_it_and_to_whoever_is_paid_at_its_account(
    office: Office, other: Office
) -> None:
    open_both(office, other)
    number = FIRM["registration_no"]
    holder = other.do("people", HOLDER | {"id_number": number.lower()})["people"][-1]["id"]
    assert are_related(office, other)
    other.do(f"people/{holder}/remove")
    assert not are_related(office, other)
    for each in (office, other):
        each.do("settlement-accounts", ACCOUNT)
    assert are_related(office, other)


def test_marks_are_in_no_view_and_no_entry_and_go_with_the_person(office: Office) -> None:
    office.register()
    before = marks.of_firms([office.firm_id])[office.firm_id]
    person_id = office.person(phone="11111", address="2", email="a@b", is_controller=True)
    firm = REPOSITORY.load(office.firm_id)
    assert firm
    known = (*firm.people[-1].marks, firm.people[-1].email_mark)
    assert len(set(known)) == 4
    view = office.see().raw + b"".join(bytes(str(row.entry()), "utf-8") for row in JournalRow.scan())
    assert not any(mark.encode() in view for mark in known)
    office.do(f"people/{person_id}/erase", {"reason": "On request."})
    assert marks.of_firms([office.firm_id])[office.firm_id] == before


def open_both(office: Office, other: Office) -> None:
    office.register()
    body = FIRM | {"registration_no": "91330200MA2CCCCC3C"}
    assert other.api.post("/v1/firms", body, other.firm).status == 201
