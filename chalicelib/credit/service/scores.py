"""Scores that are kept: of applications, as their data packs hold them, and every month of firms that consent; and what officers find of those in band D."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Literal

from chalicelib.credit.aggregate.packs import PACKS
from chalicelib.credit.aggregate.scores import SCORES, context_of
from chalicelib.credit.records import scores as records
from chalicelib.credit.rules import score_run as rules
from chalicelib.credit.rules.score_run import Occasion
from chalicelib.credit.rules.scorecard import Figures
from chalicelib.credit.service import consents, scoring
from chalicelib.credit.views.packs import Document
from chalicelib.credit.views.scores import ReviewScoreRequest, ScoreRunView, ScoresQuery, figures_of
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import ids, pages, policies
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.encoding import decode
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import month_of
from chalicelib.shared.policies import Policy
from chalicelib.shared.request import CLOCK, RequestContext

Outcome = Literal["kept", "known", "not_consented"]


def keep_of_pack(pack_id: str, now: datetime) -> None:
    """Keep the score that a data pack holds, if it holds one. Once or many times."""
    pack = PACKS.repository.load(pack_id)
    assert pack is not None, "a pack stays"
    part = decode(pack.document, Document).score
    if part is not None and not SCORES.load(_id(pack.firm_id, pack_id), now):
        card = next(each for each in policies.versions(scoring.POLICY) if each.version == part.card)
        _keep(pack.firm_id, figures_of(part), card, pack.as_of, "application", pack_id, now)


def keep_of_month(member_id: str, as_of: date, now: datetime) -> Outcome:
    """Keep a firm's score of the month of a date, if it consents to being scored. Once or many times: a month has one."""
    if not any("score" in each.data_classes for each in consents.every_live(member_id, now)):
        return "not_consented"
    if SCORES.load(_id(member_id, month_of(as_of)), now):
        return "known"
    figures, card = scoring.measure(member_id, as_of)
    return _keep(member_id, figures, card, as_of, "month", month_of(as_of), now)


def review(score_id: str, body: ReviewScoreRequest, request: RequestContext) -> StoredResponse:
    """An officer says what a score in band D is worth."""
    return SCORES.execute(
        score_id,
        request,
        "review",
        lambda was, context, actor: rules.review(was, body.finding, body.note, request.caller.sub, request.now),
    )


kept_score = partial(SCORES.shown, ScoreRunView)
timeline = partial(ledger_timelines.of_aggregate, SCORES)


def listed(query: ScoresQuery, request: RequestContext) -> Page[ScoreRunView]:
    """A firm's, the newest first; for officers without a firm those of a status, the oldest first, or what they have to look at."""
    member_id = request.caller.member_id or query.member_id or ""
    if query.member_id not in (None, member_id):
        return Page(items=[])
    status = query.status or (None if member_id else "to_review")
    of = f"scores:{member_id}:{status}"
    begun = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    places = records.of_member(member_id, begun) if member_id else records.in_status(status or "", begun)
    return SCORES.page(places, query, request, of, keep=lambda state: status in (None, state.status))


def _keep(
    member_id: str, figures: Figures, card: Policy, as_of: date, occasion: Occasion, subject_id: str, now: datetime
) -> Outcome:
    context = context_of(card.hash)
    change = rules.kept(
        _id(member_id, subject_id),
        member_id,
        figures,
        as_of=as_of,
        occasion=occasion,
        subject_id=subject_id,
        card=card.version,
        policy=card.hash,
        context=context,
        now=now,
    )
    try:
        SCORES.create(change, context, RequestContext(caller=CLOCK, now=now, request_id=""))
    except WriteConflict:
        return "known"
    return "kept"


def _id(member_id: str, subject_id: str) -> str:
    return ids.derived_id("sco", member_id, subject_id)
