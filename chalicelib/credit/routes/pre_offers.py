"""The endpoints of pre-offers."""

from __future__ import annotations

from chalicelib.credit.rules.pre_offer import PreOfferNotInThisStatus
from chalicelib.credit.service import pre_offers as service
from chalicelib.credit.views.pre_offers import PreOffersQuery, PreOfferView
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page
from chalicelib.shared.request import RequestContext, Stale

routes = Routes(group="Credit")
EITHER = MEMBER | OFFICER.with_duty("risk")


@routes.read("/v1/pre-offers", by=EITHER, errors=[BadCursor])
def pre_offers(query: PreOffersQuery, request: RequestContext) -> Page[PreOfferView]:
    """What was found for a firm that consents to it, the newest first. An officer names the firm; banks know nothing of it."""
    return service.listed(query, request)


@routes.read("/v1/pre-offers/{pre_offer_id}", by=EITHER)
def pre_offer(pre_offer_id: str, request: RequestContext) -> PreOfferView:
    """One pre-offer: what for, how much, why, and which products suit."""
    return service.pre_offer(pre_offer_id, request)


@routes.command(
    "/v1/pre-offers/{pre_offer_id}/decline", response=PreOfferView, by=MEMBER, errors=[PreOfferNotInThisStatus, Stale]
)
def decline(pre_offer_id: str, request: RequestContext) -> StoredResponse:
    """Not interested: nothing is looked for during the next ninety days."""
    return service.decline(pre_offer_id, request)
