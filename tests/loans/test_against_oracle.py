"""Random loans of invented firms: schedules, interest, penalties, allocation, days past due and balances are what the oracle says, fen by fen."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import islice
from typing import Any, Final

from msgspec import convert
from msgspec.structs import replace

from benchmarks import firms
from chalicelib.credit.rules import schedule
from chalicelib.credit.rules.products import DayCount
from chalicelib.credit.rules.schedule import Terms
from chalicelib.loans.rules import receiving, servicing
from chalicelib.loans.rules.events import Hardship, RepaymentReceived, RepaymentReversed
from chalicelib.loans.rules.loan import Context, Loan, Policy
from chalicelib.loans.rules.position import Position, position_on
from chalicelib.loans.rules.standing import status_of
from chalicelib.loans.rules.transitions import NotInThisStatus
from chalicelib.shared import policies
from tests.loans import oracle
from tests.loans.lending import CHINA, lent, product
from tests.loans.oracle import Happened, Pause, Payment, Planned, Reversal
from tests.size import at_size

LOANS: Final = at_size(10_000, 200)
DAY_COUNTS: Final[dict[str, DayCount]] = {"act_360": "ACT/360", "act_365f": "ACT/365F", "30_360": "30/360"}
ORDERS: Final = (
    oracle.CELLS,
    tuple(
        f"{when}_{what}"
        for when in ("past_due", "due", "in_advance")
        for what in ("fee", "interest", "principal", "penalty")
    ),
    tuple(
        f"{when}_{what}"
        for what in ("interest", "principal", "penalty", "fee")
        for when in ("past_due", "due", "in_advance")
    ),
)
DECIDE: Final[dict[str, Any]] = {
    "repayment.received": (RepaymentReceived, receiving.receive_repayment),
    "repayment.reversed": (RepaymentReversed, receiving.reverse_repayment),
    "hardship.granted": (Hardship, servicing.grant_hardship),
}


def loans(count: int) -> Iterator[firms.Loan]:
    numbers = iter(range(10**9))
    return islice((loan for number in numbers for loan in firms.loans(number)), count)


def drawn(loan: firms.Loan) -> Terms:
    return Terms(
        principal_minor=loan.principal,
        rate_bp=loan.rate_bp,
        day_count=DAY_COUNTS[loan.day_count],
        method=loan.method,  # type: ignore[arg-type]
        months=loan.months,
        drawn_on=date.fromisoformat(loan.drawn_on),
        holidays=loan.holidays,  # type: ignore[arg-type]
        interest_follows=loan.interest_moves,
    )


def same_terms(loan: firms.Loan, order: Sequence[str]) -> oracle.Terms:
    return oracle.Terms(
        principal=loan.principal,
        rate_bp=loan.rate_bp,
        method=loan.method,
        day_count=loan.day_count,
        months=loan.months,
        drawn_on=date.fromisoformat(loan.drawn_on),
        holidays=loan.holidays,
        interest_moves=loan.interest_moves,
        factor=Fraction(3, 2),
        order=order,
    )


def context(terms: Terms, order: Sequence[str]) -> Context:
    """`past_due_fee` of the oracle is `past_due.fee` of ours."""
    cells: Any = tuple(".".join(cell.rsplit("_", 1)) for cell in order)
    own = product(day_count=terms.day_count, allocation=cells)
    return Context(product=own, policy=policies.in_force("loans", terms.drawn_on).read_as(Policy))


def as_told(planned: Sequence[schedule.Instalment]) -> list[schedule.Instalment]:
    """A bank tells a schedule by due dates: each period reaches from one to the next."""
    starts = [planned[0].from_on, *(each.due_on for each in planned)]
    return [replace(each, from_on=start, until_on=each.due_on) for start, each in zip(starts, planned, strict=False)]


def apply(loan: Loan, in_force: Context, data: dict[str, Any], number: int) -> tuple[Loan, Happened]:
    """What a bank tells, to ours, and the same for the oracle."""
    day = date.fromisoformat(data["told_on"])
    now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    form, decide = DECIDE[data["type"]]
    common = {
        "bank_ref": data.get("bank_ref", f"{data['type']}-{number}"),
        "seq": number,
        "occurred_at": now,
        "business_date": data.get("value_date", data["told_on"]),
        "loan_id": loan.id,
        "currency": "CNY",
    }
    after = decide(loan, in_force, convert({**data, **common}, form, strict=False), loan.bank_id, now).state
    happened: dict[str, Happened] = {
        "repayment.received": Payment(common["business_date"], data.get("amount", 0), common["bank_ref"]),
        "repayment.reversed": Reversal(data.get("original_bank_ref", "")),
        "hardship.granted": Pause(*(date.fromisoformat(data.get(end, data["told_on"])) for end in ("from", "to"))),
    }
    this = happened[data["type"]]
    return after, this._replace(on=date.fromisoformat(this.on)) if isinstance(this, Payment) else this  # type: ignore[arg-type]


def figures(loan: Loan, position: Position) -> dict[str, Any]:
    return {
        "principal": position.principal_minor,
        "interest": position.interest_minor,
        "penalty": position.penalty_minor,
        "payoff": position.payoff_minor,
        "dpd": position.dpd,
        "status": status_of(loan, position),
        "over": sum(split.surplus_minor for split in position.splits.values()),
    }


def expected(position: oracle.Position) -> dict[str, Any]:
    names = ("principal", "interest", "penalty", "payoff", "dpd", "status", "over")
    return {name: getattr(position, name) for name in names}


def test_schedules_are_what_the_oracle_says() -> None:
    for loan in loans(LOANS):
        ours = schedule.instalments(drawn(loan), CHINA)
        theirs = oracle.schedule(same_terms(loan, oracle.CELLS))
        assert [(each.due_on, each.principal_minor, each.interest_minor) for each in ours] == [
            (each.due_on, each.principal, each.interest) for each in theirs
        ], loan


def test_what_happens_to_a_loan_comes_to_what_the_oracle_says() -> None:
    chance = random.Random(7)
    for loan in loans(LOANS):
        order = chance.choice(ORDERS)
        terms, plan = same_terms(loan, order), as_told(schedule.instalments(drawn(loan), CHINA))
        in_force = context(drawn(loan), order)
        theirs: list[Planned] = oracle.as_told(oracle.schedule(terms), terms)
        state, happened = lent(drawn(loan), plan), []
        for number, told in enumerate(loan.events, 1):
            try:
                state, this = apply(state, in_force, told, number)
                happened.append(this)
            except NotInThisStatus:
                assert (told["type"], state.status) == ("hardship.granted", "repaid")
            days = [date.fromisoformat(told["told_on"])]
            if number == len(loan.events):
                days += [days[0] + timedelta(days=chance.randrange(1, 400)) for _ in range(2)]
            elif chance.random() < 0.8:
                continue
            for day in days:
                ours = position_on(state, in_force.product, day)
                assert figures(state, ours) == expected(oracle.position(terms, theirs, happened, day)), (loan, day)
