"""The endpoint that says what suspended money may be for."""

from __future__ import annotations

from chalicelib.office.service import suggestions
from chalicelib.office.views.suggestions import SuggestionsView
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import OFFICER, Routes
from chalicelib.shared.request import RequestContext

routes = Routes(group="Officers' work")


@routes.read("/v1/bank-events/{event_id}/suggestions", by=OFFICER.with_duty("payments"), errors=[NotFound])
def suggestions_of(event_id: str, request: RequestContext) -> SuggestionsView:
    """Which orders suspended money may be for, with what speaks for each: their reference, their amount, the remitter's name."""
    return suggestions.of(event_id, request)
