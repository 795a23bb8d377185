"""Draws of a credit line, from the request until the bank has disbursed them or they come to nothing. Pure.

A draw takes of its line and of the firm's exposure when it is asked for, and gives both back when it comes to nothing. The bank has
`disburse_days` for it, and after `draw_days` it is closed. From its approval on it is the bank's, and the firm cancels it no more.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from chalicelib.credit.rules import effects
from chalicelib.credit.rules.line import Line, refuse_draw
from chalicelib.credit.rules.products import Product
from chalicelib.groups.rules.drawing import draw
from chalicelib.groups.rules.position import DrawingSeat
from chalicelib.loans.rules.events import AboutDraw, DrawFailed
from chalicelib.loans.rules.loan import Context, Loan
from chalicelib.loans.rules.transitions import TABLE, LoanChange, in_group
from chalicelib.receivables.rules.receivable import Receivable
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.money import Money, divide
from chalicelib.shared.periods import Calendar, business_date, business_days_after
from chalicelib.shared.texts import say


class DrawOutsideProduct(RuleViolation):
    code = "draw_outside_the_product"
    title = "The product does not lend that."
    fix = "Draw an amount between `least` and `maximum`, in the line's currency, for one of `months`."


class DrawnByBank(RuleViolation):
    code = "drawn_by_card_only"
    title = "A company card is drawn on by paying with it."
    fix = "Pay with the card: the bank reports it, and it becomes a loan of its own."


class NoReceivable(RuleViolation):
    code = "receivable_missing"
    title = "This product lends against receivables, and only it does."
    fix = "Name orders or invoices that are owed to you, or draw on a line of another product."


class ReceivableNamedTwice(RuleViolation):
    code = "receivable_named_twice"
    title = "Each receivable is named once."
    fix = "Name every order and invoice once."


class ReceivableOverdue(RuleViolation):
    code = "receivable_overdue"
    title = "An invoice that is overdue bears no draw."
    fix = "Name invoices that are due today or later."


class ReceivablesShort(RuleViolation):
    code = "receivables_short"
    title = "Those receivables do not bear a draw of that amount."
    fix = "Draw at most `maximum`, or name more of them."


def of_line(line: Line, product: Product, now: datetime) -> partial[Loan]:
    """The first version of a loan, as far as its line says what it is."""
    return partial(
        Loan,
        line_id=line.id,
        member_id=line.member_id,
        bank_id=line.bank_id,
        product_id=line.product_id,
        kind=product.kind,
        revolves=line.revolves,
        version=1,
        created_at=now,
        updated_at=now,
        policy=line.policy,
        currency=line.currency,
        rate_bp=line.terms.rate_bp,
    )


def requested(
    loan_id: str,
    line: Line,
    product: Product,
    *,
    minor: int,
    currency: str,
    months: int,
    signer: str,
    receivables: tuple[Receivable, ...],
    advance_minor: int,
    drawing: DrawingSeat | None = None,
    calendar: Calendar,
    now: datetime,
) -> LoanChange:
    """The first version: the bank is asked to disburse. `receivables` are pledged by it, and bear `advance_minor`; `drawing`: in a group.

    LineNotActive, LineExceeded, ExposureExceeded, GateNotReached, GroupLimitExceeded at the moment of writing.
    """
    _require_within(line, product, minor, currency, months)
    _require_receivables(product, minor, receivables, advance_minor, business_date(now))
    if line.status != "active" or minor > line.position.drawable_minor:
        raise refuse_draw(line.id, line.status, line.position, minor, line.currency)
    loan = of_line(line, product, now)(
        id=loan_id,
        status="draw_requested",
        amount_minor=minor,
        fee_minor=line.terms.fee_of(minor),
        months=months,
        method=line.terms.method,
        due_at=business_days_after(now, product.sla.disburse_days, calendar),
        closes_at=business_days_after(now, product.sla.draw_days, calendar),
        pledged=tuple(each.id for each in receivables),
        guarantee=drawing.guarantee if drawing else None,
    )
    taken = effects.draw(line.id, line.member_id, minor)
    if drawing:
        taken = (*taken, draw(drawing, minor))
    payload = {
        "to": loan.status,
        "currency": loan.currency,
        "member_id": loan.member_id,
        "bank_id": loan.bank_id,
        "line_id": loan.line_id,
        **in_group(loan),
        "product_id": loan.product_id,
        "amount_minor": minor,
        "months": months,
        "method": loan.method,
        "signer": signer,
        "receivables": [{"kind": each.kind, "reference": each.reference} for each in receivables],
        **({"repayment_days": list(drawing.repayment_days)} if drawing else {}),
    }
    booked = tuple(posting for effect in taken for posting in effect.postings)
    return LoanChange(
        state=loan,
        event=Event("loan.draw_requested", payload, booked, loan.policy),
        at=now,
        effects=taken,
        also=receivables,
    )


def approve(was: Loan, context: Context, event: AboutDraw, bank_id: str, now: datetime) -> LoanChange:
    """The bank is going to disburse."""
    TABLE.require("draw.approved", was, "bank", context, now)
    return TABLE.change(was, "draw.approved", now, event="draw_approved", approved_at=now)


def fail(was: Loan, context: Context, event: DrawFailed, bank_id: str, now: datetime) -> LoanChange:
    """The bank does not disburse."""
    TABLE.require("draw.failed", was, "bank", context, now)
    return _closed(was, "draw.failed", "draw_failed", event.reason, now)


def cancel(was: Loan, now: datetime, reason: str = "cancelled_by_borrower") -> LoanChange:
    """The firm wants it no more, or has withdrawn the consent by which its limit is kept."""
    return _closed(was, "cancel", "draw_cancelled", reason, now)


def lapse(was: Loan, context: Context, at: datetime) -> LoanChange:
    """The bank has done nothing in time."""
    return _closed(was, "lapse", "draw_lapsed", "not_disbursed_in_time", at)


def security_lost(was: Loan, receivable_ids: list[str], now: datetime) -> LoanChange:
    """The loan owes again, and what it was drawn against cannot be pledged to it again: each is a difference that an officer explains."""
    differences = [
        {"of": f"pledge {name}", "detail": "pledged to no loan, or to another one"} for name in receivable_ids
    ]
    payload = {"receivables": receivable_ids, "differences": differences}
    return TABLE.note(was, "security_lost", now, payload=payload)


def advance_minor(values: tuple[int, ...], product: Product) -> int:
    """What may be drawn against receivables that are worth so much: of each its part, rounded down."""
    return sum(divide(value * product.advance_bp, 10_000, "down") for value in values)


def _closed(was: Loan, name: str, event: str, reason: str, at: datetime) -> LoanChange:
    payload = {"amount_minor": was.amount_minor, "reason": reason}
    return TABLE.change(
        was, name, at, event=event, payload=payload, status="draw_closed", due_at=None, closes_at=None, reason=reason
    )


def _require_within(line: Line, product: Product, minor: int, currency: str, months: int) -> None:
    if product.kind == "card":
        raise DrawnByBank(say("{name} is drawn on by paying with it.", name=product.name))
    terms = [each for each in product.term_months if each <= line.terms.months]
    if currency != line.currency or not product.least_minor <= minor <= product.most_minor or months not in terms:
        raise DrawOutsideProduct(
            say(
                "{id} lends from {amount} on.",
                id=product.id,
                amount=Money.of(product.least_minor, line.currency).grouped,
            ),
            least=Money.of(product.least_minor, line.currency),
            maximum=Money.of(product.most_minor, line.currency),
            months=terms,
        )


def _require_receivables(
    product: Product, minor: int, receivables: tuple[Receivable, ...], advance_minor: int, today: date
) -> None:
    if (product.kind == "receivable") != bool(receivables):
        raise NoReceivable(say("{id} is of the kind {kind}.", id=product.id, kind=product.kind), param="receivables")
    if len({each.id for each in receivables}) < len(receivables):
        raise ReceivableNamedTwice("One of them is named more than once.", param="receivables")
    if overdue := next((each for each in receivables if each.due_on and each.due_on < today), None):
        raise ReceivableOverdue(
            say("{reference} was due on {due_on}.", reference=overdue.reference, due_on=overdue.due_on),
            param="receivables",
            receivable_id=overdue.id,
            due_on=f"{overdue.due_on}",
        )
    if receivables and minor > advance_minor:
        raise ReceivablesShort(
            say(
                "They bear {amount} {currency}.",
                amount=Money.of(advance_minor, product.currency).grouped,
                currency=product.currency,
            ),
            param="money",
            maximum=Money.of(advance_minor, product.currency),
        )
