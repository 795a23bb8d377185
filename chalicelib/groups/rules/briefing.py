"""The briefing: five questions about a member's own numbers under the rule sheet that is being signed, in the reader's language. Pure.

The same sheet and seat give the same questions and the same options in the same order, in every language: an answer is the letter of an option.
The texts are data, the policy `briefing-texts`; the numbers are those of the exposure preview, which a call would use.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, Literal, get_args

import msgspec

from chalicelib.groups.rules.exposure_preview import Exposure, weights_against
from chalicelib.groups.rules.joint_liability import recompute
from chalicelib.groups.rules.rule_sheet import RuleSheet, SheetVersion

Topic = Literal["single", "cascade", "pair", "all_others", "period"]
Letter = Literal["a", "b", "c", "d"]

TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)
LETTERS: Final[tuple[Letter, ...]] = get_args(Letter)


class Texts(msgspec.Struct, frozen=True):
    """A language's: each question with its places for numbers, and how a number of months is written."""

    questions: dict[Topic, str]
    months: str


class BriefingTexts(msgspec.Struct, frozen=True):
    """The policy `briefing-texts`, by language tag."""

    languages: dict[str, Texts]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked about which seats, and the four answers in their order. Amounts are minor units, of `period` they are months."""

    topic: Topic
    debtor: int = 0
    other: int = 0
    owed_minor: int = 0
    options: tuple[int, ...]
    right: Letter


def questions(version: SheetVersion, exposure: Exposure) -> tuple[Question, ...]:
    """The five questions of a seat."""
    sheet = version.sheet
    single, pair = exposure.worst_single, exposure.worst_pair
    [debtor] = single.defaulting
    owed = min(sheet.of(debtor).limit_minor, sheet.limit_minor)
    other, cascade_minor = _cascade(sheet, exposure.seat, debtor, owed)
    about = {"debtor": debtor, "owed_minor": owed}
    amounts = (single.minor, cascade_minor, pair.minor, exposure.all_others.minor)
    known = (*amounts, owed, sheet.of(exposure.seat).limit_minor, sheet.of(exposure.seat).cap_minor or 0)

    def ask(topic: Topic, answer: int, others: Iterable[int], **facts: int) -> Question:
        options = _options(f"{version.sha256}:{exposure.seat}:{topic}", answer, others)
        return Question(topic=topic, options=options, right=LETTERS[options.index(answer)], **facts)

    def ask_amount(topic: Topic, minor: int, **facts: int) -> Question:
        near = (2 * minor, minor // 2, 0)
        return ask(topic, minor, (*near, *known, *(minor + step * 1_000_00 for step in range(1, 4))), **facts)

    months = sheet.guarantee_months
    return (
        ask_amount("single", single.minor, **about),
        ask_amount("cascade", cascade_minor, other=other, **about),
        ask_amount("pair", pair.minor, debtor=pair.defaulting[0], other=pair.defaulting[1]),
        ask_amount("all_others", exposure.all_others.minor),
        ask("period", months, (0, months + 6, 2 * months, months + 12, *range(1, 6))),
    )


def marks(questions_asked: Sequence[Question], answers: Sequence[Letter]) -> tuple[bool, ...]:
    """Which of the answers are right."""
    return tuple(question.right == answer for question, answer in zip(questions_asked, answers, strict=True))


def _cascade(sheet: RuleSheet, seat: int, debtor: int, owed: int) -> tuple[int, int]:
    """The other guarantor whose failing costs a seat most when the debtor defaults, and what the seat has to pay then."""
    weights = {guarantor: weight for guarantor, weight in weights_against(sheet, seat).items() if guarantor != debtor}
    caps = {each.seat: each.cap_minor for each in sheet.seats if each.cap_minor is not None and each.seat != debtor}
    costs = {
        other: recompute(owed, weights, caps, {}, {other}, sheet.mode).eff[seat] for other in weights if other != seat
    }
    other = max(costs, key=lambda each: (costs[each], -each))
    return other, costs[other]


def _options(seed: str, answer: int, others: Iterable[int]) -> tuple[int, ...]:
    """The answer among three others, all different; which, and in which order, follows from the seed alone."""
    wrong = sorted({*others} - {answer}, key=lambda value: _digest(f"{seed}:wrong", value))
    return tuple(sorted((answer, *wrong[: len(LETTERS) - 1]), key=lambda value: _digest(seed, value)))


def _digest(seed: str, value: int) -> str:
    return hashlib.sha256(f"{seed}:{value}".encode()).hexdigest()
