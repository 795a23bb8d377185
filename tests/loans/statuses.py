"""A loan in each of its statuses, made by what a bank reports; and a report of every type that fits it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.groups.rules.guarantee import Guarantee, Guarantor
from chalicelib.loans.bank_messages import INBOUND
from chalicelib.loans.rules import calls
from chalicelib.loans.rules.events import ReportedPayer
from chalicelib.loans.rules.loan import Loan, PlannedInstalment, Status
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.transitions import LoanChange
from chalicelib.shared.periods import business_date, start_of
from tests.loans.lending import CONTEXT, head, instalments, stood

NOW: Final = start_of(date(2024, 6, 20)) + timedelta(hours=10)
"""Ten days after the first of two due dates."""
DECIDE: Final = {each.type.name: each for each in INBOUND}


def lent() -> Loan:
    """20,000.00 since 10 May: two instalments of 10,000.00 and interest, due on 10 June and 10 July."""
    return instalments(
        (date(2024, 6, 10), 10_000_00, 200_00), (date(2024, 7, 10), 10_000_00, 100_00), drawn_on=date(2024, 5, 10)
    )


def tell(loan: Loan, kind: str, now: datetime = NOW, **data: Any) -> LoanChange | None:
    """What a bank's report does to a loan, by its declaration."""
    inbound = DECIDE[kind]
    known = report(kind, loan, now) | data
    return inbound.decide(loan, CONTEXT, inbound.type.form(**known), loan.bank_id, now)


def told(loan: Loan, kind: str, now: datetime = NOW, **data: Any) -> Loan:
    change = tell(loan, kind, now, **data)
    assert change is not None
    return change.state


def report(kind: str, loan: Loan, now: datetime) -> dict[str, Any]:
    """The data of an event, such as a bank might send it now."""
    today = business_date(now)
    names = DECIDE[kind].type.form.__struct_fields__
    money = {"currency": "CNY", "amount": 100_00}
    by_kind: Mapping[str, dict[str, Any]] = {
        "repayment.reversed": {"original_bank_ref": "R-1"},
        "interest.charged": {"from_on": today - timedelta(days=5), "to_on": today},
        "penalty.charged": {"from_on": today - timedelta(days=5), "to_on": today},
        "loan.overdue": {"dpd": 10},
        "hardship.granted": {"from_on": today, "to_on": today + timedelta(days=10)},
        "hardship.ended": {"from_on": today, "to_on": today + timedelta(days=1)},
        "default.declared": {"cause": "dpd"},
        "call.requested": {
            "call_id": "C-1",
            "principal": 20_000_00,
            "interest": 236_29,
            "penalty": 50_00,
            "cut_off": today,
        },
        "call.confirmed": {"call_id": "C-1"},
        "call.withdrawn": {"call_id": "C-1"},
        "schedule.changed": {
            "version": loan.schedule_version + 1,
            "schedule": [
                PlannedInstalment(
                    number=2, due_date=date(2024, 7, 10), principal=loan.outstanding_minor or 1, interest=100_00
                )
            ],
        },
    }
    return {
        **head(loan, now),
        **{name: value for name, value in money.items() if name in names},
        **by_kind.get(kind, {}),
    }


def current() -> Loan:
    return stood(told(in_arrears(), "repayment.received", amount=10_250_00, bank_ref="R-1"), NOW)


def in_arrears() -> Loan:
    return stood(lent(), NOW)


def paused() -> Loan:
    return told(in_arrears(), "hardship.granted")


def defaulted() -> Loan:
    return told(in_arrears(), "default.declared")


GUARANTEE: Final = Guarantee(
    group_id="grp_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
    seat=1,
    sheet_version=1,
    sheet_sha256="0" * 64,
    mode="joint_cascade",
    weight_basis="limit",
    guarantors=(
        Guarantor(seat=2, member_id="mem_01JV8QZ7N4K3T5W6X8Y9ABCDE2", limit_minor=1_000_000_00),
        Guarantor(seat=3, member_id="mem_01JV8QZ7N4K3T5W6X8Y9ABCDE3", limit_minor=1_000_000_00),
    ),
    until_months=6,
    due_business_days=10,
    grace_business_days=5,
)
"""Seats 2 and 3 stand for seat 1, equally."""


def guaranteed(loan: Loan) -> Loan:
    return replace(loan, guarantee=GUARANTEE, guaranteed_until=date(2025, 1, 10))


def guaranteed_default() -> Loan:
    return told(guaranteed(in_arrears()), "default.declared")


def called() -> Loan:
    return told(guaranteed_default(), "call.requested")


def pay(loan: Loan, minor: int, seat: int | None = None, now: datetime = NOW, **data: Any) -> Loan:
    """A payment of the debtor, or of a guarantor."""
    payer = ReportedPayer(kind="guarantor", seat=seat) if seat else ReportedPayer()
    ref = f"P-{len(loan.repayments) + 1}"
    return told(loan, "repayment.received", now, **{"amount": minor, "payer": payer, "bank_ref": ref} | data)


def owed(loan: Loan, now: datetime = NOW) -> int:
    return position_on(loan, CONTEXT.product, business_date(now)).payoff_minor


def settled_by_guarantors() -> Loan:
    loan = pay(called(), 10_000_00, 2)
    return told(pay(loan, owed(loan), 3), "call.confirmed")


def in_recovery() -> Loan:
    return calls.exhaust(called(), CONTEXT, NOW).state


def repaid() -> Loan:
    return told(in_arrears(), "repayment.received", amount=25_000_00, bank_ref="R-1")


def written_off() -> Loan:
    return told(defaulted(), "loan.written_off")


def closed() -> Loan:
    return told(repaid(), "loan.closed")


def draw_requested() -> Loan:
    return replace(lent(), status="draw_requested", value_on=None, folded_on=None, portions=())


def draw_closed() -> Loan:
    return replace(draw_requested(), status="draw_closed")


IN_STATUS: Final[Mapping[Status, Callable[[], Loan]]] = {
    "draw_requested": draw_requested,
    "draw_closed": draw_closed,
    "current": current,
    "in_arrears": in_arrears,
    "paused": paused,
    "defaulted": defaulted,
    "called": called,
    "in_recovery": in_recovery,
    "settled_by_guarantors": settled_by_guarantors,
    "repaid": repaid,
    "written_off": written_off,
    "closed": closed,
}
