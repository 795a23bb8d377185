"""Looking at loans: one, many, what happened to it, what was booked, and what would be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from chalicelib.credit.service.listing import listed
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.loans import records
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules import payoff
from chalicelib.loans.rules.loan import OWING, Context, Loan
from chalicelib.loans.rules.position import Position, position_on
from chalicelib.loans.rules.transitions import NotInThisStatus
from chalicelib.loans.views import money as views
from chalicelib.loans.views import requests
from chalicelib.loans.views.loan import LoanView, view_on
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext, within_duty
from chalicelib.shared.texts import say, term


class DayNotAhead(RuleViolation):
    code = "day_not_ahead"
    title = "That day is over."
    fix = "Name today or a day that lies ahead."


class OtherCurrency(RuleViolation):
    code = "payment_in_another_currency"
    title = "The loan is in another currency."
    fix = "Name amounts in the currency of the loan."


def loan(loan_id: str, query: requests.LoanQuery, request: RequestContext) -> LoanView:
    """The loan, with its figures of a day."""
    loaded, actor = LOANS.read(loan_id, request)
    on = query.on or business_date(request.now)
    view = view_on(loaded.state, loaded.context, actor, request.now, on)
    return within_duty(view, request.caller, LOANS.duty)


def loans(query: requests.LoansQuery, request: RequestContext) -> Page[LoanView]:
    return listed(LOANS, records.ids, query, request)


def ids_of_bank(bank_id: str, after: str | None) -> Iterator[str]:
    """Ids of a bank's loans, oldest first, from behind one of them on."""
    return records.ids("by_bank", bank_id, after)


def ids_of_member(member_id: str, after: str | None = None) -> Iterator[str]:
    """Ids of a firm's loans, oldest first, from behind one of them on."""
    return records.ids("by_member", member_id, after)


timeline = partial(ledger_timelines.of_aggregate, LOANS, currency=lambda state: state.currency)


def statement(loan_id: str, query: requests.StatementQuery, request: RequestContext) -> Page[views.StatementLine]:
    """What was booked, oldest first, of the business dates that are asked for."""
    state = LOANS.kept(loan_id, request)[0].state

    def tell(entry: Entry) -> views.StatementLine | None:
        line = views.statement_line(entry, state.currency)
        return line if line and _is_within(line.business_date, query) else None

    return ledger_timelines.timeline(state, query, request, tell)


def payoff_quote(loan_id: str, body: requests.PayoffRequest, request: RequestContext) -> views.PayoffView:
    state, context = _owing(loan_id, request)
    return views.payoff_view(state, _ahead(state, context, body.on, request))


def simulate(body: requests.SimulationRequest, request: RequestContext) -> views.SimulationView:
    """What payments would go to, and what they would save."""
    state, context = _owing(body.loan_id, request)
    today = business_date(request.now)
    payments = [
        (_not_over(each.on, today, of), _minor(state, each.money, of))
        for of, each in ((f"payments[{number}].", each) for number, each in enumerate(body.payments))
    ]
    return views.simulation_view(state, payoff.simulated(state, context.product, payments, today), payments)


def _owing(loan_id: str, request: RequestContext) -> tuple[Loan, Context]:
    """NotInThisStatus where nothing is owed."""
    loaded, actor = LOANS.read(loan_id, request)
    if loaded.state.status not in OWING:
        why = NotInThisStatus(
            say("The loan is {status}: nothing is to be paid.", status=term("status", loaded.state.status))
        )
        raise LOANS.machine.table.refused(why, loaded.state, actor, loaded.context, request.now)
    return loaded.state, loaded.context


def _ahead(state: Loan, context: Context, on: date, request: RequestContext) -> Position:
    return position_on(state, context.product, _not_over(on, business_date(request.now)))


def _not_over(on: date, today: date, of: str = "") -> date:
    if on < today:
        raise DayNotAhead(say("{on} is before {today}.", on=on, today=today), param=f"{of}on", today=today.isoformat())
    return on


def _minor(state: Loan, money: Money, of: str) -> int:
    if money.currency != state.currency:
        raise OtherCurrency(
            say("The loan is in {currency}.", currency=state.currency),
            param=f"{of}money.currency",
            currency=state.currency,
        )
    return money.minor(least=1)


def _is_within(day: date, query: requests.StatementQuery) -> bool:
    return (query.since is None or query.since <= day) and (query.until is None or day <= query.until)
