"""What suppliers, buyers, draws and orders do to receivables. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.ledger.rules.chart import PAYOUTS_PAYABLE, SUPPLIER_BALANCE
from chalicelib.orders.rules.order import Order
from chalicelib.receivables.rules.receivable import Context, Receivable, Why, id_of_order
from chalicelib.receivables.rules.transitions import TABLE, ReceivableChange
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.journal import Event, PaymentOrder, transfer
from chalicelib.shared.texts import say, term
from chalicelib.suppliers.rules.balance import Draw
from chalicelib.suppliers.rules.effects import DrawBalance

PURPOSE: Final = "loan_repayment"
"""What a payout to the bank of a loan is for."""
PAYING: Final = frozenset({"agreed", "part_funded", "funded", "shipped", "delivered", "received"})
"""Orders in these statuses are agreed and have not ended."""


class ReceivablePledged(Conflict):
    code = "receivable_pledged"
    title = "A loan is drawn against that order or invoice already."
    fix = "Draw against another one; this one is free again when that loan is repaid."

    def __init__(self, receivable: Receivable) -> None:
        super().__init__(
            say(
                "The {kind} {reference} is pledged.", kind=term("kind", receivable.kind), reference=receivable.reference
            ),
            receivable_id=receivable.id,
        )


class InvoicePresented(Conflict):
    code = "invoice_presented"
    title = "That invoice was presented before."
    fix = "See GET /v1/receivables: there is one receivable for each number of yours to a buyer."


class OwnInvoice(RuleViolation):
    code = "own_invoice"
    title = "Nobody is its own buyer."
    fix = "Name the member who is to pay the invoice."


class InvoiceOverdue(RuleViolation):
    code = "invoice_overdue"
    title = "An invoice is presented before it is due."
    fix = "Present invoices that are due today or later."


class ReceivableNotConfirmed(Conflict):
    code = "receivable_not_confirmed"
    title = "A loan is drawn against what its buyer has confirmed only."
    fix = "For an invoice, let its buyer confirm it first; for an order, choose one that both sides agreed to and that has not ended."


def presented(receivable: Receivable, today: date) -> ReceivableChange:
    """The first version of an invoice: its buyer has to confirm it."""
    if receivable.buyer_id == receivable.supplier_id:
        raise OwnInvoice("Buyer and supplier are one member.", param="buyer_id")
    if receivable.due_on is not None and receivable.due_on < today:
        raise InvoiceOverdue(say("It was due on {due_on}.", due_on=receivable.due_on), param="due_on", minimum=today)
    payload = {
        "supplier_id": receivable.supplier_id,
        "buyer_id": receivable.buyer_id,
        "currency": receivable.currency,
        "value_minor": receivable.value_minor,
        "number": receivable.reference,
        "due_on": receivable.due_on,
    }
    event = Event("receivable.presented", payload, policy=receivable.policy)
    return ReceivableChange(state=receivable, event=event, at=receivable.created_at)


def confirm(was: Receivable, now: datetime) -> ReceivableChange:
    return TABLE.change(was, "confirm", now, to="confirmed", due_at=None)


def decline(was: Receivable, reason: str, now: datetime) -> ReceivableChange:
    payload = {"why": "declined", "reason": reason}
    return TABLE.change(was, "decline", now, to="declined", due_at=None, why="declined", payload=payload)


def withdraw(was: Receivable, now: datetime) -> ReceivableChange:
    return _lapse(was, "withdraw", "withdrawn", now)


def lapse_unanswered(was: Receivable, context: Context, at: datetime) -> ReceivableChange:
    return _lapse(was, "lapse", "not_confirmed", at)


def lapse_with_order(was: Receivable, now: datetime) -> ReceivableChange:
    """Its order has ended without paying the supplier. The loan stays owed as it was agreed."""
    return _lapse(was, "lapse", "order_ended", now)


def pledge(was: Receivable | None, present: Receivable, loan_id: str, bank_id: str, now: datetime) -> Receivable:
    """The next version, for the commit of a draw. `present` is the receivable as it stands today, `was` as it is kept, if it is."""
    if was is None:
        return replace(present, status="pledged", loan_id=loan_id, bank_id=bank_id)
    if was.status == "pledged":
        raise ReceivablePledged(was)
    if was.status != "confirmed":
        raise ReceivableNotConfirmed(
            say(
                "The {kind} {reference} is {status}.",
                kind=term("kind", was.kind),
                reference=was.reference,
                status=term("status", was.status),
            ),
            receivable_status=was.status,
        )
    return TABLE.next_version(
        was, "pledge", now, status="pledged", loan_id=loan_id, bank_id=bank_id, value_minor=present.value_minor
    )


def pledge_again(was: Receivable, loan_id: str, bank_id: str, now: datetime) -> ReceivableChange:
    """A repayment of the loan that freed it has been reversed."""
    payload = {"loan_id": loan_id, "bank_id": bank_id}
    return TABLE.change(
        was, "pledge", now, event="pledged_again", status="pledged", loan_id=loan_id, bank_id=bank_id, payload=payload
    )


def free(was: Receivable, why: str, now: datetime) -> ReceivableChange:
    """Its loan has come to nothing, or is repaid: it may be pledged again."""
    payload = _of_loan(was, why=why)
    return TABLE.change(
        was, "free", now, event="freed", status="confirmed", loan_id="", bank_id="", paid_minor=0, payload=payload
    )


def pay(
    was: Receivable, context: Context, released_minor: int, owed_minor: int, now: datetime, *, is_last: bool
) -> ReceivableChange:
    """What its order pays out goes to the bank of its loan first, as far as that is owed and the supplier's balance holds it.

    All amounts are in the receivable's currency. `is_last`: the order pays nothing more.
    """
    assert context.balance is not None, "the balance is gathered"
    minor = min(released_minor, owed_minor, context.balance.minor)
    payload = _of_loan(was, amount_minor=minor, released_minor=released_minor)
    order = PaymentOrder(
        kind="payout",
        bank_id=was.bank_id,
        aggregate_id=was.supplier_id,
        currency=was.currency,
        amount_minor=minor,
        party=was.supplier_id,
        account=was.loan_id,
        purpose=PURPOSE,
    )
    return TABLE.change(
        was,
        "pay",
        now,
        event="paid_out",
        status="paid_out" if is_last else "pledged",
        paid_minor=was.paid_minor + minor,
        why="paid_out" if is_last else None,
        payload=payload,
        postings=transfer(
            minor,
            was.currency,
            debit_to=(SUPPLIER_BALANCE, was.supplier_id),
            credit_to=(PAYOUTS_PAYABLE, was.supplier_id),
        ),
        payment_orders=(order,) if minor else (),
        effects=(DrawBalance(supplier_id=was.supplier_id, draw=Draw(was.currency, minor, context.balance)),)
        if minor
        else (),
    )


def _lapse(was: Receivable, name: str, why: Why, at: datetime) -> ReceivableChange:
    payload = {"why": why} | (_of_loan(was) if was.loan_id else {})
    event = "withdrawn" if name == "withdraw" else "lapsed"
    return TABLE.change(was, name, at, event=event, status="lapsed", due_at=None, why=why, payload=payload)


def _of_loan(was: Receivable, **facts: Any) -> dict[str, Any]:
    """What concerns the loan drawn against it: an entry with a `loan_id` is kept back from the buyer."""
    return {"loan_id": was.loan_id, "bank_id": was.bank_id, **facts}


def of_order(order: Order, now: datetime) -> Receivable:
    """A protected order as a receivable: what its buyer is still going to pay, if both sides agreed and nothing is claimed.

    What a channel's order brings is settled abroad and passes no balance that a loan could be repaid from.
    """
    value_minor = order.due_minor - order.released_minor - order.refunded_minor - order.charged_back_minor
    if (
        order.channel is not None
        or order.cover is None
        or order.status not in PAYING
        or order.holds
        or value_minor <= 0
    ):
        raise ReceivableNotConfirmed(
            say("The order {id} is {status}.", id=order.id, status=term("status", order.status)),
            order_status=order.status,
            open_claims=order.holds,
        )
    return Receivable(
        id=id_of_order(order.id),
        kind="order",
        supplier_id=order.supplier_id,
        buyer_id=order.buyer_id,
        reference=order.id,
        currency=order.terms.currency,
        value_minor=value_minor,
        status="confirmed",
        version=1,
        created_at=now,
        updated_at=now,
    )
