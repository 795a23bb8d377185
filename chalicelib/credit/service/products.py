"""Looking at what banks offer."""

from __future__ import annotations

from chalicelib.credit.rules import products
from chalicelib.credit.views.products import ProductsQuery, ProductsView
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.views import view_of


def listed(query: ProductsQuery, request: RequestContext) -> ProductsView:
    """What is offered on a day, today where none is named."""
    on = query.on or business_date(request.now)
    return view_of(ProductsView, products.offered(on), on=on)
