"""A firm applies for a loan that its group stands for, and every member signs the agreement: through the API and by signed events."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.bank_events.outbound import OUTBOUND
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.declared import AGREEMENTS
from chalicelib.credit.examples import APPLICATION
from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.records.sheets import SheetRow
from chalicelib.groups.rules import living
from chalicelib.groups.service import following as groups
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.request import CLOCK, RequestContext
from tests import provoked
from tests.bank_events.conftest import bank
from tests.credit.applying import Credit, complete
from tests.credit.borrowing import OFFICER
from tests.loans.grouped import Grouped, grouped
from tests.world import Streams, token

__all__ = ["bank", "grouped"]

JOINT: dict[str, Any] = {"product_ids": ["boc-joint"], "amount": {"amount": "90000.00", "currency": "CNY"}}
TERMS: dict[str, Any] = {"amount": 90_000_00, "rate_bp": 1080}


@pytest.fixture
def credit(grouped: Grouped, streams: Streams) -> Credit:
    """The firm on seat 1 applies."""
    borrower = grouped.firms[1]
    borrower.person_id = complete(borrower.member_id)
    return Credit(grouped.api, grouped.time, streams, borrower, consented={"boc"})


def applied(credit: Credit, grouped: Grouped) -> str:
    return credit.apply("boc", **JOINT, group_id=grouped.group_id)


def agreed(credit: Credit, grouped: Grouped) -> str:
    application_id = applied(credit, grouped)
    credit.approve(application_id, limit=90_000_00)
    offer_id = credit.offer(application_id, **TERMS)
    assert credit.answer(offer_id, "accept").status == 200
    credit.streams()
    return str(credit.see(application_id)["agreement_id"])


def sign_as(grouped: Grouped, seat: int, name: str, document_sha256: str, **how: Any) -> Any:
    return grouped.firms[seat].post(f"/v1/agreements/{name}/sign", {"document_sha256": document_sha256}, **how)


def test_the_bank_sees_which_group_stands_for_the_firm_and_which_sheet_its_members_signed(
    credit: Credit, grouped: Grouped
) -> None:
    application_id = applied(credit, grouped)
    for by in (credit.firm, OFFICER, token("bank", "boc")):
        shown = credit.see(application_id, by)["guarantee"]
        assert (shown["group_id"], shown["seat"], shown["mode"]) == (grouped.group_id, 1, "joint_capped")
    sent = next(row.entry() for row in JournalRow.scan() if row.entry().event.kind == "review.sent")
    message = OUTBOUND["review.sent"].data(sent)
    assert (message["group_id"], message["sheet_version"], message["liability_mode"]) == (
        grouped.group_id, 1, "joint_capped",
    )  # fmt: skip
    assert message["sheet_sha256"] == grouped.position().terms.sheet_sha256


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"group_id": None}, 422, "group_needed"),
        ({"group_id": "grp_" + "0" * 26}, 404, "not_of_the_group"),
        ({"product_ids": ["boc-term"]}, 422, "group_for_one_product"),
        ({"amount": {"amount": "100000.01", "currency": "CNY"}}, 422, "own_limit_exceeded"),
    ],
)
def test_what_does_not_fit_the_group_is_refused_by_name(
    credit: Credit, grouped: Grouped, changed: dict[str, Any], status: int, code: str
) -> None:
    body = APPLICATION | JOINT | {"group_id": grouped.group_id} | changed
    refused = credit.borrower.post("/v1/credit-applications", body)
    assert (refused.status, refused["code"]) == (status, code)


def test_a_guarantee_of_fewer_months_than_the_product_asks_for_fits_no_application(
    credit: Credit, grouped: Grouped
) -> None:
    row = SheetRow.get(grouped.group_id, 1)
    row.body = replace(row.body, sheet=replace(row.body.sheet, guarantee_months=1))
    row.save()
    refused = credit.borrower.post("/v1/credit-applications", APPLICATION | JOINT | {"group_id": grouped.group_id})
    assert (refused.status, refused["code"], refused["guarantee_months"]) == (422, "liability_mode_not_lent", 6)


def test_a_group_that_is_suspended_meanwhile_lets_nothing_be_handed_in(credit: Credit, grouped: Grouped) -> None:
    application_id = credit.draft(**JOINT, group_id=grouped.group_id)
    groups.activate(grouped.group_id, grouped.time.at)
    groups.suspend(grouped.group_id, "Somebody is late.", grouped.time.at)
    refused = credit.act(application_id, "submit")
    assert (refused.status, refused["code"]) == (409, "group_takes_no_draws")


def test_every_member_signs_and_the_last_signature_opens_a_line_that_the_group_stands_for(
    credit: Credit, grouped: Grouped
) -> None:
    name = agreed(credit, grouped)
    in_force = credit.agreement(name)["document_sha256"]
    ids = {seat: firm.member_id for seat, firm in grouped.firms.items()}
    assert credit.agreement(name)["unsigned_guarantors"] == [ids[2], ids[3]]
    kept_sheet = SheetRow.get(grouped.group_id, 1)
    agreed_sheet, kept_sheet.body = kept_sheet.body, replace(kept_sheet.body, number=2)
    kept_sheet.save()
    provoked.given("The group's rule sheet has a later version than the agreement names.")
    changed = sign_as(grouped, 2, name, in_force)
    assert (changed.status, changed["code"]) == (409, "group_changed")
    kept_sheet.body = agreed_sheet
    kept_sheet.save()
    first, again = (sign_as(grouped, 2, name, in_force, key="k") for _ in range(2))
    assert (first.status, first.raw) == (200, again.raw)
    twice = sign_as(grouped, 2, name, in_force)
    assert (twice.status, twice["code"]) == (409, "agreement_not_in_this_status")
    unnamed = grouped.api.post(f"/v1/agreements/{name}/sign", {"document_sha256": in_force}, grouped.firms[3].token)
    assert (unnamed.status, unnamed["code"]) == (403, "signer_not_named")
    assert credit.sign(name, in_force).status == 200
    assert credit.sign(name, in_force, OFFICER).status == 200
    credit.countersign(name, in_force)
    assert credit.agreement(name)["unsigned"] == ["guarantor"]
    assert sign_as(grouped, 3, name, in_force)["status"] == "signed"
    line_id = str(credit.agreement(name)["line_id"])
    line = credit.api.get(f"/v1/credit-lines/{line_id}", credit.firm)
    assert (line["group_id"], line["status"]) == (grouped.group_id, "awaiting_activation")
    kept = LINES.repository.load(line_id)
    assert kept is not None
    assert kept.guarantee is not None
    assert kept.guarantee.seats == [2, 3]


def test_the_group_hears_that_there_is_an_agreement_to_sign(credit: Credit, grouped: Grouped) -> None:
    name = agreed(credit, grouped)
    timeline = grouped.api.get(f"/v1/guarantee-groups/{grouped.group_id}/timeline", grouped.firms[3].token)["items"]
    [items] = [each["payload"] for each in timeline if each["kind"] == "group.agreement_to_sign"]
    assert (items["agreement_id"], items["seat"]) == (name, 1)


def test_a_guarantor_sees_what_it_signs_and_no_person_of_another_firm(credit: Credit, grouped: Grouped) -> None:
    name = agreed(credit, grouped)
    in_force = credit.agreement(name)["document_sha256"]
    credit.sign(name, in_force)
    seen = credit.agreement(name, grouped.firms[2].token)
    assert (seen.status, seen["allowed_actions"], seen["signatures"][0]["by"]) == (200, ["sign"], None)
    timeline = grouped.api.get(f"/v1/agreements/{name}/timeline", grouped.firms[2].token)
    assert timeline.status == 200
    assert credit.borrower.person_id not in json.dumps(timeline.body)
    assert credit.agreement(name, token("member", "mem_" + "0" * 26)).status == 404


def test_who_has_not_signed_in_time_is_named_to_the_bank(credit: Credit, grouped: Grouped) -> None:
    name = agreed(credit, grouped)
    sign_as(grouped, 2, name, credit.agreement(name)["document_sha256"])
    grouped.time.at = grouped.time.at.replace(day=28)
    AGREEMENTS.sweep(grouped.time.at)
    assert credit.agreement(name)["status"] == "lapsed"
    [lapsed] = [row.entry() for row in JournalRow.scan() if row.entry().event.kind == "agreement.lapsed"]
    assert lapsed.event.payload["unsigned_guarantors"] == [grouped.firms[3].member_id]


def test_no_member_signs_for_one_whose_draws_are_held(credit: Credit, grouped: Grouped) -> None:
    name = agreed(credit, grouped)
    now = grouped.time.at
    request = RequestContext(caller=CLOCK, now=now, request_id="r")
    GROUPS.apply(grouped.group_id, request, lambda was, context: living.note_seat(was, 1, "debtor_default", now))
    refused = sign_as(grouped, 2, name, credit.agreement(name)["document_sha256"])
    assert (refused.status, refused["code"]) == (409, "seat_held")
