"""Company cards: what a firm pays with its card is drawn from its line at once, and payable some days after the next statement. Pure.

The bank has let the firm pay, so a payment is a loan whatever the line has left. It bears no interest until it is due.
"""

from __future__ import annotations

from datetime import date, datetime

from chalicelib.credit.rules import effects, line_transitions
from chalicelib.credit.rules.line import Line
from chalicelib.credit.rules.line_transitions import LineChange
from chalicelib.credit.rules.procedure import Context as LineContext
from chalicelib.credit.rules.products import Product
from chalicelib.credit.rules.schedule import Instalment, statement_due_on, statement_on
from chalicelib.loans.rules import mirror
from chalicelib.loans.rules.draws import of_line
from chalicelib.loans.rules.events import CardCharged
from chalicelib.loans.rules.introductions import introduction
from chalicelib.loans.rules.loan import Booked, Context, Policy, Split, portions_of
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.reports import WrongCurrency, require_past
from chalicelib.loans.rules.servicing import taken_at_once
from chalicelib.loans.rules.standing import standing
from chalicelib.loans.rules.transitions import LoanChange
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say


class NoCard(Conflict):
    code = "line_has_no_card"
    title = "No card draws on that line."
    fix = "Report draws of other lines as draw.disbursed."


def charge(was: Line, context: LineContext, event: CardCharged, policy: Policy, now: datetime) -> LineChange:
    """The firm has paid with its card: what follows from the entry makes a loan of it."""
    line_transitions.TABLE.require("card.charged", was, "bank", context, now)
    if context.product.kind != "card":
        raise NoCard(say("{id} is of the kind {kind}.", id=was.id, kind=context.product.kind))
    if event.currency != was.currency:
        raise WrongCurrency("The card is in another currency.")
    require_past(event.business_date, business_date(now), policy)
    payload = {"amount_minor": event.amount, "value_on": event.business_date, "bank_ref": event.bank_ref}
    return line_transitions.TABLE.change(was, "card.charged", now, event="card_charged", payload=payload)


def drawn(
    loan_id: str,
    line: Line,
    product: Product,
    context: Context,
    *,
    minor: int,
    bank_ref: str,
    on: date,
    now: datetime,
) -> LoanChange:
    """The loan that a payment by card is, disbursed from the beginning."""
    due_on = statement_due_on(statement_on(product.statement_day, on), product.grace_days)
    instalment = Instalment(
        number=1, from_on=on, until_on=due_on, due_on=due_on, principal_minor=minor, interest_minor=0
    )
    fee = line.terms.fee_of(minor)
    first = of_line(line, product, now)(
        id=loan_id,
        status="current",
        amount_minor=minor,
        fee_minor=fee,
        months=1,
        method="bullet",
        value_on=on,
        told_at=now,
        introduced=introduction(minor, product, now),
        folded_on=on,
        portions=(*taken_at_once(fee, on), *portions_of([instalment])),
        booked=Booked(fee_minor=fee, paid=Split(fee_minor=fee)),
    )
    loan = standing(first, position_on(first, product, business_date(now)), context, now)
    taken = effects.reverse(line.id, line.member_id, minor, revolves=line.revolves)
    payload = {
        "to": loan.status,
        "currency": loan.currency,
        "member_id": loan.member_id,
        "bank_id": loan.bank_id,
        "line_id": loan.line_id,
        "amount_minor": minor,
        **({"fee_minor": fee} if fee else {}),
        "bank_ref": bank_ref,
        "value_on": on,
        "due_on": due_on,
    }
    booked = (*mirror.disbursed(loan, fee), *(posting for effect in taken for posting in effect.postings))
    return LoanChange(
        state=loan, event=Event("loan.drawn_by_card", payload, booked, loan.policy), at=now, effects=taken
    )
