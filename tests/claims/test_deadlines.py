"""Every deadline of a claim: one millisecond before, at, and after; looked at in time, hours late, and months at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.claims.declared import CLAIMS
from chalicelib.claims.records import REPOSITORY
from chalicelib.claims.rules.claim import ENDS, Status, order_of
from chalicelib.claims.rules.timers import MACHINE
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.orders.aggregate import ORDERS as ORDER_AGGREGATE
from chalicelib.orders.declared import ORDERS
from chalicelib.shared.journal import JournalRow
from tests.claims.playing import KEPT_BACK, STAGES, Play
from tests.claims.refunds import Refunds
from tests.claims.rules.given import MILLISECOND
from tests.dispute import Dispute
from tests.machine import machine

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)

FALLS_DUE: dict[str, tuple[str, timedelta, str, Status]] = {
    "negotiating": ("supplier_answer", 72 * HOUR, "supplier", "negotiating"),
    "negotiating, with offers": ("settlement", 168 * HOUR, "both", "escalated"),
    "negotiating, on day 4": ("settlement", 96 * HOUR, "both", "escalated"),
    "agreed on a return": ("return", 10 * DAY, "buyer", "closed_no_payment"),
    "agreed, goods under way": ("return_receipt", 7 * DAY, "supplier", "payable"),
    "agreed on a replacement": ("remedy", 30 * DAY, "both", "closed_no_payment"),
    "escalated": ("case_opening", 48 * HOUR, "officer", "evidence"),
    "evidence": ("evidence", 120 * HOUR, "both", "lapsed"),
    "inspection": ("inspection_fee", 14 * DAY, "buyer", "review"),
    "inspection, paid": ("inspection_report", 17 * DAY, "inspector", "inspection"),
    "inspection, overdue": ("other_inspector", 48 * HOUR, "officer", "review"),
    "review": ("review", 10 * DAY, "officer", "review"),
    "determined": ("appeal", 7 * DAY, "both", "payable"),
    "determined, with new evidence": ("appeal", 7 * DAY, "both", "payable"),
    "appealed by the buyer": ("other_appeal", 7 * DAY, "supplier", "appealed"),
    "appealed by the supplier": ("appeal_decision", 10 * DAY, "officer", "payable"),
    "appealed by the supplier, conceding a part": ("appeal_decision", 10 * DAY, "officer", "payable"),
    "appealed by the buyer alone, undisputed": ("appeal_decision", 3 * DAY, "officer", "payable"),
    "payable": ("refund", 14 * DAY, "bank", "payable"),
}
"""By stage: what falls due first, after how long, whose it is, and the state it leads to."""
FALLS_DUE |= {
    f"{status}, goods kept back": FALLS_DUE[{"agreed": "agreed on a return"}.get(status, status)]
    for status in KEPT_BACK
}
"""Goods that are kept back move no deadline."""

OPEN: Final = [stage for stage in STAGES if stage.split()[0].rstrip(",") not in ENDS]


def test_every_open_stage_is_here() -> None:
    assert set(FALLS_DUE) == set(OPEN)


@pytest.mark.parametrize("stage", FALLS_DUE)
def test_a_deadline_is_met_until_and_not_at_its_instant(stage: str) -> None:
    name, after, owner, status = FALLS_DUE[stage]
    play = STAGES[stage]()
    was, started = play.claim, play.now
    due = next(deadline for deadline in MACHINE.deadlines(was, play.context) if deadline.by_clock)
    assert (due.name, due.due_at, due.owner) == (name, started + after, owner)
    assert play.due_step(due.due_at - MILLISECOND) is None
    at_once, late = (play.due_step(due.due_at + by) for by in (timedelta(0), MILLISECOND))
    assert at_once is not None
    assert at_once == late
    assert (at_once.state.status, at_once.at, at_once.state.updated_at) == (status, due.due_at, due.due_at)


@pytest.mark.parametrize("stage", OPEN)
@pytest.mark.parametrize("late", [MILLISECOND, 6 * HOUR], ids=str)
def test_whoever_looks_late_sees_the_same(stage: str, late: timedelta) -> None:
    in_time, too_late = STAGES[stage](), STAGES[stage]()
    while (due := in_time.due_at(in_time.claim.id)) and due < in_time.now + 200 * DAY and not _over(in_time):
        in_time.later(seconds=(due - in_time.now).total_seconds())
        too_late.now = due + late
        too_late.settle_due()
        assert told(in_time, until=due) == told(too_late, until=due)


@pytest.mark.parametrize("stage", OPEN)
def test_months_at_once_are_as_many_days_one_by_one(stage: str) -> None:
    at_once, day_by_day = STAGES[stage](), STAGES[stage]()
    at_once.later(days=200)
    for _ in range(200):
        day_by_day.later(days=1)
    assert told(at_once) == told(day_by_day)


def test_of_two_claims_on_one_order_what_falls_due_first_happens_first() -> None:
    def two() -> Play:
        play = Play()
        play.file("wrong_item", 300_000)
        play.later(hours=1)
        play.file("quantity_short", 300_000)
        play.later(hours=72)
        play.act("escalate", "buyer")
        play.act("open-evidence", "officer")
        return play

    at_once, day_by_day = two(), two()
    at_once.later(days=200)
    for _ in range(200):
        day_by_day.later(days=1)
    assert told(at_once) == told(day_by_day)
    assert [change.at for change in at_once.changes] == sorted(change.at for change in at_once.changes)


def test_a_review_that_is_missed_twice_is_decided_by_the_rules() -> None:
    play = STAGES["review"]()
    reviewer = replace(play.claim, reviewer="officer-a")
    play.claims[reviewer.id] = reviewer
    play.later(days=10)
    assert (play.claim.status, play.claim.overdue, play.claim.excluded_reviewers) == ("review", 1, ("officer-a",))
    play.later(days=10)
    decision = play.claim.decision
    assert decision is not None
    assert (play.claim.status, decision.default, decision.verdict) == ("determined", True, decision.drafted)


def test_evidence_that_was_staged_counts_when_it_falls_due_and_what_had_not_arrived_does_not() -> None:
    play = STAGES["evidence"]()
    play.act("add-evidence", "buyer")
    play.arrive(play.claim.files[-1])
    play.act("add-evidence", "supplier", code="test_report")
    play.later(hours=120)
    assert play.claim.status == "review"
    assert [file.status for file in play.claim.files] == ["submitted", "refused"]


def test_a_fee_nobody_paid_is_held_against_the_buyer_and_a_missing_report_gives_it_back() -> None:
    unpaid, unreported = STAGES["inspection"](), STAGES["inspection, overdue"]()
    unpaid.later(days=14)
    assert unpaid.claim.adverse_to == "buyer"
    last = unreported.changes[-1]
    assert [payment_order.amount_minor for payment_order in last.event.payment_orders] == [18_000]
    unreported.later(hours=48)
    assert (unreported.claim.status, unreported.changes[-1].event.payment_orders) == ("review", ())


# through the endpoints


IN_TIME: Final[dict[str, tuple[Callable[[Dispute, str], Any], str, str, Any]]] = {
    "return": (
        lambda dispute, claim_id: _settlement(dispute, claim_id, "return_and_refund", "1000.00"),
        "ship-return",
        "buyer",
        {"carrier": "COSCO", "tracking_number": "1"},
    ),
    "remedy": (
        lambda dispute, claim_id: _settlement(dispute, claim_id, "replace"),
        "confirm-remedy",
        "buyer",
        None,
    ),
    "evidence": (lambda dispute, claim_id: _opened(dispute, claim_id), "complete-evidence", "buyer", None),
    "settlement": (
        lambda dispute, claim_id: dispute.do(claim_id, "offers", "supplier", {"kind": "replace"}),
        "offers",
        "supplier",
        {"kind": "replace"},
    ),
}
"""By deadline: how a claim comes to it, and the move that meets it."""


@pytest.mark.parametrize("name", IN_TIME)
@pytest.mark.parametrize(("late", "status"), [(-MILLISECOND, 200), (timedelta(0), 409), (MILLISECOND, 409)])
def test_an_endpoint_is_open_until_and_not_at_the_instant(
    dispute: Dispute, name: str, late: timedelta, status: int
) -> None:
    prepare, action, who, body = IN_TIME[name]
    claim_id = dispute.claim(dispute.received(), "wrong_item")
    prepare(dispute, claim_id)
    due = _deadline(dispute, claim_id, name)
    dispute.trade.time.at = due + late
    reply = dispute.act(claim_id, action, who, body)
    assert reply.status == status, reply.body
    if status == 409:
        assert reply["allowed_actions"] == dispute.see(claim_id, who)["allowed_actions"]


@pytest.mark.parametrize("stage", ["negotiating", "return", "evidence", "review", "appealed", "payable"])
def test_a_sweep_six_hours_late_writes_what_one_in_time_would_have_written(refunds: Refunds, stage: str) -> None:
    dispute, time = refunds.dispute, refunds.dispute.trade.time
    claim_id = _at(refunds, stage)
    before, started = machine().snapshot(), time.at
    written = []
    for late in (timedelta(0), 6 * HOUR):
        machine().restore(before)
        time.at = started
        while (due := CLAIMS.next_due()) and due < started + 60 * DAY:
            time.at = due + late
            CLAIMS.sweep(time.at)
            ORDERS.sweep(time.at)
        written.append(_written(claim_id, until=due or time.at))
    in_time, too_late = written
    assert in_time == too_late
    assert len(in_time) > 3
    assert dispute.see(claim_id)["status"] in ENDS | {"payable"}


def test_what_two_claims_free_each_other_does_not_depend_on_when_it_is_looked_at(dispute: Dispute) -> None:
    """The later one lapses before the earlier one is decided: looked at only afterwards, the earlier one still gets what it freed."""
    time = dispute.trade.time
    order_id = dispute.received()
    first = dispute.claim(order_id, "wrong_item", "1500.00")
    dispute.do(first, "edit", "buyer", {"amount": {"amount": "1000.00", "currency": "USD"}})
    second = dispute.claim(order_id, "quantity_short", "500.00")
    dispute.do(first, "edit", "buyer", {"amount": {"amount": "1500.00", "currency": "USD"}})
    for claim_id in (first, second):
        dispute.do(claim_id, "offers", "supplier", {"kind": "none"})
        dispute.do(claim_id, "escalate", "buyer")
        dispute.do(claim_id, "open-evidence", "officer-a")
    assert dispute.see(first)["reserved"]["amount"] == "1000.00"
    dispute.submitted(first, "buyer", "photos")
    before, started = machine().snapshot(), time.at
    told = []
    for sweeps in ([60], range(61)):
        machine().restore(before)
        time.at = started
        for days in sweeps:
            time.at = started + days * DAY
            CLAIMS.sweep(time.at)
            ORDERS.sweep(time.at)
        told.append((_written(first, until=time.at), _written(second, until=time.at)))
    assert told[0] == told[1]
    assert dispute.see(second)["status"] == "lapsed"
    assert dispute.see(first)["refund"]["total"]["amount"] == "1500.00"


def told(play: Play, *, until: datetime | None = None) -> list[bytes]:
    """All that was done and came of it, as bytes."""
    changes = [_plain(change) for change in play.changes if until is None or change.at <= until]
    return [msgspec.json.encode(each) for each in (*changes, *play.claims.values(), play.order)]


def _plain(change: ClaimChange) -> tuple[Any, ...]:
    return change.state, change.event, change.at, change.also, change.effects


def _over(play: Play) -> bool:
    return play.claim.status in ENDS | {"payable"}


def _written(claim_id: str, *, until: datetime) -> list[bytes]:
    """The claim, its order and their entries as they are kept, without what says when it was written."""
    claim, loaded = REPOSITORY.load(claim_id), ORDER_AGGREGATE.catch_up(order_of(claim_id), until)
    assert claim is not None
    assert loaded is not None
    entries = sorted(
        (row.entry() for row in JournalRow.scan() if row.aggregate_id in (claim.id, loaded.state.id)),
        key=lambda entry: (entry.aggregate_id, entry.seq),
    )
    documents = [replace(claim, entry_hash=""), replace(loaded.state, entry_hash="")]
    return [msgspec.json.encode(each) for each in documents] + [
        msgspec.json.encode((entry.aggregate_id, entry.seq, entry.version, entry.at, entry.event)) for entry in entries
    ]


def _deadline(dispute: Dispute, claim_id: str, name: str) -> datetime:
    due = next(due for due in dispute.see(claim_id)["deadlines"] if due["name"] == name)
    return datetime.fromisoformat(due["due_at"])


def _settlement(dispute: Dispute, claim_id: str, kind: str, amount: str = "") -> None:
    money = {"amount": {"amount": amount, "currency": "USD"}} if amount else {}
    offered = dispute.do(claim_id, "offers", "supplier", {"kind": kind} | money)
    dispute.do(claim_id, f"offers/{offered['offers'][0]['id']}/accept", "buyer")


def _opened(dispute: Dispute, claim_id: str) -> None:
    dispute.do(claim_id, "offers", "supplier", {"kind": "none"})
    dispute.do(claim_id, "escalate", "buyer")
    dispute.do(claim_id, "open-evidence", "officer-a")


def _at(refunds: Refunds, stage: str) -> str:
    dispute = refunds.dispute
    if stage == "payable":
        return refunds.owed()[0]
    claim_id = dispute.claim(dispute.received(), "wrong_item")
    if stage == "return":
        _settlement(dispute, claim_id, "return_and_refund", "1000.00")
    if stage in ("evidence", "review", "appealed"):
        _opened(dispute, claim_id)
        dispute.submitted(claim_id, "buyer", "photos")
    if stage in ("review", "appealed"):
        for side in ("buyer", "supplier"):
            dispute.do(claim_id, "complete-evidence", side)
    if stage == "appealed":
        dispute.rule(claim_id)
        dispute.submitted(claim_id, "buyer", "correspondence", b"other")
        dispute.do(claim_id, "appeal", "buyer", {"grounds": "More."})
    return claim_id
