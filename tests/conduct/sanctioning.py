"""Sanctions for tests: as values, and through the API by officers, a firm that owes, and its bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.conduct.aggregate.sanctions import SANCTIONS as SANCTIONS_OF
from chalicelib.conduct.declared import SANCTIONS
from chalicelib.conduct.examples import PROPOSE
from chalicelib.conduct.rules import sanction_handling as handling
from chalicelib.conduct.rules.sanction import Context, Facts, Ground, Measure, Policy, Sanction
from chalicelib.shared import clock, ids, policies
from chalicelib.shared.request import CLOCK, RequestContext
from tests.loans.lending import Lender, planned
from tests.world import Reply, token

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
DAY, MS = timedelta(days=1), timedelta(milliseconds=1)
VERSION = policies.versions("sanctions")[0]
POLICY = VERSION.read_as(Policy)
OFFERS_ALL = replace(POLICY, offered=tuple(POLICY.measures))
LATE = Facts(dpd=31)
IN_DEFAULT = Facts(dpd=120, defaulted_on=date(2026, 8, 1))
GROUNDS: dict[Measure, Ground] = {
    "no_draws": "dpd",
    "no_badge": "dpd",
    "bank_flag": "default",
    "suspension": "no_contact",
    "public_note": "court_document",
}
FACTS: dict[Measure, Facts] = {
    "no_draws": LATE,
    "no_badge": LATE,
    "bank_flag": IN_DEFAULT,
    "suspension": IN_DEFAULT,
    "public_note": IN_DEFAULT,
}


def context(measure: Measure = "no_draws", **facts: Any) -> Context:
    return Context(policy=OFFERS_ALL, facts=replace(FACTS[measure], **facts))


def proposed(measure: Measure = "no_draws", given: Context | None = None, **other: Any) -> Sanction:
    fields: dict[str, Any] = {
        "ground": GROUNDS[measure],
        "reason": "Late.",
        "evidence_ids": ("lon_1",),
        "court_reference": "(2026) Hu 0101" if measure == "public_note" else "",
        "bank_request": "R-1" if measure == "public_note" else "",
        "by": "officer-1",
    }
    return handling.proposed(
        "snc_1",
        "mem_1",
        "boc",
        "lon_1",
        measure,
        context=given or context(measure),
        policy_hash=VERSION.hash,
        now=NOW,
        **fields | other,
    ).state


def noticed(measure: Measure = "no_draws") -> Sanction:
    sanction = proposed(measure)
    for number in range(POLICY.measures[measure].approvals):
        sanction = handling.approve(sanction, context(measure), f"officer-{number + 2}", True, NOW).state
    return sanction


def in_force(measure: Measure = "no_draws") -> Sanction:
    was = noticed(measure)
    assert was.effective_at is not None
    return handling.take_effect(was, context(measure), was.effective_at).state


def appealed(measure: Measure = "bank_flag") -> Sanction:
    return handling.appeal(noticed(measure), context(measure), "We paid.", NOW).state


ONE, TWO, THREE = (token("officer", f"officer-{number}", "risk") for number in (1, 2, 3))
LAWYER = token("officer", "officer-4", "legal")


@dataclass
class Sanctioning:
    """A firm that owes the Bank of China 1,000.00 since 2 September, and officers."""

    lender: Lender
    loan_id: str

    def propose(self, by: str = ONE, **other: Any) -> Reply:
        about = {"loan_id": self.loan_id, "evidence_ids": [self.loan_id]}
        return self.lender.api.post("/v1/sanctions", PROPOSE | about | other, by)

    def approved(self, **other: Any) -> str:
        """Noticed; its id."""
        reply = self.propose(**other)
        assert reply.status == 201, reply.body
        for officer in (TWO, LAWYER):
            if self.see(reply["id"])["status"] == "proposed":
                assert self.act(reply["id"], "approve", officer).status == 200
        return str(reply["id"])

    def act(self, sanction_id: str, action: str, by: str, body: Any = None, **how: Any) -> Reply:
        return self.lender.api.post(f"/v1/sanctions/{sanction_id}/{action}", body, by, **how)

    def see(self, sanction_id: str, by: str = ONE) -> Reply:
        return self.lender.api.get(f"/v1/sanctions/{sanction_id}", by)

    def later(self, days: int = 1) -> None:
        self.lender.time.at += timedelta(days=days)
        SANCTIONS.sweep(self.lender.time.at)
        self.lender.bank.streams()


def owing(lender: Lender) -> Sanctioning:
    """On 20 September it is eighteen days late."""
    loan_id = lender.lend(1_000_00, planned(("2026-09-02", 1_000_00, 60_00)))
    lender.on(2026, 9, 20)
    return Sanctioning(lender, loan_id)


def plant(loan_id: str, member_id: str) -> str:
    """One that the firm has notice of, as it stands in the table."""
    now = clock.now()
    change = handling.proposed(
        ids.new_id("snc", now),
        member_id,
        "boc",
        loan_id,
        "no_badge",
        "dpd",
        reason="Late.",
        evidence_ids=(loan_id,),
        court_reference="",
        bank_request="",
        by="officer-1",
        context=context(),
        policy_hash=VERSION.hash,
        now=now,
    )
    SANCTIONS_OF.create(change, context(), RequestContext.of_clock(change.state.id, 1, now))
    request = RequestContext(caller=CLOCK, now=now, request_id="test")
    approved = SANCTIONS_OF.apply(
        change.state.id, request, lambda was, _: handling.approve(was, context(), "officer-2", False, now)
    )
    assert approved is not None
    return change.state.id
