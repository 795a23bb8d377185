"""The briefing in the reader's language, and the answers to it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.groups.rules.briefing import LETTERS, TOPICS, Letter, Question, Texts, Topic
from chalicelib.groups.rules.group import Group, Seat
from chalicelib.groups.views.sheets import CURRENCY, Sha256
from chalicelib.shared import money


class BriefingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The answers, in the order of the questions, and the hash of the rule sheet that they were about."""

    document_sha256: Sha256
    """SHA-256 of the document that was read, 64 hexadecimal digits: who signs signs exactly that."""
    answers: Annotated[list[Letter], Meta(min_length=len(TOPICS), max_length=len(TOPICS))]
    """The letter of each answer, in the order of the questions."""


class OptionView(msgspec.Struct, frozen=True, kw_only=True):
    answer: Letter
    text: str


class QuestionView(msgspec.Struct, frozen=True, kw_only=True):
    """`is_right` says of the last answer whether it was; null until there is one."""

    topic: Topic
    text: str
    options: list[OptionView]
    is_right: bool | None


class BriefingView(msgspec.Struct, frozen=True, kw_only=True):
    """Five questions about the member's own numbers under the rule sheet that is being signed, as GET …/exposure shows them.

    All five have to be right at once before a signature counts; another rule sheet asks anew. `attempts_left` today, by Shanghai's dates.
    """

    group_id: str
    seat: int
    sheet_version: int
    document_sha256: str
    language: str
    texts: str
    """The version of the texts."""
    is_passed: bool
    attempts_left: int
    questions: list[QuestionView]


def briefing_view(
    group: Group,
    seat: Seat,
    questions: tuple[Question, ...],
    language: str,
    texts: Texts,
    *,
    version: str,
    attempts_left: int,
) -> BriefingView:
    last = seat.briefing if seat.briefing and seat.briefing.sha256 == group.draft_sha256 else None
    return BriefingView(
        group_id=group.id,
        seat=seat.number,
        sheet_version=group.draft_version,
        document_sha256=group.draft_sha256,
        language=language,
        texts=version,
        is_passed=last is not None and last.is_passed,
        attempts_left=attempts_left,
        questions=[
            _question_view(question, texts, last.right[place] if last else None)
            for place, question in enumerate(questions)
        ],
    )


def _question_view(question: Question, texts: Texts, is_right: bool | None) -> QuestionView:
    text = texts.questions[question.topic]
    return QuestionView(
        topic=question.topic,
        text=text.format(debtor=question.debtor, other=question.other, owed=_amount(question.owed_minor)),
        options=[
            OptionView(answer=letter, text=_option(question, value, texts))
            for letter, value in zip(LETTERS, question.options, strict=True)
        ],
        is_right=is_right,
    )


def _option(question: Question, value: int, texts: Texts) -> str:
    return texts.months.format(months=value) if question.topic == "period" else _amount(value)


def _amount(minor: int) -> str:
    return money.printed(minor, CURRENCY)
