"""Orders of a channel and their payments as values, for tests of rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.acquiring.rules import disputes, handling
from chalicelib.acquiring.rules.events import Authorised, Cancelled, Captured, Decided, Failed, Opened
from chalicelib.acquiring.rules.payment import AcquirerPayment, Context, id_of
from chalicelib.acquiring.rules.settlement import Settlement, both
from chalicelib.acquiring.rules.transitions import PaymentChange
from chalicelib.ledger.rules.chart import BANK_CLEARING, REFUNDS_PAYABLE, RETURNED_RECEIVABLE, SUSPENSE
from chalicelib.orders.rules.channel_terms import ChannelLine, ChannelTerms
from chalicelib.orders.rules.claims import Payout, attach_claim, pay
from chalicelib.orders.rules.order import Claimed, Cover, Order
from chalicelib.orders.rules.order import Policy as OrderPolicy
from chalicelib.orders.rules.terms import Instalment, Item, ShipAfterPayment, Terms
from chalicelib.quotes.rules.amounts import amounts
from chalicelib.quotes.rules.methods import Policy
from chalicelib.shared import calendars, policies
from chalicelib.shared.fx import Quote
from chalicelib.shared.journal import PaymentOrder, Posting, imbalance, transfer
from chalicelib.shared.money import ReportedMoney, text

PLACED: Final = datetime(2026, 3, 2, 2, 10, tzinfo=UTC)
QUOTE_ENDS: Final = PLACED + timedelta(minutes=5)
LAPSES: Final = QUOTE_ENDS + timedelta(minutes=5)
ORDER: Final = "ord_01KJP3ZQ4GT5H2W8N6VXRD0BCE"
ACQUIRER: Final = "alipay"
METHODS: Final = policies.versions("payment-methods")[-1]
SHIPPED: Final = METHODS.read_as(Policy)
POLICY: Final = replace(SHIPPED, methods=tuple(replace(method, fee_bp=0) for method in SHIPPED.methods))
"""Acquirers keep nothing of a capture here: what they keep has a test of its own."""
TERMS: Final = policies.versions("protection")[-1].read_as(OrderPolicy)
CALENDAR: Final = both(calendars.calendar("CN"), calendars.calendar("CN"))


@dataclass(frozen=True)
class Deal:
    """A price and what a quote makes of it; K1's where nothing else is said."""

    price: int = 129_000
    rate: str = "0.0051"
    spread_bp: int = 50
    fee_bp: int = 250


K1: Final = Deal()


def order_of(price: int | None = None, pays: int | None = None, deal: Deal = K1) -> Order:
    """An order of a deal: agreed, its cover reserved, waiting for an authorisation. `pays`: so much in the buyer's currency, whatever the price."""
    price = deal.price if price is None else price
    quoted = amounts(price, "KRW", "CNY", "KRW", deal.rate, deal.spread_bp, deal.fee_bp)
    worth = quoted if pays is None else replace(quoted, buyer_minor=pays)
    terms = Terms(
        currency="CNY",
        items=(Item(line=1, name="Necklace", quantity=1, unit="piece", unit_price_minor=worth.buyer_minor),),
        instalments=(Instalment(name="total", amount_minor=worth.buyer_minor),),
        ship_by=ShipAfterPayment(days=3, payment="full"),
        cover="total",
        quality="post_delivery",
        transport="express",
        incoterm="DAP",
        category="jewellery",
    )
    channel = ChannelTerms(
        channel_id="chn_1",
        quote_id="qot_1",
        price_currency="KRW",
        price_minor=price,
        settlement_currency="KRW",
        rate=deal.rate,
        settlement_rate="1",
        spread_bp=deal.spread_bp,
        fee_bp=deal.fee_bp,
        amounts=worth,
        methods=("card", "wallet"),
        authorise_by=QUOTE_ENDS,
        lines=(ChannelLine(line=1, listing_id="lst_1", offer=1, step=1, price_minor=price),),
    )
    return Order(
        id=ORDER,
        buyer_id="mem_B",
        supplier_id="mem_S",
        created_by="buyer",
        proposed_by="supplier",
        status="agreed",
        version=1,
        seq=1,
        created_at=PLACED,
        updated_at=PLACED,
        asked_at=PLACED,
        agreed_at=PLACED,
        day_agreed_at=PLACED,
        pay_due_at=LAPSES,
        terms=terms,
        channel=channel,
        policy="",
        cover=Cover.of(worth.buyer_minor, Quote("CNY", "USD", "0.14", "2026-03", "test")),
    )


class Sale:
    """One order and its payments, and what all of it books."""

    def __init__(self, order: Order | None = None, policy: Policy = POLICY) -> None:
        self.policy = policy
        self.order = order or order_of()
        self.now = PLACED
        self.payments: dict[int, AcquirerPayment] = {}
        self.settlement: Settlement | None = None
        self.changes: list[PaymentChange] = []
        self.booked: list[Posting] = []
        self.refs = self.items = 0
        self.start()

    def start(self) -> int:
        number = len(self.payments) + 1
        assert self.order.channel is not None
        self.payments[number] = AcquirerPayment(
            id=id_of(ORDER, number),
            order_id=ORDER,
            channel_id="chn_1",
            buyer_id="mem_B",
            supplier_id="mem_S",
            bank_id=ACQUIRER,
            method="wallet",
            currency="CNY",
            amount_minor=self.order.due_minor,
            status="requested",
            version=1,
            seq=1,
            created_at=self.now,
            updated_at=self.now,
            policy=METHODS.hash,
            checkout="https://checkout.example/1",
            calendars=("CN", "CN"),
            authorise_by=self.order.channel.authorise_by,
            expires_at=self.order.pay_due_at,
        )
        return number

    @property
    def payment(self) -> AcquirerPayment:
        return self.payments[1]

    @property
    def context(self) -> Context:
        return Context(order=self.order, terms=TERMS, policy=self.policy, calendar=CALENDAR)

    def take(self, change: PaymentChange | None, number: int = 1) -> PaymentChange:
        """What a commit does with a change: its postings balance, its order is the next one."""
        assert change is not None
        assert imbalance(change.event.postings) == {}
        self.payments[number] = change.state
        for other in change.also:
            if isinstance(other, Order):
                self.order = other
            if isinstance(other, Settlement):
                self.settlement = other
        self.changes.append(change)
        self.booked += change.event.postings
        return change

    def authorise(self, at: datetime | None = None, minor: int | None = None, number: int = 1) -> PaymentChange:
        event = Authorised(money=self.money(minor), **self._told(at))
        return self.take(handling.authorised(self.payments[number], self.context, event, ACQUIRER, self.now), number)

    def capture(self, minor: int | None = None, number: int = 1, at: datetime | None = None) -> PaymentChange:
        event = Captured(money=self.money(minor), **self._told(at))
        change = handling.captured(self.payments[number], self.context, event, ACQUIRER, self.now)
        if change.aside:
            self.items += 1
            change = replace(change, state=handling.in_suspense(change.state, f"bev_{self.items}"))
        return self.take(change, number)

    def give_back(self, item: int) -> None:
        """What the inbox books of a capture that its order did not take: it came into suspense, and is owed back."""
        capture = next(each for each in self.payment.captures if each.event_id == f"bev_{item}")
        name, minor = capture.event_id, capture.amount_minor
        self.booked += transfer(minor, "CNY", debit_to=(BANK_CLEARING, ACQUIRER), credit_to=(SUSPENSE, name))
        self.booked += transfer(minor, "CNY", debit_to=(SUSPENSE, name), credit_to=(REFUNDS_PAYABLE, name))

    def refunded(self, item: int, minor: int) -> PaymentChange:
        """The acquirer has given so much of it back."""
        capture = next(each for each in self.payment.captures if each.event_id == f"bev_{item}")
        owed = (REFUNDS_PAYABLE, capture.event_id)
        self.booked += transfer(minor, "CNY", debit_to=owed, credit_to=(BANK_CLEARING, ACQUIRER))
        return self.take(handling.refund_settled(self.payment, capture.bank_ref, minor, self.now))

    def stopped(self, item: int, minor: int) -> None:
        """So much of its refund could be held back."""
        name = f"bev_{item}"
        self.booked += transfer(minor, "CNY", debit_to=(REFUNDS_PAYABLE, name), credit_to=(RETURNED_RECEIVABLE, name))

    def claimed(self, minor: int) -> tuple[PaymentOrder, ...]:
        """A claim was paid so much of what is held: its refunds, which the payment reserves."""
        claimed = Claimed(claim_id="clm_1", reason="quality", lines=(1,), requested_minor=minor)
        self.order = attach_claim(self.order, claimed, self.now)
        paid = pay(self.order, "clm_1", Payout(held_minor=minor, covered_minor=minor), self.now)
        self.order, self.booked = paid.order, [*self.booked, *paid.postings]
        self.take(handling.refund_ordered(self.payment, minor, self.now))
        return paid.payment_orders

    def left(self, refund: PaymentOrder) -> PaymentChange:
        """A refund of the order has reached the buyer."""
        owed, minor = (REFUNDS_PAYABLE, refund.aggregate_id), refund.amount_minor
        self.booked += transfer(minor, "CNY", debit_to=owed, credit_to=(BANK_CLEARING, ACQUIRER))
        return self.take(handling.refund_settled(self.payment, refund.bank_ref, minor, self.now))

    def held_back(self, stop: PaymentOrder, minor: int | None = None) -> PaymentChange:
        """A stop met a refund of the order that had not left."""
        name, held = stop.aggregate_id, stop.amount_minor if minor is None else minor
        self.booked += transfer(held, "CNY", debit_to=(REFUNDS_PAYABLE, name), credit_to=(RETURNED_RECEIVABLE, name))
        return self.take(handling.refund_stopped(self.payment, self.order, stop.bank_ref, held, self.now))

    def fail(self, number: int = 1) -> PaymentChange:
        event = Failed(reason="insufficient_funds", **self._told(None))
        return self.take(handling.failed(self.payments[number], self.context, event, ACQUIRER, self.now), number)

    def cancelled(self) -> PaymentChange:
        event = Cancelled(**self._told(None))
        return self.take(handling.cancelled(self.payment, self.context, event, ACQUIRER, self.now))

    def refund(self, minor: int | None = None) -> PaymentChange:
        return self.take(handling.refund(self.payment, self.context, minor, "supplier", self.now))

    def open(self, minor: int, ref: str = "CB-1", fee: ReportedMoney | None = None) -> PaymentChange:
        event = Opened(money=self.money(minor), chargeback_ref=ref, fee=fee, **self._told(None))
        return self.take(disputes.disputed(self.payment, self.context, event, ACQUIRER, self.now))

    def decide(self, outcome: str, ref: str = "CB-1", fee: ReportedMoney | None = None) -> PaymentChange:
        event = Decided(chargeback_ref=ref, fee=fee, **self._told(None))
        rule = disputes.won if outcome == "won" else disputes.lost
        return self.take(rule(self.payment, self.context, event, ACQUIRER, self.now))

    def money(self, minor: int | None) -> ReportedMoney:
        return ReportedMoney(text(self.order.due_minor if minor is None else minor, "CNY"), "CNY")

    def balance(self, account: str, owner: str | None = None, currency: str = "CNY") -> int:
        """Credits less debits of an account."""
        return sum(
            leg.credit_minor - leg.debit_minor
            for leg in self.booked
            if leg.account == account and leg.currency == currency and owner in (None, leg.owner_id)
        )

    def _told(self, at: datetime | None) -> dict[str, Any]:
        self.refs += 1
        return {
            "payment_id": self.payment.id,
            "bank_ref": f"C-{self.refs}",
            "seq": self.refs,
            "occurred_at": at or self.now,
            "business_date": date(2026, 3, 2),
        }


def captured(pays: int | None = None, minor: int | None = None, policy: Policy = POLICY) -> Sale:
    """Authorised and captured in time."""
    sale = Sale(order_of(pays=pays), policy)
    sale.authorise()
    sale.capture(minor)
    return sale


def at_once(sale: Sale, **fields: Any) -> Sale:
    """The order further on."""
    sale.order = replace(sale.order, **fields)
    return sale
