"""Use-cases of the briefing: the questions in the reader's language, and the answers."""

from __future__ import annotations

from typing import Final

from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.rules import briefing as rules
from chalicelib.groups.rules import sheet_handling
from chalicelib.groups.rules.briefing import BriefingTexts, Question
from chalicelib.groups.rules.exposure_preview import exposure_of
from chalicelib.groups.rules.group import Actor, Context, Group
from chalicelib.groups.rules.transitions import GroupChange
from chalicelib.groups.service import sheets
from chalicelib.groups.views.briefing import BriefingRequest, BriefingView, briefing_view
from chalicelib.shared import languages, policies
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext

DEFAULT_LANGUAGE: Final = "en"


def show(group_id: str, request: RequestContext) -> BriefingView:
    """The questions for the member that asks. NoSheetToSign where nothing is being signed."""
    loaded, actor = GROUPS.read(group_id, request)
    if actor not in ("founder", "member"):
        raise NotFound("The briefing is for members.")
    sheet_handling.require_draft(loaded.state)
    return _view(loaded.state, _questions(loaded.state, request), request)


def answer(group_id: str, body: BriefingRequest, request: RequestContext) -> StoredResponse:
    """All five at once. The response says which were right."""
    questions: tuple[Question, ...] = ()

    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        nonlocal questions
        sheet_handling.require_in_force(was, body.document_sha256)
        questions = _questions(was, request)
        right, bounds = rules.marks(questions, body.answers), sheets.bounds_at(request.now)
        return sheet_handling.brief(was, sheets.own_seat(was, request), right, bounds, request.now)

    def respond(group: Group, context: Context, actor: Actor) -> BriefingView:
        return _view(group, questions, request)

    return GROUPS.execute(group_id, request, "brief", decide, respond=respond)


def _questions(group: Group, request: RequestContext) -> tuple[Question, ...]:
    version = sheets.draft_of(group)
    return rules.questions(version, exposure_of(version.sheet, sheets.own_seat(group, request).number))


def _view(group: Group, questions: tuple[Question, ...], request: RequestContext) -> BriefingView:
    policy = policies.in_force("briefing-texts", business_date(request.now))
    texts = policy.read_as(BriefingTexts).languages
    language = languages.preferred(request.languages, texts, DEFAULT_LANGUAGE)
    seat = sheets.own_seat(group, request)
    left = sheet_handling.attempts_left(seat, sheets.bounds_at(request.now), request.now)
    return briefing_view(group, seat, questions, language, texts[language], version=policy.version, attempts_left=left)
