"""The reason given for an end is the one that acted; what was handed in before counts again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.claims.rules import files, negotiation, refund_tracking
from chalicelib.claims.rules.claim import ENDS, Claim, File
from chalicelib.claims.rules.negotiation import AlreadyClaimed
from chalicelib.orders.rules import payments as orders_payments
from chalicelib.orders.rules.payments import PaymentReceived, PaymentReturned
from tests.claims.playing import STAGES, Play
from tests.claims.rules.given import POLICY, TERMS_POLICY

WHY = {"paid": "", "rejected": "DE-1", "withdrawn": "CW-1", "lapsed": "EV-1", "closed_no_payment": "AG-2"}
"""What ended the claims that `STAGES` end."""
OPEN = [name for name in STAGES if name.split(",")[0].split()[0] not in ENDS]
NO_MONEY = ("agreed on a replacement",)
"""Ends whatever becomes of the money: it was settled without any."""


def take_everything_back(play: Play) -> None:
    for number, ref in enumerate(("R-1", "R-2"), 1):
        fact = PaymentReturned(
            bank_id="boc",
            bank_ref=ref,
            seq=number,
            amount_minor=next(paid.refundable_minor for paid in play.order.payments if paid.bank_ref == ref),
            currency="USD",
            reason="recalled",
            value_date=date(2026, 3, 3),
        )
        play.take_own(orders_payments.apply(play.order, fact, designated=True, policy=TERMS_POLICY, now=play.now))


def pay_again(play: Play) -> None:
    fact = PaymentReceived(
        bank_id="boc",
        bank_ref="N-1",
        seq=3,
        account="TA-USD-01",
        value_date=date(2026, 3, 4),
        amount_minor=500_000,
        currency="USD",
    )
    play.take_own(orders_payments.apply(play.order, fact, designated=True, policy=TERMS_POLICY, now=play.now))


@pytest.mark.parametrize("stage", [name for name in STAGES if name not in OPEN])
def test_every_end_names_the_rule_that_acted(stage: str) -> None:
    claim = STAGES[stage]().claim
    assert claim.why.startswith(WHY[claim.status])
    assert bool(claim.why) == (claim.status != "paid")


@pytest.mark.parametrize("stage", OPEN)
def test_a_claim_that_a_chargeback_made_moot_says_so_from_whatever_stage_it_was_at(stage: str) -> None:
    """Left alone from there on: nobody is told of a duty it missed, where nothing could have come of meeting it."""
    play = STAGES[stage]()
    if play.claim.payments:
        pytest.skip("what was owed already is stopped at the bank, and told as charged back: test_paying")
    take_everything_back(play)
    for _ in range(8):
        play.later(days=40)
    claim = play.claim
    expected = "AG-3" if stage in NO_MONEY else "PA-1"
    assert (claim.status, claim.why[:4]) == ("closed_no_payment", expected)
    assert play.order.claims[0].again == (expected == "PA-1")


def test_what_a_chargeback_ended_can_be_claimed_again_when_money_comes_again() -> None:
    play = STAGES["evidence"]()
    take_everything_back(play)
    play.later(hours=POLICY.evidence_hours)
    assert play.claim.why.startswith("PA-1")
    pay_again(play)
    assert play.file().status == "negotiating"


def test_what_was_decided_withdrawn_or_settled_is_not_claimed_again() -> None:
    for stage in ("rejected", "withdrawn", "closed_no_payment", "paid"):
        play = STAGES[stage]()
        assert not play.order.claims[0].again
        with pytest.raises(AlreadyClaimed):
            play.file(minor=1000)


def test_a_refund_that_the_buyer_has_through_its_own_bank_says_so() -> None:
    play = STAGES["payable"]()
    step = refund_tracking.charged_back(play.claim, play.context, 50_000, play.now)
    assert step is not None
    assert play.take(step).status == "paid"
    assert play.claim.why.startswith("PA-3: 500.00 USD")


# evidence


def lapsed(play: Play) -> Claim:
    play.later(hours=POLICY.evidence_hours)
    assert play.claim.status == "lapsed"
    return play.claim


def again(play: Play) -> Claim:
    named = negotiation.undecided(play.order, "quality_mismatch", ())
    step = negotiation.file(
        play.order,
        reason="quality_mismatch",
        lines=(),
        requested_minor=100_000,
        statement="",
        policy="0" * 16,
        now=play.now,
        carried=files.carried([play.claims[name] for name in named], POLICY),
    )
    return play.take(step)


def test_what_was_handed_in_for_a_lapsed_claim_counts_for_the_next_one() -> None:
    play = STAGES["evidence"]()
    name = play.evidence("supplier", "test_report")
    first = lapsed(play)
    assert play.order.claims[0].again
    second = again(play)
    (file,) = second.submitted()
    assert (file.id, file.carried_from, file.round, file.by) == (name, first.id, 0, "supplier")
    play.later(hours=72)
    play.act("escalate", "buyer")
    play.act("open-evidence", "officer")
    lapsed(play)
    (file,) = again(play).submitted()
    assert (file.id, file.carried_from) == (name, first.id), "its bytes are where they were"


def test_a_carried_file_takes_no_place_of_the_round_and_is_there_once() -> None:
    play = STAGES["evidence"]()
    files_of = [
        File(
            id=f"evd_{number:03}",
            by="supplier",
            code="test_report",
            name="a",
            media_type="application/pdf",
            size=9,
            sha256=f"{number % 30:064}",
            visibility="both",
            at=play.now + timedelta(seconds=number),
            status="submitted",
        )
        for number in range(60)
    ]
    earlier = replace(play.claim, files=tuple(files_of))
    told = files.carried([earlier], POLICY)
    assert len(told) == POLICY.evidence_limits.most_files
    assert len({file.sha256 for file in told}) == len(told)
    assert [file.id for file in told] == sorted(file.id for file in files_of)[-len(told) :]
