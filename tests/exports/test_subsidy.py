"""The export subsidy by its rule: booked, lowered or reversed by returns, capped, set off; and it never pays more than is due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.exports.rules.declaration import Declaration, DeclarationFact, Return, corrected, tell
from chalicelib.exports.rules.subsidy import MOST_MONTHS, Account, Booked, Line, Payee, Policy, settle, with_payee
from chalicelib.ledger.rules.chart import PAYOUTS_PAYABLE, SUBSIDIES, SUBSIDIES_PAYABLE, SUBSIDIES_RECEIVABLE
from chalicelib.shared import fx, policies
from chalicelib.shared.journal import Event, imbalance
from tests.exports.declarations import MEMBER, TODAY, back, fact

POLICY = policies.in_force("export-subsidies", TODAY).read_as(Policy)
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
REFUND = date(2026, 2, 10)
RETURNS = (date(2026, 2, 12), date(2026, 2, 15), date(2026, 2, 20))
BANK = Payee("boc", "6217000010001234567")


@dataclass
class Firm:
    """A firm's subsidies as they are settled, and the events of it."""

    policy: Policy = POLICY
    account: Account = field(default_factory=lambda: Account(member_id=MEMBER, currency="CNY", payee=BANK))
    known: dict[str, Declaration] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def tell(self, *facts: DeclarationFact) -> Firm:
        for each in facts:
            known, _ = tell(self.known.get(each.declaration_no), each, fx.quote, TODAY)
            assert known is not None
            self.settle(known)
        return self

    def correct(self, right: DeclarationFact) -> Firm:
        self.settle(corrected(self.known[right.declaration_no], right, fx.quote, TODAY))
        return self

    def settle(self, known: Declaration) -> None:
        """Twice: the second time there is nothing to do."""
        self.known[known.fact.declaration_no] = known
        for left in (1, 0):
            settlement = settle(self.account, self.lines.get(known.id), known, self.policy, "hash", NOW, TODAY)
            if settlement is None:
                return
            assert left, settlement
            self.account, self.lines[known.id] = settlement.account, settlement.line
            if settlement.event:
                self.record(settlement.event)

    def record(self, event: Event) -> None:
        assert imbalance(event.postings) == {}
        self.events.append(event)

    def balance(self, account: str) -> int:
        legs = [leg for event in self.events for leg in event.postings if leg.account == account]
        return sum(leg.debit_minor - leg.credit_minor for leg in legs)

    @property
    def line(self) -> Line:
        [line] = self.lines.values()
        return line

    @property
    def paid_minor(self) -> int:
        return sum(order.amount_minor for event in self.events for order in event.payment_orders)


def refunded(**given_: Any) -> DeclarationFact:
    return fact(**({"tax_refund_paid_on": REFUND} | given_))


def returns(*minor: int, **given_: Any) -> list[DeclarationFact]:
    return [back(on, each, **given_) for on, each in zip(RETURNS, minor, strict=False)]


@pytest.mark.parametrize(("channel", "booked"), [("self_service", 300_000), ("staff", 200_000)])
def test_a_subsidy_is_booked_with_the_tax_refund_and_paid(channel: Any, booked: int) -> None:
    firm = Firm().tell(fact(amount_minor=10_000_000, channel=channel))
    assert firm.events == []
    firm.tell(refunded(amount_minor=10_000_000, channel=channel))
    assert (firm.line.booked_minor, firm.line.reason, firm.paid_minor) == (booked, "booked", booked)
    assert (firm.balance(SUBSIDIES), firm.balance(PAYOUTS_PAYABLE)) == (booked, -booked)


def test_what_comes_back_later_is_reversed_pro_rata_and_owed() -> None:
    firm = Firm().tell(refunded(amount_minor=10_000_000), *returns(2_000_000, amount_minor=10_000_000))
    assert (firm.line.reversed_minor, firm.account.owed_minor, firm.balance(SUBSIDIES_RECEIVABLE)) == (
        60_000,
        60_000,
        60_000,
    )
    assert (firm.line.reason, firm.balance(SUBSIDIES)) == ("reversed_in_part", 240_000)


def test_three_thirds_are_reversed_to_the_last_fen() -> None:
    """EX-2 (a)."""
    firm = Firm().tell(refunded(amount_minor=3_333_333))
    assert firm.line.booked_minor == 100_000
    seen = []
    for each in returns(1_111_111, 1_111_111, 1_111_111, amount_minor=3_333_333):
        before = firm.line.reversed_minor
        firm.tell(each)
        seen.append(firm.line.reversed_minor - before)
    assert seen == [33_333, 33_333, 33_334]
    assert (firm.line.net_minor, firm.line.reason, firm.balance(SUBSIDIES)) == (0, "reversed", 0)


def test_a_return_before_the_tax_refund_lowers_the_booking_and_reverses_nothing() -> None:
    """EX-2 (b)."""
    early = back(date(2026, 2, 1), 2_000_000, amount_minor=10_000_000)
    firm = Firm().tell(early, replace(early, status="released", tax_refund_paid_on=REFUND))
    assert (firm.line.booked_minor, firm.line.reversed_minor, firm.line.reason) == (240_000, 0, "lowered_by_returns")
    assert [event.kind for event in firm.events] == ["subsidy.booked"]


def test_a_cancelled_export_gives_all_of_it_back_and_one_that_came_back_whole_never_gets_any() -> None:
    firm = Firm().tell(refunded(), fact(status="cancelled"), *returns(12_000_000))
    assert (firm.line.reason, firm.line.net_minor, firm.account.owed_minor) == ("reversed", 0, 360_000)
    assert Firm().tell(fact(), back(date(2026, 2, 1), 12_000_000), refunded()).events == []


LATE: dict[str, Any] = {
    "submitted_on": date(2025, 1, 1),
    "released_on": date(2025, 1, 5),
    "tax_refund_paid_on": TODAY - timedelta(366),
}


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ({"origin": "elsewhere"}, "exported_elsewhere"),
        (LATE, "told_too_late"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "returned", "returns": (Return(RETURNS[0], 12_000_000),)}, "all_returned"),
        ({"amount_minor": 16}, "booked"),
    ],
)
def test_a_tax_refund_that_brings_nothing_has_a_line_that_says_why(given_: dict[str, Any], why: str) -> None:
    firm = Firm().tell(refunded(**given_))
    assert (firm.line.reason, firm.line.booked_minor, firm.line.net_minor) == (why, 0, 0)
    assert (firm.events, firm.account.version) == ([], 0)
    firm.tell(*returns(5, amount_minor=given_.get("amount_minor", 12_000_000)))
    assert firm.events == []


def test_what_brought_nothing_is_booked_once_it_is_corrected_and_what_was_late_stays_so() -> None:
    firm = Firm().tell(refunded(origin="elsewhere")).correct(refunded())
    assert (firm.line.net_minor, firm.line.reason) == (360_000, "booked")
    late = Firm().tell(refunded(**LATE)).correct(refunded(**LATE, amount_minor=9_000_000))
    assert (late.line.reason, late.events) == ("told_too_late", [])
    late.correct(refunded(**LATE | {"tax_refund_paid_on": REFUND}))
    assert (late.line.net_minor, late.line.refund_on, late.line.reason) == (360_000, REFUND, "booked")
    late.correct(refunded(**LATE))
    assert (late.line.net_minor, late.line.reason) == (0, "reversed")


def test_a_month_has_a_most_and_another_month_has_its_own() -> None:
    firm = Firm(policy=replace(POLICY, most_per_month_minor=500_000))
    firm.tell(refunded(), refunded(declaration_no="D-2"), refunded(declaration_no="D-3"))
    booked = [(line.booked_minor, line.capped_minor, line.reason) for line in firm.lines.values()]
    assert booked == [(360_000, 0, "booked"), (140_000, 220_000, "monthly_cap"), (0, 360_000, "monthly_cap")]
    firm.tell(fact(declaration_no="D-4", tax_refund_paid_on=date(2026, 3, 1)))
    assert firm.lines[firm.known["D-4"].id].booked_minor == 360_000
    firm.tell(*returns(6_000_000, declaration_no="D-2"))
    assert firm.lines[firm.known["D-2"].id].reversed_minor == 70_000


def test_what_is_owed_is_set_off_before_anything_is_paid() -> None:
    firm = Firm().tell(refunded(), *returns(12_000_000))
    firm.tell(refunded(declaration_no="D-2", amount_minor=10_000_000))
    assert (firm.account.owed_minor, firm.paid_minor) == (60_000, 360_000)
    firm.tell(refunded(declaration_no="D-3", amount_minor=10_000_000))
    assert (firm.account.owed_minor, firm.paid_minor, firm.balance(SUBSIDIES_RECEIVABLE)) == (0, 600_000, 0)


def test_without_an_account_it_waits_and_is_reversed_before_it_is_paid() -> None:
    firm = Firm(account=Account(member_id=MEMBER, currency="CNY")).tell(refunded(), *returns(3_000_000))
    assert (firm.account.unpaid_minor, firm.account.owed_minor, firm.paid_minor) == (270_000, 0, 0)
    firm.account, event = with_payee(firm.account, BANK)
    firm.record(event)
    assert (firm.account.unpaid_minor, firm.paid_minor, firm.balance(SUBSIDIES_PAYABLE)) == (0, 270_000, 0)
    firm.account, again = with_payee(firm.account, BANK)
    assert (again.postings, again.payment_orders) == ((), ())


def test_a_correction_books_what_is_missing_or_reverses_what_is_too_much() -> None:
    firm = Firm().tell(refunded(amount_minor=10_000_000)).correct(refunded(amount_minor=11_000_000))
    assert (firm.line.booked_minor, firm.line.reversed_minor) == (330_000, 0)
    firm.correct(refunded(amount_minor=9_000_000))
    assert (firm.line.net_minor, firm.account.owed_minor) == (270_000, 60_000)
    firm.tell(*returns(3_000_000, amount_minor=9_000_000))
    assert firm.line.net_minor == 180_000
    firm.correct(refunded(amount_minor=9_000_000, buyer_ref="globex"))
    firm.correct(refunded(amount_minor=9_000_000, status="returned", returns=(Return(RETURNS[0], 9_000_000),)))
    assert (firm.line.net_minor, firm.line.reason) == (0, "reversed")
    firm.correct(refunded(amount_minor=9_000_000, channel="staff"))
    assert firm.line.net_minor == 180_000


MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    "slip",
    [{"amount_minor": 50}, {"channel": "staff"}, {"tax_refund_paid_on": None}, {"tax_refund_paid_on": MARCH}],
)
def test_a_slip_that_is_corrected_again_costs_neither_the_firm_nor_its_month(slip: dict[str, Any]) -> None:
    firm = Firm(policy=replace(POLICY, most_per_month_minor=500_000)).tell(refunded())
    firm.correct(refunded(**slip)).correct(refunded())
    assert (firm.line.net_minor, firm.line.capped_minor, firm.line.refund_on) == (360_000, 0, REFUND)
    firm.tell(refunded(declaration_no="D-2"), refunded(declaration_no="D-3", tax_refund_paid_on=MARCH))
    assert [line.net_minor for line in firm.lines.values()] == [360_000, 140_000, 360_000]


def test_a_tax_refund_of_another_month_takes_of_that_one() -> None:
    firm = Firm(policy=replace(POLICY, most_per_month_minor=500_000))
    firm.tell(refunded(), refunded(declaration_no="D-2", tax_refund_paid_on=MARCH))
    firm.correct(refunded(tax_refund_paid_on=MARCH))
    assert [line.net_minor for line in firm.lines.values()] == [140_000, 360_000]
    firm.tell(refunded(declaration_no="D-3"))
    assert firm.lines[firm.known["D-3"].id].net_minor == 360_000


def test_a_month_that_is_no_longer_kept_gives_no_more() -> None:
    firm = Firm(policy=replace(POLICY, most_per_month_minor=500_000)).tell(refunded())
    later = [Booked(f"{2027 + number // 12}-{number % 12 + 1:02}", 1) for number in range(MOST_MONTHS)]
    firm.account = replace(firm.account, months=tuple(later))
    assert firm.correct(refunded(amount_minor=50_000_000)).line.net_minor == 360_000
    assert firm.correct(refunded(amount_minor=6_000_000)).line.net_minor == 180_000
    assert firm.account.months == tuple(later)


def test_a_declaration_that_was_another_firms_gives_that_one_nothing() -> None:
    firm = Firm().tell(refunded()).correct(refunded(member_id="mem_other"))
    assert (firm.line.net_minor, firm.known["D-1"].former) == (0, (MEMBER,))


AMOUNT = st.integers(1, 50_000_000)
ROUNDING = Fraction(3, 2)
"""Half a fen when it is booked, and a fraction of one that is not reversed yet."""


@given(
    AMOUNT,
    st.lists(st.integers(1, 20_000_000), max_size=3),
    st.integers(0, 4),
    st.integers(0, 2_000_000),
    st.booleans(),
)
def test_what_stands_is_what_is_due_but_for_rounding_and_the_books_say_so(
    amount: int, parts: list[int], refund_place: int, most: int, has_account: bool
) -> None:
    """However returns and the tax refund are told one after the other."""
    facts: list[DeclarationFact] = returns(*parts, amount_minor=amount)
    facts.insert(min(refund_place, len(facts)), refunded(amount_minor=amount))
    account = Account(member_id=MEMBER, currency="CNY", payee=BANK if has_account else None)
    firm = Firm(policy=replace(POLICY, most_per_month_minor=most), account=account).tell(
        fact(amount_minor=amount), *facts
    )
    known = firm.known["D-1"]
    net = sum(line.net_minor for line in firm.lines.values())
    due = Fraction(3, 100) * (amount - known.returned_minor)
    assert 0 <= net <= most
    assert net <= due + ROUNDING
    if most >= Fraction(3, 100) * amount + 1:
        assert abs(net - due) <= ROUNDING
    if known.returned_minor == amount:
        assert net == 0
    assert firm.balance(SUBSIDIES) == net
    assert firm.balance(SUBSIDIES_RECEIVABLE) == firm.account.owed_minor
    assert -firm.balance(SUBSIDIES_PAYABLE) == firm.account.unpaid_minor
    assert firm.paid_minor == net + firm.account.owed_minor - firm.account.unpaid_minor
