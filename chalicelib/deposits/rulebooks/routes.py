"""The endpoints of rulebooks."""

from __future__ import annotations

from chalicelib.deposits.rulebooks import service, views
from chalicelib.deposits.rulebooks.examples import CHECK, RULEBOOK
from chalicelib.deposits.rulebooks.service import NotTerms, RulebookKnown
from chalicelib.deposits.rules.published import RulebookFaulty, RulebookTooLarge, TooSoon
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import OFFICER, Routes
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.text import SameText, UnreadableText

routes = Routes(group="Deposit rulebooks")


@routes.command(
    "/v1/deposit-rulebooks",
    response=views.RulebookView,
    status=201,
    by=OFFICER.with_duty("deposits"),
    errors=[TooSoon, RulebookFaulty, RulebookKnown, RulebookTooLarge, NotTerms, NotFound, UnreadableText, SameText],
    examples={"one amount raised": RULEBOOK},
)
def publish(body: views.RulebookRequest, request: RequestContext) -> StoredResponse:
    """Announce a version of the rules, at least seven days before it takes effect. It is checked first."""
    return service.publish(body, request)


@routes.query(
    "/v1/deposit-rulebook-checks",
    by=OFFICER.with_duty("deposits"),
    errors=[NotTerms, NotFound, UnreadableText, SameText],
    examples={"one amount raised": CHECK},
)
def check(body: views.RulebookCheckRequest, request: RequestContext) -> views.RulebookCheckView:
    """What announcing a version would be told: what is wrong with it, what it changes, and what that comes to for all sellers. Nothing is kept."""
    return service.check(body, request)


@routes.read("/v1/deposit-rulebooks", public=True)
def rulebooks(query: views.RulebooksQuery, request: RequestContext) -> views.RulebooksView:
    """The rules in force on a day, those announced for later, and those before."""
    return service.listed(query, request)


@routes.read("/v1/deposit-rulebooks/{book_id}", public=True)
def rulebook(book_id: str, request: RequestContext) -> views.RulebookView:
    """One version with its terms, its hash, and what its author was warned of."""
    return service.find(book_id, request)


@routes.read("/v1/deposit-rulebooks/{book_id}/diff", public=True)
def changes(book_id: str, query: views.DiffQuery, request: RequestContext) -> views.DiffView:
    """Every place at which a version differs from another."""
    return service.compared(book_id, query, request)


@routes.command(
    "/v1/deposit-rulebooks/{book_id}/preview",
    response=views.PreviewView,
    by=OFFICER.with_duty("deposits"),
    errors=[Stale],
)
def preview(book_id: str, request: RequestContext) -> StoredResponse:
    """Try a version out over all sellers: who would owe more or less, and whom the clamp shields."""
    return service.preview(book_id, request)


@routes.read("/v1/deposit-rulebooks/{book_id}/previews", by=OFFICER.with_duty("deposits"))
def previews(book_id: str, request: RequestContext) -> views.PreviewsView:
    """What trying a version out came to: the evidence kept with it."""
    return service.evidence(book_id, request)
