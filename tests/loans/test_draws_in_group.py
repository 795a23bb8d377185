"""Draws of members of a group: in the sheet's order, within its cap, behind its gate; what the group hears; the books beside it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.bank_events.outbound import OUTBOUND
from chalicelib.groups.rules.position import DrawingSeat, SeatPosition
from chalicelib.groups.service import drawing
from chalicelib.groups.service import following as groups
from chalicelib.ledger.rules.chart import GROUP_DRAWN, GROUP_OUTSTANDING, GROUP_PENDING
from chalicelib.loans.service import following
from chalicelib.shared.journal import JournalRow
from tests.bank_events.conftest import bank
from tests.loans.grouped import Grouped, grouped

__all__ = ["bank", "grouped"]


def held_by(grouped: Grouped, account: str) -> int:
    """Debits less credits of the group's own account, over the journal."""
    legs = [leg for row in JournalRow.scan() for leg in row.entry().event.postings]
    own = (leg for leg in legs if (leg.account, leg.owner_id) == (account, grouped.group_id))
    return sum(leg.debit_minor - leg.credit_minor for leg in own)


def test_a_draw_takes_of_the_groups_cap_and_gives_it_back_where_it_is_cancelled(grouped: Grouped) -> None:
    loan_id = grouped.drawn(1, "60000.00")
    assert grouped.position().seat(1) == SeatPosition(number=1, pending_minor=60_000_00, loans=1)
    assert grouped.firms[1].post(f"/v1/loans/{loan_id}/cancel").status == 200
    assert grouped.position().seat(1) == SeatPosition(number=1)
    assert held_by(grouped, GROUP_PENDING) == held_by(grouped, GROUP_DRAWN) == 0


def test_the_bank_is_told_which_group_stands_for_the_draw_and_on_which_days_it_repays(grouped: Grouped) -> None:
    grouped.drawn(1, "60000.00")
    [asked] = [row.entry() for row in JournalRow.scan() if row.entry().event.kind == "loan.draw_requested"]
    message = OUTBOUND["loan.draw_requested"].data(asked)
    assert (message["group_id"], message["seat"], list(message["repayment_days"])) == (grouped.group_id, 1, [5])


def test_it_is_the_same_draw_however_often_it_is_sent(grouped: Grouped) -> None:
    first, again = (grouped.draw(1, "60000.00", key="k") for _ in range(2))
    assert (first.status, again.status, first["id"]) == (201, 201, again["id"])
    assert grouped.position().used_minor == 60_000_00


def test_the_loan_keeps_who_stands_for_it_and_the_firm_sees_the_group(grouped: Grouped) -> None:
    loan_id = grouped.lent(1, 60_000_00, "2026-09-07")
    loan = grouped.firms[1].get(f"/v1/loans/{loan_id}")
    assert (loan["group_id"], loan["guaranteed_until"], loan["call"]) == (grouped.group_id, "2027-03-07", None)
    assert grouped.position().guaranteed_until == date(2027, 3, 7)
    for other in (2, 3):
        assert grouped.firms[other].get(f"/v1/loans/{loan_id}").status == 404


def test_the_next_seat_draws_after_the_one_before_has_paid_by_the_day(grouped: Grouped) -> None:
    due = grouped.time.at.date() + timedelta(days=20)
    loan_id = grouped.lent(1, 60_000_00, due.isoformat())
    waits = grouped.draw(2, "10000.00")
    assert (waits.status, waits["code"]) == (409, "draw_gate_not_reached")
    assert (waits["after"], waits["needed"], waits["made"]) == (1, 1, 0)
    grouped.lenders[1].on(due.year, due.month, due.day)
    assert grouped.lenders[1].pay(loan_id, 60_000_00) == ("applied", None)
    assert grouped.position().seat(1) == SeatPosition(number=1, punctual=1)
    assert grouped.draw(2, "10000.00").status == 201
    assert grouped.draw(3, "10000.00")["code"] == "draw_gate_not_reached"


def test_of_the_cap_what_others_have_drawn_is_gone_and_of_the_own_limit_what_one_has_drawn_oneself(
    grouped: Grouped,
) -> None:
    own = grouped.draw(1, "100000.01")
    assert (own.status, own["code"], own["maximum"]["amount"]) == (409, "group_limit_exceeded", "100000.00")
    due = grouped.time.at.date() + timedelta(days=20)
    loan_id = grouped.lent(1, 100_000_00, due.isoformat())
    grouped.lenders[1].on(due.year, due.month, due.day)
    assert grouped.lenders[1].pay(loan_id, 1) == ("applied", None)
    assert grouped.draw(2, "10000.00")["code"] == "draw_gate_not_reached"
    assert grouped.lenders[1].pay(loan_id, 99_999_99) == ("applied", None)
    grouped.lent(1, 100_000_00, (due + timedelta(days=30)).isoformat())
    full = grouped.draw(2, "50000.01")
    assert (full["code"], full["maximum"]["amount"]) == ("group_limit_exceeded", "50000.00")
    grouped.drawn(2, "50000.00")
    assert (held_by(grouped, GROUP_OUTSTANDING), held_by(grouped, GROUP_PENDING)) == (100_000_00, 50_000_00)
    assert held_by(grouped, GROUP_DRAWN) == -150_000_00


def test_the_first_loan_makes_the_group_active_once(grouped: Grouped) -> None:
    assert grouped.status() == "sealed"
    grouped.lent(1, 10_000_00, "2026-09-07")
    assert grouped.status() == "active"
    grouped.lent(1, 10_000_00, "2026-09-07")
    assert grouped.status() == "active"


def test_who_is_late_by_more_than_thirty_days_suspends_the_group_until_an_officer_resumes(grouped: Grouped) -> None:
    due = grouped.time.at.date() + timedelta(days=20)
    loan_id = grouped.lent(1, 10_000_00, due.isoformat())
    grouped.time.at += timedelta(days=20 + 30)
    grouped.lenders[1].sweep()
    grouped.bank.streams()
    assert grouped.status() == "active"
    grouped.time.at += timedelta(days=1)
    grouped.lenders[1].sweep()
    grouped.bank.streams()
    assert grouped.status() == "suspended"
    refused = grouped.draw(1, "10000.00")
    assert (refused.status, refused["code"], refused["group_status"]) == (409, "group_takes_no_draws", "suspended")
    [told] = [
        row.entry()
        for row in JournalRow.scan()
        if row.entry().aggregate_id == loan_id and row.entry().event.payload.get("days_late") == "31-60"
    ]
    following.follow(told, grouped.time.at)
    assert grouped.status() == "suspended"
    timeline = grouped.api.get(f"/v1/guarantee-groups/{grouped.group_id}/timeline", grouped.firms[3].token)["items"]
    late = [each["payload"] for each in timeline if each["kind"] == "group.member_late"]
    assert [(each["seat"], each["days_late"]) for each in late] == [(1, "1-30"), (1, "31-60")]
    assert "amount" not in json.dumps(late)


def test_a_draw_that_was_decided_before_the_group_was_suspended_is_decided_again(
    grouped: Grouped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between what the draw reads of the group and what it writes, the group is suspended: nothing of the draw is written."""
    groups.activate(grouped.group_id, grouped.time.at)
    decided = drawing.seat_of

    def late(*args: Any) -> DrawingSeat:
        seat = decided(*args)
        groups.suspend(grouped.group_id, "A member is late.", grouped.time.at)
        return seat

    monkeypatch.setattr("chalicelib.loans.service.draws.seat_of", late)
    refused = grouped.draw(1, "10000.00")
    assert (refused.status, refused["code"]) == (409, "group_takes_no_draws")
    assert grouped.position().seats == ()
