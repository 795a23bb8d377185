"""A receivable, as its supplier, its buyer and officers see it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from chalicelib.receivables.rules.receivable import Actor, Context, Kind, Receivable, Status, Why
from chalicelib.receivables.rules.timers import MACHINE
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class ReceivableView(msgspec.Struct, frozen=True, kw_only=True):
    """What a buyer is going to pay a supplier. `reference` is the order's id or the invoice's number.

    While it is `pledged`, a loan is drawn against it: `loan_id` and `bank_id` say which, and `paid` what of it went to that bank; the buyer
    is not told of loans, and sees what is pledged as `confirmed`.
    """

    id: str
    version: int
    kind: Kind
    supplier_id: str
    buyer_id: str
    reference: str
    value: Money
    due_on: date | None
    document_sha256: str | None
    status: Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    loan_id: str | None
    bank_id: str | None
    paid: Money | None
    why: Why | None
    """What ended it."""


def view(receivable: Receivable, context: Context, actor: Actor, now: datetime) -> ReceivableView:
    owes = actor == "buyer"
    return view_of(
        ReceivableView,
        receivable,
        **MACHINE.offer(receivable, actor, context, now),
        value=Money.of(receivable.value_minor, receivable.currency),
        document_sha256=receivable.sha256 or None,
        status="confirmed" if owes and receivable.status == "pledged" else receivable.status,
        loan_id=None if owes else receivable.loan_id or None,
        bank_id=None if owes else receivable.bank_id or None,
        paid=None if owes else Money.of(receivable.paid_minor, receivable.currency),
    )
