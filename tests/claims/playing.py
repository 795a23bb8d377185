"""A claim played on the pure rules: an order paid in full, everybody who has a say, and the clock; and every stage a claim passes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.claims.rules import (
    appealing,
    case_assignment,
    cases,
    deciding,
    evidence_phase,
    files,
    inspecting,
    negotiation,
    refund_tracking,
    settlement_agreement,
)
from chalicelib.claims.rules.claim import Claim, File, OfficerDecision
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.reasons import Reason
from chalicelib.claims.rules.timers import MACHINE
from chalicelib.claims.rules.transitions import TABLE, Actor, ClaimChange
from chalicelib.claims.rules.verdict.case import Finding
from chalicelib.orders.rules.order import Order, Payment, Side
from chalicelib.orders.rules.timers import MACHINE as ORDER_MACHINE
from chalicelib.orders.rules.transitions import OrderChange
from chalicelib.suppliers.rules.balance import Balance
from tests.claims.rules.given import PAID, POLICY, TERMS_POLICY, received_order

RECEIVED: Final = PAID + timedelta(days=40)
PAYMENTS: Final = tuple(
    Payment(
        bank_id="boc",
        bank_ref=f"R-{number}",
        amount_minor=minor,
        currency="USD",
        value_date=date(2026, 3, 2),
        at=PAID,
        status="counted",
    )
    for number, minor in ((1, 150_000), (2, 350_000))
)


class Play:
    """`order` and `claims` as they stand at `now`; `changes` is all that claims did."""

    def __init__(self, order: Order | None = None, now: datetime = RECEIVED) -> None:
        self.order = order or received_order(payments=PAYMENTS)
        self.now = now
        self.claims: dict[str, Claim] = {}
        self.changes: list[ClaimChange] = []
        self.numbers = itertools.count(1)

    @property
    def balance_minor(self) -> int:
        return 0

    @property
    def claim(self) -> Claim:
        """The last one filed."""
        return list(self.claims.values())[-1]

    @property
    def context(self) -> Context:
        """Of every claim on the order, with what the supplier's balance holds."""
        balance = Balance(self.balance_minor, 0, 0)
        return Context(order=self.order, terms=TERMS_POLICY, policy=POLICY, balance=balance)

    def file(self, reason: Reason = "quality_mismatch", minor: int = 100_000, lines: tuple[int, ...] = ()) -> Claim:
        filed = negotiation.file(
            self.order,
            reason=reason,
            lines=lines,
            requested_minor=minor,
            statement="",
            policy="0" * 16,
            now=self.now,
        )
        return self.take(filed)

    def take(self, change: ClaimChange) -> Claim:
        self.changes.append(change)
        self.claims[change.state.id] = change.state
        self.order = order_after(change) or self.order
        return change.state

    def take_own(self, change: OrderChange) -> None:
        """A change of the order itself."""
        self.order = change.state

    def later(self, **by: float) -> None:
        """The clock moves on, and does what falls due."""
        self.now += timedelta(**by)
        self.settle_due()

    def settle_due(self) -> None:
        while due := [(at, claim_id) for claim_id in self.claims if (at := self.due_at(claim_id)) and at <= self.now]:
            self.take(next(MACHINE.overdue(self.claims[min(due)[1]], self.context, self.now)))
        for lapsed in ORDER_MACHINE.overdue(self.order, TERMS_POLICY, self.now):
            self.take_own(lapsed)

    def due_at(self, claim_id: str) -> datetime | None:
        return MACHINE.next_due(self.claims[claim_id], self.context)

    def due_step(self, now: datetime) -> ClaimChange | None:
        """What the clock does next with the last claim, if it fell due by then."""
        return next(MACHINE.overdue(self.claim, self.context, now), None)

    def act(self, action: str, who: Actor, **more: Any) -> Claim:
        """What an endpoint does; NotInThisState where the table does not allow it."""
        TABLE.require(action, self.claim, who, self.context, self.now)
        return self.take(ACTS[action](self, who, **more))

    def evidence(self, side: Side, code: str = "photos") -> str:
        """Announced, arrived and handed in."""
        self.act("add-evidence", side, code=code)
        file = self.claim.files[-1]
        self.arrive(file)
        self.submit(file)
        return file.id

    def submit(self, file: File) -> Claim:
        TABLE.require("add-evidence", self.claim, file.by, self.context, self.now)
        return self.take(files.submit(self.claim, self.context, file.by, self.now, file.id))

    def arrive(self, file: File) -> None:
        change = files.arrived(
            self.claim,
            file.id,
            size=file.size,
            sha256=file.sha256,
            media_type=file.media_type,
            object_version="v1",
            now=self.now,
        )
        assert change is not None
        self.take(change)

    def pay_fee(self) -> None:
        fee = self.claim.inspections[-1].fee_minor
        reference, currency = f"F-{next(self.numbers)}", self.order.terms.currency
        self.take(inspecting.fee_paid(self.claim, self.context, "boc", reference, fee, currency, self.now))

    def ruled(self, ruling: OfficerDecision, officer: str = "officer-a") -> ClaimChange:
        return deciding.determine(self.claim, self.context, officer, self.now, ruling)

    def appeal_ruled(self, ruling: OfficerDecision, officer: str = "officer-b") -> ClaimChange:
        return appealing.decide_appeal(self.claim, self.context, officer, self.now, ruling)

    def drafted(self) -> OfficerDecision:
        verdict = cases.draft(self.claim, self.context)
        return OfficerDecision(
            outcome=verdict.outcome,
            approved_minor=verdict.approved_minor,
            supplier_fault_percent=verdict.supplier_fault_percent,
        )


def order_after(change: ClaimChange) -> Order | None:
    """The order as the same commit leaves it, where it changes it."""
    return next((other for other in change.also if isinstance(other, Order)), None)


Act = Callable[..., ClaimChange]


def _plainly(rule: Act, *more: Any) -> Act:
    """A rule on the claim as it stands, by whoever acts."""
    return lambda play, who: rule(play.claim, play.context, who, play.now, *more)


def _by(officer: str, rule: Act, *more: Any) -> Act:
    return lambda play, who: rule(play.claim, play.context, officer, play.now, *more)


def _on_offer(rule: Act) -> Act:
    """On the last offer of the other side."""

    def act(play: Play, who: Actor) -> ClaimChange:
        offer_id = next((offer.id for offer in reversed(play.claim.offers) if offer.by != who), "")
        return rule(play.claim, play.context, who, play.now, offer_id)

    return act


def _offer(play: Play, who: Any, kind: Any = "partial", minor: int = 50_000) -> ClaimChange:
    name = f"off_{next(play.numbers)}"
    return negotiation.offer(play.claim, play.context, who, play.now, name, kind, minor, "")


def _settle(play: Play, who: Any, kind: Any = "partial", minor: int = 50_000) -> ClaimChange:
    return settlement_agreement.sign(play.claim, play.context, who, play.now, kind, minor, "")


def _agree_to_shipment(play: Play, who: Any, claim: Any = "goes_on") -> ClaimChange:
    return negotiation.agree_to_shipment(play.claim, play.context, who, play.now, claim)


def _acknowledge_return(play: Play, who: Any, condition: Any = "received") -> ClaimChange:
    return settlement_agreement.acknowledge_return(play.claim, play.context, who, play.now, condition)


def _appeal(play: Play, who: Any, concedes: int = 0) -> ClaimChange:
    return appealing.appeal(play.claim, play.context, who, play.now, "grounds", concedes)


def _add_evidence(play: Play, who: Any, code: str = "photos") -> ClaimChange:
    number = next(play.numbers)
    file = File(
        id=f"evd_{number}",
        by=who,
        code=code,
        name="a",
        media_type=POLICY.evidence_kinds[code].media_types[0],
        size=9,
        sha256=f"{number:064}",
        visibility="both",
        at=play.now,
    )
    return files.stage(play.claim, play.context, who, play.now, file)


def _inspect(play: Play, who: Actor) -> ClaimChange:
    past = {each.inspector for each in play.claim.inspections}
    free = [inspector.id for inspector in POLICY.inspectors if inspector.id not in past]
    return inspecting.inspect(play.claim, play.context, "officer-a", play.now, free[0], 18_000)


ACTS: Final[dict[str, Act]] = {
    "edit": _plainly(negotiation.edit, 90_000, "less"),
    "offer": _offer,
    "accept-offer": _on_offer(settlement_agreement.accept),
    "decline-offer": _on_offer(negotiation.decline),
    "escalate": _plainly(negotiation.escalate),
    "withdraw": _plainly(negotiation.withdraw),
    "settle": _settle,
    "agree-to-shipment": _agree_to_shipment,
    "add-evidence": _add_evidence,
    "complete-evidence": _plainly(evidence_phase.complete_evidence),
    "ship-return": _plainly(settlement_agreement.ship_return, "COSCO 1"),
    "acknowledge-return": _acknowledge_return,
    "confirm-remedy": _plainly(settlement_agreement.confirm_remedy),
    "appeal": _appeal,
    "assign": _by("officer-a", case_assignment.assign, "officer-c"),
    "recuse": _by("officer-c", case_assignment.recuse),
    "open-evidence": _by("officer-a", evidence_phase.open_evidence),
    "inspection": _inspect,
    "inspection-report": _by("officer-a", inspecting.report, Finding(conforms=False, defect_bp=3000), "0" * 64),
    "determine": lambda play, who: play.ruled(play.drafted()),
    "decide-appeal": lambda play, who: play.appeal_ruled(play.drafted()),
}
"""What each endpoint does with a claim, by the name of its action."""


def _negotiating() -> Play:
    play = Play()
    play.file()
    return play


def _with_offers() -> Play:
    play = _negotiating()
    play.act("offer", "supplier")
    play.act("offer", "buyer", minor=60_000)
    return play


def _on_day_4() -> Play:
    play = _negotiating()
    play.later(hours=72)
    return play


def _agreed_on(kind: str) -> Play:
    play = _negotiating()
    play.act("offer", "supplier", kind=kind, minor=0 if kind == "replace" else 100_000)
    play.act("accept-offer", "buyer")
    return play


def _returning() -> Play:
    play = _agreed_on("return_and_refund")
    play.act("ship-return", "buyer")
    return play


def _escalated() -> Play:
    play = _on_day_4()
    play.act("escalate", "buyer")
    return play


def _evidence() -> Play:
    play = _escalated()
    play.act("open-evidence", "officer")
    return play


def _inspection() -> Play:
    play = _evidence()
    play.act("inspection", "officer")
    return play


def _inspection_paid() -> Play:
    play = _inspection()
    play.pay_fee()
    return play


def _inspection_overdue() -> Play:
    play = _inspection_paid()
    play.later(days=POLICY.inspection_days + POLICY.report_days)
    return play


def _review() -> Play:
    play = _evidence()
    for code in ("photos", "measurable_term"):
        play.evidence("buyer", code)
    play.act("complete-evidence", "supplier")
    play.act("complete-evidence", "buyer")
    return play


def _determined() -> Play:
    play = _review()
    play.act("determine", "officer")
    return play


def _to_be_appealed() -> Play:
    play = _determined()
    play.evidence("buyer", "correspondence")
    play.evidence("supplier", "test_report")
    return play


def _appealed(by: Side = "buyer", concedes: int = 0) -> Play:
    play = _to_be_appealed()
    play.act("appeal", by, concedes=concedes)
    return play


def _undisputed() -> Play:
    play = _determined()
    play.evidence("buyer", "correspondence")
    play.act("appeal", "buyer")
    play.later(days=POLICY.appeal_days)
    return play


def _payable() -> Play:
    play = _with_offers()
    play.act("accept-offer", "buyer")
    return play


def _paid() -> Play:
    play = _payable()
    settled = refund_tracking.settled(play.claim, play.context, "ins_1", 50_000, play.now)
    assert settled is not None
    play.take(settled)
    return play


def _rejected() -> Play:
    play = _review()
    ruling = OfficerDecision(outcome="none", approved_minor=0, supplier_fault_percent=0, reasoning="As ordered.")
    play.take(play.ruled(ruling))
    play.later(days=POLICY.appeal_days)
    return play


def _withdrawn() -> Play:
    play = _negotiating()
    play.act("withdraw", "buyer")
    return play


def _lapsed() -> Play:
    play = _evidence()
    play.later(hours=POLICY.evidence_hours)
    return play


def _closed() -> Play:
    play = _agreed_on("return_and_refund")
    play.later(days=POLICY.return_ship_days)
    return play


def _kept_back(made: Callable[[], Play]) -> Play:
    """The same about goods before shipment, of an order whose goods are there still."""
    play = made()
    mark = replace(play.order.claims[-1], reason="quality_pre_shipment")
    play.order = replace(
        play.order,
        status="funded",
        shipped_at=None,
        received_at=None,
        window_ends_at=None,
        terms=replace(play.order.terms, quality="pre_shipment"),
        claims=(mark,),
    )
    play.claims[play.claim.id] = replace(play.claim, reason="quality_pre_shipment")
    return play


KEPT_BACK: Final[dict[str, Callable[[], Play]]] = {
    "negotiating": _negotiating,
    "agreed": lambda: _agreed_on("return_and_refund"),
    "escalated": _escalated,
    "evidence": _evidence,
    "inspection": _inspection,
    "review": _review,
}
"""Stages at which goods can be kept back, by state."""

STAGES: Final[dict[str, Callable[[], Play]]] = {
    "negotiating": _negotiating,
    "negotiating, with offers": _with_offers,
    "negotiating, on day 4": _on_day_4,
    "agreed on a return": lambda: _agreed_on("return_and_refund"),
    "agreed, goods under way": _returning,
    "agreed on a replacement": lambda: _agreed_on("replace"),
    "escalated": _escalated,
    "evidence": _evidence,
    "inspection": _inspection,
    "inspection, paid": _inspection_paid,
    "inspection, overdue": _inspection_overdue,
    "review": _review,
    "determined": _determined,
    "determined, with new evidence": _to_be_appealed,
    "appealed by the buyer": _appealed,
    "appealed by the supplier": lambda: _appealed("supplier"),
    "appealed by the supplier, conceding a part": lambda: _appealed("supplier", 20_000),
    "appealed by the buyer alone, undisputed": _undisputed,
    "payable": _payable,
    "paid": _paid,
    "rejected": _rejected,
    "withdrawn": _withdrawn,
    "lapsed": _lapsed,
    "closed_no_payment": _closed,
    **{f"{status}, goods kept back": partial(_kept_back, made) for status, made in KEPT_BACK.items()},
}
"""Every state, and every stage of it in which other moves are drawn; the status is the first word."""
