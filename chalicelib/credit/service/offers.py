"""Use-cases of offers: looked at, compared, accepted, declined."""

from __future__ import annotations

from functools import partial

from chalicelib.credit.aggregate.applications import OFFERS
from chalicelib.credit.records import applications as records
from chalicelib.credit.rules import comparison, offer_handling
from chalicelib.credit.rules.comparison import Costs
from chalicelib.credit.rules.offer import Offer, OfferContext
from chalicelib.credit.service import applications
from chalicelib.credit.views import offers
from chalicelib.credit.views.terms import terms_view
from chalicelib.firms.service.signers import require_signer
from chalicelib.shared.aggregates import Loaded
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of

offer = partial(OFFERS.shown, offers.OfferView)


def of_application(query: offers.OffersQuery, request: RequestContext) -> offers.OffersView:
    """Every offer that banks made on an application, bank by bank in the order in which they were made; a bank sees its own."""
    visible = [review.id for review in applications.decisions(query.application, request).items]
    reviews = records.REVIEWS.load_many(visible)
    names = [name for of in visible for name in reviews[of].offer_ids]
    loaded = OFFERS.load_many(names, request.now)
    items: list[offers.OfferView] = []
    for each in (loaded[name] for name in names if name in loaded):
        actor = OFFERS.actor_of(each.state, request.caller)
        if actor is not None:
            items.append(OFFERS.show(OFFERS.preview_at(each, request.now), actor, request))
    return offers.OffersView(items=items)


def accept(offer_id: str, request: RequestContext) -> StoredResponse:
    """By a signer. The banks of other offers are told, and an agreement is there to be signed."""
    return OFFERS.execute(
        offer_id,
        request,
        "accept",
        lambda was, context, actor: offer_handling.accept(
            was, context, require_signer(was.member_id, request, "apply").person_id, request.now
        ),
    )


def decline(offer_id: str, request: RequestContext) -> StoredResponse:
    """By a signer."""
    return OFFERS.execute(
        offer_id,
        request,
        "decline",
        lambda was, context, actor: offer_handling.decline(
            was, context, require_signer(was.member_id, request, "apply").person_id, request.now
        ),
    )


def compare(body: offers.CompareRequest, request: RequestContext) -> offers.ComparisonView:
    """Offers side by side, the cheapest first. NotFound where one cannot be seen."""
    drawn_on = body.drawn_on or business_date(request.now)
    names = list(dict.fromkeys(body.offer_ids))
    loaded = OFFERS.load_many(names, request.now)
    for name in names:
        if name not in loaded or OFFERS.actor_of(loaded[name].state, request.caller) is None:
            raise NotFound(say("There is no offer {name!r:.60}.", name=name), param="offer_ids")
    compared = [OFFERS.preview_at(loaded[name], request.now) for name in names]
    costs = [(each, comparison.costs(each.state, each.context, drawn_on)) for each in compared]
    costs.sort(key=lambda pair: (pair[1][0].effective_rate_bp, pair[1][0].total_cost_minor, pair[0].state.id))
    return offers.ComparisonView(drawn_on=drawn_on, items=[_compared(*pair) for pair in costs])


def _compared(loaded: Loaded[Offer, OfferContext], costs: tuple[Costs, ...]) -> offers.ComparedView:
    state, currency = loaded.state, loaded.state.terms.currency
    return offers.ComparedView(
        offer_id=state.id,
        bank_id=state.bank_id,
        product_id=state.product_id,
        status=state.status,
        terms=terms_view(state.terms),
        methods=[
            view_of(
                offers.MethodView,
                each,
                currency,
                instalments=[view_of(offers.InstalmentView, instalment, currency) for instalment in each.instalments],
            )
            for each in costs
        ],
    )
