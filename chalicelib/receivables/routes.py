"""The endpoints of receivables."""

from __future__ import annotations

from chalicelib.banks.rules.partners import CurrencyNotPayable
from chalicelib.orders.service.commands import UnknownMember
from chalicelib.receivables.examples import DECLINE, PRESENT
from chalicelib.receivables.rules.handling import InvoiceOverdue, InvoicePresented, OwnInvoice
from chalicelib.receivables.rules.transitions import ReceivableNotInThisStatus
from chalicelib.receivables.service import commands, reading
from chalicelib.receivables.views.receivable import ReceivableView
from chalicelib.receivables.views.requests import DeclineRequest, PresentRequest, ReceivablesQuery
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Receivables", response=ReceivableView)
EITHER = MEMBER | OFFICER.with_duty(*ANY_DUTY)


@routes.command(
    "/v1/receivables",
    by=MEMBER,
    status=201,
    errors=[UnknownMember, UnknownCurrency, CurrencyNotPayable, InvoicePresented, OwnInvoice, InvoiceOverdue],
    examples={"an invoice": PRESENT},
)
def present(body: PresentRequest, request: RequestContext) -> StoredResponse:
    """Present an invoice for its buyer to confirm: a loan can be drawn against it then. Protected orders need no confirmation."""
    return commands.present(body, request)


@routes.read("/v1/receivables", by=EITHER, errors=[BadCursor])
def receivables(query: ReceivablesQuery, request: RequestContext) -> Page[ReceivableView]:
    """Invoices and orders that you are owed, or as a buyer owe. Officers name the member."""
    return reading.listed(query, request)


@routes.read("/v1/receivables/{receivable_id}", by=EITHER)
def receivable(receivable_id: str, request: RequestContext) -> ReceivableView:
    """One receivable: whether its buyer has confirmed it, and which loan is drawn against it."""
    return reading.receivable(receivable_id, request)


@routes.read("/v1/receivables/{receivable_id}/timeline", by=EITHER)
def timeline(receivable_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a receivable, oldest first. The buyer is not told of loans."""
    return reading.timeline(receivable_id, query, request)


@routes.command("/v1/receivables/{receivable_id}/confirm", by=MEMBER, errors=[ReceivableNotInThisStatus, Stale])
def confirm(receivable_id: str, request: RequestContext) -> StoredResponse:
    """Confirm as its buyer that you owe an invoice and will pay it when it is due."""
    return commands.confirm(receivable_id, request)


@routes.command(
    "/v1/receivables/{receivable_id}/decline",
    by=MEMBER,
    errors=[ReceivableNotInThisStatus, Stale],
    examples={"returned goods": DECLINE},
)
def decline(receivable_id: str, body: DeclineRequest, request: RequestContext) -> StoredResponse:
    """Say as its buyer that you do not owe an invoice."""
    return commands.decline(receivable_id, body, request)


@routes.command("/v1/receivables/{receivable_id}/withdraw", by=MEMBER, errors=[ReceivableNotInThisStatus, Stale])
def withdraw(receivable_id: str, request: RequestContext) -> StoredResponse:
    """Withdraw as its supplier what no loan is drawn against."""
    return commands.withdraw(receivable_id, request)
