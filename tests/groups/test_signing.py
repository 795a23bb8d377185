"""Proposing, briefing, signing and sealing a rule sheet, as changes of a group."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from chalicelib.daybook.rules.days import DayRow
from chalicelib.groups.rules import sales, sheet_handling, vetting
from chalicelib.groups.rules.group import Attestation, Context, Group, Policy, Seat, list_sha256
from chalicelib.groups.rules.guarantee import Guarantor
from chalicelib.groups.rules.position import DrawTerms, SetDrawTerms
from chalicelib.groups.rules.rule_sheet import RuleSheet, SheetVersion
from chalicelib.groups.rules.sheet_handling import (
    AlreadyBriefed,
    AlreadySigned,
    BriefingNotPassed,
    ExposureTooHigh,
    KeepSheet,
    NoSheetToSign,
    NotAMembersSeat,
    SealSheet,
    SheetNotInForce,
    TooManyAttempts,
    TooManySheets,
)
from chalicelib.groups.rules.transitions import TABLE, GroupChange
from chalicelib.shared.errors import DomainError
from chalicelib.shared.state_machine import InvalidTransition
from tests.groups.test_rule_sheet import BOUNDS, NOW, SHEET
from tests.shared.test_periods import CHINA

CONTEXT = Context(
    policy=Policy(
        least_members=3,
        most_members=10,
        invite_business_days=10,
        form_days=30,
        vet_business_days=10,
        first_draw_days=90,
        vote_business_days=10,
        bank_business_days=10,
        look_days=30,
        match_candidates=1,
        match_orders=1,
        most_matches=1,
    ),
    calendar=CHINA,
)
RIGHT = (True,) * 5
WRONG = (True, True, False, True, True)


def seat(number: int) -> Seat:
    return Seat(number=number, member_id=f"mem_{number}", status="attested", invited_at=NOW, joined_at=NOW)


def attested(*numbers: int) -> tuple[Attestation, ...]:
    return tuple(Attestation(by=by, of=of, looked_at=("books",), at=NOW) for by, of in permutations(numbers, 2))


def group(*numbers: int) -> Group:
    """A group that is vetting, all of whose members have attested one another."""
    seats = tuple(map(seat, numbers))
    return Group(
        id="grp_1",
        bank_id="boc",
        product_id="boc-guaranteed",
        name="Harbour Five",
        status="vetting",
        version=3,
        created_at=NOW,
        updated_at=NOW,
        policy="p",
        seats=seats,
        attestations=attested(*numbers),
        list_sha256=list_sha256("grp_1", seats),
    )


def proposed(was: Group, sheet: RuleSheet = SHEET, by: int = 1) -> Group:
    return sheet_handling.propose(was, by, sheet, BOUNDS, NOW).state


def seat_of(was: Group, number: int) -> Seat:
    known = was.seat(number)
    assert known is not None
    return known


def brief(was: Group, number: int, right: tuple[bool, ...] = RIGHT, now: datetime = NOW) -> Group:
    return sheet_handling.brief(was, seat_of(was, number), right, BOUNDS, now).state


def sign(was: Group, number: int, *, worst: int = 10, sales: int = 100, sheet: RuleSheet = SHEET) -> GroupChange:
    return sheet_handling.sign(
        was,
        CONTEXT,
        seat_of(was, number),
        sheet,
        by=f"per_{number}",
        worst_minor=worst,
        sales_minor=sales,
        now=NOW,
    )


def signed(was: Group, *numbers: int) -> Group:
    for number in numbers:
        was = sign(brief(was, number), number).state
    return was


def test_a_proposal_is_kept_with_its_hash_and_takes_the_place_of_the_one_before() -> None:
    change = sheet_handling.propose(group(1, 2, 3), 2, SHEET, BOUNDS, NOW)
    after = change.state
    [kept] = change.effects
    assert isinstance(kept, KeepSheet)
    assert (kept.version.number, kept.version.proposed_by, kept.version.list_sha256) == (1, 2, after.list_sha256)
    assert (after.draft_version, after.draft_sha256) == (1, kept.version.sha256)
    assert change.event.kind == "group.sheet_proposed"
    again = signed(after, 1, 2)
    assert again.unsigned == (3,)
    second = proposed(again, replace(SHEET, guarantee_months=12))
    assert (second.draft_version, second.unsigned) == (2, (1, 2, 3)), "all sign anew"


def test_proposals_are_bounded() -> None:
    with pytest.raises(TooManySheets):
        proposed(replace(group(1, 2, 3), sheets=sheet_handling.MOST_SHEETS))


def test_only_the_sheet_in_force_is_signed_or_answered_for() -> None:
    was = group(1, 2, 3)
    with pytest.raises(NoSheetToSign):
        sheet_handling.require_in_force(was, "0" * 64)
    first = proposed(was)
    second = proposed(first)
    sheet_handling.require_in_force(second, second.draft_sha256)
    with pytest.raises(SheetNotInForce) as refused:
        sheet_handling.require_in_force(second, first.draft_sha256)
    assert refused.value.numbers == {"sheet_version": 2, "document_sha256": second.draft_sha256}


def test_a_signature_counts_only_after_the_briefing_under_this_very_sheet() -> None:
    was = proposed(group(1, 2, 3))
    with pytest.raises(BriefingNotPassed):
        sign(was, 1)
    with pytest.raises(BriefingNotPassed):
        sign(brief(was, 1, WRONG), 1)
    with pytest.raises(BriefingNotPassed):
        sign(proposed(brief(was, 1)), 1)
    assert sign(brief(was, 1), 1).state.unsigned == (2, 3)
    with pytest.raises(AlreadySigned):
        sign(sign(brief(was, 1), 1).state, 1)
    with pytest.raises(AlreadyBriefed):
        brief(brief(was, 1), 1)


def test_the_briefing_can_be_tried_three_times_on_one_date_under_whichever_sheet() -> None:
    was = proposed(group(1, 2, 3))
    for _ in range(3):
        was = proposed(brief(was, 1, WRONG))
    assert sheet_handling.attempts_left(seat_of(was, 1), BOUNDS, NOW) == 0
    assert sheet_handling.attempts_left(seat_of(was, 2), BOUNDS, NOW) == 3
    with pytest.raises(TooManyAttempts) as refused:
        brief(was, 1)
    assert refused.value.numbers["again_at"] == "2026-03-02T16:00:00Z", "Shanghai's midnight"
    next_day = datetime.fromisoformat("2026-03-02T16:00:00+00:00")
    assert sign(brief(was, 1, now=next_day), 1).state.unsigned == (2, 3)


@pytest.mark.parametrize(
    ("worst", "sold", "level"),
    [
        (20, 100, "ok"),
        (2_001, 10_000, "warning"),
        (50, 100, "warning"),
        (5_001, 10_000, "stop"),
        (0, 0, "ok"),
        (1, 0, "stop"),
        (50_000_000_001, 100_000_000_000, "stop"),
    ],
)
def test_the_worst_case_is_warned_of_above_a_fifth_of_the_sales_and_stops_above_the_half(
    worst: int, sold: int, level: str
) -> None:
    assert sales.level(worst, sold, SHEET) == level


def test_the_share_of_the_sales_is_rounded_up_and_unknown_of_who_sold_nothing() -> None:
    assert sales.share_bp(1, 30_000) == 1
    assert sales.share_bp(5, 10) == 5_000
    assert sales.share_bp(0, 10) == 0
    assert sales.share_bp(5, 0) is None


def test_sales_are_the_fen_of_paid_trades_of_twelve_months_before_a_date() -> None:
    since, until = sales.window(date(2024, 2, 29), 12)
    assert (since, until) == (date(2023, 2, 28), date(2024, 2, 29))
    rows = [
        DayRow(day=date(2023, 2, 27), orders={"toys": (1, 1, 1)}),
        DayRow(day=date(2023, 2, 28), orders={"toys": (1, 2, 10), "tools": (1, 3, 20)}),
        DayRow(day=date(2024, 2, 28), orders={"toys": (2, 4, 30)}, gmv_usd_minor=9_999),
        DayRow(day=date(2024, 2, 29), orders={"toys": (1, 5, 400)}),
    ]
    assert sales.sales(rows, since, until).minor == 60


def test_above_the_stop_nobody_signs_unless_the_bank_accepts_it_for_this_sheet() -> None:
    was = brief(proposed(group(1, 2, 3)), 1)
    with pytest.raises(ExposureTooHigh) as refused:
        sign(was, 1, worst=51)
    assert refused.value.numbers == {"seat": 1, "maximum_bp": 5_000}
    why, sha256 = "A state-owned parent stands behind it.", was.draft_sha256
    with pytest.raises(NotAMembersSeat):
        sheet_handling.accept_exposure(was, 4, sha256, why, NOW)
    with pytest.raises(SheetNotInForce):
        sheet_handling.accept_exposure(was, 1, "0" * 64, why, NOW)
    change = sheet_handling.accept_exposure(was, 1, sha256, why, NOW)
    assert sign(change.state, 1, worst=51).state.unsigned == (2, 3)
    with pytest.raises(ExposureTooHigh):
        sign(brief(proposed(change.state), 1), 1, worst=51)


def test_the_last_signature_seals_the_group_by_the_same_change() -> None:
    was = signed(proposed(group(1, 2, 3)), 1, 2)
    assert was.status == "vetting"
    change = sign(brief(was, 3), 3)
    after = change.state
    opened, sealed = change.effects
    assert isinstance(opened, SetDrawTerms)
    assert isinstance(sealed, SealSheet)
    assert opened.terms == DrawTerms(is_open=True, sheet_sha256=was.draft_sha256)
    assert (after.status, after.sealed_at, after.due_at) == ("sealed", NOW, NOW + timedelta(days=90))
    assert (after.sheet_version, after.sheet_sha256, after.draft_sha256) == (1, was.draft_sha256, "")
    assert after.sealed_sha256 == sealed.seal.sha256 == change.event.payload["sealed_sha256"]
    assert [each.seat for each in sealed.seal.signatures] == [1, 2, 3]
    assert {each.status for each in after.seats} == {"sealed_in"}
    assert change.event.kind == "group.sealed"


def test_signatures_may_come_before_the_last_attestation_which_then_seals() -> None:
    whole = group(1, 2, 3)
    was = signed(proposed(replace(whole, attestations=whole.attestations[:-1])), 1, 2, 3)
    assert (was.status, was.unsigned, was.unattested) == ("vetting", (), {3: (2,)})
    change = sheet_handling.in_force_if_complete(
        was, "attest", CONTEXT, NOW, event="attested", payload={"seat": 3}, attestations=whole.attestations
    )
    assert change.state.status == "sealed"
    assert change.event.payload["seat"] == 3


def test_a_new_version_after_the_seal_needs_all_again_and_leaves_the_status() -> None:
    was = replace(signed(proposed(group(1, 2, 3)), 1, 2, 3), status="active")
    newer = proposed(was, replace(SHEET, guarantee_months=12), by=3)
    assert (newer.sheet_version, newer.draft_version) == (1, 2), "draws are under the first still"
    halfway = signed(newer, 1, 2)
    assert (halfway.sheet_version, halfway.sheet_sha256) == (1, was.sheet_sha256)
    change = sign(brief(halfway, 3), 3)
    assert (change.state.status, change.state.sheet_version, change.state.sealed_at) == ("active", 2, was.sealed_at)
    assert change.state.sealed_sha256 != was.sealed_sha256
    assert change.event.kind == "group.sheet_in_force"


def test_seats_never_used_twice_and_signatures_fall_with_the_list() -> None:
    """GU-3: seats 1 to 4, three signatures under h1; D times out, E comes."""
    was = signed(proposed(group(1, 2, 3, 4), four()), 1, 2, 3)
    h1 = was.draft_sha256
    assert was.unsigned == (4,)
    seats = (*was.seats[:3], replace(was.seats[3], status="timed_out"), seat(5))
    changed = replace(
        was,
        seats=seats,
        attestations=attested(1, 2, 3),
        list_sha256=list_sha256("grp_1", [each for each in seats if each.is_standing]),
        draft_version=0,
        draft_sha256="",
    )
    with pytest.raises(NoSheetToSign):
        sheet_handling.require_in_force(changed, h1)
    renewed = proposed(changed, five())
    assert renewed.draft_sha256 != h1
    assert renewed.unsigned == (1, 2, 3, 5), "none of four signatures under h2"
    assert sum(map(len, renewed.unattested.values())) == 6, "six stand among A, B and C, six are missing"
    with pytest.raises(SheetNotInForce):
        sheet_handling.require_in_force(renewed, h1)
    with pytest.raises(BriefingNotPassed):
        sign(renewed, 1, sheet=five())


def four() -> RuleSheet:
    terms = replace(SHEET.seats[0], seat=4)
    return replace(SHEET, seats=(*SHEET.seats, terms), draw_order=(1, 2, 3, 4))


def five() -> RuleSheet:
    terms = replace(SHEET.seats[0], seat=5)
    return replace(SHEET, seats=(*SHEET.seats, terms), draw_order=(1, 2, 3, 5))


def test_a_group_that_is_not_vetted_or_bound_signs_nothing() -> None:
    for status in ("forming", "called", "winding_down", "dissolved", "lapsed"):
        for action in ("draft", "brief", "sign"):
            with pytest.raises(InvalidTransition):
                TABLE.require(action, replace(group(1, 2, 3), status=status), "member", CONTEXT, NOW)


def test_a_line_of_a_member_keeps_who_answers_for_it_and_how_far() -> None:
    version = kept(group(1, 2, 3))
    guarantee = sheet_handling.guarantee_of(group(1, 2, 3), version, debtor=2)
    assert guarantee.guarantors == (
        Guarantor(seat=1, member_id="mem_1", limit_minor=50_000_000, cap_minor=100_000_000),
        Guarantor(seat=3, member_id="mem_3", limit_minor=150_000_000, cap_minor=300_000_000),
    )
    assert (guarantee.seat, guarantee.sheet_version, guarantee.sheet_sha256) == (2, 1, version.sha256)
    assert (guarantee.until_months, guarantee.due_business_days, guarantee.grace_business_days) == (6, 10, 5)


def kept(was: Group) -> SheetVersion:
    [effect] = sheet_handling.propose(was, 1, SHEET, BOUNDS, NOW).effects
    assert isinstance(effect, KeepSheet)
    return effect.version


EACH = (1, 2, 3)
ACTS = some.lists(
    some.sampled_from(
        [
            ("propose", 1, 0),
            ("brief", 2, 0),
            *(("brief", by, 1) for by in EACH * 2),
            *(("sign", by, 0) for by in EACH * 3),
            *(("attest", by, of) for by, of in permutations(EACH, 2)),
        ]
    ),
    min_size=20,
    max_size=100,
).map(lambda acts: [("propose", 3, 0), *acts])
"""Mostly what leads on, so that many come to a seal."""


@given(ACTS)
@settings(deadline=None)
def test_in_whatever_order_they_act_a_sheet_is_in_force_as_soon_as_all_have_signed_it_and_attested_each_other(
    acts: list[tuple[str, int, int]],
) -> None:
    """Beside the rules a plain count of who has done what under which version."""
    was = replace(group(1, 2, 3), attestations=())
    attestations, in_force, is_sealed = set[tuple[int, int]](), 0, False
    briefed, signatures = set[int](), set[int]()
    for place, (act, by, detail) in enumerate(acts):
        now = NOW + timedelta(days=place)
        try:
            if act == "propose":
                change = sheet_handling.propose(was, by, SHEET, BOUNDS, now)
                briefed, signatures = set(), set()
            elif act == "attest":
                TABLE.require("attest", was, "member", CONTEXT, now)
                change = vetting.attest(was, CONTEXT, seat_of(was, by), detail, ["books"], now)
                attestations.add((by, detail))
            else:
                sheet_handling.require_draft(was)
                if act == "brief":
                    right = RIGHT if detail else WRONG
                    change = sheet_handling.brief(was, seat_of(was, by), right, BOUNDS, now)
                    briefed |= {by} if detail else set()
                else:
                    change = sign(was, by)
                    assert by in briefed - signatures
                    signatures.add(by)
        except DomainError:
            continue
        was = change.state
        if signatures == {1, 2, 3} and (is_sealed or len(attestations) == 6):
            in_force, is_sealed, briefed, signatures = was.sheets, True, set(), set()
            assert [type(effect) for effect in change.effects if isinstance(effect, SealSheet)] == [SealSheet]
        else:
            assert not any(isinstance(effect, SealSheet) for effect in change.effects)
        assert (was.status == "sealed", was.sheet_version) == (is_sealed, in_force)
