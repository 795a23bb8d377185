"""Random stories of buyer, supplier, bank and clock around one order: after every step the books balance and nothing is lost.

The machine plays on the pure rules, with a model of the supplier's protection amount and of the accounts beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.orders.rules import agreement as orders_agreement
from chalicelib.orders.rules import amending as orders_amending
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules import delivery as orders_delivery
from chalicelib.orders.rules import payments as orders_payments
from chalicelib.orders.rules.claims import OrderPart, Payout
from chalicelib.orders.rules.order import (
    AWAITING_MONEY,
    ENDS,
    Claimed,
    Document,
    Order,
    Policy,
    Shipment,
    ShippedLine,
    Side,
)
from chalicelib.orders.rules.payments import PaymentReceived, PaymentReturned
from chalicelib.orders.rules.terms import ShipOn, Terms
from chalicelib.orders.rules.timers import MACHINE
from chalicelib.orders.rules.transitions import TABLE, OrderChange
from chalicelib.orders.views.requests import TermsRequest
from chalicelib.shared import journal, policies
from chalicelib.shared.errors import DomainError
from chalicelib.shared.fx import Quote
from chalicelib.shared.journal import Event
from tests.properties.cover import ModelOfCover
from tests.size import at_size

POLICY = policies.versions("protection")[0]
START = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
LIMIT = 2_000_000
COVERS = st.sampled_from(["none", "deposit", "total"])
SIDES = st.sampled_from(["buyer", "supplier"])
AMOUNTS = st.integers(1, 700_000)
DEPOSITS = st.just(150_000) | st.integers(1, 499_999)


class RandomOrder(ModelOfCover, RuleBasedStateMachine):
    """`accounts` holds debits less credits by (account, currency), summed from the postings of every step."""

    @initialize(
        cover=COVERS,
        deposit=DEPOSITS,
        fixed=st.booleans(),
        propose=st.sampled_from([True, True, False]),
        paid=st.sampled_from([None, None, 0, 499_999, 500_000, 600_000]),
    )
    def create(self, cover: str, deposit: int, fixed: bool, propose: bool, paid: int | None) -> None:
        """A draft or a proposal, or at once an agreement, paid in part or in whole."""
        self.now = START
        self.available, self.reserved, self.advanced = LIMIT, 0, 0
        self.claimed, self.highest_cover = 0, 0
        self.accounts: dict[tuple[str, str], int] = defaultdict(int)
        self.seq, self.refs = 0, 0
        self.received: list[tuple[str, int]] = []
        self.steps: list[OrderChange] = []
        made = orders_agreement.create(
            "ord_1",
            _terms(cover, deposit, fixed),
            side="buyer",
            buyer_id="mem_b",
            supplier_id="mem_s",
            policy=POLICY.hash,
            warning="",
            propose=propose or paid is not None,
            now=self.now,
        )
        self._take(made)
        if paid is not None:
            self.accept("supplier")
        if paid:
            self.bank_pays(paid, "USD", True)

    @rule(side=SIDES)
    def propose(self, side: Side) -> None:
        self._try(lambda order: orders_agreement.propose(order, side, self.now), "propose", side)

    @rule(side=SIDES, cover=COVERS, deposit=DEPOSITS, fixed=st.booleans(), quantity=st.integers(5, 20))
    def amend(self, side: Side, cover: str, deposit: int, fixed: bool, quantity: int) -> None:
        terms = _terms(cover, min(deposit, quantity * 50_000 - 1), fixed, quantity)

        def decide(order: Order) -> OrderChange:
            if order.status in AWAITING_MONEY:
                return orders_amending.request_terms_change(order, side, terms, self.policy, self.now)
            return orders_agreement.amend(order, side, terms, warning="", now=self.now)

        self._try(decide, "amend", side)

    @rule(side=SIDES, day=st.integers(1, 90))
    def ask_for_another_day(self, side: Side, day: int) -> None:
        ship_by = ShipOn(date=self.now.date() + timedelta(days=day), zone="UTC")
        self._try(
            lambda order: orders_agreement.request_ship_by_change(order, side, ship_by, self.policy, self.now),
            "amend",
            side,
        )

    @rule(side=SIDES)
    def accept(self, side: Side) -> None:
        covered = self.order.cover is None and self.order.terms_at_stake.cover != "none"
        quote = Quote("USD", "USD", "1", "2026-03", "test") if covered else None
        self._try(
            lambda order: orders_agreement.accept(
                order, side, order.version, policy=self.policy, policy_hash=POLICY.hash, quote=quote, now=self.now
            ),
            "accept",
            side,
        )

    @precondition(lambda self: len(getattr(self, "steps", ())) > 8)
    @rule(side=SIDES)
    def cancel(self, side: Side) -> None:
        self._try(lambda order: orders_agreement.cancel(order, side, "", self.now), "cancel", side)

    @rule(
        amount=AMOUNTS,
        currency=st.sampled_from(["USD", "USD", "USD", "EUR"]),
        designated=st.sampled_from([True, True, False]),
    )
    def bank_pays(self, amount: int, currency: str, designated: bool) -> None:
        self.refs += 1
        fact = PaymentReceived(
            bank_id="boc",
            bank_ref=f"R-{self.refs}",
            seq=self.seq + 1,
            account="TA",
            value_date=date(2026, 3, 2),
            amount_minor=amount,
            currency=currency,
        )
        if self._try(
            lambda order: orders_payments.apply(order, fact, designated=designated, policy=self.policy, now=self.now)
        ):
            self.seq += 1
            if currency == "USD":
                self.received.append((fact.bank_ref, amount))

    @precondition(lambda self: bool(getattr(self, "received", ())))
    @rule(data=st.data())
    def bank_takes_back(self, data: st.DataObject) -> None:
        ref, amount = data.draw(st.sampled_from(self.received))
        fact = PaymentReturned(
            bank_id="boc",
            bank_ref=ref,
            seq=self.seq + 1,
            amount_minor=data.draw(st.just(amount) | st.integers(1, amount)),
            currency="USD",
            reason="recalled",
            value_date=date(2026, 3, 3),
        )
        if self._try(
            lambda order: orders_payments.apply(order, fact, designated=True, policy=self.policy, now=self.now)
        ):
            self.seq += 1

    @rule(explicit=st.one_of(st.none(), st.integers(1, 500_000)))
    def accept_short(self, explicit: int | None) -> None:
        self._try(
            lambda order: orders_payments.accept_short(order, explicit, self.policy, self.now),
            "accept-short-payment",
            "supplier",
        )

    @rule(quantity=st.integers(1, 10))
    def ship(self, quantity: int) -> None:
        lines = (ShippedLine(line=1, quantity=quantity),)
        goods = Shipment(
            carrier="C",
            tracking_number="T",
            documents=(Document(kind="other", reference="D"),),
            lines=lines,
            at=self.now,
        )
        self._try(lambda order: orders_delivery.ship(order, goods, self.policy, self.now), "ship", "supplier")

    @rule(side=SIDES)
    def deliver(self, side: Side) -> None:
        self._try(lambda order: orders_delivery.deliver(order, side, "POD", self.policy, self.now), "deliver", side)

    @rule(side=SIDES)
    def extend(self, side: Side) -> None:
        self._try(lambda order: orders_delivery.extend(order, side, self.policy, self.now), "extend-receipt", side)

    @rule()
    def receive(self) -> None:
        self._try(lambda order: orders_delivery.receive(order, self.policy, self.now), "receive", "buyer")

    @rule(minor=st.one_of(st.none(), st.integers(1, 500_000)))
    def pay_out_early(self, minor: int | None) -> None:
        self._try(lambda order: orders_delivery.pay_out(order, minor, self.now), "early-payout", "supplier")

    @precondition(lambda self: bool(getattr(self, "steps", ())) and self.order.received_minor > 0)
    @rule(requested=AMOUNTS)
    def claim(self, requested: int) -> None:
        self._settle_due()
        if self.order.status in ENDS or self.order.cover is None or not self.order.ceiling_left_minor:
            return
        self.claimed += 1
        mark = Claimed(claim_id=f"clm_{self.claimed}", reason="other", lines=(1,), requested_minor=requested)
        self._affect(OrderPart(order=orders_claims.attach_claim(self.order, mark, self.now)))

    @precondition(lambda self: bool(getattr(self, "steps", ())) and self.order.holds > 0)
    @rule(data=st.data(), share=st.integers(1, 100))
    def claim_is_paid(self, data: st.DataObject, share: int) -> None:
        """Of what is payable so many hundredths, from the held money first, then from the supplier's balance, then advanced."""
        mark = data.draw(st.sampled_from(self.order.open_claims))
        order, cover = self.order, self.order.cover
        assert cover is not None
        most = min(mark.reserved_minor + order.ceiling_left_minor, order.refundable_minor, mark.requested_minor)
        due = most * share // 100
        if mark.paid_minor or not due:
            return
        held = min(due, order.held_minor)
        balance = min(due - held, -self.accounts["supplier_balance", "USD"])
        advance = due - held - balance
        used = min(due, cover.remaining_usd_minor)
        payout = Payout(
            held_minor=held,
            balance_minor=balance,
            advance_minor=advance,
            covered_minor=due,
            release_usd_minor=used - min(advance, used),
            advance_usd_minor=min(advance, used),
        )
        self._affect(orders_claims.pay(order, mark.claim_id, payout, self.now))

    @precondition(lambda self: bool(getattr(self, "steps", ())) and self.order.holds > 0)
    @rule(data=st.data())
    def claim_ends(self, data: st.DataObject) -> None:
        mark = data.draw(st.sampled_from(self.order.open_claims))
        self._affect(orders_claims.close_claim(self.order, mark.claim_id, "rejected", self.policy, self.now))

    @rule(days=st.sampled_from([0, 0, 0, 1, 1, 2, 5, 30, 70]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def books_balance(self) -> None:
        for step in self.steps:
            assert not journal.imbalance(step.event.postings)
            assert all(leg.debit_minor >= 0 and leg.credit_minor >= 0 for leg in step.event.postings)

    @invariant()
    def no_payment_gives_back_more_than_it_brought(self) -> None:
        data: dict[str, int] = defaultdict(int)
        for step in self.steps:
            for payment_order in step.event.payment_orders:
                data[payment_order.bank_ref] += payment_order.amount_minor if payment_order.kind == "refund" else 0
        brought = {paid.bank_ref: paid.amount_minor for paid in self.order.payments}
        assert all(minor <= brought[ref] for ref, minor in data.items())
        owed = -self.accounts["refunds_payable", "USD"]
        assert owed == sum(data.values())

    @invariant()
    def what_is_reserved_and_paid_is_within_the_cover(self) -> None:
        spent = sum(mark.paid_minor + mark.reserved_minor for mark in self.order.claims)
        assert self.order.charged_back_minor or spent <= max(self.order.active_cover_minor, self.highest_cover)
        self.highest_cover = max(self.highest_cover, self.order.active_cover_minor)

    @invariant()
    def the_limit_is_what_is_available_and_what_is_reserved(self) -> None:
        remaining = self.order.cover.remaining_usd_minor if self.order.cover else 0
        assert self.available + self.reserved + self.advanced == LIMIT
        assert self.reserved == remaining >= 0
        assert self.accounts["cover_reserved", "USD"] == self.reserved

    @invariant()
    def the_order_says_what_the_books_say(self) -> None:
        assert self.accounts["held", "USD"] == -self.order.held_minor
        assert self.accounts["unallocated", "USD"] == -self.order.unallocated_minor
        assert self.order.held_minor >= 0
        advanced = self.accounts["advances_receivable", "USD"] - self.order.charged_back_minor
        otherwise = self.order.refunded_otherwise_minor - advanced
        assert self.accounts["supplier_balance", "USD"] == -(self.order.released_minor - otherwise)

    @invariant()
    def cover_never_exceeds_what_was_received(self) -> None:
        assert 0 <= self.order.active_cover_minor <= max(0, self.order.received_minor)

    @invariant()
    def no_state_is_a_dead_end(self) -> None:
        stands = self.order.status in ENDS or self.order.holds > 0
        assert stands == (MACHINE.next_due(self.order, self.policy) is None)

    @invariant()
    def every_step_is_one_version(self) -> None:
        assert [step.state.version for step in self.steps] == list(range(1, len(self.steps) + 1))
        own = [step.state.seq for step in self.steps if step.event.kind != "claim"]
        assert own == list(range(1, len(own) + 1))

    @property
    def order(self) -> Order:
        return self.steps[-1].state

    @property
    def policy(self) -> Policy:
        return POLICY.read_as(Policy)

    def _try(self, decide: Callable[[Order], OrderChange], action: str = "", side: str = "") -> bool:
        """What fell due comes first; then what a side or a bank does, which table and rules may refuse: a refusal changes nothing."""
        self._settle_due()
        try:
            if action:
                TABLE.require(action, self.order, side, self.policy, self.now)
            self._take(decide(self.order))
        except DomainError:
            return False
        return True

    def _settle_due(self) -> None:
        for due in MACHINE.overdue(self.order, self.policy, self.now):
            self._take(due)

    def _affect(self, part: OrderPart) -> None:
        """What a claim's commit does to the order."""
        booked = tuple(leg for effect in part.effects for leg in effect.postings)
        event = Event("claim", {}, part.postings + booked, payment_orders=part.payment_orders)
        self._take(OrderChange(state=part.order, event=event, at=self.now, effects=part.effects))

    def _take(self, step: OrderChange) -> None:
        self.steps.append(step)
        self.move_cover(step.effects)
        for leg in step.event.postings:
            self.accounts[leg.account, leg.currency] += leg.debit_minor - leg.credit_minor

    def teardown(self) -> None:
        """Left alone, every order comes to an end."""
        if not getattr(self, "steps", None):
            return
        for mark in self.order.open_claims:
            self._affect(orders_claims.close_claim(self.order, mark.claim_id, "lapsed", self.policy, self.now))
        self.now += timedelta(days=2000)
        self._settle_due()
        assert self.order.status in ENDS
        assert self.order.held_minor == 0
        assert self.reserved == 0


def _terms(cover: str, deposit: int, fixed: bool, quantity: int = 10) -> Terms:
    usd = {"currency": "USD"}
    balance = quantity * 50_000 - deposit
    body = {
        "currency": "USD",
        "cover": cover,
        "items": [{"name": "Chair", "quantity": quantity, "unit_price": {"amount": "500.00", **usd}}],
        "instalments": [
            {"name": "deposit", "money": {"amount": f"{deposit // 100}.{deposit % 100:02d}", **usd}},
            {
                "name": "balance",
                "money": {"amount": f"{balance // 100}.{balance % 100:02d}", **usd},
            },
        ],
        "ship_by": {"kind": "fixed", "date": "2026-05-30", "zone": "Asia/Shanghai"}
        if fixed
        else {"kind": "after_payment", "days": 20, "payment": "full"},
    }
    return msgspec.convert(body, TermsRequest).terms("UTC")


TestRandomOrder = RandomOrder.TestCase
TestRandomOrder.settings = settings(max_examples=at_size(150, 40), stateful_step_count=40)
