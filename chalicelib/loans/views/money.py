"""What a loan was booked to, what it takes to pay it off, and what payments would change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from chalicelib.loans.rules.loan import Loan, Split
from chalicelib.loans.rules.payoff import Outlook, Simulation
from chalicelib.loans.rules.position import Position
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.views import view_of

REPEATED: Final = ("value_on", "bank_ref")
"""What of an entry a line of a statement repeats."""


class LegView(msgspec.Struct, frozen=True, kw_only=True):
    account: str
    debit: Money
    credit: Money


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one report of the bank booked on the mirror accounts. `principal` and `payoff` are what was owed after it, on its business date.

    A payment that came late, or was taken back, is booked by reversing what was booked since its value date and booking it anew.
    """

    at: datetime
    business_date: date
    event: str
    value_on: date | None
    bank_ref: str | None
    legs: list[LegView]
    principal: Money | None
    payoff: Money | None


class SplitView(msgspec.Struct, frozen=True, kw_only=True):
    """`surplus` is what nothing is owed for."""

    penalty: Money
    fee: Money
    interest: Money
    principal: Money
    surplus: Money


class PayoffView(msgspec.Struct, frozen=True, kw_only=True):
    """What pays a loan off on a day, if nothing is paid before. Interest and penalty are borne until that day and not after it."""

    loan_id: str
    on: date
    principal: Money
    interest: Money
    penalty: Money
    fees: Money
    total: Money


class PlannedPaymentView(msgspec.Struct, frozen=True, kw_only=True):
    on: date
    money: Money
    split: SplitView


class OutlookView(msgspec.Struct, frozen=True, kw_only=True):
    """`interest` and `penalty` of the loan's whole life, `total` still to be paid until `repaid_on`, if all is paid when it is due."""

    interest: Money
    penalty: Money
    total: Money
    repaid_on: date


class SimulationView(msgspec.Struct, frozen=True, kw_only=True):
    """`before` without the payments, `after` with them, and what they save in interest and penalty."""

    loan_id: str
    payments: list[PlannedPaymentView]
    principal: Money
    payoff: Money
    before: OutlookView
    after: OutlookView
    saved: Money


def statement_line(entry: Entry, currency: str) -> StatementLine | None:
    """None for what booked nothing on the mirror."""
    legs = [
        LegView(
            account=leg.account,
            debit=Money.of(leg.debit_minor, leg.currency),
            credit=Money.of(leg.credit_minor, leg.currency),
        )
        for leg in entry.event.postings
        if leg.account.startswith("loan_")
    ]
    if not legs:
        return None
    payload = entry.event.payload
    return msgspec.convert(
        {
            "at": entry.at,
            "business_date": business_date(entry.at),
            "event": entry.event.kind,
            **{name: payload.get(name) for name in REPEATED},
            "legs": legs,
            "principal": Money.of(payload["principal_minor"], currency) if "principal_minor" in payload else None,
            "payoff": Money.of(payload["payoff_minor"], currency) if "payoff_minor" in payload else None,
        },
        StatementLine,
    )


def payoff_view(loan: Loan, position: Position) -> PayoffView:
    amounts = {
        "principal": position.principal_minor,
        "interest": position.interest_minor,
        "penalty": position.penalty_minor,
        "fees": position.fee_minor,
        "total": position.payoff_minor,
    }
    money = {name: Money.of(minor, loan.currency) for name, minor in amounts.items()}
    return PayoffView(loan_id=loan.id, on=position.on, **money)


def simulation_view(loan: Loan, simulation: Simulation, payments: Sequence[tuple[date, int]]) -> SimulationView:
    return SimulationView(
        loan_id=loan.id,
        payments=[
            PlannedPaymentView(
                on=on, money=Money.of(minor, loan.currency), split=split_view(simulation.splits[str(number)], loan)
            )
            for number, (on, minor) in enumerate(payments, 1)
        ],
        principal=Money.of(simulation.position.principal_minor, loan.currency),
        payoff=Money.of(simulation.position.payoff_minor, loan.currency),
        before=_outlook(simulation.before, loan.currency),
        after=_outlook(simulation.after, loan.currency),
        saved=Money.of(simulation.saved_minor, loan.currency),
    )


def split_view(split: Split, loan: Loan) -> SplitView:
    return view_of(SplitView, split, loan.currency)


def _outlook(outlook: Outlook, currency: str) -> OutlookView:
    return view_of(OutlookView, outlook, currency)
