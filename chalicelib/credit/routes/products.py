"""The endpoint of credit products."""

from __future__ import annotations

from chalicelib.credit.service import products as service
from chalicelib.credit.views.products import ProductsQuery, ProductsView
from chalicelib.shared.http import Routes
from chalicelib.shared.request import RequestContext

routes = Routes(group="Credit")


@routes.read("/v1/credit-products", public=True)
def products(query: ProductsQuery, request: RequestContext) -> ProductsView:
    """What partner banks offer on a day, with every term."""
    return service.listed(query, request)
