"""Rule sheets as values: what they may say, what is signed, what differs between two of them, what a credit line keeps."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from chalicelib.groups.rules import rule_sheet
from chalicelib.groups.rules.rule_sheet import (
    CapsDoNotFitMode,
    Difference,
    DrawOrderIncomplete,
    ModeNotOffered,
    NobodyMayDraw,
    OutsideSheetBounds,
    RepaymentDaysRepeat,
    RuleSheet,
    SeatTerms,
    SheetBounds,
    SheetSeatsDiffer,
    SheetSignature,
)
from chalicelib.shared import policies
from chalicelib.shared.errors import RuleViolation

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
BOUNDS = policies.in_force("rule-sheets", date(2026, 3, 2)).read_as(SheetBounds)
LIST = "1" * 64
OTHER_LIST = "2" * 64
SHEET = RuleSheet(
    mode="joint_capped",
    weight_basis="limit",
    seats=tuple(
        SeatTerms(seat=seat, limit_minor=limit_minor, cap_minor=2 * limit_minor)
        for seat, limit_minor in ((1, 50_000_000), (2, 100_000_000), (3, 150_000_000))
    ),
    draw_order=(2, 1, 3),
    punctual_payments=2,
    repayment_days=(5, 31),
    guarantee_months=6,
    due_business_days=10,
    grace_business_days=5,
    warn_bp=2_000,
    stop_bp=5_000,
)


def with_caps(cap_minor: int | None) -> tuple[SeatTerms, ...]:
    return tuple(replace(each, cap_minor=cap_minor) for each in SHEET.seats)


@pytest.mark.parametrize(
    ("changed", "error", "param"),
    [
        ({"seats": SHEET.seats[:2]}, SheetSeatsDiffer, "seats"),
        ({"seats": (*SHEET.seats[:2], SHEET.seats[1])}, SheetSeatsDiffer, "seats"),
        ({"draw_order": (1, 2)}, DrawOrderIncomplete, "draw_order"),
        ({"draw_order": (1, 2, 2)}, DrawOrderIncomplete, "draw_order"),
        ({"seats": tuple(replace(each, limit_minor=0) for each in SHEET.seats)}, NobodyMayDraw, "seats"),
        ({"group_cap_minor": 0}, NobodyMayDraw, "seats"),
        ({"repayment_days": (5, 5)}, RepaymentDaysRepeat, "repayment_days"),
        ({"seats": with_caps(None)}, CapsDoNotFitMode, "seats"),
        ({"mode": "joint_cascade"}, CapsDoNotFitMode, "seats"),
        ({"mode": "none"}, CapsDoNotFitMode, "seats"),
        ({"guarantee_months": 0}, OutsideSheetBounds, "guarantee_months"),
        ({"guarantee_months": 37}, OutsideSheetBounds, "guarantee_months"),
        ({"due_business_days": 4}, OutsideSheetBounds, "due_business_days"),
        ({"grace_business_days": 16}, OutsideSheetBounds, "grace_business_days"),
        ({"punctual_payments": 13}, OutsideSheetBounds, "punctual_payments"),
        ({"stop_bp": 5_001}, OutsideSheetBounds, "stop_bp"),
        ({"warn_bp": 2_001}, OutsideSheetBounds, "warn_bp"),
        ({"warn_bp": 1_001, "stop_bp": 1_000}, OutsideSheetBounds, "warn_bp"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_refused_by_its_name(
    changed: dict[str, Any], error: type[RuleViolation], param: str
) -> None:
    with pytest.raises(error) as refused:
        rule_sheet.require_valid(replace(SHEET, **changed), {1, 2, 3}, BOUNDS)
    assert refused.value.param == param


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"mode": "joint_cascade", "seats": with_caps(None)},
        {"mode": "none", "seats": with_caps(None)},
        {"mode": "several"},
        {"mode": "several", "seats": with_caps(None)},
        {"warn_bp": 500, "stop_bp": 1_000},
        {"seats": (*SHEET.seats[:2], replace(SHEET.seats[2], limit_minor=0))},
    ],
)
def test_a_sheet_may_be_stricter_than_the_platform_and_choose_its_mode(changed: dict[str, Any]) -> None:
    rule_sheet.require_valid(replace(SHEET, **changed), [3, 1, 2], BOUNDS)


def test_a_mode_that_the_platform_does_not_offer_is_refused_with_those_it_does() -> None:
    with pytest.raises(ModeNotOffered) as refused:
        rule_sheet.require_valid(SHEET, {1, 2, 3}, replace(BOUNDS, modes=("several",)))
    assert refused.value.numbers == {"modes": ["several"]}


def test_the_group_owes_at_most_the_sum_of_the_limits_or_its_own_cap() -> None:
    assert SHEET.limit_minor == 300_000_000
    assert replace(SHEET, group_cap_minor=200_000_000).limit_minor == 200_000_000
    assert replace(SHEET, group_cap_minor=900_000_000).limit_minor == 300_000_000


def test_what_is_signed_is_the_hash_of_a_text_that_anybody_can_make_again() -> None:
    version = rule_sheet.proposed("grp_1", LIST, 1, SHEET, by=2, now=NOW)
    text = rule_sheet.document_text("grp_1", version)
    assert hashlib.sha256(text.encode()).hexdigest() == version.sha256
    document = json.loads(text)
    assert (document["group_id"], document["list_sha256"], document["number"]) == ("grp_1", LIST, 1)
    assert document["sheet"]["group_cap_minor"] is None, "defaults are written out"
    assert json.dumps(document, sort_keys=True, separators=(",", ":")) == text


@pytest.mark.parametrize(
    ("group_id", "list_sha256", "number", "sheet"),
    [
        ("grp_2", LIST, 1, SHEET),
        ("grp_1", OTHER_LIST, 1, SHEET),
        ("grp_1", LIST, 2, SHEET),
        ("grp_1", LIST, 1, replace(SHEET, draw_order=(1, 2, 3))),
    ],
)
def test_another_group_list_number_or_word_is_another_hash(
    group_id: str, list_sha256: str, number: int, sheet: RuleSheet
) -> None:
    first = rule_sheet.proposed("grp_1", LIST, 1, SHEET, by=1, now=NOW)
    assert rule_sheet.proposed(group_id, list_sha256, number, sheet, by=1, now=NOW).sha256 != first.sha256


def test_the_seal_is_over_all_signatures_in_whichever_order_they_were_given() -> None:
    version = rule_sheet.proposed("grp_1", LIST, 1, SHEET, by=1, now=NOW)
    signatures = [
        SheetSignature(seat=seat, by=f"per_{seat}", sha256=version.sha256, at=NOW, worst_minor=1, sales_minor=9)
        for seat in (1, 2, 3)
    ]
    seal = rule_sheet.sealed(LIST, version.sha256, 1, signatures, NOW)
    assert seal == rule_sheet.sealed(LIST, version.sha256, 1, signatures[::-1], NOW)
    others = [
        rule_sheet.sealed(OTHER_LIST, version.sha256, 1, signatures, NOW),
        rule_sheet.sealed(LIST, "3" * 64, 1, signatures, NOW),
        rule_sheet.sealed(LIST, version.sha256, 1, signatures[:2], NOW),
    ]
    assert len({seal.sha256, *(each.sha256 for each in others)}) == 4


def test_a_difference_names_the_field_and_the_seat() -> None:
    after = replace(
        SHEET,
        draw_order=(1, 2, 4),
        punctual_payments=3,
        seats=(
            SHEET.seats[0],
            replace(SHEET.seats[1], cap_minor=1),
            SeatTerms(seat=4, limit_minor=7, cap_minor=8),
        ),
    )
    assert rule_sheet.diff(SHEET, SHEET) == ()
    assert rule_sheet.diff(SHEET, after) == (
        Difference(field="draw_order", seat=None, before=(2, 1, 3), after=(1, 2, 4)),
        Difference(field="punctual_payments", seat=None, before=2, after=3),
        Difference(field="cap_minor", seat=2, before=200_000_000, after=1),
        Difference(field="limit_minor", seat=3, before=150_000_000, after=None),
        Difference(field="cap_minor", seat=3, before=300_000_000, after=None),
        Difference(field="limit_minor", seat=4, before=None, after=7),
        Difference(field="cap_minor", seat=4, before=None, after=8),
    )


SHEETS = some.builds(
    replace,
    some.just(SHEET),
    punctual_payments=some.integers(0, 3),
    guarantee_months=some.integers(1, 3),
    reserve_minor=some.integers(0, 2),
    draw_order=some.permutations([1, 2, 3]).map(tuple),
    seats=some.tuples(
        *(
            some.builds(SeatTerms, seat=some.just(seat), limit_minor=some.integers(1, 2), cap_minor=some.integers(0, 1))
            for seat in (1, 2, 3)
        )
    ),
)


@given(SHEETS, SHEETS)
@settings(deadline=None)
def test_two_sheets_have_one_hash_exactly_if_nothing_differs(before: RuleSheet, after: RuleSheet) -> None:
    hashes = {rule_sheet.proposed("grp_1", LIST, 1, sheet, by=1, now=NOW).sha256 for sheet in (before, after)}
    assert (len(hashes) == 1) == (not rule_sheet.diff(before, after))
    assert len(rule_sheet.diff(before, after)) == len(rule_sheet.diff(after, before))


def test_a_bank_narrows_what_a_sheet_may_say_and_never_widens_it() -> None:
    """Its product asks for twelve months, under two of the modes."""
    bounds = rule_sheet.narrowed(BOUNDS, ("several", "joint_cascade"), 12)
    assert bounds.modes == ("joint_cascade", "several"), "the platform's order: the first is the usual one"
    assert (bounds.guarantee_months.least, bounds.guarantee_months.most, bounds.guarantee_months.usual) == (12, 36, 12)
    assert rule_sheet.narrowed(BOUNDS, BOUNDS.modes, 0) == BOUNDS
