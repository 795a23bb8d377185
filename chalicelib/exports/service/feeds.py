"""The officers' feed of declarations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.service.feeding import Feed, values_of
from chalicelib.exports.rules import declaration, reading
from chalicelib.exports.rules.declaration import DeclarationFact
from chalicelib.exports.service.recording import COUNTRY, record
from chalicelib.exports.views.declarations import DeclarationRequest, DeclarationsRequest
from chalicelib.members import service as members
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.request import RequestContext


def record_declarations(body: DeclarationsRequest, request: RequestContext) -> StoredResponse:
    """Record up to 500 declarations; unknown exporters become members."""
    return DECLARATIONS.take(body.items, request)


def _register_exporters(
    items: Sequence[DeclarationRequest], judged: list[DeclarationFact | Outcome], request: RequestContext
) -> list[DeclarationFact | Outcome]:
    facts = zip(items, judged, strict=True)
    members.ensure({one.exporter_ref: COUNTRY for one, fact in facts if isinstance(fact, DeclarationFact)}, request)
    return judged


DECLARATIONS: Final = Feed[DeclarationRequest, DeclarationFact](
    event="exports.recorded",
    judge=lambda one, source: reading.declaration_fact(values_of(one), source),
    admit=_register_exporters,
    record=record,
    fact_id=lambda one: one.declaration_no,
    own_id=declaration.id_of,
)
