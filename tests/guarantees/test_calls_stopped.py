"""What follows from an entry of a loan for its call, stopped at every instant and begun again: it ends as if nothing had disturbed it."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.guarantees.service import following
from chalicelib.shared.journal import Entry, JournalRow
from tests.guarantees.calling import SEATS
from tests.guarantees.standing import Standing, bank, standing
from tests.stopping import try_every_stop

__all__ = ["bank", "standing"]

M = 100_000_000


def entries() -> Iterator[Entry]:
    return (row.entry() for row in JournalRow.scan(consistent_read=True))


def follow_from(known: set[str], standing: Standing) -> None:
    """Everything that follows from the entries that are not known, and from what they bring about."""
    done = set(known)
    while new := [entry for entry in entries() if entry.entry_id not in done]:
        for entry in sorted(new, key=lambda each: (each.at, each.entry_id)):
            following.follow(entry, standing.time.at)
            done.add(entry.entry_id)


def test_a_requested_call_is_opened_whole_whenever_the_process_stops(standing: Standing) -> None:
    loan_id = standing.lend("A", 300_000_00, {"B": M, "C": M})
    standing.default(loan_id)
    known = {entry.entry_id for entry in entries()}
    today = standing.time.at.date().isoformat()
    certified = {"principal": 300_000_00, "interest": 0, "penalty": 0, "cut_off": today}
    standing.lines[loan_id].tell("call.requested", loan_id, call_id="C-1", **certified)
    sent = try_every_stop("call.requested", lambda: follow_from(known, standing))
    assert sent.count("TransactWriteItems") == 2
    (call,) = standing.listed()
    assert (standing.due(call["id"]), standing.status_of_group()) == ({"B": 150_000_00, "C": 150_000_00}, "called")


def test_the_last_payment_settles_call_group_and_claims_whenever_the_process_stops(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    known = {entry.entry_id for entry in entries()}
    payer = {"kind": "guarantor", "seat": SEATS["B"]}
    loan_id = standing.loans["A"]
    standing.lines[loan_id].tell("repayment.received", loan_id, amount=300_000_00, payer=payer)
    sent = try_every_stop("repayment.received", lambda: follow_from(known, standing))
    assert sent.count("TransactWriteItems") == 4
    assert (standing.see(call_id)["status"], standing.status_of_group()) == ("paid", "active")
    kinds = sorted(item["kind"] for item in standing.api.get("/v1/member-claims", standing.token("B"))["items"])
    assert kinds == ["contribution", "debtor_recourse"]
