"""The undisputed share by the rules: who appeals, what is conceded, when it is owed, and what the final decision adds to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from chalicelib.claims.rules import cases, negotiation, refund_tracking
from chalicelib.claims.rules.claim import Appeal, Claim, OfficerDecision, Refund
from chalicelib.claims.rules.deciding import DecisionDoesNotFit
from chalicelib.claims.rules.timers import MACHINE
from chalicelib.claims.rules.transitions import ClaimChange, NotInThisState
from chalicelib.claims.rules.undisputed import BelowInterimPayment, ConcessionDoesNotFit
from chalicelib.ledger.rules.chart import ADVANCES_RECEIVABLE, HELD, REFUNDS_PAYABLE
from chalicelib.orders.rules.order import Claimed
from tests.claims.playing import STAGES, Play
from tests.claims.rules.given import MILLISECOND, POLICY, received_order

DETERMINED: Final = 60_000
WINDOW: Final = timedelta(days=POLICY.appeal_days)
FEE: Final = 18_000


def ruling(minor: int, outcome: Any = "partial", fault: int = 100) -> OfficerDecision:
    outcome = outcome if minor else "none"
    return OfficerDecision(
        outcome=outcome, approved_minor=minor, supplier_fault_percent=fault, reasoning="As we see it."
    )


def determined(minor: int = DETERMINED, outcome: Any = "partial", stage: str = "review") -> Play:
    """Of 1,000.00 that are claimed 600.00 are determined; both sides have new evidence."""
    play = STAGES[stage]()
    play.take(play.ruled(ruling(minor, outcome)))
    play.evidence("buyer", "correspondence")
    play.evidence("supplier", "test_report")
    return play


def share_of(claim: Claim) -> int | None:
    return claim.interim_payment.total_minor if claim.interim_payment else None


def decide(play: Play, minor: int, outcome: Any = "partial", fault: int = 100) -> Claim:
    return play.take(play.appeal_ruled(ruling(minor, outcome, fault)))


def bank(play: Play, minor: int, number: int = 1, purpose: str = "") -> Claim:
    """A bank has paid so much of a payment."""
    step = refund_tracking.settled(play.claim, play.context, f"ins_{number}", minor, play.now, purpose=purpose)
    assert step is not None
    return play.take(step)


def mark(play: Play) -> Claimed:
    return next(mark for mark in play.order.claims if mark.claim_id == play.claim.id)


# what nobody contests, and when

APPEALS: Final[dict[str, tuple[list[tuple[str, int]], int | None, int | None]]] = {
    "the buyer alone": ([("buyer", 0)], None, DETERMINED),
    "the supplier, conceding nothing": ([("supplier", 0)], None, None),
    "the supplier, conceding a cent": ([("supplier", 1)], 1, 1),
    "the supplier, conceding a part": ([("supplier", 20_000)], 20_000, 20_000),
    "the supplier, conceding all": ([("supplier", DETERMINED)], DETERMINED, DETERMINED),
    "the buyer, then the supplier": ([("buyer", 0), ("supplier", 0)], None, None),
    "the buyer, then the supplier, conceding a part": ([("buyer", 0), ("supplier", 20_000)], 20_000, 20_000),
    "the supplier, then the buyer": ([("supplier", 0), ("buyer", 0)], None, None),
    "the supplier, conceding a part, then the buyer": ([("supplier", 20_000), ("buyer", 0)], 20_000, 20_000),
}
"""Who appeals in which order and concedes what; the share at once, and when no side can appeal any more."""


@pytest.mark.parametrize("appeals", APPEALS)
def test_the_share_is_what_no_side_contests_and_owed_as_soon_as_none_can(appeals: str) -> None:
    made, at_once, in_the_end = APPEALS[appeals]
    play = determined()
    due = play.now + WINDOW
    for who, concedes in made:
        play.act("appeal", who, concedes=concedes)  # type: ignore[arg-type]
    assert share_of(play.claim) == at_once
    play.later(seconds=(due - play.now - MILLISECOND).total_seconds())
    assert share_of(play.claim) == at_once
    play.later(milliseconds=1)
    assert (play.claim.status, share_of(play.claim)) == ("appealed", in_the_end)
    if in_the_end and not at_once:
        assert (play.changes[-1].event.kind, play.changes[-1].at) == ("claim.undisputed", due)
    assert [deadline.name for deadline in MACHINE.deadlines(play.claim, play.context)] == [
        "appeal_decision",
        *(["refund_of_share"] if in_the_end else []),
    ]


@pytest.mark.parametrize(("late", "share"), [(-MILLISECOND, 20_000), (timedelta(0), DETERMINED)])
def test_until_its_time_is_over_the_supplier_can_still_say_what_it_contests(late: timedelta, share: int) -> None:
    play = determined()
    play.act("appeal", "buyer")
    play.later(seconds=(WINDOW + late).total_seconds())
    if late:
        play.act("appeal", "supplier", concedes=20_000)
    else:
        with pytest.raises(NotInThisState):
            play.act("appeal", "supplier", concedes=20_000)
    assert share_of(play.claim) == share


@pytest.mark.parametrize(("minor", "outcome"), [(0, "none"), (100_000, "return")])
def test_nothing_is_undisputed_of_a_decision_for_nothing_or_for_goods_back_first(minor: int, outcome: str) -> None:
    play = determined(minor, outcome)
    play.act("appeal", "buyer")
    play.later(days=POLICY.appeal_days)
    assert (play.claim.status, play.claim.interim_payment) == ("appealed", None)
    assert [deadline.name for deadline in MACHINE.deadlines(play.claim, play.context)] == ["appeal_decision"]


def test_a_supplier_that_appealed_against_an_earlier_determination_cannot_again_so_the_share_is_owed_at_once() -> None:
    play = determined()
    before = Appeal(by="supplier", grounds="", files=(), at=play.now)
    play.claims[play.claim.id] = replace(play.claim, appeals=(before,))
    play.act("appeal", "buyer")
    assert (share_of(play.claim), play.changes[-1].event.kind) == (DETERMINED, "claim.appealed")


@pytest.mark.parametrize(
    ("who", "minor", "outcome", "concedes", "maximum"),
    [
        ("supplier", DETERMINED, "partial", DETERMINED + 1, "600.00"),
        ("supplier", 0, "none", 1, "0.00"),
        ("supplier", 100_000, "return", 1, "0.00"),
        ("buyer", DETERMINED, "partial", 1, "0.00"),
    ],
)
def test_a_concession_that_does_not_fit_is_refused_with_the_most_that_does(
    who: Any, minor: int, outcome: str, concedes: int, maximum: str
) -> None:
    play = determined(minor, outcome)
    with pytest.raises(ConcessionDoesNotFit) as raised:
        play.act("appeal", who, concedes=concedes)
    assert (raised.value.param, raised.value.numbers["maximum"].amount) == ("concedes", maximum)
    assert play.claim.status == "determined"


@pytest.mark.parametrize("action", ["withdraw", "settle", "offer"])
def test_with_a_share_owed_there_is_nothing_to_withdraw_or_to_settle(action: str) -> None:
    play = STAGES["appealed by the supplier, conceding a part"]()
    with pytest.raises(NotInThisState):
        play.act(action, "buyer")


# what it does to the order


def test_the_share_uses_up_its_part_of_the_reserve_and_the_rest_stays_reserved() -> None:
    play = determined()
    assert mark(play).reserved_minor == 100_000
    play.act("appeal", "supplier", concedes=20_000)
    assert (mark(play).reserved_minor, mark(play).paid_minor, mark(play).disputed) == (80_000, 20_000, True)
    assert play.order.ceiling_left_minor == 400_000
    decide(play, 50_000)
    assert (mark(play).reserved_minor, mark(play).paid_minor, mark(play).disputed) == (0, 50_000, False)
    assert play.order.ceiling_left_minor == 450_000


def test_a_partially_reserved_claim_still_gets_what_others_free_while_the_rest_of_it_is_disputed() -> None:
    play = Play(received_order(payments=STAGES["review"]().order.payments))
    first = play.file("wrong_item", 450_000)
    play.file("quality_mismatch", 100_000)
    play.act("offer", "supplier", kind="none", minor=0)
    play.act("escalate", "buyer")
    play.act("open-evidence", "officer")
    play.evidence("buyer")
    play.act("complete-evidence", "supplier")
    play.act("complete-evidence", "buyer")
    play.take(play.ruled(ruling(40_000)))
    play.evidence("supplier", "test_report")
    play.act("appeal", "supplier", concedes=30_000)
    assert (mark(play).reserved_minor, mark(play).paid_minor) == (20_000, 30_000)
    second = play.claim.id
    withdrawn = negotiation.withdraw(play.claims[first.id], play.context, "buyer", play.now)
    play.take(withdrawn)
    freed = next(each for each in play.order.claims if each.claim_id == second)
    assert (freed.reserved_minor, freed.paid_minor) == (70_000, 30_000)


def test_each_payment_has_its_own_postings_and_instructions() -> None:
    play = determined()
    play.act("appeal", "supplier", concedes=20_000)
    share = play.changes[-1].event
    decide(play, 50_000)
    rest = play.changes[-1].event
    for event, minor, purpose in ((share, 20_000, "interim_payment"), (rest, 30_000, "")):
        assert [
            (leg.account, leg.debit_minor, leg.credit_minor) for leg in event.postings if "cover" not in leg.account
        ] == [
            (HELD, minor, 0),
            (REFUNDS_PAYABLE, 0, minor),
        ]
        assert [(payment_order.amount_minor, payment_order.purpose) for payment_order in event.payment_orders] == [
            (minor, purpose)
        ]
        assert event.payload["amount_minor"] == minor


# the decision on the appeal


@pytest.mark.parametrize("minor", [0, 19_999])
def test_the_decision_cannot_go_below_what_was_paid(minor: int) -> None:
    play = STAGES["appealed by the supplier, conceding a part"]()
    with pytest.raises(BelowInterimPayment) as raised:
        decide(play, minor)
    assert (raised.value.param, raised.value.numbers["minimum"].amount) == ("approved", "200.00")
    assert play.claim.status == "appealed"


def test_goods_cannot_be_ordered_back_for_what_was_paid_without() -> None:
    play = STAGES["appealed by the supplier, conceding a part"]()
    with pytest.raises(DecisionDoesNotFit) as raised:
        decide(play, 100_000, "return")
    assert raised.value.param == "outcome"
    before = STAGES["appealed by the supplier"]()
    assert decide(before, 100_000, "return").status == "agreed"


@pytest.mark.parametrize("approved", [20_000, 20_001, 60_000, 100_000])
@pytest.mark.parametrize("settled", [False, True])
def test_what_is_then_payable_is_the_difference_and_the_claim_is_paid_with_the_last_part_of_both(
    approved: int, settled: bool
) -> None:
    play = determined()
    play.act("appeal", "supplier", concedes=20_000)
    if settled:
        assert bank(play, 20_000, 1, "interim_payment").status == "appealed"
    claim, rest = decide(play, approved), approved - 20_000
    assert (claim.refund.total_minor if claim.refund else 0) == rest
    if rest:
        assert claim.status == "payable"
        claim = bank(play, rest, 2)
    if not settled:
        assert claim.status == "payable"
        claim = bank(play, 20_000, 1, "interim_payment")
    assert (claim.status, claim.ended_at, play.order.holds) == ("paid", play.now, 0)
    event = play.changes[-1].event
    assert (event.kind, event.payload["amount_minor"]) == ("claim.paid", approved)
    assert MACHINE.deadlines(claim, play.context) == []


def test_more_than_the_rest_of_the_ceiling_cannot_be_approved_and_what_was_paid_counts_towards_it() -> None:
    play = determined()
    play.act("appeal", "supplier", concedes=20_000)
    with pytest.raises(DecisionDoesNotFit) as raised:
        decide(play, 100_001)
    assert raised.value.numbers["maximum"].amount == "1000.00"
    assert cases.case_of(play.claim, play.context).ceiling_minor == 100_000


def test_an_appeal_nobody_decides_leaves_the_determination_and_only_the_difference_is_owed() -> None:
    play = determined()
    play.act("appeal", "supplier", concedes=20_000)
    play.later(days=POLICY.appeal_decide_days)
    assert [payment.total_minor for payment in play.claim.payments] == [20_000, 40_000]
    alone = determined()
    alone.act("appeal", "buyer")
    alone.later(days=POLICY.appeal_decide_days)
    assert ([payment.total_minor for payment in alone.claim.payments], alone.claim.status) == ([DETERMINED], "payable")
    assert bank(alone, DETERMINED, 1, "interim_payment").status == "paid"


@pytest.mark.parametrize(("fault", "part"), [(0, 0), (33, 5_940), (100, FEE)])
def test_the_inspections_fee_is_shared_once_and_by_the_final_decision(fault: int, part: int) -> None:
    play = STAGES["inspection, paid"]()
    play.act("inspection-report", "officer")
    play.take(play.ruled(ruling(DETERMINED)))
    play.evidence("supplier", "test_report")
    play.act("appeal", "supplier", concedes=20_000)
    assert play.claim.interim_payment is not None
    assert (play.claim.interim_payment.total_minor, play.claim.interim_payment.fee_minor) == (20_000, 0)
    bank(play, 20_000, 1, "interim_payment")
    claim = decide(play, 20_000, fault=fault)
    if not part:
        assert (claim.status, claim.refund) == ("paid", None)
        return
    assert claim.refund is not None
    assert (claim.status, claim.refund.total_minor, claim.refund.fee_minor) == ("payable", part, part)
    assert bank(play, part, 2).status == "paid"


def test_what_the_platform_advances_for_each_payment_is_told_apart() -> None:
    play = determined()
    play.order = replace(play.order, released_minor=500_000 - 5_000)
    play.act("appeal", "supplier", concedes=20_000)
    decide(play, 50_000)
    share, rest = (change.event for change in play.changes if "advance" in change.event.payload)
    assert [
        (event.payload["advance"]["amount_minor"], event.payload["advance"].get("purpose")) for event in (share, rest)
    ] == [
        (15_000, "interim_payment"),
        (30_000, None),
    ]
    for event in (share, rest):
        [leg] = [leg for leg in event.postings if leg.account == ADVANCES_RECEIVABLE]
        assert leg.debit_minor == event.payload["advance"]["amount_minor"] == event.payload["advance"]["usd_minor"]
    assert play.order.cover is not None
    assert play.order.cover.remaining_usd_minor == 450_000


@pytest.mark.parametrize(("left", "paid"), [(0, 0), (12_000, 12_000)])
def test_of_a_share_that_a_bank_has_charged_back_only_what_is_left_is_paid_and_the_clock_goes_on(
    left: int, paid: int
) -> None:
    play = determined()
    play.act("appeal", "buyer")
    play.order = replace(play.order, received_minor=left)
    play.later(days=POLICY.appeal_days)
    assert play.claim.interim_payment is not None
    assert (share_of(play.claim), play.claim.interim_payment.not_guaranteed_minor) == (paid, DETERMINED - paid)
    play.later(days=POLICY.appeal_decide_days)
    assert play.claim.status == ("payable" if paid else "closed_no_payment")


# what banks say


def test_a_word_of_a_bank_counts_for_the_payment_it_is_about_and_once() -> None:
    play = determined()
    play.act("appeal", "supplier", concedes=20_000)
    decide(play, 50_000)
    bank(play, 30_000, 7)
    assert (settled_of(play.claim.interim_payment), settled_of(play.claim.refund)) == (0, 30_000)
    for purpose in ("", "interim_payment"):
        bank_again = refund_tracking.settled(play.claim, play.context, "ins_7", 30_000, play.now, purpose=purpose)
        assert (bank_again is None) == (purpose == "")
    assert bank(play, 20_000, 8, "interim_payment").status == "paid"
    assert (
        refund_tracking.settled(play.claim, play.context, "ins_8", 20_000, play.now, purpose="interim_payment") is None
    )


@pytest.mark.parametrize("purpose", ["", "interim_payment"])
def test_failures_and_money_charged_back_are_told_of_either_payment(purpose: str) -> None:
    play = determined()
    play.act("appeal", "supplier", concedes=20_000)
    decide(play, 50_000)

    def fail() -> ClaimChange | None:
        return refund_tracking.with_exception(
            play.claim, "ins_1", 2, "failed_and_retried", "closed", play.now, purpose=purpose
        )

    step = fail()
    assert step is not None
    play.take(step)
    assert fail() is None
    statuses = [payment.status for payment in play.claim.payments]
    assert [status != "in_flight" for status in statuses] == [purpose == "interim_payment", purpose == ""]
    minor, other, rest = (20_000, "", 30_000) if purpose else (30_000, "interim_payment", 20_000)
    bank(play, rest, 2, other)
    back = refund_tracking.charged_back(play.claim, play.context, minor, play.now, purpose=purpose)
    assert back is not None
    assert (back.state.status, back.event.payload["charged_back_minor"]) == ("paid", minor)


def test_each_payment_rings_until_it_is_settled_also_while_the_appeal_runs() -> None:
    play = determined()
    play.act("appeal", "supplier", concedes=20_000)
    owed_at = play.now
    play.later(days=1)
    decide(play, 50_000)
    due = {deadline.name: deadline.due_at - owed_at for deadline in MACHINE.deadlines(play.claim, play.context)}
    assert due == {"refund_of_share": timedelta(days=14), "refund": timedelta(days=15)}
    play.later(days=14)
    assert [payment.overdue for payment in play.claim.payments] == [1, 1]
    bank(play, 20_000, 1, "interim_payment")
    assert [deadline.name for deadline in MACHINE.deadlines(play.claim, play.context)] == ["refund"]


def test_a_fee_that_goes_back_unused_is_no_part_of_the_refund() -> None:
    """Settled during an inspection that was paid for: two refunds in one entry, and the claim waits for the one it is about."""
    play = STAGES["inspection, paid"]()
    play.act("settle", "buyer", minor=FEE)
    play.act("settle", "supplier", minor=FEE)
    told = [
        (payment_order.amount_minor, payment_order.purpose) for payment_order in play.changes[-1].event.payment_orders
    ]
    assert (play.claim.status, told) == ("payable", [(FEE, ""), (FEE, "fee")])
    assert refund_tracking.settled(play.claim, play.context, "ins_2", FEE, play.now, purpose="fee") is None
    assert bank(play, FEE, 1).status == "paid"


def settled_of(payment: Refund | None) -> int:
    return payment.settled_minor if payment else 0
