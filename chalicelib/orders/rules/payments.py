"""What banks tell us: money received for an order, money charged back, and short payments the supplier puts up with.

Money counts for an order where it is in the order's currency, on a designated account, in time, under a reference of its own, and paid in a
way that the order's terms name: of a channel's order they may name card and wallet only. All other money is recorded on the order too and
says why it does not count; the change says why it is `aside`, and the slice above books it in suspense in the same commit: it raises no cover
and is never lost. What an officer allocates counts, or is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.banks.rules.protocol import SeqSpent, TooEarly
from chalicelib.banks.rules.suspense import ReferenceReused
from chalicelib.ledger.rules.chart import ADVANCES_RECEIVABLE, BANK_CLEARING, HELD, RETURNED_RECEIVABLE, UNALLOCATED
from chalicelib.orders.rules import order as rules
from chalicelib.orders.rules.reserves import shared_out
from chalicelib.orders.rules.terms import Instalment
from chalicelib.orders.rules.transitions import TABLE, OrderChange
from chalicelib.quotes.rules.methods import BANK_TRANSFER
from chalicelib.shared import bounds, money
from chalicelib.shared.errors import Conflict, DomainError, RuleViolation
from chalicelib.shared.journal import PaymentOrder, Posting, credit, debit
from chalicelib.shared.texts import say, term


class _Fact(msgspec.Struct, frozen=True, kw_only=True):
    bank_id: str
    bank_ref: str
    seq: int
    amount_minor: int
    currency: str
    value_date: date

    @property
    def is_allocated(self) -> bool:
        """Whether an officer says that it belongs to this order: it is outside the bank's numbering."""
        return self.seq == 0


class PaymentReceived(_Fact, frozen=True, kw_only=True):
    """A bank's notice that money arrived. `amount_minor` is what arrived; `fees_minor` what banks on the way kept.

    `reference` is what is known of the bank's reference: it was never booked, or as this very payment, or as something else.
    """

    account: str
    fees_minor: int = 0
    remitter: str = ""
    reference: Literal["new", "told_again", "reused"] = "new"


class PaymentReturned(_Fact, frozen=True, kw_only=True):
    """A bank's notice that it took a payment back, whole or in part. `bank_ref` is the payment's."""

    reason: str


BankFact = PaymentReceived | PaymentReturned


class OrderClosed(Conflict):
    code = "order_closed"
    title = "The order takes no money."
    fix = "Allocate it to another order, or give it back."


class WrongCurrency(RuleViolation):
    code = "wrong_currency"
    title = "The money is in another currency than the order."
    fix = "Allocate it to an order in its currency, or give it back."


class WrongAccount(RuleViolation):
    code = "wrong_account"
    title = "The money did not arrive on a designated account."
    fix = "Allocate it to the order where it is meant for it, or give it back."


class MethodNotAgreed(RuleViolation):
    code = "payment_method_not_agreed"
    title = "The order is not paid that way."
    fix = "Allocate it to an order that a bank pays, or give it back; this one is paid by one of `methods`."


class ReturnNotMatched(Conflict):
    code = "return_not_matched"
    title = "The order knows of no such payment that could be charged back."
    fix = "Name the order's payment, `bank_ref`, or claim it back: return."


class ShortfallTooLarge(RuleViolation):
    code = "shortfall_not_agreed"
    title = "That much is missing that it must be named."
    fix = "Send the shortfall you accept, exactly as it stands now."


class TakenBack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of what a bank took back: what had been paid too much, what was held, what the buyer has had refunded as well, what the supplier has had."""

    above_minor: int = 0
    held_minor: int = 0
    twice_minor: int = 0
    gone_minor: int = 0

    @classmethod
    def of(cls, order: rules.Order, minor: int) -> TakenBack:
        """First what was paid too much, then what is held; what has left already is owed to us."""
        above = min(order.unallocated_minor, minor)
        held = min(order.held_minor, minor - above)
        left = minor - above - held
        twice = min(left, max(0, minor - above - order.refundable_minor))
        return cls(above_minor=above, held_minor=held, twice_minor=twice, gone_minor=left - twice)

    @property
    def total_minor(self) -> int:
        return self.above_minor + self.held_minor + self.twice_minor + self.gone_minor

    def taken_of(self, order: rules.Order) -> rules.Order:
        return _with_figures(order, -self.above_minor, -self.held_minor, self.gone_minor)

    def given_again(self, order: rules.Order) -> rules.Order:
        return _with_figures(order, self.above_minor, self.held_minor, -self.gone_minor)

    def debits(self, order: rules.Order, *, is_final: bool = False) -> tuple[Posting, ...]:
        """What the supplier has had is an advance where it `is_final`, and else waits for what becomes of a dispute."""
        owed = ADVANCES_RECEIVABLE if is_final else RETURNED_RECEIVABLE
        return _real(debit(*whose, order.terms.currency, minor) for whose, minor in self._by_account(order, owed))

    def credits(self, order: rules.Order) -> tuple[Posting, ...]:
        by_account = self._by_account(order, RETURNED_RECEIVABLE)
        return _real(credit(*whose, order.terms.currency, minor) for whose, minor in by_account)

    def _by_account(self, order: rules.Order, owed: str) -> tuple[tuple[tuple[str, str], int], ...]:
        return (
            ((UNALLOCATED, order.id), self.above_minor),
            ((HELD, order.id), self.held_minor),
            ((RETURNED_RECEIVABLE, order.id), self.twice_minor),
            ((owed, order.supplier_id), self.gone_minor),
        )


def apply(order: rules.Order, fact: BankFact, *, designated: bool, policy: rules.Policy, now: datetime) -> OrderChange:
    """The order after a bank's fact. Facts of one bank about one order apply in the order of their `seq`, from 1 without gaps.

    A fact with `seq` 0 is outside the bank's numbering: an officer says that it belongs to this order. OrderClosed, WrongCurrency,
    MethodNotAgreed and ReturnNotMatched say why it cannot be.
    """
    seqs = _next_seqs(order, fact)
    if isinstance(fact, PaymentReturned):
        return _returned(order, fact, seqs, policy, now)
    return _received(order, fact, seqs, designated, now)


def accept_short(order: rules.Order, explicit_minor: int | None, policy: rules.Policy, now: datetime) -> OrderChange:
    """The supplier waives what is missing of the instalment being paid; the cap falls with it, surplus cover is released.

    Up to `short_tolerance_bp` of the instalment needs no more than the supplier's word; more must be named exactly.
    """
    instalment, missing = _being_paid(order)
    tolerated = instalment.amount_minor * policy.short_tolerance_bp // 10_000
    if missing > tolerated and explicit_minor != missing:
        currency = order.terms.currency
        raise ShortfallTooLarge(
            say(
                "{amount} {currency} are missing of {name}.",
                amount=money.grouped(missing, currency),
                currency=currency,
                name=instalment.name,
            ),
            param="shortfall",
            shortfall=money.Money.of(missing, currency),
            maximum=money.Money.of(tolerated, currency),
        )
    waived = replace(order, waivers=order.waivers | {instalment.name: order.waivers.get(instalment.name, 0) + missing})
    return settle(
        order,
        replace(waived, cover=_lowered(waived)),
        "accept-short-payment",
        now,
        event="short_payment_accepted",
        payload={"instalment": instalment.name, "waived_minor": missing},
    )


def _next_seqs(order: rules.Order, fact: BankFact) -> dict[str, int]:
    if fact.is_allocated:
        return order.bank_seqs
    expected = order.bank_seqs.get(fact.bank_id, 0) + 1
    if fact.seq > expected:
        raise TooEarly(expected, fact.seq)
    if fact.seq < expected:
        raise SeqSpent(
            say(
                "Event {seq} of {bank_id} has been applied; {expected} is next.",
                seq=fact.seq,
                bank_id=fact.bank_id,
                expected=expected,
            ),
            expected=expected,
        )
    return order.bank_seqs | {fact.bank_id: fact.seq}


def _received(
    order: rules.Order, fact: PaymentReceived, seqs: dict[str, int], designated: bool, now: datetime
) -> OrderChange:
    if fact.reference == "told_again":
        return TABLE.change(
            order,
            "payment.received",
            now,
            event="payment_noticed_again",
            bank_seqs=seqs,
            payload={"bank_ref": fact.bank_ref},
        )
    status, why = _counts(order, fact, designated)
    if fact.is_allocated and why:
        raise why
    receive = partial(settle, order, name="payment.received", now=now, payload=_facts_of(fact) | {"counts": status})
    others = _others(order, fact)
    try:
        bounds.must_have_room(others, rules.MOST_PAYMENTS, rules.TooManyPayments)
    except rules.TooManyPayments as full:
        if fact.is_allocated:
            raise
        return receive(state=replace(order, bank_seqs=seqs), event="payment_not_counted", aside=why or full)
    payment = rules.Payment(
        bank_id=fact.bank_id,
        bank_ref=fact.bank_ref,
        amount_minor=fact.amount_minor,
        currency=fact.currency,
        value_date=fact.value_date,
        at=now,
        status=status,
        fees_minor=fact.fees_minor,
    )
    noted = replace(order, bank_seqs=seqs, payments=(*others, payment))
    if why:
        return receive(state=noted, event="payment_not_counted", aside=why)
    arrived = debit(BANK_CLEARING, fact.bank_id, fact.currency, fact.amount_minor)
    taken = min(fact.amount_minor, order.due_minor - order.received_minor)
    above = fact.amount_minor - taken
    legs = (credit(HELD, order.id, fact.currency, taken), credit(UNALLOCATED, order.id, fact.currency, above))
    paid = replace(
        noted, received_minor=order.received_minor + taken, unallocated_minor=order.unallocated_minor + above
    )
    return receive(state=paid, event="payment_received", postings=(arrived, *_real(legs)))


def _returned(
    order: rules.Order, fact: PaymentReturned, seqs: dict[str, int], policy: rules.Policy, now: datetime
) -> OrderChange:
    """The bank takes money back: first what was paid too much, then what is held. What has left already is owed to us.

    Of that, what the buyer has had refunded as well is the buyer's to give back: refunds that have not left yet are stopped. The rest
    was released to the supplier, and a recovery asks for it. A return that matches no payment that counts is set aside.
    """
    facts = _facts_of(fact) | {"reason": fact.reason}
    take_back = partial(settle, order, name="payment.returned", now=now, payload=facts)
    gone = credit(BANK_CLEARING, fact.bank_id, fact.currency, fact.amount_minor)
    payment = _payment(order, fact)
    if payment is None:
        why = ReturnNotMatched(
            say(
                "{bank_ref!r:.100} of {bank_id} is no payment here of which so much is left.",
                bank_ref=fact.bank_ref,
                bank_id=fact.bank_id,
            ),
            param="bank_ref",
        )
        if fact.is_allocated:
            raise why
        return take_back(state=replace(order, bank_seqs=seqs), event="payment_return_not_matched", aside=why)
    lowered = replace(payment, returned_minor=payment.returned_minor + fact.amount_minor)
    noted = replace(
        order, bank_seqs=seqs, payments=tuple(lowered if paid is payment else paid for paid in order.payments)
    )
    if payment.status != "counted":
        why = ReturnNotMatched(say("{bank_ref!r:.100} did not count for the order.", bank_ref=fact.bank_ref))
        return take_back(state=noted, event="payment_returned", aside=why)
    taken = TakenBack.of(order, fact.amount_minor)
    back = taken.taken_of(noted)
    if order.status in rules.AWAITING_MONEY:
        back = replace(back, pay_due_at=order.may_pay_until(now + timedelta(hours=policy.respond_hours), now))
    stops = held_back(order, fact.bank_id, fact.bank_ref, taken.twice_minor)
    return take_back(
        state=back,
        event="payment_returned",
        postings=(*taken.debits(order, is_final=True), gone),
        payment_orders=stops,
        payload=facts | _owed_by_supplier(order, fact, taken),
    )


def _owed_by_supplier(order: rules.Order, fact: PaymentReturned, taken: TakenBack) -> dict[str, Any]:
    """What the platform has paid in its place. Each return of a payment is asked for by itself: a bank may return it in parts."""
    if not taken.gone_minor:
        return {}
    return {
        "advance": {
            "supplier_id": order.supplier_id,
            "order_id": order.id,
            "claim_id": order.id,
            "purpose": f"{fact.bank_id}:{fact.bank_ref}:{order.version + 1}",
            "amount_minor": taken.gone_minor,
            "currency": order.terms.currency,
            "usd_minor": 0,
        }
    }


def _with_figures(order: rules.Order, unallocated: int, received: int, charged_back: int) -> rules.Order:
    return replace(
        order,
        unallocated_minor=order.unallocated_minor + unallocated,
        received_minor=order.received_minor + received,
        charged_back_minor=order.charged_back_minor + charged_back,
    )


def _payment(order: rules.Order, fact: PaymentReturned) -> rules.Payment | None:
    """The payment under the bank's reference of which so much can be charged back: one that counts before one that does not.

    What an acquirer captured is taken back by disputes of its payment, which knows of them; nothing else may take it back.
    """
    payments = [
        paid
        for paid in order.payments
        if (paid.bank_id, paid.bank_ref, paid.currency) == (fact.bank_id, fact.bank_ref, fact.currency)
        and fact.amount_minor <= paid.amount_minor - paid.returned_minor
        and (paid.status == "counted" or not fact.is_allocated)
        and not paid.payment_id
    ]
    return min(payments, key=lambda paid: paid.status != "counted", default=None)


def _others(order: rules.Order, fact: PaymentReceived) -> tuple[rules.Payment, ...]:
    """The order's payments without the one that did not count and is allocated now."""
    if not fact.is_allocated:
        return order.payments
    same = (fact.bank_id, fact.bank_ref, fact.amount_minor, fact.currency)
    return tuple(
        paid
        for paid in order.payments
        if paid.status == "counted" or (paid.bank_id, paid.bank_ref, paid.amount_minor, paid.currency) != same
    )


def _facts_of(fact: BankFact) -> dict[str, Any]:
    return {"bank_ref": fact.bank_ref, "amount_minor": fact.amount_minor, "currency": fact.currency}


def _real(legs: Iterable[Posting]) -> tuple[Posting, ...]:
    """The legs that move something."""
    return tuple(leg for leg in legs if leg.debit_minor or leg.credit_minor)


def held_back(order: rules.Order, bank_id: str, bank_ref: str, minor: int) -> tuple[PaymentOrder, ...]:
    """Refunds of a payment that its bank has charged back must not leave as well."""
    if not minor:
        return ()
    stop = PaymentOrder(
        kind="stop",
        bank_id=bank_id,
        bank_ref=bank_ref,
        aggregate_id=order.id,
        currency=order.terms.currency,
        amount_minor=minor,
        party=order.buyer_id,
    )
    return (stop,)


def settle(was: rules.Order, state: rules.Order, name: str, now: datetime, **more: Any) -> OrderChange:
    """The change to an order whose money, or what is due of it, is another."""
    return TABLE.change(was, name, now, state=with_money(was, state, now), **more)


def with_money(was: rules.Order, state: rules.Order, now: datetime) -> rules.Order:
    """An order whose money, or what is due of it, is another: status, dates, cover and reserves follow from what it holds."""
    if was.status in rules.AWAITING_MONEY:
        status = state.funded_status
        state = replace(
            state,
            status=status,
            funded_at=(was.funded_at or now) if status == "funded" else None,
            paid_at=(was.paid_at or now) if state.received_minor >= state.due_minor else None,
        )
    if state.cover and state.cover.state == "reserved" and state.received_minor:
        state = replace(state, cover=replace(state.cover, state="active"))
    return shared_out(state)


def _counts(
    order: rules.Order, fact: PaymentReceived, designated: bool
) -> tuple[rules.PaymentStatus, DomainError | None]:
    """Whether money counts for the order, and else why it is set aside."""
    currency = order.terms.currency
    if fact.reference == "reused":
        return "reference_reused", ReferenceReused(
            say("{bank_ref!r:.100} of {bank_id} was booked before.", bank_ref=fact.bank_ref, bank_id=fact.bank_id)
        )
    if order.status in rules.ENDS or order.status in ("draft", "proposed"):
        return "order_closed", OrderClosed(
            say("The order is {status}.", status=term("status", order.status)), order_status=order.status
        )
    if fact.currency != currency:
        return "wrong_currency", WrongCurrency(say("The order is in {currency}.", currency=currency), currency=currency)
    if order.channel and BANK_TRANSFER not in order.channel.methods:
        return "method_not_agreed", MethodNotAgreed(
            say("Buyer and supplier agreed to {methods}.", methods=", ".join(order.channel.methods)),
            methods=order.channel.methods,
        )
    if not designated and not fact.is_allocated:
        return "wrong_account", WrongAccount(
            say("{account!r:.60} is not a designated account for {currency}.", account=fact.account, currency=currency)
        )
    return "counted", None


def _being_paid(order: rules.Order) -> tuple[Instalment, int]:
    """The first instalment that is not fully paid, and what is missing of it."""
    missing = ((part, order.due_of(part) - received) for part, received in rules.instalments_received(order))
    return next((part, minor) for part, minor in missing if minor)


def _lowered(waived: rules.Order) -> rules.Cover | None:
    """The cover after a waiver: no more than what is still to be received of what it covers."""
    cover = waived.cover
    if cover is None or cover.state == "released":
        return cover
    cap = min(cover.cap_minor, waived.deposit_due_minor if waived.terms.cover == "deposit" else waived.due_minor)
    paid = sum(claimed.paid_minor for claimed in waived.claims)
    most = cover.quote.convert(max(0, cap - paid), "up")
    return replace(cover, cap_minor=cap, remaining_usd_minor=min(cover.remaining_usd_minor, most))
