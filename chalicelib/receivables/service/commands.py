"""What suppliers and buyers do with receivables. One read and one transaction each."""

from __future__ import annotations

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.members import service as members
from chalicelib.orders.service.commands import UnknownMember
from chalicelib.receivables.aggregate import RECEIVABLES
from chalicelib.receivables.rules import handling
from chalicelib.receivables.rules.receivable import Context, Policy, Receivable, id_of_invoice
from chalicelib.receivables.views.requests import DeclineRequest, PresentRequest
from chalicelib.shared import calendars, policies
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.periods import business_date, business_days_after
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


def present(body: PresentRequest, request: RequestContext) -> StoredResponse:
    """An invoice of the caller's. InvoicePresented where it was presented before, by whatever spelling of its number."""
    supplier_id = request.caller.member_id
    if body.buyer_id not in members.known([body.buyer_id]):
        raise UnknownMember(say("There is no member {buyer_id!r:.60}.", buyer_id=body.buyer_id), param="buyer_id")
    banks_inbox.must_be_payable(body.money.currency, request.now, param="money.currency")
    in_force = policies.in_force("receivables", business_date(request.now))
    policy = in_force.read_as(Policy)
    receivable = Receivable(
        id=id_of_invoice(supplier_id, body.buyer_id, body.number),
        kind="invoice",
        supplier_id=supplier_id,
        buyer_id=body.buyer_id,
        reference=body.number,
        currency=body.money.currency,
        value_minor=body.money.minor(param="money.amount", least=1),
        due_on=body.due_on,
        sha256=body.document_sha256,
        status="presented",
        version=1,
        created_at=request.now,
        updated_at=request.now,
        due_at=business_days_after(request.now, policy.confirm_days, calendars.calendar(policy.calendar)),
        policy=in_force.hash,
    )
    try:
        return RECEIVABLES.create(
            handling.presented(receivable, business_date(request.now)), Context(), request, "supplier"
        )
    except WriteConflict:
        raise handling.InvoicePresented(
            say("The invoice {number} has been presented before.", number=body.number), param="number"
        ) from None


def confirm(receivable_id: str, request: RequestContext) -> StoredResponse:
    return RECEIVABLES.execute(
        receivable_id, request, "confirm", lambda was, context, actor: handling.confirm(was, request.now)
    )


def decline(receivable_id: str, body: DeclineRequest, request: RequestContext) -> StoredResponse:
    return RECEIVABLES.execute(
        receivable_id, request, "decline", lambda was, context, actor: handling.decline(was, body.reason, request.now)
    )


def withdraw(receivable_id: str, request: RequestContext) -> StoredResponse:
    return RECEIVABLES.execute(
        receivable_id, request, "withdraw", lambda was, context, actor: handling.withdraw(was, request.now)
    )
