"""The endpoints of exports."""

from __future__ import annotations

from chalicelib.banks.rules.partners import CurrencyNotPayable, NotAPartner
from chalicelib.daybook.service.recorder import PageFull
from chalicelib.daybook.views.feeds import FeedView
from chalicelib.exports import examples
from chalicelib.exports.rules.declaration import TooManyExporters, UnfitDeclaration
from chalicelib.exports.service import correcting, feeds, reading, subsidies
from chalicelib.exports.service.correcting import CorrectionTooWide
from chalicelib.exports.service.reading import BadExportsWindow
from chalicelib.exports.views import subsidies as views
from chalicelib.exports.views.declarations import CorrectionRequest, DeclarationsRequest, DeclarationView
from chalicelib.exports.views.months import ExportsQuery, ExportsView
from chalicelib.members.rules import UnknownCountry
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.fx import NoRate
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Exports")


@routes.command(
    "/v1/exports",
    response=FeedView,
    by=OFFICER.with_duty("feeds"),
    examples={"an export": examples.DECLARATIONS, "goods came back": examples.RETURNED},
)
def exports(body: DeclarationsRequest, request: RequestContext) -> StoredResponse:
    """Record up to 500 export declarations, in any order and as often as they are told; each counts once. Files: `POST /v1/imports`."""
    return feeds.record_declarations(body, request)


@routes.read("/v1/exports/{declaration_id}", by=MEMBER | OFFICER.with_duty(*ANY_DUTY, "feeds"))
def declaration(declaration_id: str, request: RequestContext) -> DeclarationView:
    """What is known of a declaration, by its id or its number at customs, for its exporter and for officers."""
    return reading.show(declaration_id, request)


@routes.command(
    "/v1/exports/{declaration_id}/correct",
    response=DeclarationView,
    by=OFFICER.with_duty("feeds"),
    errors=[
        UnfitDeclaration,
        TooManyExporters,
        CorrectionTooWide,
        PageFull,
        NoRate,
        UnknownCurrency,
        UnknownCountry,
        Stale,
    ],
    examples={"another amount": examples.CORRECTION},
)
def correct(declaration_id: str, body: CorrectionRequest, request: RequestContext) -> StoredResponse:
    """Put a declaration as it is in truth in the place of what was told of it, with the reason. What it counts for, and its subsidy, follow."""
    return correcting.correct(declaration_id, body, request)


@routes.read(
    "/v1/members/{member_id}/exports", by=MEMBER | OFFICER.with_duty(*ANY_DUTY, "feeds"), errors=[BadExportsWindow]
)
def member_exports(member_id: str, query: ExportsQuery, request: RequestContext) -> ExportsView:
    """What a member exported in a window, by month and buyer."""
    return reading.exports(member_id, query, request)


@routes.read("/v1/members/{member_id}/subsidies", by=MEMBER | OFFICER.with_duty(*ANY_DUTY), errors=[BadCursor])
def member_subsidies(member_id: str, query: views.SubsidiesQuery, request: RequestContext) -> views.SubsidiesView:
    """A member's export subsidies: a line for each declaration with its rate and reason, what waits to be paid and what is owed back."""
    return subsidies.show(member_id, query, request)


@routes.read("/v1/members/{member_id}/subsidies/timeline", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def subsidies_timeline(member_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a member's subsidies, oldest first: what was booked and reversed, and where they are paid."""
    return subsidies.timeline(member_id, query, request)


@routes.command(
    "/v1/members/{member_id}/subsidy-account",
    response=views.SubsidyAccountView,
    by=MEMBER,
    errors=[NotAPartner, CurrencyNotPayable, Stale],
)
def name_subsidy_account(member_id: str, body: views.SubsidyAccountRequest, request: RequestContext) -> StoredResponse:
    """Name the account at a partner bank to which your subsidies are paid. What waits is paid at once."""
    return subsidies.name_account(member_id, body, request)
