"""The endpoints of outgoing webhooks: the own endpoints of a member or a bank, and the platform's for officers."""

from __future__ import annotations

from typing import Final

from chalicelib.banks.rules.partners import NotAPartner
from chalicelib.members.rules import NotRegistered
from chalicelib.shared.addresses import BadAddress
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext
from chalicelib.webhooks import views
from chalicelib.webhooks.examples import A_GAP, A_TIME, ENDPOINT
from chalicelib.webhooks.rules.delivery import MessagesGone
from chalicelib.webhooks.rules.endpoint import EndpointDisabled, EndpointUnchanged, TooManyEndpoints
from chalicelib.webhooks.service import deliveries as webhooks_deliveries
from chalicelib.webhooks.service import endpoints as webhooks_endpoints

routes = Routes(group="Webhooks", response=views.EndpointView)

PLATFORM: Final = OFFICER.with_duty("admin")
"""Who looks after the platform's own endpoints, which are told of everything."""
OWNERS: Final = MEMBER | BANK | PLATFORM


@routes.command(
    "/v1/webhook-endpoints",
    status=201,
    by=OWNERS,
    errors=[BadAddress, NotAPartner, NotRegistered, TooManyEndpoints],
    examples={"an endpoint": ENDPOINT},
)
def register(body: views.EndpointRequest, request: RequestContext) -> StoredResponse:
    """Have events sent to an address. The answer shows the secret that proves them, this once."""
    return webhooks_endpoints.register(body, request)


@routes.read("/v1/webhook-endpoints", by=OWNERS)
def endpoints(query: views.EndpointsQuery, request: RequestContext) -> Page[views.EndpointView]:
    """Your endpoints, the oldest first."""
    return webhooks_endpoints.listed(query, request)


@routes.read("/v1/webhook-endpoints/{endpoint_id}", by=OWNERS)
def endpoint(endpoint_id: str, request: RequestContext) -> views.EndpointView:
    """One of your endpoints, without its secret."""
    return webhooks_endpoints.shown(endpoint_id, request)


@routes.command("/v1/webhook-endpoints/{endpoint_id}/rotate-secret", by=OWNERS)
def rotate_secret(endpoint_id: str, request: RequestContext) -> StoredResponse:
    """A new secret, shown this once. The old one signs too for a day."""
    return webhooks_endpoints.rotate_secret(endpoint_id, request)


@routes.command("/v1/webhook-endpoints/{endpoint_id}/enable", by=OWNERS, errors=[EndpointUnchanged])
def enable(endpoint_id: str, request: RequestContext) -> StoredResponse:
    """Send to it again. What was held in the meantime comes with a replay."""
    return webhooks_endpoints.enable(endpoint_id, request)


@routes.command("/v1/webhook-endpoints/{endpoint_id}/disable", by=OWNERS, errors=[EndpointUnchanged])
def disable(endpoint_id: str, request: RequestContext) -> StoredResponse:
    """Send nothing to it for now. What happens is held for a replay."""
    return webhooks_endpoints.disable(endpoint_id, request)


@routes.command("/v1/webhook-endpoints/{endpoint_id}/delete", by=OWNERS)
def delete(endpoint_id: str, request: RequestContext) -> StoredResponse:
    """Forget it. The answer shows it as it was."""
    return webhooks_endpoints.delete(endpoint_id, request)


@routes.command("/v1/webhook-endpoints/{endpoint_id}/ping", by=OWNERS, errors=[EndpointDisabled])
def ping(endpoint_id: str, request: RequestContext) -> StoredResponse:
    """Send it a `webhook_endpoint.pinged`, whatever kinds it asked for."""
    return webhooks_endpoints.ping(endpoint_id, request)


@routes.command(
    "/v1/webhook-endpoints/{endpoint_id}/replay",
    response=views.ReplayView,
    by=OWNERS,
    errors=[EndpointDisabled, MessagesGone],
    examples={"a gap": A_GAP, "three days": A_TIME},
)
def replay(endpoint_id: str, body: views.ReplayRequest, request: RequestContext) -> StoredResponse:
    """Send messages again, under the names they had: by id, by the numbers of a thing, or by time."""
    return webhooks_deliveries.replay(endpoint_id, body, request)


@routes.read("/v1/webhook-endpoints/{endpoint_id}/deliveries", by=OWNERS)
def deliveries(endpoint_id: str, query: views.DeliveriesQuery, request: RequestContext) -> Page[views.DeliveryView]:
    """What was sent or waits to be, the newest first, with every attempt."""
    return webhooks_deliveries.listed(endpoint_id, query, request)
