"""What buyers, suppliers and officers do with card and wallet payments. One read and one transaction each."""

from __future__ import annotations

from itertools import islice

from chalicelib.acquiring import records
from chalicelib.acquiring.aggregate import ACQUIRER_PAYMENTS, context_of
from chalicelib.acquiring.rules import handling
from chalicelib.acquiring.rules.payment import AcquirerPayment, Actor, Context, id_of
from chalicelib.acquiring.rules.starting import MOST_OF_ORDER, TooManyPayments, must_be_payable
from chalicelib.acquiring.rules.transitions import PaymentChange
from chalicelib.acquiring.views.requests import PaymentRequest, RefundRequest
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.channels.service import reading as channels_reading
from chalicelib.members import service as members
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules.order import Order
from chalicelib.quotes.rules.methods import Policy
from chalicelib.shared import calendars, policies
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotAllowed
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.suppliers.service import jurisdictions


def start(order_id: str, body: PaymentRequest, request: RequestContext) -> StoredResponse:
    """The buyer pays an order by card or wallet: it is told where. The acquirer hears of it as `payment.requested`."""
    loaded, actor = ORDERS.read(order_id, request)
    if actor != "buyer":
        raise NotAllowed(say("Only the buyer may do this."), fix=say("Choose one of allowed_actions."))
    order, now = loaded.state, request.now
    in_force = policies.in_force("payment-methods", business_date(now))
    method = must_be_payable(order, body.method, in_force.read_as(Policy), now)
    number = 1 + sum(1 for _ in islice(records.payments_of(order_id), MOST_OF_ORDER))
    must_have_room(number - 1, MOST_OF_ORDER, TooManyPayments)
    acquirer = banks_inbox.policy(now).acquirer(method.acquirer_id)
    assert acquirer is not None, f"{method.id} has an acquirer of the policy `banks`"
    assert order.channel is not None, "just found payable"
    payment_id = id_of(order_id, number)
    payment = AcquirerPayment(
        id=payment_id,
        order_id=order_id,
        channel_id=order.channel.channel_id,
        buyer_id=order.buyer_id,
        supplier_id=order.supplier_id,
        bank_id=acquirer.id,
        method=method.id,
        currency=order.terms.currency,
        amount_minor=order.due_minor - order.received_minor,
        status="requested",
        version=1,
        seq=1,
        created_at=now,
        updated_at=now,
        policy=in_force.hash,
        checkout=acquirer.checkout_of(payment_id),
        calendars=_calendars(order, request),
        authorise_by=order.channel.authorise_by,
        expires_at=order.pay_due_at,
    )
    return ACQUIRER_PAYMENTS.create(handling.requested(payment), context_of(payment, order), request, "buyer")


def cancel(payment_id: str, request: RequestContext) -> StoredResponse:
    return ACQUIRER_PAYMENTS.execute(
        payment_id, request, "cancel", lambda was, context, actor: handling.cancel(was, request.now)
    )


def refund(payment_id: str, body: RefundRequest, request: RequestContext) -> StoredResponse:
    def decide(was: AcquirerPayment, context: Context, actor: Actor) -> PaymentChange:
        minor = handling.minor_of(was, body.money, "money") if body.money else None
        return handling.refund(was, context, minor, actor, request.now)

    return ACQUIRER_PAYMENTS.execute(payment_id, request, "refund", decide)


def _calendars(order: Order, request: RequestContext) -> tuple[str, str]:
    """Those that count for the buyer's and the exporter's country, as the policy `jurisdictions` says; where one is not kept, that of the other."""
    assert order.channel is not None, f"{order.id} is no channel's"
    channel = channels_reading.load(order.channel.channel_id, request.now)
    buyer = members.known([order.buyer_id]).get(order.buyer_id)
    policy = jurisdictions.in_force(request.now)
    named = [policy.calendar_of(each.country) for each in (channel, buyer) if each is not None]
    kept = [name for name in named if name in calendars.known_until()] or ["CN"]
    return kept[-1], kept[0]
