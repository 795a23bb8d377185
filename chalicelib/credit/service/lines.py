"""Use-cases of credit lines. One read and one transaction each."""

from __future__ import annotations

from functools import partial

from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.records import lines as records
from chalicelib.credit.rules import line_handling
from chalicelib.credit.rules.line import Actor, Line
from chalicelib.credit.rules.line_transitions import LineChange
from chalicelib.credit.rules.procedure import Context
from chalicelib.credit.service import consents, packs
from chalicelib.credit.service.listing import listed
from chalicelib.credit.views.lines import FreezeRequest, LinesQuery, LineView, ReasonRequest
from chalicelib.credit.views.packs import DataPackView
from chalicelib.firms.service.signers import require_signer
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

line = partial(LINES.shown, LineView)


def lines(query: LinesQuery, request: RequestContext) -> Page[LineView]:
    return listed(LINES, records.ids, query, request)


timeline = partial(ledger_timelines.of_aggregate, LINES, currency=lambda state: state.currency)


def freeze(line_id: str, body: FreezeRequest, request: RequestContext) -> StoredResponse:
    return LINES.execute(
        line_id,
        request,
        "freeze",
        lambda was, context, actor: line_handling.freeze(was, "officer", body.reason, body.until, request.now),
    )


def release(line_id: str, request: RequestContext) -> StoredResponse:
    return LINES.execute(
        line_id, request, "release", lambda was, context, actor: line_handling.release(was, "officer", request.now)
    )


def renew(line_id: str, request: RequestContext) -> StoredResponse:
    """By a signer, once it is offered; what is known now goes into a data pack that its bank decides on."""

    def decide(was: Line, context: Context, actor: Actor) -> LineChange:
        signer = require_signer(was.member_id, request, "apply")
        consent = consents.require_live(was.member_id, was.bank_id, "exports", request.now)
        pack = packs.make(signer.profile, [was.product_id], consent, business_date(request.now), request)
        return line_handling.renew(was, pack, request.now)

    return LINES.execute(line_id, request, "renew", decide)


def data_pack(line_id: str, request: RequestContext) -> DataPackView:
    """What its bank decides on a renewal by. Each time the bank reads it is an entry; without a live consent there is nothing."""
    pack_id = LINES.read(line_id, request)[0].state.pack_id
    pack = packs.read(pack_id, request) if pack_id else None
    if pack is None:
        raise NotFound(say("There is no data pack of {line_id!r:.60}.", line_id=line_id))
    return pack


def close(line_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    return LINES.execute(
        line_id,
        request,
        "close",
        lambda was, context, actor: line_handling.close(was, actor, body.reason, request.now),
    )
