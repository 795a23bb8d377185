"""HTTP, once for all slices: what a request must look like, and how an answer or a refusal is told.

A slice's `routes.py` makes one `Routes` and declares its endpoints on it:

    routes = Routes(group="Orders")

    @routes.command("/v1/orders/{order_id}/ship", request=ShipRequest, response=OrderView, by=MEMBER)
    def ship(order_id: str, body: ShipRequest, request: RequestContext) -> StoredResponse: ...

    @routes.read("/v1/orders/{order_id}", response=OrderView, by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
    def order(order_id: str, request: RequestContext) -> OrderView: ...

A command is a POST that changes state: it takes an Idempotency-Key and its answer is kept. A read is a GET; its query
is a msgspec struct too. What is declared here is also what the OpenAPI document says: `Endpoint` carries it.
"""

from chalicelib.shared.access import AGENCY, ANY_DUTY, ANYONE, BANK, MEMBER, OFFICER
from chalicelib.shared.encoding import encode
from chalicelib.shared.http.endpoints import CORS, Endpoint, Routes
from chalicelib.shared.http.misfits import BadField, bad_field
from chalicelib.shared.http.requests import (
    MOST_BODY_BYTES,
    MOST_DEPTH,
    KeyMissing,
    NotJson,
    TooLarge,
    WrongMedia,
    needs_body,
    read_json,
)
from chalicelib.shared.http.responses import (
    FOR_FIVE_MINUTES,
    STATUS,
    SVG,
    InternalError,
    NotStorable,
    etag,
    html_page,
    in_the_language,
    picture,
    problem,
    respond,
    status_of,
)

__all__ = [
    "AGENCY",
    "ANYONE",
    "ANY_DUTY",
    "BANK",
    "CORS",
    "FOR_FIVE_MINUTES",
    "MEMBER",
    "MOST_BODY_BYTES",
    "MOST_DEPTH",
    "OFFICER",
    "STATUS",
    "SVG",
    "BadField",
    "Endpoint",
    "InternalError",
    "KeyMissing",
    "NotJson",
    "NotStorable",
    "Routes",
    "TooLarge",
    "WrongMedia",
    "bad_field",
    "encode",
    "etag",
    "html_page",
    "in_the_language",
    "needs_body",
    "picture",
    "problem",
    "read_json",
    "respond",
    "status_of",
]
