"""A card or wallet payment and a settlement, as their parties and officers see them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.acquiring.rules import settlement as settlements
from chalicelib.acquiring.rules.payment import AcquirerPayment, Actor, Context, DisputeStatus, Status
from chalicelib.acquiring.rules.settlement import Settlement
from chalicelib.acquiring.rules.timers import MACHINE
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of
from chalicelib.suppliers.views.money import KeptView


class DisputeView(msgspec.Struct, frozen=True, kw_only=True):
    """What the buyer's bank asks for. While it is `open`, its part of the payment is neither refunded nor released."""

    ref: str
    money: Money
    status: DisputeStatus
    opened_at: datetime
    decided_at: datetime | None


class PaymentView(msgspec.Struct, frozen=True, kw_only=True):
    """One payment at an acquirer. The buyer pays at `checkout` before `authorise_by`; what is `captured` counts for the order.

    `refunding` is on its way back; `refundable` can still go back the way it came. The exporter is settled by business days that all of
    `calendars` have: those of the policy `jurisdictions` for the buyer's and the exporter's country.
    """

    id: str
    version: int
    order_id: str
    acquirer_id: str
    method: str
    money: Money
    status: Status
    why: str | None
    checkout: str | None
    authorise_by: datetime
    authorised: Money
    captured: Money
    refunding: Money
    refunded: Money
    disputed: Money
    refundable: Money
    disputes: list[DisputeView]
    calendars: list[str]
    settlement_id: str | None
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]


def view(payment: AcquirerPayment, context: Context, actor: Actor, now: datetime) -> PaymentView:
    """Where to pay is the buyer's to know."""
    return view_of(
        PaymentView,
        payment,
        acquirer_id=payment.bank_id,
        checkout=payment.checkout if actor == "buyer" and payment.status == "requested" else None,
        **MACHINE.offer(payment, actor, context, now),
    )


class SettlementView(msgspec.Struct, frozen=True, kw_only=True):
    """What an exporter gets for a payment: `money`, for what was `released` of the order, less the `fee`. `is_rest`: for what was left of it.

    `kept_back` is what of the order waits while payouts are frozen (`reason`), for what `kept_for` names; it is looked at again at `due_at`.
    """

    id: str
    version: int
    order_id: str
    payment_id: str
    supplier_id: str
    acquirer_id: str
    status: settlements.Status
    money: Money
    released: Money
    fee: Money
    is_rest: bool
    kept_back: Money | None
    kept_for: list[KeptView]
    due_at: datetime | None
    settled_at: datetime | None
    reason: str | None
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]


def settlement_view(
    settlement: Settlement, context: settlements.Context, actor: settlements.Actor, now: datetime
) -> SettlementView:
    return view_of(
        SettlementView,
        settlement,
        acquirer_id=settlement.bank_id,
        released=Money.of(settlement.released_minor, settlement.buyer_currency),
        fee=Money.of(settlement.fee_minor, settlement.fee_currency),
        kept_back=Money.of(settlement.kept_minor, settlement.buyer_currency) if settlement.kept_minor else None,
        kept_for=[KeptView(**part) for part in settlement.exposure.kept_for] if settlement.exposure else [],
        allowed_actions=[],
        deadlines=settlements.MACHINE.deadlines(settlement, context),
    )
