"""Draws: asked for by a signer of the firm, against its line, its exposure and, where the product says so, what its buyers owe it.

One read each of line, profile and consents, of the group and its sheet where one stands for the line, and one transaction: loan, entry,
line, exposure, the group's position and receivables.
"""

from __future__ import annotations

from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.rules import products
from chalicelib.credit.rules.line import Line
from chalicelib.credit.service.consents import require_live
from chalicelib.firms.service.signers import require_signer
from chalicelib.groups.service.drawing import seat_of
from chalicelib.loans.aggregate import LOANS, context_of
from chalicelib.loans.rules import draws
from chalicelib.loans.rules.loan import Actor, Context, Loan
from chalicelib.loans.rules.transitions import LoanChange
from chalicelib.loans.views.requests import DrawRequest, ReceivableNamed
from chalicelib.orders.aggregate import ORDERS
from chalicelib.receivables.aggregate import RECEIVABLES
from chalicelib.receivables.rules import handling
from chalicelib.receivables.rules.receivable import Receivable
from chalicelib.shared import calendars, fx, ids
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say, term

CHINA = "CN"


def draw(line_id: str, body: DrawRequest, request: RequestContext) -> StoredResponse:
    """Ask the bank to disburse. What is drawn is taken of line and exposure at once."""
    line = _line(line_id, request)
    signer = require_signer(line.member_id, request, "draw")
    require_live(line.member_id, line.bank_id, "exports", request.now)
    product = products.pinned(line.product_id, line.policy)
    loan_id = ids.derived_id("lon", request.entry_id)
    present = [_receivable(each, line, request) for each in body.receivables]
    change = draws.requested(
        loan_id,
        line,
        product,
        minor=body.money.minor(param="money.amount", least=1),
        currency=body.money.currency,
        months=body.months or line.terms.months,
        signer=signer.person_id,
        receivables=tuple(_pledged(each, loan_id, line, request) for each in present),
        drawing=seat_of(line.guarantee.group_id, line.member_id, request.now) if line.guarantee else None,
        advance_minor=draws.advance_minor(tuple(_worth(each, line, request) for each in present), product),
        calendar=calendars.calendar(CHINA),
        now=request.now,
    )
    return LOANS.create(change, context_of(line.product_id, line.policy, request.now), request, "borrower")


def cancel(loan_id: str, request: RequestContext) -> StoredResponse:
    """By a signer, until the bank has approved it."""

    def decide(was: Loan, context: Context, actor: Actor) -> LoanChange:
        require_signer(was.member_id, request, "draw")
        return draws.cancel(was, request.now)

    return LOANS.execute(loan_id, request, "cancel", decide)


def _line(line_id: str, request: RequestContext) -> Line:
    """The caller's own line, with everything written that fell due. One read."""
    loaded = LINES.load(line_id, request.now)
    if loaded is None or LINES.actor_of(loaded.state, request.caller) != "borrower":
        raise NotFound(say("There is no line {line_id!r:.60}.", line_id=line_id))
    caught_up = LINES.caught_up(loaded, request.now, request.now)
    assert caught_up is not None, "a line stays"
    return caught_up.state


def _receivable(named: ReceivableNamed, line: Line, request: RequestContext) -> Receivable:
    """What the borrower is owed, as it stands today. NotFound for what is another's."""
    receivable: Receivable | None = None
    if named.kind == "order":
        order = ORDERS.load(named.id, request.now)
        if order and order.state.supplier_id == line.member_id:
            receivable = handling.of_order(ORDERS.preview_at(order, request.now).state, request.now)
    else:
        loaded = RECEIVABLES.load(named.id, request.now)
        if loaded and loaded.state.kind == "invoice" and loaded.state.supplier_id == line.member_id:
            receivable = RECEIVABLES.preview_at(loaded, request.now).state
    if receivable is None:
        raise NotFound(
            say("Nobody owes you the {kind} {id!r:.60}.", kind=term("kind", named.kind), id=named.id),
            param="receivables",
        )
    return receivable


def _pledged(present: Receivable, loan_id: str, line: Line, request: RequestContext) -> Receivable:
    """Its next version, or the first, with which it is pledged to this draw and to no other."""
    kept = RECEIVABLES.load(present.id, request.now)
    return handling.pledge(kept.state if kept else None, present, loan_id, line.bank_id, request.now)


def _worth(present: Receivable, line: Line, request: RequestContext) -> int:
    """In the currency of the line, by the table rates of the day."""
    today = business_date(request.now)
    if present.currency == line.currency:
        return present.value_minor
    return fx.across(present.value_minor, fx.quote(present.currency, today), fx.quote(line.currency, today))
