"""Loans as values for tests, lent in one step with the terms that a test wants; and a bank that tells of loans in the tables."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.credit.rules import products, schedule
from chalicelib.credit.rules.effects import draw
from chalicelib.credit.rules.products import Product
from chalicelib.credit.rules.schedule import Instalment, Terms, days_of_period, interest_minor
from chalicelib.groups.rules.position import MoveInGroup
from chalicelib.loans.aggregate import LOANS, context_of
from chalicelib.loans.declared import LOANS as LOANS_SWEPT
from chalicelib.loans.rules import receiving, schedule_changes, servicing
from chalicelib.loans.rules.events import Charged, Disbursed, RepaymentReceived, ScheduleChanged
from chalicelib.loans.rules.loan import Context, Loan, Pause, PlannedInstalment, Repayment, portions_of
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.standing import standing
from chalicelib.loans.rules.transitions import LoanChange
from chalicelib.shared import clock, ids
from chalicelib.shared.calendars import calendar
from chalicelib.shared.journal import GENESIS, Event, JournalRow
from chalicelib.shared.periods import business_date, start_of, wire
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.state_machine import Change, Effect
from tests.bank_events.conftest import Bank
from tests.credit.lining import plant as plant_line
from tests.world import Api, Reply, StandingClock, token

CHINA = calendar("CN")
OFFERED = products.offered(date(2026, 1, 1))
RATE_BP = 1200
AT = datetime(2024, 1, 1, tzinfo=UTC)
CONTEXT = context_of("cmb-term", OFFERED.hash, AT)


def product(**other: Any) -> Product:
    """A term loan at 12 %, ACT/360, one and a half times on overdue principal."""
    return replace(OFFERED.find("cmb-term"), **other)


def offering(monkeypatch: pytest.MonkeyPatch, **terms: Any) -> None:
    """Products as their banks would offer them on other terms."""
    pinned = products.pinned
    monkeypatch.setattr(products, "pinned", lambda product_id, policy: replace(pinned(product_id, policy), **terms))


def lent(terms: Terms, schedule_: Iterable[Instalment] | None = None, **other: Any) -> Loan:
    """A loan on the day of its draw."""
    planned = schedule.instalments(terms, CHINA) if schedule_ is None else schedule_
    fields: dict[str, Any] = {
        "id": "lon_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
        "line_id": "lin_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
        "member_id": "mem_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
        "bank_id": "cmb",
        "product_id": "cmb-term",
        "kind": "term",
        "status": "current",
        "version": 1,
        "entry_hash": GENESIS,
        "created_at": AT,
        "updated_at": AT,
        "policy": OFFERED.hash,
        "currency": "CNY",
        "amount_minor": terms.principal_minor,
        "months": terms.months,
        "method": terms.method,
        "value_on": terms.drawn_on,
        "folded_on": terms.drawn_on,
        "rate_bp": terms.rate_bp,
        "portions": tuple(portions_of(planned)),
    }
    return Loan(**fields | other)


def annuity() -> Loan:
    """The loan of row I5: 1,000,000.00 at 12 %, 30/360, twelve instalments, the last due on 2024-12-10."""
    return lent(
        Terms(
            principal_minor=1_000_000_00,
            rate_bp=1200,
            day_count="30/360",
            method="annuity",
            months=12,
            drawn_on=date(2023, 12, 10),
        )
    )


def one_instalment(due_on: date, principal_minor: int, interest_minor: int, drawn_on: date) -> Loan:
    """A loan with one instalment as a row has it."""
    return instalments((due_on, principal_minor, interest_minor), drawn_on=drawn_on)


def instalments(*parts: tuple[date, int, int], drawn_on: date) -> Loan:
    """A loan with the instalments of a row: due date, principal, interest."""
    start, planned = drawn_on, []
    for number, (due_on, principal, interest) in enumerate(parts, 1):
        planned.append(
            Instalment(
                number=number,
                from_on=start,
                until_on=due_on,
                due_on=due_on,
                principal_minor=principal,
                interest_minor=interest,
            )
        )
        start = due_on
    terms = Terms(
        principal_minor=sum(principal for _, principal, _ in parts),
        rate_bp=1200,
        day_count="ACT/360",
        method="equal_principal",
        months=len(parts),
        drawn_on=drawn_on,
    )
    return lent(terms, planned)


def paid(loan: Loan, *payments: tuple[date, int]) -> Loan:
    """With these payments, in the order in which they are told."""
    more = tuple(
        Repayment(bank_ref=f"R-{number}", value_on=on, amount_minor=minor)
        for number, (on, minor) in enumerate(payments, len(loan.repayments) + 1)
    )
    return replace(loan, repayments=(*loan.repayments, *more))


def paused(loan: Loan, *pauses: tuple[date, date]) -> Loan:
    return replace(loan, pauses=tuple(Pause(from_on=start, to_on=end) for start, end in pauses))


def plant_draw(line: str, member_id: str, minor: int, **other: Any) -> str:
    """A draw that waits for its bank, as it stands in the tables; line and exposure hold it as pending."""
    now = clock.now()
    terms = Terms(
        principal_minor=minor, rate_bp=1200, day_count="ACT/360", method="bullet", months=6, drawn_on=now.date()
    )
    fields: dict[str, Any] = {
        "id": ids.new_id("lon", now),
        "line_id": line,
        "member_id": member_id,
        "bank_id": "boc",
        "product_id": "boc-revolving",
        "kind": "revolving",
        "revolves": True,
        "status": "draw_requested",
        "created_at": now,
        "updated_at": now,
        "portions": (),
        "value_on": None,
        "folded_on": None,
    }
    loan = lent(terms, (), **fields | other)
    effects = (*draw(line, member_id, minor), *_drawn_in_group(loan))
    booked = tuple(posting for effect in effects for posting in effect.postings)
    facts: dict[str, Any] = {
        "to": loan.status,
        "member_id": member_id,
        "bank_id": loan.bank_id,
        "currency": loan.currency,
    }
    facts |= {"product_id": loan.product_id, "months": loan.months, "method": loan.method, "receivables": []}
    first = Change(
        state=loan,
        event=Event("loan.draw_requested", {**facts, "line_id": line, "amount_minor": minor}, booked, loan.policy),
        at=now,
        effects=effects,
    )
    request = RequestContext(caller=CLOCK, now=now, request_id="test", key=loan.id, digest="test")
    LOANS.create(first, context_of(loan.product_id, loan.policy, now), request)
    return loan.id


def _drawn_in_group(loan: Loan) -> tuple[Effect, ...]:
    """What a draw takes of its group's cap."""
    if loan.guarantee is None:
        return ()
    of = loan.guarantee
    return (MoveInGroup(group_id=of.group_id, seat=of.seat, pending_minor=loan.amount_minor, loans=1),)


def plant_loan(member_id: str, minor: int = 100_000_00, months: int = 6) -> str:
    """A loan that its bank has just disbursed, due at once after so many months as its terms say, on a line of its own."""
    now = clock.now()
    loan_id = plant_draw(
        plant_line(member_id, minor, limit_of_firm=10**12), member_id, minor, rate_bp=RATE_BP, months=months
    )
    today = business_date(now)
    terms = OFFERED.find("boc-revolving")
    due_on = schedule.contract_dates(
        Terms(
            principal_minor=minor,
            rate_bp=RATE_BP,
            day_count=terms.day_count,
            method="bullet",
            months=months,
            drawn_on=today,
            statement_day=terms.statement_day,
            grace_days=terms.grace_days,
        )
    )[-1]
    days = days_of_period(today, due_on, terms.day_count)
    interest = interest_minor(minor, RATE_BP, days, terms.day_count)
    event = Disbursed(
        bank_ref=f"D-{loan_id}",
        seq=1,
        occurred_at=now,
        business_date=today,
        loan_id=loan_id,
        currency="CNY",
        amount=minor,
        value_date=today,
        rate_bp=RATE_BP,
        schedule=[PlannedInstalment(number=1, due_date=due_on, principal=minor, interest=interest)],
    )

    def disburse(was: Loan, context: Context) -> LoanChange:
        return servicing.disburse(was, context, event, was.bank_id, now)

    assert LOANS.apply(loan_id, RequestContext(caller=CLOCK, now=now, request_id="test"), disburse) is not None
    return loan_id


def planned(*rows: tuple[str, int, int]) -> list[dict[str, Any]]:
    """A schedule as a bank sends it: due date, principal, interest."""
    return [
        {"number": number, "due_date": due, "principal": principal, "interest": interest}
        for number, (due, principal, interest) in enumerate(rows, 1)
    ]


@dataclass
class Lender:
    """The Bank of China, a firm with a line of 1,000,000.00 CNY, and what the bank tells of its loans, each in its sequence."""

    bank: Bank
    time: StandingClock
    firm_id: str
    line_id: str
    seqs: dict[str, int] = field(default_factory=dict)
    refs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def api(self) -> Api:
        return self.bank.api

    @property
    def firm(self) -> str:
        return token("member", self.firm_id)

    def on(self, *day: int) -> None:
        """It is ten in the morning of that day in Shanghai."""
        self.time.at = start_of(date(*day)) + timedelta(hours=10)

    def lend(self, minor: int, rows: list[dict[str, Any]], rate_bp: int = 1200, value_on: str = "") -> str:
        """A draw that is disbursed on the spot."""
        on = value_on or business_date(self.time.at).isoformat()
        days = (date.fromisoformat(rows[-1]["due_date"]) - date.fromisoformat(on)).days
        loan_id = plant_draw(self.line_id, self.firm_id, minor, months=max(1, round(days / 30.4)), rate_bp=rate_bp)
        event = self.tell("draw.disbursed", loan_id, amount=minor, value_date=on, rate_bp=rate_bp, schedule=rows)
        assert event == ("applied", None), event
        return loan_id

    def tell(self, kind: str, loan_id: str, **data: Any) -> tuple[str, str | None]:
        """What became of the event."""
        return self.outcome(self.send(kind, loan_id, **data))

    def send(self, kind: str, loan_id: str, *, webhook_id: str = "", **data: Any) -> str:
        seq = data.pop("seq", None) or self.seqs.get(loan_id, 0) + 1
        self.seqs[loan_id] = max(seq, self.seqs.get(loan_id, 0))
        today = business_date(self.time.at).isoformat()
        body = {
            "bank_ref": f"B-{next(self.refs)}",
            "seq": seq,
            "occurred_at": wire(self.time.at),
            "business_date": today,
            "loan_id": loan_id,
            "currency": "CNY",
        }
        event_id = self.bank.tell(kind, body | data, webhook_id=webhook_id or f"{loan_id}-{next(self.refs)}")
        self.bank.streams(tables=["bank-events"])
        return event_id

    def outcome(self, event_id: str) -> tuple[str, str | None]:
        event = self.bank.event(event_id)
        return event["status"], event["reason"]

    def pay(self, loan_id: str, minor: int, value_on: str = "", **data: Any) -> tuple[str, str | None]:
        dated = {"business_date": value_on} if value_on else {}
        return self.tell("repayment.received", loan_id, amount=minor, **dated | data)

    def see(self, loan_id: str, by: str = "", **query: str) -> Reply:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return self.api.get(f"/v1/loans/{loan_id}?{asked}", by or self.firm)

    def figures(self, loan_id: str) -> dict[str, Any]:
        """Status, days past due and what is owed, as the firm sees it."""
        loan = self.see(loan_id)
        standing = loan["standing"]
        amounts = {name: standing[name]["amount"] for name in ("principal", "interest", "penalty")}
        return {"status": loan["status"], "dpd": standing["dpd"], **amounts}

    def line(self) -> tuple[str, str]:
        """What is available and outstanding on the line."""
        seen = self.api.get(f"/v1/credit-lines/{self.line_id}", self.firm)
        return seen["available"]["amount"], seen["outstanding"]["amount"]

    def sweep(self) -> None:
        swept = LOANS_SWEPT.sweep(self.time.at)
        assert not swept.failed


def mirror(loan_id: str) -> dict[str, int]:
    """Debits less credits of a loan's mirror accounts, from the journal. Together with its bank's they are even."""
    sums: Counter[str] = Counter()
    for row in JournalRow.scan():
        entry = row.entry()
        if entry.aggregate_id == loan_id:
            for leg in entry.event.postings:
                if leg.account.startswith("loan_"):
                    sums[leg.account] += leg.debit_minor - leg.credit_minor
    assert sum(sums.values()) == 0
    return {account: minor for account, minor in sums.items() if minor}


def lent_for_ten_years() -> Loan:
    """100,000.00 without interest, all due in the far future."""
    return one_instalment(date(2099, 1, 1), 100_000_00, 0, drawn_on=date(2026, 1, 1))


def paid_a_fen(loan: Loan, number: int, now: datetime) -> Loan:
    """A payment of that day, and on some days what else a bank reports."""
    data: dict[str, Any] = {
        "seq": 1,
        "occurred_at": now,
        "business_date": business_date(now),
        "loan_id": loan.id,
        "currency": "CNY",
        "bank_ref": f"B-{number}",
    }
    loan = receiving.receive_repayment(loan, CONTEXT, RepaymentReceived(amount=1, **data), "cmb", now).state
    if number % 30 == 0:
        charged = Charged(amount=0, from_on=business_date(now - timedelta(days=10)), to_on=business_date(now), **data)
        loan = receiving.charge_interest(loan, CONTEXT, charged, "cmb", now).state
    if number % 365 == 0:
        row = PlannedInstalment(number=1, due_date=date(2098, 1, 1), principal=loan.outstanding_minor, interest=0)
        changed = ScheduleChanged(version=loan.schedule_version + 1, schedule=[row], **data)
        loan = schedule_changes.change_schedule(loan, CONTEXT, changed, "cmb", now).state
    return loan


def stood(loan: Loan, now: datetime, context: Context = CONTEXT) -> Loan:
    """The loan with the status and the deadlines of a moment."""
    return standing(loan, position_on(loan, context.product, business_date(now)), context, now)


def head(loan: Loan, now: datetime, **other: Any) -> dict[str, Any]:
    """What every event of a bank begins with."""
    fields = {"bank_ref": "B-1", "seq": 1, "occurred_at": now, "business_date": business_date(now), "loan_id": loan.id}
    return fields | other
