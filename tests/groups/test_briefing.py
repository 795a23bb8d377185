"""The five questions about a member's own numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from chalicelib.groups.rules import briefing, rule_sheet
from chalicelib.groups.rules.briefing import LETTERS, TOPICS, BriefingTexts, Question
from chalicelib.groups.rules.exposure_preview import preview
from chalicelib.groups.rules.rule_sheet import RuleSheet, SeatTerms
from chalicelib.shared import policies
from tests.groups.test_rule_sheet import LIST, NOW, SHEET

TEXTS = policies.versions("briefing-texts")[-1].read_as(BriefingTexts).languages


def asked(sheet: RuleSheet, seat: int, number: int = 1) -> tuple[Question, ...]:
    version = rule_sheet.proposed("grp_1", LIST, number, sheet, by=1, now=NOW)
    return briefing.questions(version, preview(sheet)[seat])


def right(question: Question) -> int:
    return question.options[LETTERS.index(question.right)]


def test_the_questions_are_about_the_members_own_numbers() -> None:
    """Limits 0.5, 1 and 1.5 million, caps twice that; seat 1 is asked."""
    single, cascade, pair, all_others, period = asked(SHEET, 1)
    assert (single.debtor, single.owed_minor) == (3, 150_000_000)
    assert right(single) == 50_000_000, "a third of 1.5 million, by limits of 0.5 and 1 million"
    assert (cascade.other, right(cascade)) == (2, 100_000_000), "all of it, up to the cap"
    assert (pair.debtor, pair.other, right(pair)) == (2, 3, 100_000_000)
    assert right(all_others) == 100_000_000
    assert right(period) == 6


@pytest.mark.parametrize("mode", ["joint_cascade", "joint_capped", "several", "none"])
def test_a_group_without_liability_is_asked_the_same_and_the_answer_is_nothing(mode: str) -> None:
    caps = {"joint_capped": 60_000_000}.get(mode)
    sheet = replace(SHEET, mode=mode, seats=tuple(replace(each, cap_minor=caps) for each in SHEET.seats))
    single, cascade, *_ = asked(sheet, 2)
    figures = (right(single), right(cascade))
    assert (
        figures
        == {
            "joint_cascade": (100_000_000, 150_000_000),
            "joint_capped": (60_000_000, 60_000_000),
            "several": (100_000_000, 100_000_000),
            "none": (0, 0),
        }[mode]
    )


SHEETS = some.builds(
    lambda limits, mode, basis, months: replace(
        SHEET,
        mode=mode,
        weight_basis=basis,
        guarantee_months=months,
        draw_order=tuple(range(1, len(limits) + 1)),
        seats=tuple(
            SeatTerms(seat=seat, limit_minor=minor, cap_minor=2 * minor if mode == "joint_capped" else None)
            for seat, minor in enumerate(limits, 1)
        ),
    ),
    some.lists(some.integers(1, 10**9), min_size=3, max_size=5),
    some.sampled_from(["joint_cascade", "joint_capped", "several", "none"]),
    some.sampled_from(["limit", "outstanding", "equal"]),
    some.integers(1, 36),
)


@given(SHEETS, some.integers(1, 3))
@settings(deadline=None)
def test_each_question_has_four_different_answers_of_which_one_is_right_and_comes_out_the_same_again(
    sheet: RuleSheet, seat: int
) -> None:
    questions = asked(sheet, seat)
    assert [each.topic for each in questions] == list(TOPICS)
    for question in questions:
        assert len(set(question.options)) == len(question.options) == 4
        assert min(question.options) >= 0
    assert asked(sheet, seat) == questions
    worst = preview(sheet)[seat]
    assert right(questions[1]) >= right(questions[0]) == worst.worst_single.minor
    assert (right(questions[2]), right(questions[3])) == (worst.worst_pair.minor, worst.all_others.minor)


def test_another_sheet_or_seat_mixes_the_options_anew() -> None:
    orders = {tuple(question.right for question in asked(SHEET, seat, number)) for seat in (1, 2) for number in (1, 2)}
    assert len(orders) > 1


def test_all_five_have_to_be_right() -> None:
    questions = asked(SHEET, 1)
    key = [question.right for question in questions]
    assert briefing.marks(questions, key) == (True,) * 5
    wrong = [*key[:4], next(letter for letter in LETTERS if letter != key[4])]
    assert briefing.marks(questions, wrong) == (True, True, True, True, False)


@pytest.mark.parametrize("language", ["zh-CN", "en", "ko"])
def test_each_language_has_each_question_with_all_its_numbers(language: str) -> None:
    texts = TEXTS[language]
    assert set(texts.questions) == set(TOPICS)
    places = {
        "single": ("{debtor}", "{owed}"),
        "cascade": ("{debtor}", "{owed}", "{other}"),
        "pair": ("{debtor}", "{other}"),
        "all_others": (),
        "period": (),
    }
    for topic, names in places.items():
        assert all(name in texts.questions[topic] for name in names)  # type: ignore[index]
    assert "{months}" in texts.months
    assert set(TEXTS) == {"zh-CN", "en", "ko"}
