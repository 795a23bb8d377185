"""The scorecard by itself: the example of credit.md 8, the cases CR-3, its form, and what may never go in."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.credit.rules import peers, scorecard
from chalicelib.credit.rules.peers import Compared, Group, PeerFigures
from chalicelib.credit.rules.scorecard import Card, Figures, Points
from chalicelib.shared import policies
from chalicelib.shared.texts import NOTHING

CARD = policies.in_force("scorecard", date(2026, 11, 29)).read_as(Card)
NAMES = [each.name for each in CARD.attributes]
BEST = Figures(**{each.name: max(each.bins, key=lambda one: one.points).least for each in CARD.attributes})
EXAMPLE = Figures(
    years_registered=7,
    verification=1,
    paid_in_capital=600_000,
    tax_grade=3,
    growth=500,
    active_months=10,
    buyer_concentration=3_000,
    dispute_rate=80,
    login_weeks=26,
    on_time_shipping=9_600,
    signer_months=30,
    loans_repaid=9_000,
    court_list=1,
    sales_rank=5_000,
    dispute_rank=5_000,
    worst_dpd=0,
    line_use=8_000,
    calls_honoured=9_700,
)
NEVER = re.compile(
    r"sex|gender|age$|age_|birth|ethnic|nation|race|religio|marri|famil|spouse|child|home|address|health|contact|phone|friend|name|lie_|person$"
)


def lost(name: str, points: int) -> Points:
    return Points(name=name, block="operation", figure=1, points=80 - points, most=80, why=NOTHING)


def test_the_example_of_the_design_is_band_b_with_its_four_reasons() -> None:
    scored = scorecard.score(EXAMPLE, CARD)
    of_block: dict[str, int] = {}
    for each in scored.attributes:
        of_block[each.block] = of_block.get(each.block, 0) + each.points
    assert of_block == {"enterprise": 150, "operation": 245, "owner": 75, "peers": 85, "conduct": 165}
    assert (scored.points, scored.most, scored.band) == (720, 1000, "B")
    assert scored.reasons == ("growth", "dispute_rank", "buyer_concentration", "sales_rank")
    assert scored.missing == ()


def test_the_blocks_of_the_card_have_the_points_of_the_design() -> None:
    of_block: dict[str, int] = {}
    for each in CARD.attributes:
        of_block[each.block] = of_block.get(each.block, 0) + each.most
    assert of_block == {"enterprise": 200, "operation": 350, "owner": 100, "peers": 150, "conduct": 200}


def test_cr_3a_only_what_lost_points_is_a_reason() -> None:
    scored = scorecard.score(msgspec.structs.replace(BEST, line_use=4_000), CARD)
    assert (scored.points, scored.reasons) == (990, ("line_use",))
    assert scorecard.score(BEST, CARD).reasons == ()


def test_cr_3b_four_reasons_at_most_and_ties_in_the_order_of_the_card() -> None:
    lines = [
        lost("growth", 40),
        lost("buyer_concentration", 30),
        lost("dispute_rate", 30),
        lost("sales_rank", 30),
        lost("dispute_rank", 35),
    ]
    assert scorecard.main_reasons(lines) == ("growth", "dispute_rank", "buyer_concentration", "dispute_rate")


def test_cr_3c_what_is_not_known_is_neutral_and_listed_and_never_a_reason() -> None:
    scored = scorecard.score(msgspec.structs.replace(BEST, dispute_rate=None), CARD)
    assert scored.missing == ("dispute_rate",)
    assert scored.reasons == ()
    assert scored.points == 1000 - 35
    nothing = scorecard.score(Figures(), CARD)
    assert list(nothing.missing) == NAMES
    assert nothing.reasons == ()
    assert nothing.points == sum(each.neutral for each in CARD.attributes)


def test_cr_3d_a_rank_counts_the_others_that_are_worse_and_half_of_those_as_good() -> None:
    forty = {3: 0, 5: 30, 9: 10}
    assert peers.rank(5, forty, more_is_better=False) == 6_250


def test_a_firm_is_no_peer_of_its_own_and_too_few_are_widened() -> None:
    narrow = Group(sales={100: 30}, disputes={1: 30})
    wide = Group(sales={50: 40, 100: 30}, disputes={1: 30, 2: 40})
    own = PeerFigures(sales=104, disputes=1)
    assert peers.ranks(own, True, [narrow, wide], 30) == peers.Ranks(sales=(2 * 40 + 29) * 10_000 // 138, disputes=7898)
    assert peers.ranks(own, False, [narrow, wide], 30) == peers.Ranks(sales=5_000, disputes=5_000)
    assert peers.ranks(own, True, [narrow], 30) == peers.NO_RANKS
    assert peers.ranks(PeerFigures(), False, [wide], 30) == peers.NO_RANKS


@given(st.integers(-(10**15), 10**15))
def test_a_figure_to_two_digits_is_no_farther_from_zero_and_within_a_tenth(figure: int) -> None:
    rounded = peers.coarse(figure)
    assert abs(rounded) <= abs(figure) <= abs(rounded) + max(0, abs(rounded) // 10)
    assert peers.coarse(rounded) == rounded


def test_groups_count_each_firm_once_in_each_of_its_groups() -> None:
    names = peers.groups_of("C1810", "18", "CN-33", "small")
    firms = [Compared(figures=PeerFigures(sales=1_234, disputes=5), groups=names)]
    counted = peers.counted([*firms, Compared(figures=PeerFigures(sales=1_299), groups=names[-1:])])
    assert counted[names[0]] == Group(sales={1_200: 1}, disputes={5: 1})
    assert counted["||"] == Group(sales={1_200: 2}, disputes={5: 1})


@pytest.mark.parametrize("attribute", CARD.attributes, ids=NAMES)
def test_each_attribute_has_a_figure_bins_in_order_and_a_neutral_between_them(attribute: scorecard.Attribute) -> None:
    assert attribute.name in Figures.__struct_fields__
    assert all(lower.least < upper.least for lower, upper in pairwise(attribute.bins))
    assert min(each.points for each in attribute.bins) < attribute.neutral < attribute.most
    lines = [scorecard.score(Figures(**{attribute.name: each.least}), CARD) for each in attribute.bins]
    of = [next(line for line in scored.attributes if line.name == attribute.name) for scored in lines]
    for each, own in zip(of, attribute.bins, strict=True):
        assert (each.points, bool(each.change)) == (own.points, own.points < attribute.most)


def test_each_version_of_the_card_scores_every_figure() -> None:
    for version in policies.versions("scorecard"):
        card = version.read_as(Card)
        assert [each.name for each in card.attributes] == list(Figures.__struct_fields__)
        assert len(card.attributes) <= scorecard.MOST_ATTRIBUTES


def test_what_would_bring_more_points_does() -> None:
    scored = scorecard.score(msgspec.structs.replace(EXAMPLE, dispute_rate=120), CARD)
    line = next(each for each in scored.attributes if each.name == "dispute_rate")
    assert str(line.change) == "Settle with buyers before they claim. With less than 1 %: 15 points more."
    better = scorecard.score(msgspec.structs.replace(EXAMPLE, dispute_rate=99), CARD)
    assert better.points == scored.points + 15


@given(st.integers(0, 1_000))
def test_bands_are_by_points_and_the_last_one_is_a_persons(points: int) -> None:
    band = scorecard.band_of(points, CARD)
    assert band == ("A" if points >= 750 else "B" if points >= 650 else "C" if points >= 550 else "D")


def test_of_whom_nothing_is_known_a_person_decides() -> None:
    assert scorecard.score(Figures(), CARD).needs_person
    assert not scorecard.score(EXAMPLE, CARD).needs_person


def test_nothing_about_a_person_can_go_in() -> None:
    """Every figure is a whole number or not known, and none is called after what is never asked."""
    form = msgspec.json.schema(Figures)["$defs"]["Figures"]["properties"]
    assert set(form) == set(Figures.__struct_fields__)
    for name, of in form.items():
        assert of["anyOf"] == [{"type": "integer"}, {"type": "null"}], name
        assert not NEVER.search(name), name
    for card in (version.read_as(Card) for version in policies.versions("scorecard")):
        assert not [each.name for each in card.attributes if NEVER.search(each.name)]
        assert all(type(bin_.least) is int for each in card.attributes for bin_ in each.bins)
