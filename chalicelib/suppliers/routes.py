"""The endpoints of suppliers, storefronts and badges."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.banks.rules.partners import CurrencyNotPayable, NotAPartner
from chalicelib.shared import languages
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.fx import NoRate
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, SVG, Routes, picture
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.suppliers.rules import penalties as rules
from chalicelib.suppliers.rules.jurisdictions import EnrolmentDocumentsMissing, NoJurisdiction
from chalicelib.suppliers.rules.programme import EvaluatedToday, NeverJoined, NotInThisStatus, TooSoonToReapply
from chalicelib.suppliers.service import badge as suppliers_badge
from chalicelib.suppliers.service import enrolling, money, penalties, programme, reading
from chalicelib.suppliers.service import storefront as suppliers_storefront
from chalicelib.suppliers.views import programme as views
from chalicelib.suppliers.views.badge import BadgeKeysView, BadgeView, draw
from chalicelib.suppliers.views.money import BalanceView, BankAccountRequest
from chalicelib.suppliers.views.qualification import SimulationRequest, SimulationView
from chalicelib.suppliers.views.storefront import StorefrontView

routes = Routes(group="Suppliers", response=views.SupplierView)


@routes.command(
    "/v1/suppliers/{member_id}/enrolment",
    by=MEMBER | OFFICER.with_duty("risk"),
    errors=[NoJurisdiction, EnrolmentDocumentsMissing, NotInThisStatus, TooSoonToReapply, Stale],
)
def enrol(member_id: str, body: views.EnrolmentRequest, request: RequestContext) -> StoredResponse:
    """Join the programme, with the documents on file that your country asks for: evaluated at once, and monthly from then on."""
    return enrolling.enrol(member_id, body, request)


@routes.command(
    "/v1/suppliers/{member_id}/evaluation",
    by=MEMBER | OFFICER.with_duty("risk"),
    errors=[NotInThisStatus, EvaluatedToday, Stale],
)
def evaluate(member_id: str, request: RequestContext) -> StoredResponse:
    """Once a day while it waits to qualify: have a supplier evaluated on what has come in since."""
    return programme.evaluate(member_id, request)


@routes.command(
    "/v1/suppliers/{member_id}/withdrawal", by=MEMBER | OFFICER.with_duty("risk"), errors=[NotInThisStatus, Stale]
)
def withdraw(member_id: str, request: RequestContext) -> StoredResponse:
    """Leave the programme; cover that orders hold stands until they end."""
    return programme.withdraw(member_id, request)


@routes.read("/v1/suppliers/{member_id}", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def supplier(member_id: str, query: views.SupplierQuery, request: RequestContext) -> views.SupplierView:
    """Standing, points, and the qualification with its working; for a member that never joined, what it would be."""
    return reading.find(member_id, query, request)


@routes.read("/v1/suppliers", by=OFFICER.with_duty("risk"), errors=[BadCursor])
def suppliers(query: views.SuppliersQuery, request: RequestContext) -> Page[views.SupplierView]:
    """All that ever joined, or those of one status."""
    return reading.listed(query, request)


@routes.read("/v1/penalty-appeals", by=OFFICER.with_duty("risk"), errors=[BadCursor])
def penalty_appeals(query: views.AppealsQuery, request: RequestContext) -> Page[views.PenaltyAppealView]:
    """Appeals against penalties that wait for a decision, or every appeal of a supplier."""
    return reading.appeals(query, request)


@routes.query(
    "/v1/suppliers/{member_id}/limit-simulations",
    by=MEMBER | OFFICER.with_duty(*ANY_DUTY),
    errors=[NoRate, UnknownCurrency],
)
def simulate(member_id: str, body: SimulationRequest, request: RequestContext) -> SimulationView:
    """What would raise the limit: the same decision with something added."""
    return reading.simulate(member_id, body, request)


@routes.command(
    "/v1/suppliers/{member_id}/penalties",
    by=OFFICER.with_duty("risk"),
    errors=[NeverJoined, rules.TooManyPenalties, rules.UnknownPenalty, Stale],
)
def penalize(member_id: str, body: views.PenaltyRequest, request: RequestContext) -> StoredResponse:
    """Give points: 24 freeze the limit, 36 end new cover, 48 disqualify; they expire after 365 days."""
    return penalties.penalize(member_id, body, request)


@routes.command(
    "/v1/suppliers/{member_id}/penalties/{penalty_id}/lift",
    by=OFFICER.with_duty("risk"),
    errors=[rules.PenaltyGone, Stale],
)
def lift(member_id: str, penalty_id: str, body: views.ReasonRequest, request: RequestContext) -> StoredResponse:
    """Take a penalty back, on appeal or without one."""
    return penalties.lift(member_id, penalty_id, body, request)


@routes.command(
    "/v1/suppliers/{member_id}/penalties/{penalty_id}/appeal",
    by=MEMBER,
    errors=[rules.PenaltyGone, rules.PenaltyExpired, rules.AppealedBefore, Stale],
)
def appeal(member_id: str, penalty_id: str, body: views.AppealRequest, request: RequestContext) -> StoredResponse:
    """Say why a penalty is wrong: once, while it counts. Undecided after ten days, the appeal succeeds."""
    return penalties.appeal(member_id, penalty_id, body, request)


@routes.command(
    "/v1/suppliers/{member_id}/penalties/{penalty_id}/uphold",
    by=OFFICER.with_duty("risk"),
    errors=[rules.PenaltyGone, rules.NoAppeal, Stale],
)
def uphold(member_id: str, penalty_id: str, body: views.ReasonRequest, request: RequestContext) -> StoredResponse:
    """Turn an appeal down: the penalty stands."""
    return penalties.uphold(member_id, penalty_id, body, request)


@routes.command("/v1/suppliers/{member_id}/suspension", by=OFFICER.with_duty("risk"), errors=[NotInThisStatus, Stale])
def suspend(member_id: str, body: views.ReasonRequest, request: RequestContext) -> StoredResponse:
    """No new cover until reinstated; cover that orders hold stands."""
    return programme.suspend(member_id, body, request)


@routes.command(
    "/v1/suppliers/{member_id}/reinstatement", by=OFFICER.with_duty("risk"), errors=[NotInThisStatus, Stale]
)
def reinstate(member_id: str, body: views.ReasonRequest, request: RequestContext) -> StoredResponse:
    """End a suspension: evaluated at once."""
    return programme.reinstate(member_id, body, request)


@routes.command(
    "/v1/suppliers/{member_id}/bank-account",
    by=MEMBER,
    errors=[NotAPartner, CurrencyNotPayable, UnknownCurrency, Stale],
)
def register_account(member_id: str, body: BankAccountRequest, request: RequestContext) -> StoredResponse:
    """Register where to be paid, and debited, in a currency: an account at a partner bank."""
    return money.register_account(member_id, body, request)


@routes.read("/v1/suppliers/{member_id}/balance", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def balance(member_id: str, request: RequestContext) -> BalanceView:
    """What was released, what was drawn of it and what is left, in every currency."""
    return money.balances(member_id, request)


@routes.read("/v1/storefronts/{member_id}", public=True)
def storefront(member_id: str, request: RequestContext) -> StorefrontView:
    """What anybody may see: badge, protections, and figures with window, sample, formula and policy."""
    return suppliers_storefront.storefront(member_id, request)


@routes.read("/v1/storefronts/{member_id}/badge", public=True)
def badge(member_id: str, request: RequestContext) -> BadgeView:
    """The signed statement. Unknown is never valid."""
    return suppliers_badge.badge(member_id, request)


@routes.read("/v1/storefronts/{member_id}/badge.svg", response=str, public=True, media=SVG)
def badge_picture(member_id: str, request: RequestContext) -> Response:
    """The same as a picture to show on a page, in the reader's language."""
    language = languages.preferred(request.languages)
    drawn = draw(suppliers_badge.badge(member_id, request), language)
    return picture(drawn, language, cache="public, max-age=60")


@routes.read("/v1/badge-keys", public=True)
def badge_keys(request: RequestContext) -> BadgeKeysView:
    """The public keys badges are signed with, retired ones included: a JSON Web Key Set."""
    return suppliers_badge.badge_keys()
