"""An officer's correction of a declaration: an entry of its chain, with what it was and what it is."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from chalicelib.exports.rules import declaration
from chalicelib.exports.rules.declaration import DeclarationFact, Return, UnfitDeclaration
from chalicelib.exports.service.reading import find
from chalicelib.exports.service.recording import COUNTRY, DECLARATIONS
from chalicelib.exports.views.declarations import CorrectionRequest, ReturnRequest, view
from chalicelib.members import rules as member_rules
from chalicelib.members import service as members
from chalicelib.shared import fx, journal
from chalicelib.shared.commit import StoredResponse, commit
from chalicelib.shared.encoding import encode
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.settings import settings
from chalicelib.shared.texts import say

_RATE: Final = partial(fx.quote, param="money.currency")


class CorrectionTooWide(RuleViolation):
    code = "correction_too_wide"
    title = "That corrects what counts on too many days at once."
    fix = "Correct the declaration in two steps, for example its returns first."


def correct(declaration_id: str, body: CorrectionRequest, request: RequestContext) -> StoredResponse:
    """Put the declaration as it is in truth in the place of what was told of it. NotFound, Stale, UnfitDeclaration, NoRate, CorrectionTooWide."""
    was = find(declaration_id)
    request.expects(was.version)
    fact = _fact(body, was.content.fact)
    after = declaration.corrected(was.content, fact, _RATE, business_date(request.now))
    members.ensure({body.exporter_ref: COUNTRY}, request)
    shown = view(after, was.version + 1, may_correct=True)
    entry = journal.entry(
        request,
        Event("export.corrected", {"reason": body.reason, "was": _document(was.content.fact), "is": _document(fact)}),
        aggregate_id=after.id,
        seq=after.seq,
        version=was.version + 1,
        prev=was.content.entry_hash,
        response=encode(shown),
    )
    puts = DECLARATIONS.changed(was, replace(after, entry_hash=entry.entry_hash))
    if 1 + len(puts) > settings().most_actions:
        raise CorrectionTooWide(say("It changes {count} days.", count=len(puts) - 1), days=len(puts) - 1)
    return commit(entry, *puts)


def _fact(body: CorrectionRequest, was: DeclarationFact) -> DeclarationFact:
    currency = body.money.currency
    returns = [_return(each, currency, f"returns[{number}].money") for number, each in enumerate(body.returns)]
    return DeclarationFact(
        declaration_no=was.declaration_no,
        member_id=member_rules.id_of(body.exporter_ref),
        order_ref=body.order_ref,
        buyer_ref=body.buyer_ref,
        buyer_country=member_rules.must_be_country(body.buyer_country, param="buyer_country"),
        currency=currency,
        amount_minor=body.money.minor(param="money.amount", least=1),
        channel=body.channel,
        origin=body.origin,
        is_related=body.is_related,
        status=body.status,
        submitted_on=body.submitted_on,
        released_on=body.released_on,
        tax_refund_paid_on=body.tax_refund_paid_on,
        returns=tuple(sorted(returns, key=lambda each: each.on)),
    )


def _return(body: ReturnRequest, currency: str, param: str) -> Return:
    if body.money.currency != currency:
        raise UnfitDeclaration(
            say("Goods come back in {currency}.", currency=currency),
            param=f"{param}.currency",
            reason="contradicts",
            currency=currency,
        )
    return Return(body.on, body.money.minor(param=f"{param}.amount", least=1))


def _document(fact: DeclarationFact) -> dict[str, Any]:
    """What an entry keeps of a fact."""
    document: dict[str, Any] = msgspec.to_builtins(replace(fact, source=""))
    return document
