"""The endpoint of the catalogue of events."""

from __future__ import annotations

from chalicelib.office.service import event_types
from chalicelib.office.views.event_types import EventTypesView
from chalicelib.shared.http import ANYONE, Routes
from chalicelib.shared.request import RequestContext

routes = Routes(group="Webhooks")


@routes.read("/v1/event-types", by=ANYONE)
def catalogue(request: RequestContext) -> EventTypesView:
    """Which events there are: of every kind of thing what can happen to it and who hears of it, and what banks and we tell each other."""
    return event_types.event_types()
