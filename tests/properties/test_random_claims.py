"""Random disputes: buyer, supplier, officers, a bank on a bad line and the clock around one order. After every step the books
balance, nobody is paid twice or beyond what came in, and nothing is stuck; left alone, everything comes to an end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from chalicelib.banks.rules.instruction import StatusReport
from chalicelib.claims.rules import cases, eligibility
from chalicelib.claims.rules.claim import ENDS, Claim, File, OfficerDecision
from chalicelib.claims.rules.reasons import REASONS, Reason
from chalicelib.claims.rules.timers import MACHINE
from chalicelib.claims.rules.transitions import TABLE, Actor
from chalicelib.ledger.rules.chart import (
    ADVANCES_RECEIVABLE,
    COVER_ADVANCED,
    COVER_RESERVED,
    HELD,
    INSPECTION_ESCROW,
    PAYOUTS_PAYABLE,
    REFUNDS_PAYABLE,
    SUPPLIER_BALANCE,
)
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules import delivery as orders_delivery
from chalicelib.orders.rules import order as orders_order
from chalicelib.orders.rules import payments as orders_payments
from chalicelib.orders.rules.order import Order
from chalicelib.orders.rules.payments import PaymentReturned
from chalicelib.orders.rules.transitions import TABLE as ORDERS_TABLE
from chalicelib.orders.rules.transitions import OrderChange
from chalicelib.shared.errors import DomainError
from chalicelib.shared.journal import transfer
from tests.claims.playing import ACTS
from tests.claims.rules.given import POLICY, TERMS_POLICY
from tests.properties.disputed import LIMIT, Disputed, order_in
from tests.size import at_size

ACTORS: tuple[Actor, ...] = ("buyer", "supplier", "officer")
CODES = ("photos", "measurable_term", "correspondence", "transport_document")
KINDS = st.sampled_from(["full", "partial", "discount", "return_and_refund", "replace", "none"])
OFFICERS = ("officer-a", "officer-b", "officer-c")
MINOR = st.integers(1, 520_000)
BROUGHT = {"R-1": 150_000, "R-2": 350_000}

BEGINNING: Final[dict[str, Any]] = {
    "currency": st.sampled_from([("USD", "1"), ("CNY", "0.1437"), ("EUR", "1.0833")]),
    "cap": st.sampled_from([150_000, 500_000]),
    "early": st.sampled_from([0, 1, 80_000, 500_000, 500_000]),
    "drawn": st.sampled_from([0, 50, 100]),
    "reason": st.sampled_from(["wrong_item", "quality_mismatch", "damaged_in_transit"]),
    "minor": MINOR,
}


class RandomClaims(RuleBasedStateMachine):
    @initialize(**BEGINNING)
    def begin(self, **given: Any) -> None:
        self._begin(**given)

    def _begin(self, currency: tuple[str, str], cap: int, early: int, drawn: int, reason: Reason, minor: int) -> None:
        """Received; the supplier had some of it before, and took some of that to its bank; then the buyer claims."""
        self.play = Disputed(order_in(*currency, cap))
        self.seq = 0
        self.reversed = dict.fromkeys(BROUGHT, 0)
        if early:
            self.pay_out_early(min(early, cap))
            self.supplier_takes_its_money(drawn)
        self.receive()
        self.file(reason, minor, ())

    @rule(reason=st.sampled_from(REASONS), minor=MINOR, line=st.sampled_from([(), (1,), (2,)]))
    def file(self, reason: Reason, minor: int, line: tuple[int, ...]) -> None:
        play = self.play
        play.settle_due()
        going_on = orders_claims.resume_timers(play.order, TERMS_POLICY, play.now)
        if eligibility.why_not(reason, going_on, TERMS_POLICY, POLICY, play.now) is None:
            self._try(lambda: play.file(reason, minor, line))

    @rule(data=st.data())
    def somebody_does_what_is_drawn(self, data: st.DataObject) -> None:
        claim = self._any(data)
        if claim is None:
            return
        drawn = [
            (who, action)
            for who in ACTORS
            for action in TABLE.allowed(claim, who, self.play.context, self.play.now)
            if action not in ("withdraw", "settle", "edit")
        ]
        if drawn:
            who, action = data.draw(st.sampled_from(drawn), "move")
            self._do(data, action, who)

    @rule(data=st.data(), who=st.sampled_from(ACTORS), action=st.sampled_from(sorted(ACTS)))
    def somebody_does_anything(self, data: st.DataObject, who: Any, action: str) -> None:
        if self._any(data) and who in TABLE.actors(action):
            self._do(data, action, who)

    @rule(data=st.data())
    def an_officer_is_called(self, data: st.DataObject) -> None:
        """All at once, so that many stories come as far as to an officer."""
        if self._any(data):
            self._try(lambda: self.play.act("offer", "supplier", kind="none", minor=0))
            self._try(lambda: self.play.act("escalate", "buyer"))
            self._try(lambda: self.play.act("open-evidence", "officer"))

    @rule(data=st.data())
    def evidence_is_complete(self, data: st.DataObject) -> None:
        if self._any(data):
            self._try(lambda: self.play.act("complete-evidence", "buyer"))
            self._try(lambda: self.play.act("complete-evidence", "supplier"))

    @rule(data=st.data())
    def goods_are_inspected(self, data: st.DataObject) -> None:
        if self._any(data) and self._try(lambda: self.play.act("inspection", "officer")):
            self.play.pay_fee()
            if data.draw(st.booleans(), "in time"):
                self._try(lambda: self.play.act("inspection-report", "officer"))

    @rule(data=st.data())
    def both_sign(self, data: st.DataObject) -> None:
        """The same settlement, one after the other."""
        if self._any(data):
            more = self._terms(data)
            for side in data.draw(st.permutations(ACTORS[:2]), "order"):
                self._try(partial(self.play.act, "settle", side, **more))

    @rule(data=st.data())
    def files_arrive_and_are_handed_in(self, data: st.DataObject) -> None:
        claim = self._any(data)
        for file in claim.files if claim and claim.status not in ENDS else ():
            if file.status == "awaited":
                self.play.arrive(file)
            if file.status == "staged":
                self._hand_in(file)

    @rule(data=st.data())
    def an_officer_determines(self, data: st.DataObject) -> None:
        if self._any(data):
            self._decide(data, "determine")

    @rule(data=st.data())
    def an_appeal_is_decided(self, data: st.DataObject) -> None:
        if self._any(data):
            self._decide(data, "decide-appeal")

    @rule(data=st.data(), sides=st.permutations(ACTORS[:2]), both=st.booleans())
    def a_side_appeals_with_new_evidence(self, data: st.DataObject, sides: list[Any], both: bool) -> None:
        """The supplier perhaps concedes a part, or more than there is to concede; then perhaps the other side appeals too."""
        if self._any(data):
            for side in sides[: 1 + both]:
                self._hand_over(side, "correspondence")
                self._try(partial(self.play.act, "appeal", side, concedes=self._conceded(data, side)))

    def _hand_over(self, side: Actor, code: str) -> None:
        """Announced, arrived and handed in."""
        if self._try(partial(self.play.act, "add-evidence", side, code=code)):
            self.play.arrive(self.play.claim.files[-1])
            self._hand_in(self.play.claim.files[-1])

    def _conceded(self, data: st.DataObject, side: Actor) -> int:
        decision = self.play.claim.decision
        most = decision.verdict.approved_minor if decision else 1
        shares = [0, 1, 30, 100, 101] if side == "supplier" else [0, 0, 1]
        return -(-most * data.draw(st.sampled_from(shares), "conceded") // 100)

    def _hand_in(self, file: File) -> None:
        self._try(lambda: self.play.submit(file))

    @rule(data=st.data())
    def bank_tells_of_the_fee(self, data: st.DataObject) -> None:
        claim = self._any(data)
        if claim and claim.status == "inspection" and claim.inspections[-1].paid_at is None:
            self.play.pay_fee()

    def _do(self, data: st.DataObject, action: str, who: Any) -> None:
        if action in ("determine", "decide-appeal"):
            self._decide(data, action)
            return
        more: dict[str, Any] = {}
        if action in ("offer", "settle"):
            more = self._terms(data)
        elif action == "acknowledge-return":
            more = {"condition": data.draw(st.sampled_from(["received", "received", "damaged"]), "condition")}
        elif action == "add-evidence":
            more = {"code": data.draw(st.sampled_from(CODES), "code")}
        elif action == "appeal":
            more = {"concedes": self._conceded(data, who)}
        self._try(lambda: self.play.act(action, who, **more))

    def _terms(self, data: st.DataObject) -> dict[str, Any]:
        kind = data.draw(KINDS, "kind")
        asked = self.play.claim.requested_minor
        share = data.draw(st.integers(1, 100), "interim_payment")
        return {
            "kind": kind,
            "minor": 0 if kind in ("replace", "none") else asked if kind == "full" else max(1, asked * share // 100),
        }

    def _decide(self, data: st.DataObject, action: str) -> None:
        """As drafted, or so many hundredths of what can be approved; by two officers where it takes two."""
        share = data.draw(st.one_of(st.none(), st.integers(0, 100)), "interim_payment")
        ruling = self.play.drafted() if share is None else self._ruling(share)
        for name in data.draw(st.permutations(OFFICERS), "officers")[:2]:
            self._try(partial(self._rule, action, name, ruling))

    def _rule(self, action: str, officer: str, ruling: OfficerDecision) -> Claim:
        play = self.play
        TABLE.require(action, play.claim, "officer", play.context, play.now)
        return play.take((play.ruled if action == "determine" else play.appeal_ruled)(ruling, officer))

    # the order and its bank

    @rule()
    def receive(self) -> None:
        self._own(lambda order: orders_delivery.receive(order, TERMS_POLICY, self.play.now), "receive", "buyer")

    @rule(minor=st.one_of(st.none(), st.integers(1, 500_000)))
    def pay_out_early(self, minor: int | None) -> None:
        self._own(lambda order: orders_delivery.pay_out(order, minor, self.play.now), "early-payout", "supplier")

    @rule(share=st.integers(1, 100))
    def supplier_takes_its_money(self, share: int) -> None:
        minor = -self.play.accounts[SUPPLIER_BALANCE, "mem_s"] * share // 100
        legs = transfer(
            minor,
            self.play.order.terms.currency,
            debit_to=(SUPPLIER_BALANCE, "mem_s"),
            credit_to=(PAYOUTS_PAYABLE, "mem_s"),
        )
        self.play.book(legs)

    @rule(data=st.data(), ref=st.sampled_from(sorted(BROUGHT)))
    def bank_takes_back(self, data: st.DataObject, ref: str) -> None:
        left = BROUGHT[ref] - self.reversed[ref]
        if not left:
            return
        minor = data.draw(st.one_of(st.just(left), st.integers(1, left)), "charged back")
        fact = PaymentReturned(
            bank_id="boc",
            bank_ref=ref,
            seq=self.seq + 1,
            amount_minor=minor,
            currency=self.play.order.terms.currency,
            reason="recalled",
            value_date=date(2026, 3, 3),
        )
        if self._own(
            lambda order: orders_payments.apply(order, fact, designated=True, policy=TERMS_POLICY, now=self.play.now)
        ):
            self.seq += 1
            self.reversed[ref] += minor

    @precondition(lambda self: hasattr(self, "play") and self.play.ready())
    @rule(data=st.data())
    def refund_leaves(self, data: st.DataObject) -> None:
        self.play.send(data.draw(st.sampled_from(self.play.ready()), "sent"))

    @precondition(lambda self: hasattr(self, "play") and self.play.under_way())
    @rule(
        data=st.data(),
        outcome=st.sampled_from(["settled", "settled", "failed"]),
        moved=st.sampled_from([0, 0, 1, 700_000]),
        times=st.integers(1, 2),
    )
    def bank_says(self, data: st.DataObject, outcome: Any, moved: int, times: int) -> None:
        """It decides about an attempt once and for ever, may have moved another amount than it was told to, and may tell it twice."""
        name, attempt = data.draw(st.sampled_from(self.play.under_way()), "attempt")
        minor = moved if outcome == "settled" else 0
        report = StatusReport(outcome=outcome, seq=1, bank_ref="B", reason="insufficient_funds", moved_minor=minor)
        for _ in range(times):
            self.play.hear(name, attempt, report)

    @precondition(lambda self: hasattr(self, "play") and len(self.play.followed) < len(self.play.entries))
    @rule(data=st.data(), times=st.integers(1, 2))
    def claims_hear_of_it(self, data: st.DataObject, times: int) -> None:
        """Some entry of the bank's, perhaps twice, perhaps before an earlier one; others may be followed much later."""
        told = data.draw(st.sampled_from(self.play.entries), "entry")
        for _ in range(times):
            self.play.follow(told)

    @rule(hours=st.sampled_from([0, 1, 24, 72, 72, 120, 168, 240, 340, 1000]))
    def time_passes(self, hours: int) -> None:
        self.play.now += timedelta(hours=hours)

    # what always holds

    @invariant()
    def the_order_says_what_the_books_say(self) -> None:
        play = self.play
        assert play.accounts[HELD, "ord_1"] == -play.order.held_minor <= 0
        assert play.accounts[SUPPLIER_BALANCE, "mem_s"] <= 0
        assert sum(minor for (code, _), minor in play.accounts.items() if not code.startswith("cover_")) == 0

    @invariant()
    def the_cover_is_where_it_is_said_to_be(self) -> None:
        play, cover = self.play, self.play.order.cover
        assert cover is not None
        assert play.available + play.reserved + play.advanced == LIMIT
        assert play.reserved == cover.remaining_usd_minor >= 0
        opening = cover.reserved_usd_minor
        assert play.total(COVER_RESERVED) + opening == play.reserved
        assert play.total(COVER_ADVANCED) == play.advanced

    @invariant()
    def open_claims_hold_the_order_and_each_has_a_next_moment(self) -> None:
        play = self.play
        marks = {mark.claim_id: mark for mark in play.order.claims}
        assert {claim.id for claim in play.open_claims()} == {mark.claim_id for mark in play.order.open_claims}
        for claim in play.claims.values():
            if claim.status in ENDS:
                assert marks[claim.id].outcome == claim.status
                assert (marks[claim.id].reserved_minor, MACHINE.deadlines(claim, play.context)) == (0, [])
            else:
                assert MACHINE.next_due(claim, play.context) is not None
        assert (play.order.paused_since is not None) == bool(play.open_claims())

    @invariant()
    def what_is_paid_is_within_the_ceiling_and_that_within_what_was_received(self) -> None:
        order, cover = self.play.order, self.play.order.cover
        assert cover is not None
        paid = sum(mark.paid_minor for mark in order.claims)
        assert paid <= cover.cap_minor <= 500_000
        assert order.reserved_minor <= order.claimable_minor <= order.refundable_minor
        assert order.status in orders_order.ENDS or paid + order.claimable_minor <= order.active_cover_minor
        if order.ceiling_left_minor:
            assert not any(mark.lacking_minor for mark in order.open_claims), "what is free goes to who got too little"
        for claim in self.play.claims.values():
            mark = next(mark for mark in order.claims if mark.claim_id == claim.id)
            assert mark.reserved_minor + mark.paid_minor <= claim.requested_minor
            for payment in claim.payments:
                assert payment.settled_minor + payment.charged_back_minor <= payment.total_minor
            if claim.status in ("payable", "paid"):
                assert all(payment.is_settled for payment in claim.payments) == (claim.status == "paid")
            fee = claim.refund.fee_minor if claim.refund else 0
            assert sum(payment.total_minor for payment in claim.payments) - fee <= claim.requested_minor

    @invariant()
    def what_was_paid_during_an_appeal_stays_within_what_was_determined_and_the_final_decision_keeps_it(self) -> None:
        for claim in self.play.claims.values():
            if claim.interim_payment_minor:
                assert claim.status in ("appealed", "payable", "paid")
                assert claim.interim_payment_minor <= claim.decisions[-1].verdict.approved_minor
                assert claim.appeals
                mark = next(mark for mark in self.play.order.claims if mark.claim_id == claim.id)
                assert mark.disputed == (claim.status == "appealed")

    @invariant()
    def no_payment_gives_back_more_than_it_brought(self) -> None:
        fees = {done.bank_ref: done.fee_minor for claim in self.play.claims.values() for done in claim.inspections}
        for ref, minor in self.play.told_refunds.items():
            assert minor <= (BROUGHT | fees)[ref]

    @invariant()
    def what_is_owed_to_the_buyer_is_what_banks_still_have_to_pay(self) -> None:
        waiting = sum(
            instruction.amount_minor - instruction.paid_minor
            for instruction in self.play.instructions.values()
            if instruction.kind == "refund"
        )
        assert -self.play.total(REFUNDS_PAYABLE) == waiting

    @invariant()
    def the_escrow_holds_fees_of_inspections_that_run_and_nothing_else(self) -> None:
        for claim in self.play.claims.values():
            waiting = sum(
                done.fee_minor
                for done in claim.inspections
                if done.paid_at and not done.reported_at and not done.fee_returned
            )
            assert -self.play.accounts[INSPECTION_ESCROW, claim.id] == waiting
            assert claim.status == "inspection" or waiting == 0

    @invariant()
    def the_platform_advances_only_what_the_cover_stands_for(self) -> None:
        cover = self.play.order.cover
        assert cover is not None
        payments = [payment for claim in self.play.claims.values() for payment in claim.payments]
        fees = sum(payment.fee_minor for payment in payments)
        advanced = sum(payment.advance_minor for payment in payments)
        assert advanced <= sum(mark.paid_minor for mark in self.play.order.claims)
        owed = self.play.total(ADVANCES_RECEIVABLE) - self.play.order.charged_back_minor
        assert advanced <= owed <= advanced + fees, "besides what a bank took back of what the supplier has had"

    def teardown(self) -> None:
        """Left alone, with banks that answer, everything comes to an end: nothing is held, nothing is owed, nothing is in escrow."""
        if not hasattr(self, "play"):
            return
        play = self.play
        for _ in range(6):
            play.later(days=60)
            self._banks_do_their_duty()
        play.later(days=400)
        self._banks_do_their_duty()
        assert not play.open_claims()
        assert play.order.status in orders_order.ENDS
        assert (play.total(HELD), play.total(REFUNDS_PAYABLE), play.total(INSPECTION_ESCROW), play.reserved) == (0,) * 4

    def _banks_do_their_duty(self) -> None:
        play = self.play
        for name, instruction in list(play.instructions.items()):
            if instruction.kind == "refund" and not instruction.is_over:
                if not instruction.unresolved:
                    play.send(name)
                play.hear(
                    name, play.instructions[name].attempts[-1].id, StatusReport(outcome="settled", seq=1, bank_ref="B")
                )
        for entry in list(play.entries):
            play.follow(entry)

    def _any(self, data: st.DataObject) -> Claim | None:
        """One of the claims is the one that is talked about."""
        self.play.settle_due()
        if not self.play.claims:
            return None
        chosen = self.play.claims.pop(data.draw(st.sampled_from(sorted(self.play.claims)), "claim"))
        self.play.claims[chosen.id] = chosen
        return chosen

    def _try(self, move: Callable[[], Claim]) -> Claim | None:
        """What the rules refuse changes nothing."""
        before = (self.play.order, dict(self.play.claims))
        try:
            return move()
        except DomainError as error:
            assert (self.play.order, self.play.claims) == before
            said = error.numbers
        assert not said.get("claim_status") or "allowed_actions" in said
        return None

    def _own(self, decide: Callable[[Order], OrderChange], action: str = "", side: str = "") -> bool:
        self.play.settle_due()
        try:
            if action:
                ORDERS_TABLE.require(action, self.play.order, side, TERMS_POLICY, self.play.now)
            self.play.take_own(decide(self.play.order))
        except DomainError:
            return False
        return True

    def _ruling(self, share: int) -> OfficerDecision:
        drafted = self.play.drafted()
        case = cases.case_of(self.play.claim, self.play.context)
        approved = min(case.requested_minor, case.ceiling_minor) * share // 100
        outcome: Any = "none" if not approved else "return" if share % 10 == 3 else "partial"
        return replace(
            drafted, outcome=outcome, approved_minor=approved, supplier_fault_percent=share, reasoning="Otherwise."
        )


class RandomAppeals(RandomClaims):
    """The same from a first appeal on: with or without an inspection, against any amount, by either side or both."""

    @initialize(data=st.data(), **BEGINNING)
    def begin(self, **given: Any) -> None:
        data = given.pop("data")
        self._begin(**given)
        self.an_officer_is_called(data)
        if data.draw(st.booleans(), "inspected"):
            self.goods_are_inspected(data)
        self._hand_over("buyer", "photos")
        self.evidence_is_complete(data)
        self.an_officer_determines(data)
        self.a_side_appeals_with_new_evidence(
            data, data.draw(st.permutations(ACTORS[:2]), "sides"), data.draw(st.booleans(), "both")
        )


TestRandomClaims = RandomClaims.TestCase
TestRandomClaims.settings = settings(max_examples=at_size(300, 40), stateful_step_count=50)
TestRandomAppeals = RandomAppeals.TestCase
TestRandomAppeals.settings = settings(max_examples=at_size(300, 40), stateful_step_count=40)
