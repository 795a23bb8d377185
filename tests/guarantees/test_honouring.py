"""Whether a guarantor has honoured its share: everything that was claimed of it, each part by its day."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

from chalicelib.guarantees.rules.honouring import is_honoured
from chalicelib.loans.rules.loan import Loan, Repayment
from chalicelib.shared.periods import business_date
from tests.guarantees.calling import SEATS, Calling

DAY = timedelta(days=1)


def paid(letter: str, minor: int, on: date, **other: Any) -> Repayment:
    fields: dict[str, Any] = {"payer": "guarantor", "seat": SEATS[letter], "call_id": "C-1"} | other
    return Repayment(bank_ref=f"R-{letter}-{on}-{minor}", value_on=on, amount_minor=minor, **fields)


def loan(*repayments: Repayment) -> Loan:
    return cast(Loan, SimpleNamespace(repayments=repayments))


def called() -> tuple[Calling, date]:
    """400 of B and C each, and the last day on which to pay."""
    calling = Calling(800, {"B": 1, "C": 1})
    calling.notice()
    due = calling.call.due_at(calling.share("B"))
    assert due is not None
    return calling, business_date(due - DAY)


def honoured(calling: Calling, letter: str, *repayments: Repayment) -> bool | None:
    return is_honoured(calling.call, calling.share(letter), loan(*repayments))


def test_a_share_counts_when_it_is_paid_and_by_its_last_day() -> None:
    calling, last = called()
    assert honoured(calling, "B") is False, "it is due"
    calling.pay("B", 400)
    assert honoured(calling, "B", paid("B", 400, last)) is True
    assert honoured(calling, "B", paid("B", 400, last + DAY)) is False, "within the days of grace, and late"
    assert honoured(calling, "C", paid("B", 400, last)) is False


def test_each_part_has_a_day_of_its_own() -> None:
    calling, last = called()
    calling.pay("C", 400)
    calling.fail("B")
    assert honoured(calling, "B") is False
    assert honoured(calling, "C", paid("C", 400, last)) is False, "the others' part is due on top"
    calling.pay("C", 400)
    later = business_date(calling.share("C").notices[-1].due_at) - DAY
    assert honoured(calling, "C", paid("C", 400, last), paid("C", 400, later)) is True
    assert honoured(calling, "C", paid("C", 400, last + DAY), paid("C", 400, later)) is False
    assert honoured(calling, "C", paid("C", 400, last), paid("C", 400, later + DAY)) is False


def test_who_failed_and_paid_after_all_has_not_honoured_its_share() -> None:
    calling, last = called()
    calling.fail("B")
    calling.pay("B", 400)
    assert calling.share("B").status == "paid"
    assert honoured(calling, "B", paid("B", 400, last + 40 * DAY)) is False


def test_what_went_back_is_folded_or_was_never_owed_says_nothing() -> None:
    calling, last = called()
    calling.pay("B", 400)
    calling.pay("C", 400)
    assert honoured(calling, "B") is None, "the loan knows a sum only"
    assert honoured(calling, "B", paid("B", 400, last, call_id="C-2")) is None
    calling.owes(0)
    calling.pay("B", -400)
    assert (calling.share("B").status, honoured(calling, "B")) == ("refunded", None)


def test_an_objection_stops_the_clock_of_its_share() -> None:
    calling, last = called()
    objection = calling.object_to("B")
    assert honoured(calling, "B") is False
    calling.days(7)
    calling.decide(objection, "dismissed")
    calling.pay("B", 400)
    assert honoured(calling, "B", paid("B", 400, last + 7 * DAY)) is True
    assert honoured(calling, "B", paid("B", 400, last + 8 * DAY)) is False
