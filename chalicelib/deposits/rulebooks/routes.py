"""The doors of rulebooks."""

from __future__ import annotations

from chalicelib.deposits.rulebooks import service
from chalicelib.deposits.rulebooks.examples import RULEBOOK
from chalicelib.deposits.rulebooks.service import NotTerms, RulebookKnown
from chalicelib.deposits.rulebooks.views import (
    DiffQuery,
    DiffView,
    PreviewsView,
    PreviewView,
    RulebookAsked,
    RulebooksQuery,
    RulebooksView,
    RulebookView,
)
from chalicelib.deposits.rules.published import RulebookFaulty, RulebookTooLarge, TooSoon
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import OFFICER, Routes
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request, Stale
from chalicelib.shared.text import SameText, UnreadableText

routes = Routes(group="Deposit rulebooks")


@routes.command(
    "/v1/deposit-rulebooks",
    asks=RulebookAsked,
    answers=RulebookView,
    status=201,
    by=OFFICER.with_duty("deposits"),
    refuses=[TooSoon, RulebookFaulty, RulebookKnown, RulebookTooLarge, NotTerms, NotFound, UnreadableText, SameText],
    examples={"one amount raised": RULEBOOK},
)
def publish(asked: RulebookAsked, request: Request) -> Answer:
    """Announce a version of the rules, at least seven days before it takes effect. It is checked first."""
    return service.publish(asked, request)


@routes.read("/v1/deposit-rulebooks", query=RulebooksQuery, answers=RulebooksView, public=True)
def rulebooks(query: RulebooksQuery, request: Request) -> RulebooksView:
    """The rules in force on a day, those announced for later, and those before."""
    return service.listed(query, request)


@routes.read("/v1/deposit-rulebooks/{book_id}", answers=RulebookView, public=True)
def rulebook(book_id: str, request: Request) -> RulebookView:
    """One version with its terms, its hash, and what its author was warned of."""
    return service.find(book_id, request)


@routes.read("/v1/deposit-rulebooks/{book_id}/diff", query=DiffQuery, answers=DiffView, public=True)
def changes(book_id: str, query: DiffQuery, request: Request) -> DiffView:
    """Every place at which a version differs from another."""
    return service.compared(book_id, query, request)


@routes.command(
    "/v1/deposit-rulebooks/{book_id}/preview", answers=PreviewView, by=OFFICER.with_duty("deposits"), refuses=[Stale]
)
def preview(book_id: str, request: Request) -> Answer:
    """Try a version out over all sellers: who would owe more or less, and whom the clamp shields."""
    return service.preview(book_id, request)


@routes.read("/v1/deposit-rulebooks/{book_id}/previews", answers=PreviewsView, by=OFFICER.with_duty("deposits"))
def previews(book_id: str, request: Request) -> PreviewsView:
    """What trying a version out came to: the evidence kept with it."""
    return service.evidence(book_id, request)
