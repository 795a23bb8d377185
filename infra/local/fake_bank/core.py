"""What a bank decides, by rules in a file, and what it tells of that: messages in, events out. No clock, no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from infra.local.fake_bank.books import Loan, plan

CHINA: Final = ZoneInfo("Asia/Shanghai")
ROWS_OF_A_PAGE: Final = 100
Data = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """One event to be sent. `of` is the aggregate in whose sequence it is; its name is the bank's for ever."""

    type: str
    of: str
    at: datetime
    data: Data

    @property
    def name(self) -> str:
        return f"{self.data['bank_ref']}-{self.type.replace('.', '-')}"


@dataclass
class Core:
    """A bank: what it was told, what it has lent, and how far each of its sequences has come. `applications` keeps what reviews are about.

    Its references go on from `refs`: one that is started anew beside the same service gives none twice.
    """

    bank_id: str
    rules: Data
    loans: dict[str, Loan] = field(default_factory=dict)
    applications: dict[str, Data] = field(default_factory=dict)
    heard: list[tuple[str, Data]] = field(default_factory=list)
    seqs: Counter[str] = field(default_factory=Counter)
    refs: int = 0

    def hear(self, kind: str, data: Data, now: datetime) -> list[Event]:
        """What the bank does about a message."""
        self.heard.append((kind, data))
        answers: dict[str, Callable[[Data, datetime], Iterator[Event]]] = {
            "application.submitted": self._review,
            "application.info_supplied": self._decide_again,
            "offer.accepted": self._countersign,
            "agreement.signed": self._activate,
            "draw.requested": self._draw,
        }
        return list(answers[kind](data, now)) if kind in answers else []

    # What its customers and its clock do

    def charge_what_ended(self, now: datetime) -> list[Event]:
        """The interest of every period that has ended, as banks charge it."""
        ended = ((loan, loan.period_ended(self.day(now))) for loan in self.loans.values() if not loan.closed)
        return [event for loan, until in ended if until for event in self.charge(loan.id, until, now)]

    def charge(self, loan_id: str, until: date, now: datetime) -> list[Event]:
        """The interest and the penalty of the days before `until` that were not charged yet."""
        loan = self.loans[loan_id]
        if (charged := loan.charge(until)) is None:
            return []
        since, borne = charged
        days = {"from": since.isoformat(), "to": until.isoformat()}
        return [
            self.of_loan(f"{part}.charged", loan, now, self.day(now), amount=minor, **days)
            for part, minor in borne.items()
            if minor
        ]

    def repay(self, loan_id: str, minor: int, on: date, now: datetime) -> list[Event]:
        """A customer has paid."""
        return self.receive(self.loans[loan_id], minor, on, now, {"kind": "debtor"})

    def receive(
        self, loan: Loan, minor: int, on: date, now: datetime, payer: Data, *, seat: int = 0, **fields: Any
    ) -> list[Event]:
        """A payment by whomever: the split is the bank's."""
        payment = loan.pay(self.next_ref(), minor, on, seat)
        parts = {"amount": minor, "split": {**payment.split, "fee": 0}, "payer": payer}
        left = loan.balance(self.day(now))["principal"]
        return [
            self.of_loan(
                "repayment.received", loan, now, on, ref=payment.ref, outstanding_after=left, **parts, **fields
            )
        ]

    def reverse(self, loan_id: str, ref: str, now: datetime) -> list[Event]:
        """A payment was taken back."""
        loan = self.loans[loan_id]
        payment = next(each for each in loan.payments if each.ref == ref and each.kept)
        payment.give_back(payment.kept)
        fields = {"original_bank_ref": ref, "amount": payment.minor, "reason": "returned"}
        return [self.of_loan("repayment.reversed", loan, now, self.day(now), **fields)]

    def report_overdue(self, loan_id: str, now: datetime) -> list[Event]:
        loan, day = self.loans[loan_id], self.day(now)
        fields = {"dpd": loan.balance(day)["dpd"], "amount": loan.overdue(day)}
        return [self.of_loan("loan.overdue", loan, now, day, **fields)]

    def close(self, loan_id: str, now: datetime) -> list[Event]:
        loan = self.loans[loan_id]
        loan.closed = True
        return [self.of_loan("loan.closed", loan, now, self.day(now), currency=None)]

    def snapshot(self, as_of: date, now: datetime, *, rows_of_a_page: int = ROWS_OF_A_PAGE) -> list[Event]:
        """All balances at the end of a day, in pages by loan."""
        lent = sorted(each.id for each in self.loans.values() if each.drawn <= as_of)
        pages = [lent[start : start + rows_of_a_page] for start in range(0, len(lent), rows_of_a_page)] or [[]]
        return [
            self.event(
                "balance.snapshot",
                "snapshots",
                now,
                self.day(now),
                bank_id=self.bank_id,
                as_of=as_of.isoformat(),
                currency="CNY",
                page=number,
                pages=len(pages),
                loans=[
                    {"loan_id": each, **self.loans[each].balance(as_of), "last_seq": self.seqs[each]} for each in page
                ],
            )
            for number, page in enumerate(pages, 1)
        ]

    def books(self, as_of: date) -> dict[str, Data]:
        """What it is owed, by loan: what the books of both sides are compared by."""
        return {name: loan.book(as_of) for name, loan in sorted(self.loans.items()) if loan.drawn <= as_of}

    # What it decides about messages

    def _review(self, data: Data, now: datetime) -> Iterator[Event]:
        review_id = data["review_id"]
        self.applications[review_id] = data
        yield self._of_review("application.received", review_id, now)
        yield self._of_review("review.started", review_id, now)
        yield from self._decide(review_id, now, self._rule(data))

    def _decide_again(self, data: Data, now: datetime) -> Iterator[Event]:
        """What was asked for has come: it decides, and asks no more."""
        review_id = data["review_id"]
        if review_id in self.applications:
            yield from self._decide(review_id, now, self._rule(self.applications[review_id], but="ask"))

    def _rule(self, data: Data, but: str = "") -> Data:
        fitting = (each for each in self.rules["reviews"] if each["then"] != but and _fits(each.get("when", {}), data))
        return next(fitting)

    def _decide(self, review_id: str, now: datetime, rule: Data) -> Iterator[Event]:
        match rule["then"]:
            case "reject":
                yield self._of_review("review.rejected", review_id, now, reasons=rule["reasons"])
            case "ask":
                yield self._of_review("review.info_requested", review_id, now, items=rule["items"])
            case _:
                yield from self._approve(review_id, now, rule)

    def _approve(self, review_id: str, now: datetime, rule: Data) -> Iterator[Event]:
        application, offer = self.applications[review_id], self.rules["offers"]
        limit = int(application["amount_minor"] * Fraction(rule["of_amount"]))
        conditions = rule.get("conditions", [])
        yield self._of_review(
            "review.approved", review_id, now, limit=limit, term_months=application["months"], conditions=conditions
        )
        terms = {
            "amount": limit,
            "currency": application["currency"],
            "rate_bp": offer["rate_bp"],
            "fee": limit * offer["fee_bp"] // 10_000,
            "day_count": offer["day_count"],
            "method": application["method"],
            "term_months": application["months"],
        }
        expires_at = _wire(now + timedelta(days=offer["days_open"]))
        yield self._of_review(
            "offer.created",
            review_id,
            now,
            offer_ref=f"{self.bank_id}-{self.refs + 1}",
            terms=terms,
            conditions=conditions,
            expires_at=expires_at,
        )

    def _countersign(self, data: Data, now: datetime) -> Iterator[Event]:
        agreement_id = data["agreement_id"]
        fields = {"agreement_id": agreement_id, "document_sha256": data["document_sha256"]}
        yield self.event("agreement.countersigned", agreement_id, now, self.day(now), **fields)

    def _activate(self, data: Data, now: datetime) -> Iterator[Event]:
        line_id, months = data["line_id"], self.rules["lines"]["months"]
        ends_on = (self.day(now) + timedelta(days=30 * months)).isoformat()
        fields = {"line_id": line_id, "limit": data["amount_minor"], "currency": "CNY", "ends_on": ends_on}
        yield self.event("line.activated", line_id, now, self.day(now), **fields)

    def _draw(self, data: Data, now: datetime) -> Iterator[Event]:
        loan_id, minor, rules = data["loan_id"], data["amount_minor"], self.rules["draws"]
        if minor > rules["most"]:
            yield self.event("draw.failed", loan_id, now, self.day(now), draw_id=loan_id, reason=rules["reason"])
            return
        yield self.event("draw.approved", loan_id, now, self.day(now), draw_id=loan_id)
        rate_bp, on = self.rules["offers"]["rate_bp"], self.day(now) - timedelta(days=rules["value_days_ago"])
        schedule = plan(minor, rate_bp, data["months"], data["method"], on)
        loan = self.loans[loan_id] = Loan(loan_id, minor, rate_bp, on, schedule)
        fields = {"amount": minor, "value_date": on.isoformat(), "rate_bp": rate_bp, "schedule": schedule}
        yield self.of_loan("draw.disbursed", loan, now, self.day(now), draw_id=loan_id, **fields)

    # How it tells

    def day(self, now: datetime) -> date:
        """Its business day."""
        return now.astimezone(CHINA).date()

    def _of_review(self, kind: str, review_id: str, now: datetime, **fields: Any) -> Event:
        return self.event(kind, review_id, now, self.day(now), review_id=review_id, **fields)

    def of_loan(self, kind: str, loan: Loan, now: datetime, on: date, **fields: Any) -> Event:
        currency = {"currency": loan.currency} | fields
        present = {name: value for name, value in currency.items() if value is not None}
        return self.event(kind, loan.id, now, on, loan_id=loan.id, **present)

    def event(self, kind: str, of: str, now: datetime, on: date, *, ref: str = "", **fields: Any) -> Event:
        self.seqs[of] += 1
        head = {
            "schema": 1,
            "bank_ref": ref or self.next_ref(),
            "seq": self.seqs[of],
            "occurred_at": _wire(now),
            "business_date": on.isoformat(),
        }
        return Event(kind, of, now, head | fields)

    def next_ref(self) -> str:
        self.refs += 1
        return f"{self.bank_id.upper()}-{self.refs:06}"


def _fits(when: Data, data: Data) -> bool:
    amount = data["amount_minor"]
    return when.get("amount_above", -1) < amount < when.get("amount_below", amount + 1) and data[
        "product_id"
    ] in when.get("products", [data["product_id"]])


def _wire(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
