"""Payments at an acquirer, to the unit: AC-1 to AC-6, K2, K4, K6, K10."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.acquiring.rules import handling, settlement
from chalicelib.acquiring.rules.disputes import ChargebackTooLate
from chalicelib.acquiring.rules.handling import RefundWindowOver
from chalicelib.acquiring.rules.payment import ENDS, AcquirerPayment
from chalicelib.acquiring.rules.timers import MACHINE
from chalicelib.acquiring.rules.transitions import TABLE, NothingDisputed, PaymentNotInThisStatus
from chalicelib.ledger.rules.chart import (
    ACQUIRING_COSTS,
    ADVANCES_RECEIVABLE,
    BANK_CLEARING,
    FX_DIFFERENCE,
    HELD,
    REFUNDS_PAYABLE,
    RETURNED_RECEIVABLE,
    SUSPENSE,
    UNALLOCATED,
)
from chalicelib.orders.rules.acquired import NothingDue, NotThatMuchRefundable
from chalicelib.orders.rules.claims import attach_claim, close_claim
from chalicelib.orders.rules.delivery import complete
from chalicelib.orders.rules.ending import end
from chalicelib.orders.rules.order import Claimed
from chalicelib.orders.rules.payments import OrderClosed, WrongCurrency
from chalicelib.shared.money import ReportedMoney
from chalicelib.shared.periods import business_date
from tests.acquiring.sale import (
    ACQUIRER,
    CALENDAR,
    LAPSES,
    ORDER,
    PLACED,
    POLICY,
    QUOTE_ENDS,
    SHIPPED,
    TERMS,
    Sale,
    captured,
    order_of,
)

MINUTE = timedelta(minutes=1)


def ended(status: str) -> AcquirerPayment:
    sale = Sale()
    if status == "failed":
        sale.fail()
    elif status == "cancelled":
        sale.cancelled()
    else:
        sale.take(next(MACHINE.overdue(sale.payment, sale.context, LAPSES)))
    return sale.payment


ENDED: dict[str, AcquirerPayment] = {status: ended(status) for status in ENDS}


class TestAuthorisation:
    def test_one_made_in_time_and_told_in_time_is_waited_for_as_long_as_it_lives(self) -> None:
        sale = Sale()
        sale.now = QUOTE_ENDS + MINUTE
        sale.authorise(at=QUOTE_ENDS - timedelta(seconds=10))
        assert (sale.payment.status, sale.order.status) == ("authorised", "agreed")
        assert (
            sale.order.pay_due_at == sale.payment.expires_at == QUOTE_ENDS - timedelta(seconds=10) + timedelta(days=7)
        )
        sale.capture()
        assert (sale.payment.status, sale.order.status) == ("captured", "funded")

    def test_one_made_too_late_is_cancelled_at_the_acquirer(self) -> None:
        sale = Sale()
        sale.now = QUOTE_ENDS + MINUTE
        late = sale.authorise(at=QUOTE_ENDS + timedelta(seconds=10))
        assert (sale.payment.status, sale.payment.why) == ("cancelled", "too_late")
        assert (late.event.kind, late.also) == ("acquirer_payment.authorised_late", ())
        assert sale.order.pay_due_at == LAPSES

    def test_one_made_in_time_and_told_too_late_revives_nothing_and_what_is_captured_goes_back_whole(self) -> None:
        sale = Sale()
        sale.now = LAPSES + MINUTE
        sale.authorise(at=QUOTE_ENDS - timedelta(seconds=10))
        assert sale.payment.status == "cancelled"
        change = sale.capture(at=QUOTE_ENDS - timedelta(seconds=5))
        assert isinstance(change.aside, OrderClosed)
        assert (sale.payment.status, sale.payment.refunding_minor) == ("captured", 66_119)
        assert (change.also, sale.booked, sale.payment.refundable_minor) == ((), [], 0)

    def test_without_any_it_expires_with_its_order(self) -> None:
        sale = Sale()
        assert MACHINE.next_due(sale.payment, sale.context) == LAPSES
        [change] = MACHINE.overdue(sale.payment, sale.context, LAPSES)
        assert (change.state.status, change.state.why) == ("expired", "not_authorised")

    def test_what_is_authorised_and_never_captured_funds_nothing_and_expires_on_its_seventh_day(self) -> None:
        sale = Sale(order_of(pays=8_000))
        sale.authorise()
        assert (sale.order.status, sale.order.funded_at) == ("agreed", None)
        assert list(MACHINE.overdue(sale.payment, sale.context, PLACED + timedelta(days=7) - MINUTE)) == []
        [change] = MACHINE.overdue(sale.payment, sale.context, PLACED + timedelta(days=7))
        assert (change.state.status, change.state.why) == ("expired", "not_captured")
        assert (change.event.kind, change.event.payload["why"]) == ("acquirer_payment.let_go", "not_captured")
        assert sale.order.pay_due_at == PLACED + timedelta(days=7)

    def test_another_currency_is_refused(self) -> None:
        sale = Sale()
        with pytest.raises(WrongCurrency):
            handling.minor_of(sale.payment, ReportedMoney("661.19", "USD"), "data.money")


class TestCapture:
    def test_it_is_booked_as_it_moved(self) -> None:
        less = captured(minor=50_000)
        assert (less.order.status, less.order.received_minor) == ("part_funded", 50_000)
        more = captured(minor=70_000)
        assert (more.order.status, more.balance(HELD), more.balance(UNALLOCATED)) == ("funded", 66_119, 3_881)
        assert more.balance(BANK_CLEARING, ACQUIRER) == -70_000

    def test_what_the_acquirer_keeps_of_it_is_the_houses_cost_and_stays_so(self) -> None:
        sale = Sale(policy=SHIPPED)
        sale.capture()
        kept = 397
        assert 66_119 * SHIPPED.method("wallet", "CNY").fee_bp / 10_000 == 396.714
        assert (sale.balance(BANK_CLEARING), sale.balance(HELD)) == (kept - 66_119, 66_119)
        sale.refund()
        assert sale.balance(ACQUIRING_COSTS, ACQUIRER) == -kept

    def test_several_partial_ones_add_up_and_fall_due_once(self) -> None:
        sale = captured(minor=40_000)
        first = sale.settlement
        sale.capture(26_119)
        assert (sale.order.status, sale.payment.captured_minor) == ("funded", 66_119)
        assert sale.settlement is first

    @pytest.mark.parametrize(
        ("occurred_at", "captured_at"),
        [
            (PLACED + MINUTE, PLACED + MINUTE),
            (PLACED - timedelta(days=1), PLACED),
            (PLACED + timedelta(days=9), PLACED + timedelta(days=1)),
        ],
        ids=["told the day after", "before the payment was begun", "in the future"],
    )
    def test_its_settlement_and_its_refunds_count_from_when_it_was_made(
        self, occurred_at: datetime, captured_at: datetime
    ) -> None:
        sale = Sale()
        sale.authorise()
        sale.now += timedelta(days=1)
        change = sale.capture(at=occurred_at)
        assert sale.settlement is not None
        assert sale.settlement.due_at == settlement.due_at(captured_at, POLICY.settlement_days, CALENDAR)
        assert sale.payment.captured_at == captured_at
        assert change.event.payload["captured_at"] == captured_at.isoformat()

    @pytest.mark.parametrize("status", sorted(ENDED))
    def test_after_an_end_it_goes_back_whole(self, status: str) -> None:
        sale = Sale()
        sale.payments[1] = ENDED[status]
        change = sale.capture()
        assert isinstance(change.aside, OrderClosed)
        assert (sale.payment.status, sale.payment.refunding_minor, change.also) == ("captured", 66_119, ())

    def test_a_late_failure_of_a_first_attempt_does_not_move_the_second(self) -> None:
        sale = Sale()
        second = sale.start()
        sale.authorise(number=second)
        sale.capture(number=second)
        sale.fail()
        assert (sale.payment.status, sale.payments[second].status) == ("failed", "captured")
        with pytest.raises(PaymentNotInThisStatus):
            sale.fail(number=second)

    def test_of_two_attempts_captured_one_funds_the_order_and_the_other_goes_back_whole(self) -> None:
        sale = captured()
        second = sale.start()
        change = sale.capture(number=second)
        assert isinstance(change.aside, NothingDue)
        assert (sale.payments[second].refunding_minor, sale.order.received_minor) == (66_119, 66_119)
        assert sale.balance(BANK_CLEARING) == -66_119

    def test_a_capture_is_known_by_the_acquirers_reference(self) -> None:
        effect = captured().changes[-1].effects[-1]
        assert effect.target == "bank#alipay#c-2"


class TestRefunds:
    def test_thirds_of_a_hundred_sum_up_exactly(self) -> None:
        sale = captured(pays=10_000)
        refunds = [sale.refund(3_333), sale.refund(3_333), sale.refund()]
        asked = [change.event.payment_orders[0].amount_minor for change in refunds]
        assert asked == [3_333, 3_333, 3_334]
        assert (sale.order.status, sale.order.why, sale.balance(HELD)) == ("refunded", "refunded_by_supplier", 0)
        assert sale.balance(REFUNDS_PAYABLE, ORDER) == 10_000
        assert {order.bank_ref for change in refunds for order in change.event.payment_orders} == {"C-2"}

    def test_no_more_is_refunded_than_was_captured(self) -> None:
        sale = captured(pays=8_000, minor=4_500)
        with pytest.raises(NotThatMuchRefundable) as error:
            sale.refund(5_000)
        assert error.value.numbers["refundable"].amount == "45.00"

    def test_one_under_way_is_reserved_and_one_that_failed_is_an_item(self) -> None:
        sale = captured(pays=4_500)
        sale.refund()
        assert (sale.payment.refundable_minor, sale.payment.refunding_minor) == (0, 4_500)
        sale.take(handling.refund_failed(sale.payment, "C-2", 4_500, "account_closed", sale.now))
        assert (sale.payment.refundable_minor, sale.payment.status) == (4_500, "captured")

    def test_when_the_acquirer_has_given_it_back_it_is_refunded_in_part_or_whole(self) -> None:
        sale = captured(pays=10_000)
        sale.refund(3_333)
        sale.take(handling.refund_settled(sale.payment, "C-2", 3_333, sale.now))
        assert (sale.payment.status, sale.payment.refundable_minor) == ("partly_refunded", 6_667)
        sale.take(handling.refund_ordered(sale.payment, 6_667, sale.now))
        sale.take(handling.refund_settled(sale.payment, "C-2", 6_667, sale.now))
        assert (sale.payment.status, sale.payment.refunding_minor) == ("refunded", 0)

    def test_of_a_capture_that_its_order_did_not_take_it_says_so(self) -> None:
        sale = captured()
        sale.capture()
        counted, aside = (
            sale.take(handling.refund_settled(sale.payment, capture.bank_ref, 66_119, sale.now)).event.payload
            for capture in sale.payment.captures
        )
        assert ("is_aside" in counted, aside["is_aside"]) == (False, True)

    @pytest.mark.parametrize(
        ("told_days", "refunded_days"), [(None, 3), (1, 1), (-1, 0), (9, 3)], ids=["none", "told", "before", "future"]
    )
    def test_it_came_back_on_the_day_its_bank_names(self, told_days: int | None, refunded_days: int) -> None:
        sale = captured()
        began = business_date(PLACED)
        named = None if told_days is None else began + timedelta(days=told_days)
        change = sale.take(handling.refund_settled(sale.payment, "C-2", 100, PLACED + timedelta(days=3), named))
        assert change.event.payload["refunded_on"] == (began + timedelta(days=refunded_days)).isoformat()

    def test_what_was_captured_above_what_is_due_is_on_its_way_back_with_the_last_refund(self) -> None:
        sale = captured(pays=10_000, minor=10_500)
        asked = sale.refund()
        assert sum(refund.amount_minor for refund in asked.event.payment_orders) == 10_500
        assert (sale.payment.refunding_minor, sale.payment.refundable_minor) == (10_500, 0)

    def test_after_a_year_nothing_goes_back_the_way_it_came(self) -> None:
        sale = captured()
        sale.now += timedelta(days=364)
        sale.refund(1)
        sale.now += timedelta(days=1)
        with pytest.raises(RefundWindowOver):
            sale.refund(1)

    def test_what_is_reserved_for_a_claim_is_not_refunded(self) -> None:
        sale = captured(pays=10_000)
        claimed = Claimed(claim_id="clm_1", reason="quality", lines=(1,), requested_minor=4_000)
        sale.order = attach_claim(sale.order, claimed, sale.now)
        with pytest.raises(NotThatMuchRefundable) as error:
            sale.refund(6_001)
        assert error.value.numbers["refundable"].amount == "60.00"
        sale.refund(6_000)
        assert sale.order.status == "funded"


class TestDisputes:
    def test_the_disputed_part_is_not_refunded_while_it_is_open(self) -> None:
        sale = captured(pays=10_000)
        sale.open(6_000)
        with pytest.raises(NotThatMuchRefundable) as error:
            sale.refund(5_000)
        assert error.value.numbers["refundable"].amount == "40.00"
        sale.refund(4_000)
        assert sale.payment.refundable_minor == 0

    def test_a_dispute_that_is_won_is_booked_the_other_way_round_and_can_be_refunded_again(self) -> None:
        sale = captured(pays=10_000)
        opened = sale.open(6_000)
        sale.refund(4_000)
        won = sale.decide("won")
        turned = {(leg.account, leg.owner_id, leg.credit_minor, leg.debit_minor) for leg in opened.event.postings}
        assert turned == {(leg.account, leg.owner_id, leg.debit_minor, leg.credit_minor) for leg in won.event.postings}
        assert (sale.payment.refundable_minor, sale.balance(HELD)) == (6_000, 6_000)
        sale.refund()
        assert (sale.order.status, sale.balance(REFUNDS_PAYABLE)) == ("refunded", 10_000)

    def test_of_an_order_that_has_ended_without_completion_what_comes_back_is_its_buyers(self) -> None:
        sale = captured(pays=10_000)
        sale.open(10_000)
        sale.order = replace(sale.order, status="refunded")
        won = sale.decide("won")
        assert [(order.kind, order.amount_minor) for order in won.event.payment_orders] == [("refund", 10_000)]
        assert (sale.payment.refunding_minor, sale.payment.refundable_minor) == (10_000, 0)
        assert (sale.balance(HELD), sale.balance(REFUNDS_PAYABLE)) == (0, 10_000)

    def test_a_dispute_that_is_won_while_the_order_goes_on_makes_its_part_refundable_again(self) -> None:
        sale = captured(pays=10_000)
        sale.open(6_000)
        sale.decide("won")
        assert (sale.payment.refundable_minor, sale.balance(HELD), sale.order.status) == (
            10_000,
            10_000,
            "funded",
        )
        assert [paid.returned_minor for paid in sale.order.payments] == [0]

    def test_a_dispute_that_is_lost_and_a_refund_come_to_what_was_captured(self) -> None:
        sale = captured(pays=10_000)
        sale.open(6_000)
        sale.refund(4_000)
        sale.decide("lost")
        assert (sale.balance(HELD), sale.balance(REFUNDS_PAYABLE)) == (0, 4_000)
        assert sale.balance(BANK_CLEARING) == -4_000

    def test_one_that_is_lost_after_release_is_the_suppliers_up_to_what_was_captured(self) -> None:
        sale = captured()
        sale.order = replace(sale.order, status="completed", released_minor=66_119, cover=None)
        sale.open(66_802)
        lost = sale.decide("lost", fee=ReportedMoney("15.00", "USD"))
        assert sale.balance(ADVANCES_RECEIVABLE, "mem_S") == -66_119
        assert (sale.balance(RETURNED_RECEIVABLE), sale.balance(FX_DIFFERENCE, ACQUIRER)) == (0, -683)
        assert sale.balance(ACQUIRING_COSTS, ACQUIRER, "USD") == -1_500
        assert sale.balance(BANK_CLEARING, ACQUIRER, "USD") == 1_500
        assert [each["amount_minor"] for each in lost.event.payload["advance"]] == [66_119]

    def test_what_an_acquirer_asks_for_a_dispute_is_the_suppliers_where_the_method_says_so(self) -> None:
        methods = tuple(replace(method, chargeback_fee_borne_by="supplier") for method in POLICY.methods)
        sale = captured(policy=replace(POLICY, methods=methods))
        sale.order = replace(sale.order, status="completed", released_minor=66_119, cover=None)
        opened = sale.open(66_119, fee=ReportedMoney("15.00", "USD"))
        lost = sale.decide("lost", fee=ReportedMoney("5.00", "USD"))
        asked = [*opened.event.payload["advance"], *lost.event.payload["advance"]]
        assert [(each["amount_minor"], each["currency"]) for each in asked] == [
            (1_500, "USD"),
            (66_119, "CNY"),
            (500, "USD"),
        ]
        assert len({(each["claim_id"], each["purpose"]) for each in asked}) == 3
        assert sale.balance(ADVANCES_RECEIVABLE, "mem_S", "USD") == -2_000
        assert (sale.balance(RETURNED_RECEIVABLE, currency="USD"), sale.balance(ACQUIRING_COSTS, currency="USD")) == (
            0,
            0,
        )

    def test_a_dispute_after_a_claim_was_paid_takes_nothing_of_the_order(self) -> None:
        sale = captured(pays=10_000)
        sale.claimed(10_000)
        opened = sale.open(10_000)
        assert sale.balance(RETURNED_RECEIVABLE, ORDER) == -10_000
        assert [order.kind for order in opened.event.payment_orders] == ["stop"]
        assert sale.order.claimable_minor == 0

    def test_a_stop_is_for_each_capture_by_which_a_refund_may_still_leave(self) -> None:
        """A payment is disputed as a whole; its refunds go back by its captures, the first first."""
        sale = Sale(order_of(pays=10_000))
        sale.authorise()
        for minor in (2_000, 3_000, 5_000):
            sale.capture(minor)
        first, *_ = sale.claimed(6_000)
        sale.left(first)
        opened = sale.open(9_000)
        assert [(stop.kind, stop.bank_ref, stop.amount_minor) for stop in opened.event.payment_orders] == [
            ("stop", "C-3", 3_000),
            ("stop", "C-4", 1_000),
        ]
        assert sale.payment.disputes[0].taken.twice_minor == 5_000

    @pytest.mark.parametrize("left", [0, 4_000, 10_000])
    def test_what_was_held_back_for_a_dispute_that_is_won_leaves_after_all(self, left: int) -> None:
        """What the buyer had by a refund it has still; what was held back, for its bank had given it, it has not."""
        sale = Sale(order_of(pays=10_000))
        sale.authorise()
        sale.capture(4_000)
        sale.capture(6_000)
        for refund in sale.claimed(10_000):
            if left >= refund.amount_minor:
                sale.left(refund)
                left -= refund.amount_minor
        in_flight = sale.payment.refunding_minor
        for stop in sale.open(10_000).event.payment_orders:
            sale.held_back(stop)
        assert (sale.payment.refunding_minor, sale.payment.stopped_minor) == (0, in_flight)
        won = sale.decide("won")
        refunds = won.event.payment_orders
        assert sum(refund.amount_minor for refund in refunds) == in_flight == sale.payment.refunding_minor
        assert (sale.balance(REFUNDS_PAYABLE, ORDER), sale.balance(RETURNED_RECEIVABLE)) == (in_flight, 0)
        for refund in refunds:
            sale.left(refund)
        assert (sale.payment.status, sale.payment.refunding_minor, sale.balance(BANK_CLEARING)) == ("refunded", 0, 0)
        assert (sale.balance(HELD), sale.balance(REFUNDS_PAYABLE), sale.balance(RETURNED_RECEIVABLE)) == (0, 0, 0)

    def test_what_is_held_back_only_after_the_dispute_was_won_leaves_at_once(self) -> None:
        """A stop may meet a refund late: until then its attempt had an unclear end."""
        sale = captured(pays=10_000)
        sale.claimed(10_000)
        [stop] = sale.open(10_000).event.payment_orders
        assert sale.decide("won").event.payment_orders == ()
        late = sale.held_back(stop)
        assert [(refund.kind, refund.amount_minor) for refund in late.event.payment_orders] == [("refund", 10_000)]
        assert (sale.balance(REFUNDS_PAYABLE, ORDER), sale.balance(RETURNED_RECEIVABLE)) == (10_000, 0)
        assert (sale.payment.refunding_minor, sale.payment.stopped_minor) == (10_000, 0)

    @pytest.mark.parametrize("status", ["funded", "completed", "refunded"])
    def test_what_a_won_dispute_brings_above_what_is_due_is_the_buyers(self, status: str) -> None:
        """Another payment took its place while it was open: the exporter gets the price once."""
        sale = Sale(order_of(pays=10_000))
        sale.authorise()
        other = sale.start()
        sale.authorise(number=other)
        sale.capture()
        sale.open(10_000)
        sale.capture(number=other)
        if status == "completed":
            done = complete(replace(sale.order, status="received"), TERMS, sale.now)
            sale.order, sale.booked = done.state, [*sale.booked, *done.event.postings]
        elif status == "refunded":
            done = end(sale.order, "cancel", "refunded", sale.now)
            sale.order, sale.booked = done.state, [*sale.booked, *done.event.postings]
        assert sale.order.status == status
        sale.decide("won")
        order = sale.order
        assert order.received_minor <= order.due_minor
        assert (order.held_minor, order.unallocated_minor) == (sale.balance(HELD), sale.balance(UNALLOCATED))
        exporters = sale.balance("settlements_due", ORDER) + order.held_minor
        assert exporters == (0 if status == "refunded" else 10_000)
        assert exporters + order.unallocated_minor + sale.balance(REFUNDS_PAYABLE, ORDER) == 20_000

    def test_what_a_won_dispute_brings_back_to_the_buyer_goes_by_whichever_payment_can_take_it(self) -> None:
        """The disputed payment has been refunded already, and another was captured above what was due."""
        sale = Sale(order_of(pays=10_000))
        sale.authorise()
        other = sale.start()
        sale.authorise(number=other)
        sale.capture(6_000)
        sale.capture(10_000, number=other)
        [refund] = sale.claimed(6_000)
        sale.left(refund)
        sale.open(6_000)
        sale.order = close_claim(sale.order, "clm_1", "paid", TERMS, sale.now).order
        done = complete(replace(sale.order, status="received"), TERMS, sale.now)
        sale.order, sale.booked = done.state, [*sale.booked, *done.event.postings]
        [back] = sale.decide("won").event.payment_orders
        assert (back.bank_ref, back.amount_minor) == (sale.payments[other].captures[0].bank_ref, 6_000)
        assert (sale.balance(UNALLOCATED), sale.balance(REFUNDS_PAYABLE, ORDER)) == (0, 6_000)

    def test_a_claim_after_a_dispute_can_be_paid_nothing(self) -> None:
        sale = captured(pays=10_000)
        sale.open(10_000)
        assert (sale.order.claimable_minor, sale.order.active_cover_minor) == (0, 0)
        sale.decide("lost")
        assert sale.order.claimable_minor == 0

    def test_each_is_opened_and_decided_once(self) -> None:
        sale = captured(pays=10_000)
        with pytest.raises(NothingDisputed):
            sale.decide("won")
        sale.open(1_000)
        with pytest.raises(NothingDisputed):
            sale.open(1_000)
        sale.decide("lost")
        with pytest.raises(NothingDisputed):
            sale.decide("won")

    def test_of_a_completed_order_what_comes_back_is_its_exporters(self) -> None:
        sale = captured(pays=10_000)
        sale.open(10_000)
        sale.order = replace(sale.order, status="completed")
        sale.decide("won")
        assert (sale.balance("settlements_due", ORDER), sale.order.released_minor) == (10_000, 10_000)


class TestDisputesOfWhatLiesAside:
    """A capture that its order did not take goes back to the buyer: a dispute about it stops that, so that it goes back once."""

    def twice(self) -> Sale:
        """Captured twice; the second is owed back as `bev_1`."""
        sale = captured()
        sale.capture()
        sale.give_back(1)
        return sale

    def of_item(self, sale: Sale) -> dict[str, int]:
        accounts = (SUSPENSE, REFUNDS_PAYABLE, RETURNED_RECEIVABLE)
        return {account: minor for account in accounts if (minor := sale.balance(account, "bev_1"))}

    def test_the_order_pays_first_and_the_rest_comes_of_what_lies_aside(self) -> None:
        sale = self.twice()
        opened = sale.open(70_000)
        dispute = sale.payment.disputes[0]
        assert (dispute.taken.total_minor, dispute.aside_minor, dispute.beyond_minor) == (66_119, 3_881, 0)
        assert [(each.kind, each.aggregate_id, each.amount_minor) for each in opened.event.payment_orders] == [
            ("stop", "bev_1", 3_881)
        ]
        assert (sale.payment.refunding_minor, sale.balance(FX_DIFFERENCE)) == (66_119 - 3_881, 0)

    def test_what_was_stopped_and_lost_has_gone_back_once(self) -> None:
        sale = self.twice()
        sale.open(2 * 66_119)
        sale.stopped(1, 66_119)
        sale.decide("lost")
        assert self.of_item(sale) == {}
        assert (sale.balance(BANK_CLEARING), sale.balance(FX_DIFFERENCE)) == (0, 0)
        assert (sale.payment.refunding_minor, sale.payment.refundable_minor) == (0, 0)

    def test_what_had_gone_before_it_could_be_stopped_is_owed_to_us(self) -> None:
        sale = self.twice()
        sale.refunded(1, 66_119)
        sale.open(2 * 66_119)
        assert self.of_item(sale) == {RETURNED_RECEIVABLE: -66_119}
        won = sale.decide("won")
        assert (self.of_item(sale), won.event.payment_orders) == ({}, ())
        assert sale.balance(BANK_CLEARING) == -66_119

    def test_what_was_stopped_and_won_goes_back_after_all(self) -> None:
        sale = self.twice()
        sale.open(2 * 66_119)
        sale.stopped(1, 66_119)
        won = sale.decide("won")
        assert [(each.kind, each.aggregate_id, each.amount_minor) for each in won.event.payment_orders] == [
            ("refund", "bev_1", 66_119)
        ]
        assert self.of_item(sale) == {REFUNDS_PAYABLE: 66_119}
        assert sale.payment.refunding_minor == 66_119
        sale.refunded(1, 66_119)
        assert (self.of_item(sale), sale.balance(BANK_CLEARING), sale.balance(HELD)) == ({}, -66_119, 66_119)

    def test_of_a_payment_that_its_order_never_took_all_of_a_dispute_is_of_it(self) -> None:
        sale = Sale()
        sale.cancelled()
        sale.capture()
        sale.give_back(1)
        sale.open(66_802)
        dispute = sale.payment.disputes[0]
        assert (dispute.aside_minor, dispute.beyond_minor) == (66_119, 683)
        sale.decide("won")
        assert self.of_item(sale) == {REFUNDS_PAYABLE: 2 * 66_119, RETURNED_RECEIVABLE: -66_119}
        sale.stopped(1, 66_119)
        assert (self.of_item(sale), sale.balance(FX_DIFFERENCE)) == ({REFUNDS_PAYABLE: 66_119}, 0)


def test_a_buyers_bank_has_as_long_as_the_method_says() -> None:
    last = PLACED + POLICY.method("wallet", "CNY").chargeback_window
    sale = captured(pays=10_000)
    sale.now = last - MINUTE
    sale.open(1_000)
    sale.now = last
    with pytest.raises(ChargebackTooLate):
        sale.open(1_000, ref="CB-2")


def test_a_capture_has_the_value_date_that_its_acquirer_names() -> None:
    sale = Sale()
    sale.authorise()
    sale.now += timedelta(days=3)
    sale.capture()
    [paid] = sale.order.payments
    assert (paid.value_date, paid.at) == (business_date(PLACED), sale.now)


def test_the_buyer_may_think_better_of_it_until_something_is_captured() -> None:
    sale = Sale()
    assert TABLE.offered(sale.payment, "buyer", sale.context, sale.now) == ["cancel"]
    change = sale.take(handling.cancel(sale.payment, sale.now))
    assert (sale.payment.status, change.event.kind) == ("cancelled", "acquirer_payment.let_go")
    assert TABLE.offered(captured().payment, "buyer", sale.context, sale.now) == []


def test_an_order_that_ends_lets_its_payments_go() -> None:
    sale = Sale()
    assert handling.order_ended(captured().payment, sale.now) is None
    change = handling.order_ended(sale.payment, sale.now)
    assert change is not None
    assert (change.state.status, change.state.why) == ("cancelled", "order_closed")
