"""What loans and calls tell of firms for their scores, through signed events of the bank."""

from __future__ import annotations

from typing import Any

from chalicelib import consumers
from chalicelib.credit.records import histories
from chalicelib.credit.rules.history import Past
from chalicelib.shared.journal import Entry, JournalRow
from tests.guarantees.standing import Standing, bank, standing

__all__ = ["bank", "standing"]

M = 100_000_000


def follow(*, backwards: bool = False) -> None:
    """All that is written comes to those who tell, once more."""
    entries: list[Entry] = sorted((row.entry() for row in JournalRow.scan()), key=lambda entry: entry.at)
    for entry in reversed(entries) if backwards else entries:
        for name in ("loans.follow", "guarantees.follow"):
            consumers.SUBSCRIBERS[name](entry)


def pasts(standing: Standing) -> dict[str, list[Past]]:
    return {letter: histories.of_member(member_id) for letter, member_id in standing.members.items()}


def figures(standing: Standing, letter: str) -> dict[str, Any]:
    score = standing.api.get(f"/v1/members/{standing.members[letter]}/score", standing.token(letter))
    return {each["name"]: each["figure"] for each in score["attributes"]}


def test_a_debtor_in_default_and_guarantors_that_pay_on_time_or_late_are_known_in_any_order(standing: Standing) -> None:
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    follow()
    assert figures(standing, "B")["calls_honoured"] is None, "what is due is neither kept nor broken"
    assert figures(standing, "A")["worst_dpd"] > 0
    assert figures(standing, "B")["worst_dpd"] is None
    standing.pay("A", "B", 200_000_00, bank_ref="B-200")
    standing.run(days=30)
    standing.pay("A", "C", 200_000_00)
    assert standing.see(call_id)["status"] == "paid"
    follow()
    assert (figures(standing, "B")["calls_honoured"], figures(standing, "C")["calls_honoured"]) == (10_000, 0)
    [owed] = pasts(standing)["A"]
    assert (owed.subject_id, owed.kind, owed.is_over) == (standing.loans["A"], "loan", False)
    known = pasts(standing)
    follow(backwards=True)
    assert pasts(standing) == known
