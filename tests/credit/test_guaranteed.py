"""Credit that a group stands for: which application fits which group, and an agreement that every member signs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.credit.aggregate.applications import AGREEMENTS
from chalicelib.credit.rules import agreement_handling, application_handling, offer_handling, review_handling
from chalicelib.credit.rules.agreement import Agreement, Party, document
from chalicelib.credit.rules.guaranteed import (
    GroupChanged,
    GroupForOneProduct,
    GroupNeeded,
    LiabilityModeNotLent,
    OwnLimitExceeded,
    require_fit,
    require_same,
)
from chalicelib.credit.rules.line import Line
from chalicelib.credit.views.agreements import view
from chalicelib.groups.rules.position import DrawingSeat, DrawTerms
from chalicelib.shared.request import Caller
from tests.credit import deciding
from tests.credit.deciding import CATALOGUE, NOW
from tests.loans.statuses import GUARANTEE

JOINT = CATALOGUE.find("boc-joint")
BOUND = replace(GUARANTEE, mode="joint_capped")
DRAWING = DrawingSeat(
    guarantee=BOUND,
    product_id="boc-joint",
    terms=DrawTerms(is_open=True, sheet_sha256=BOUND.sheet_sha256),
    group_limit_minor=1_000_000_00,
    seat_limit_minor=500_000_00,
    gate=None,
)
FIRST, SECOND = (each.member_id for each in BOUND.guarantors)


# --- the application --------------------------------------------------------------------------------------------------


def test_the_guarantee_of_the_group_goes_with_an_application_for_its_product() -> None:
    assert require_fit([JOINT], DRAWING, 500_000_00) == BOUND
    assert require_fit([CATALOGUE.find("boc-term")], None, 1) is None


@pytest.mark.parametrize(
    ("product_ids", "drawing", "minor", "error"),
    [
        (["boc-joint"], None, 1, GroupNeeded),
        (["boc-term", "ccb-joint"], None, 1, GroupNeeded),
        (["boc-term"], DRAWING, 1, GroupForOneProduct),
        (["boc-joint", "ccb-joint"], DRAWING, 1, GroupForOneProduct),
        (["boc-joint"], DRAWING, 500_000_01, OwnLimitExceeded),
        (["boc-joint"], replace(DRAWING, guarantee=replace(BOUND, mode="joint_cascade")), 1, LiabilityModeNotLent),
        (["boc-joint"], replace(DRAWING, guarantee=replace(BOUND, until_months=5)), 1, LiabilityModeNotLent),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(
    product_ids: list[str], drawing: DrawingSeat | None, minor: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        require_fit([CATALOGUE.find(each) for each in product_ids], drawing, minor)


def test_the_bank_is_told_which_group_stands_for_it_and_which_sheet_its_members_signed_and_no_more() -> None:
    change = review_handling.sent(applied(), applied().parts[0].review_id, deciding.reviewing(applied()), NOW)
    data = {name: change.event.payload[name] for name in ("group_id", "seat", "sheet_version", "liability_mode")}
    assert data == {"group_id": BOUND.group_id, "seat": 1, "sheet_version": 1, "liability_mode": "joint_capped"}
    assert "guarantors" not in json.dumps(change.event.payload, default=str)


# --- the agreement ----------------------------------------------------------------------------------------------------


def applied() -> Any:
    return replace(deciding.with_banks(), guarantee=BOUND)


def agreement() -> Agreement:
    change = offer_handling.accept(deciding.offer(), deciding.offering(applied()), "per_1", NOW)
    return next(other for other in change.also if isinstance(other, Agreement))


def signed(was: Agreement, *parties: Party | str) -> Any:
    """The last change, after these have signed: a party, or a guarantor by its id."""
    change: Any = None
    application = replace(deciding.accepted_application(), guarantee=BOUND)
    for each in parties:
        party, member_id = ("guarantor", each) if each.startswith("mem_") else (each, "")
        change = agreement_handling.sign(
            was,
            deciding.reviewing(application),
            party,  # type: ignore[arg-type]
            "per_9",
            was.document_sha256,
            NOW,
            member_id,
        )
        was = change.state
    return change


def test_the_document_holds_the_guarantee_and_each_member_signs_it() -> None:
    was = agreement()
    text = document(was, was.in_force)
    assert text["contracts"] == ["three_party_cooperation", "loan", "joint_guarantee"]
    assert [each["member_id"] for each in text["guarantee"]["guarantors"]] == [FIRST, SECOND]
    assert (was.unsigned, was.unsigned_guarantors) == (("borrower", "bank", "platform", "guarantor"), (FIRST, SECOND))


def test_it_is_sealed_by_the_last_of_all_signatures_and_the_line_keeps_the_guarantee() -> None:
    change = signed(agreement(), "bank", FIRST, "borrower", "platform")
    assert (change.state.status, change.state.unsigned) == ("to_sign", ("guarantor",))
    last = signed(change.state, SECOND)
    assert last.state.status == "signed"
    [line] = [other for other in last.also if isinstance(other, Line)]
    assert line.guarantee == BOUND


def test_a_guarantor_signs_once_and_another_document_asks_it_again() -> None:
    once = signed(agreement(), FIRST).state
    context = deciding.reviewing(applied())
    assert agreement_handling.TABLE.allowed(once, "guarantor", context, NOW) == ["sign"]
    assert agreement_handling.TABLE.allowed(once, "guarantor_signed", context, NOW) == []
    changed = agreement_handling.revise(
        once, deciding.reviewing(applied()), replace(deciding.TERMS, rate_bp=1100), "The benchmark moved.", NOW
    ).state
    assert changed.unsigned_guarantors == (FIRST, SECOND)


def test_who_has_not_signed_is_named_when_it_lapses() -> None:
    was = signed(agreement(), FIRST, "borrower").state
    payload = agreement_handling.lapse(was, deciding.reviewing(deciding.accepted_application()), NOW).event.payload
    assert (payload["unsigned"], payload["unsigned_guarantors"]) == (["bank", "platform", "guarantor"], [SECOND])


def test_members_of_the_group_see_the_agreement_and_nobody_else_does() -> None:
    was = signed(agreement(), FIRST).state
    callers = {name: Caller(sub=name, role="member") for name in (FIRST, SECOND, "mem_other")}
    actors = {name: AGREEMENTS.actor_of(was, caller) for name, caller in callers.items()}
    assert actors == {FIRST: "guarantor_signed", SECOND: "guarantor", "mem_other": None}


@pytest.mark.parametrize(
    ("actor", "shown"),
    [
        ("officer", ["per_9", "per_9"]),
        ("borrower", ["per_9", None]),
        ("bank", [None, None]),
        ("guarantor", [None, None]),
    ],
)
def test_who_signed_for_another_firm_is_that_firms_matter(actor: Any, shown: list[str | None]) -> None:
    was = signed(agreement(), "borrower", FIRST).state
    seen = view(was, deciding.reviewing(applied()), actor, NOW)
    assert [each.by for each in seen.signatures] == shown
    assert [each.member_id for each in seen.signatures] == [None, FIRST]
    assert (seen.group_id, seen.unsigned_guarantors) == (BOUND.group_id, [SECOND])
    assert ("sign" in seen.allowed_actions) == (actor in ("officer", "guarantor"))


def test_an_entry_of_it_names_no_person() -> None:
    assert "per_9" not in json.dumps(signed(agreement(), "borrower").event.payload, default=str)


def test_an_agreement_is_not_signed_when_the_group_has_changed_since() -> None:
    require_same(BOUND, DRAWING)
    require_same(None, None)
    changed = replace(DRAWING, guarantee=replace(BOUND, sheet_version=2))
    for drawing in (changed, None):
        with pytest.raises(GroupChanged):
            require_same(BOUND, drawing)


def test_an_application_keeps_the_guarantee_of_the_day_on_which_it_was_handed_in() -> None:
    context = deciding.APPLYING
    first = replace(deciding.draft(), guarantee=BOUND)
    later = replace(BOUND, sheet_version=2)
    assert application_handling.submit(first, context, "per_1", deciding.PACK, NOW, later).state.guarantee == later
