"""A guaranteed loan of which an instalment is due, its guarantors, and the bank that tells of it: rescues and claims through the API."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from chalicelib.groups.records import positions
from chalicelib.groups.rules.guarantee import Guarantee, Guarantor
from chalicelib.groups.rules.position import MoveInGroup
from chalicelib.guarantees.aggregate.member_claims import MEMBER_CLAIMS, context_of
from chalicelib.guarantees.declared import MEMBER_CLAIMS as SWEPT
from chalicelib.guarantees.rules import member_claim_handling as handling
from chalicelib.guarantees.rules.member_claim import MemberClaim
from chalicelib.shared import clock, ids, journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, RequestContext
from tests.guarantees.between import IN_FORCE, claim
from tests.loans.lending import Lender, planned, plant_draw
from tests.world import Reply, token

SECOND, THIRD = (ids.derived_id("mem", "guarantor", seat) for seat in ("2", "3"))
RISK = token("officer", "officer-1", "risk", "payments")


def guarantee() -> Guarantee:
    return Guarantee(
        group_id=ids.derived_id("grp", "1"),
        seat=1,
        sheet_version=1,
        sheet_sha256="0" * 64,
        mode="joint_capped",
        weight_basis="limit",
        guarantors=(
            Guarantor(seat=2, member_id=SECOND, limit_minor=1_000_000_00),
            Guarantor(seat=3, member_id=THIRD, limit_minor=1_000_000_00),
        ),
        until_months=6,
        due_business_days=10,
        grace_business_days=5,
    )


def plant_position(minor: int) -> None:
    """The group counts the draw that its bank has still to disburse."""
    drawn = MoveInGroup(group_id=guarantee().group_id, seat=1, pending_minor=minor, loans=1)
    request = RequestContext(caller=CLOCK, now=clock.now(), request_id="t", key="drawn in group")
    happened = Event("group.drawn", {}, drawn.postings)
    entry = journal.entry(request, happened, aggregate_id="gps:1", seq=1, prev=journal.GENESIS)
    commit(entry, positions.write_effects(guarantee().group_id, [drawn]))


def plant_claim(state: MemberClaim) -> str:
    """A claim as a call would have made it, payable, with the entry that made it."""
    first = replace(state, created_at=clock.now(), updated_at=clock.now())
    context = context_of(first.policy)
    change = handling.opened(first, is_payable=True, context=context)
    MEMBER_CLAIMS.create(change, context, RequestContext(caller=CLOCK, now=clock.now(), request_id="t", key=first.id))
    return first.id


def between(debtor_id: str, creditor_id: str, number: int = 1, **other: Any) -> MemberClaim:
    """A contribution of 150,000.00 CNY."""
    state = claim(id=ids.derived_id("mcl", "test", str(number)), policy=IN_FORCE.hash, **other)
    return replace(
        state,
        debtor=replace(state.debtor, member_id=debtor_id),
        creditor=replace(state.creditor, member_id=creditor_id),
        loan_id=ids.derived_id("lon", "test"),
        group_id=ids.derived_id("grp", "1"),
        call_id="",
    )


@dataclass
class Rescue:
    """Three instalments of 30,000.00 and interest; the first is due on 5 March 2026."""

    lender: Lender
    loan_id: str = ""
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        lender = self.lender
        self.loan_id = plant_draw(lender.line_id, lender.firm_id, 90_000_00, guarantee=guarantee())
        plant_position(90_000_00)
        rows = planned(
            ("2026-03-05", 30_000_00, 100_00), ("2026-04-05", 30_000_00, 100_00), ("2026-05-05", 30_000_00, 100_00)
        )
        event = lender.tell(
            "draw.disbursed", self.loan_id, amount=90_000_00, value_date="2026-03-02", rate_bp=1200, schedule=rows
        )
        assert event == ("applied", None)

    def offer(self, by: str = SECOND, amount: str = "31000.00", currency: str = "CNY", **more: Any) -> Reply:
        body = {"money": {"amount": amount, "currency": currency}}
        return self.lender.api.post(f"/v1/loans/{self.loan_id}/rescues", body, token("member", by), **more)

    def pay(self, minor: int, seat: int | None = None, **more: Any) -> tuple[str, str | None]:
        """The bank reports a repayment, by a guarantor where a seat is named; and everybody hears of it."""
        payer = {"kind": "guarantor", "seat": seat} if seat else {"kind": "debtor"}
        told = self.lender.pay(self.loan_id, minor, payer=payer, **more)
        self.lender.bank.streams()
        return told

    def see(self, claim_id: str, by: str = SECOND) -> Reply:
        return self.lender.api.get(f"/v1/member-claims/{claim_id}", token("member", by))

    def act(self, claim_id: str, action: str, by: str, body: Any = None, **more: Any) -> Reply:
        return self.lender.api.post(f"/v1/member-claims/{claim_id}/{action}", body, by, **more)

    def claims(self, by: str = "", side: str = "debtor") -> list[dict[str, Any]]:
        by = by or self.lender.firm_id
        items = self.lender.api.get(f"/v1/member-claims?as={side}", token("member", by))["items"]
        return [dict(each) for each in items]

    def transfer(self, claim_id: str, amount: str, currency: str = "CNY", **changes: Any) -> tuple[str, str | None]:
        """A member pays a claim into the bank's account of ours, which the bank reports."""
        data = {
            "member_claim_id": claim_id,
            "bank_ref": f"T-{next(self.names)}",
            "account": f"TA-{currency}-01",
            "value_date": "2026-03-05",
            "money": {"amount": amount, "currency": currency},
        }
        event_id = self.lender.bank.tell("member_claim.received", data | changes)
        self.lender.bank.streams()
        return self.lender.outcome(event_id)

    def sweep(self) -> None:
        swept = SWEPT.sweep(self.lender.time.at)
        assert not swept.failed
