"""The back-test of the scorecard: its figures against their definitions, and that it is the same again and says what it is."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import firms, score_backtest
from benchmarks.score_backtest import Outcome, largest_distance, separation, stability, taken
from chalicelib.credit.rules.scorecard import Score

SOME = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=12)


def outcome(points: int, is_default: bool) -> Outcome:
    return Outcome(
        date(2024, 7, 1), "Fujian", "small", Score(points=points, most=1000, band="C", attributes=()), is_default
    )


def of(*told: tuple[int, bool]) -> list[Outcome]:
    return [outcome(points, is_default) for points, is_default in told]


@given(SOME)
def test_separation_is_the_chance_that_who_repaid_had_more_points(told: list[tuple[int, bool]]) -> None:
    good, bad = ([points for points, is_default in told if is_default is kind] for kind in (False, True))
    pairs = [(g > b) + (g == b) / 2 for g, b in product(good, bad)]
    assert separation(of(*told)) == pytest.approx(sum(pairs) / len(pairs) if pairs else 0.5)


@given(SOME)
def test_the_largest_distance_is_that_of_the_two_distributions(told: list[tuple[int, bool]]) -> None:
    good, bad = ([points for points, is_default in told if is_default is kind] for kind in (False, True))

    def below(some: list[int], edge: int) -> float:
        return sum(points <= edge for points in some) / max(1, len(some))

    farthest = max(abs(below(bad, edge) - below(good, edge)) for edge in range(10))
    assert largest_distance(of(*told)) == pytest.approx(farthest)


def test_a_card_that_knows_everything_separates_wholly_and_one_that_knows_nothing_by_half() -> None:
    told = of(*[(900, False)] * 50, *[(100, True)] * 50)
    assert (separation(told), largest_distance(told)) == (1.0, 1.0)
    assert separation(of((5, True), (5, False))) == 0.5


def test_points_that_stay_as_they_were_are_stable_and_points_that_moved_are_not() -> None:
    before = of(*((points, False) for points in range(100)))
    assert stability(before, before) == 0.0
    assert stability(before, of(*((points + 50, False) for points in range(100)))) > 0.25


def test_a_loan_is_late_by_each_instalment_from_the_day_on_which_it_came() -> None:
    for number in range(200):
        for loan in firms.loans(number):
            known = taken(loan)
            assert known.worst(before=known.drawn_on) == 0
            assert known.worst() == max(known.late.values(), default=0) or known.worst() == 0


def test_it_is_the_same_again_and_every_loan_is_scored_by_what_was_known_before_it() -> None:
    outcomes = score_backtest.outcomes(120, seed=7)
    assert [each.points for each in outcomes] == [each.points for each in score_backtest.outcomes(120, seed=7)]
    assert len(outcomes) == sum(1 for number in range(120) for _ in firms.loans(number, 7))
    assert {True, False} == {each.is_default for each in outcomes}
    assert [each.drawn_on for each in outcomes] == sorted(each.drawn_on for each in outcomes)


def test_it_says_that_it_is_invented(capsys: pytest.CaptureFixture[str]) -> None:
    score_backtest.main(["FIRMS=60", "SEED=7"])
    page = capsys.readouterr().out
    assert page.startswith("Invented: 60 firms")
    for said in ("AUC", "KS", "stability index", "calibration", "by region", "by size"):
        assert said in page
