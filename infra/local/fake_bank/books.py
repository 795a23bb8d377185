"""What a bank has lent, and what it is owed: worked out day by day, in exact fractions, from its own schedule and payments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any, Final

DAY: Final = timedelta(days=1)
YEAR: Final = 360
PENALTY: Final = Fraction(3, 2)
"""Of the contract rate, on principal that is overdue."""
LEAST_MATERIAL: Final = 100_00


@dataclass
class Instalment:
    """What is due on a day. `borne` and `penalty` grow day by day; what is paid is whole fen."""

    number: int
    start: date
    due: date
    principal: int
    planned_interest: int
    borne: Fraction = Fraction(0)
    penalty: Fraction = Fraction(0)
    paid_principal: int = 0
    paid_interest: int = 0
    paid_penalty: int = 0

    @property
    def unpaid_principal(self) -> int:
        return self.principal - self.paid_principal

    @property
    def unpaid_interest(self) -> int:
        return rounded(self.borne) - self.paid_interest

    @property
    def unpaid_penalty(self) -> int:
        return rounded(self.penalty) - self.paid_penalty

    @property
    def unpaid(self) -> int:
        return self.unpaid_principal + self.unpaid_interest


@dataclass
class Payment:
    ref: str
    on: date
    minor: int
    split: dict[str, int] = field(default_factory=dict)
    seat: int = 0
    call_ref: str = ""
    given_back: int = 0

    @property
    def kept(self) -> int:
        return self.minor - self.given_back

    def give_back(self, minor: int) -> None:
        """So much of it goes back: what is left is split anew, whatever the whole went to."""
        self.given_back += minor
        self.split = {}


@dataclass
class Loan:
    """One loan. Whatever is asked of it is worked out from its schedule and its payments, in the order of their days."""

    id: str
    principal: int
    rate_bp: int
    drawn: date
    schedule: list[dict[str, Any]]
    currency: str = "CNY"
    payments: list[Payment] = field(default_factory=list)
    closed: bool = False
    charged_until: date | None = None
    call_ref: str = ""

    def as_of(self, day: date) -> list[Instalment]:
        """Its instalments at the end of that day."""
        instalments = list(self._instalments())
        paid_on: dict[date, list[Payment]] = {}
        for payment in self.payments:
            if payment.kept:
                paid_on.setdefault(payment.on, []).append(payment)
        on = self.drawn
        while on < day:
            self._pay(instalments, on, paid_on)
            self._bear(instalments, on)
            on += DAY
        self._pay(instalments, on, paid_on)
        return instalments

    def balance(self, day: date) -> dict[str, int]:
        instalments = self.as_of(day)
        return {
            "principal": sum(each.unpaid_principal for each in instalments),
            "interest": sum(each.unpaid_interest for each in instalments),
            "penalty": sum(each.unpaid_penalty for each in instalments),
            "dpd": _days_past_due(instalments, day),
        }

    def book(self, day: date) -> dict[str, Any]:
        """What it is owed, and by whom besides the debtor it was paid."""
        paid = {str(seat): minor for seat, minor in sorted(self.paid_by_seat().items())}
        return self.balance(day) | ({"guarantors": paid} if paid else {})

    def owed(self, day: date) -> int:
        balance = self.balance(day)
        return balance["principal"] + balance["interest"] + balance["penalty"]

    def overdue(self, day: date) -> int:
        """What was to be paid before that day and is not."""
        return sum(each.unpaid + each.unpaid_penalty for each in self.as_of(day) if each.due < day)

    def pay(self, ref: str, minor: int, on: date, seat: int = 0) -> Payment:
        """Take a payment in: its split is what is owed in the bank's order, and stays as it is. A guarantor's is for its `seat`."""
        payment = Payment(ref, on, minor, seat=seat, call_ref=self.call_ref if seat else "")
        payment.split = split(self.as_of(on), minor, on)
        self.payments.append(payment)
        return payment

    def charge(self, until: date) -> tuple[date, dict[str, int]] | None:
        """Since when, and how much interest and penalty it has borne before that day and was not charged with; None where that is no day."""
        since = self.charged_until or self.drawn
        if until <= since:
            return None
        self.charged_until = until
        return since, self.borne(since, until)

    def borne(self, since: date, until: date) -> dict[str, int]:
        """The interest and the penalty of those days."""
        before, after = self._borne(since), self._borne(until)
        return {part: minor - before[part] for part, minor in after.items()}

    def paid_by_seat(self) -> dict[int, int]:
        """What guarantors have paid and did not get back."""
        paid: Counter[int] = Counter()
        for payment in self.payments:
            if payment.seat and payment.kept:
                paid[payment.seat] += payment.kept
        return dict(paid)

    def period_ended(self, day: date) -> date | None:
        """The due date of the period that was the last to end until then."""
        return max((each.due for each in self._instalments() if each.due <= day), default=None)

    def _borne(self, day: date) -> dict[str, int]:
        instalments = self.as_of(day)
        return {
            "interest": sum(rounded(each.borne) for each in instalments),
            "penalty": sum(rounded(each.penalty) for each in instalments),
        }

    def _instalments(self) -> Iterator[Instalment]:
        start = self.drawn
        for row in self.schedule:
            due = date.fromisoformat(row["due_date"])
            yield Instalment(row["number"], start, due, row["principal"], row["interest"])
            start = due

    def _pay(self, instalments: list[Instalment], on: date, paid_on: dict[date, list[Payment]]) -> None:
        for payment in paid_on.get(on, ()):
            _book(instalments, payment.split or split(instalments, payment.kept, on))

    def _bear(self, instalments: list[Instalment], on: date) -> None:
        """One night: the principal that is not overdue bears interest in the period it is in, the other penalty."""
        daily = Fraction(self.rate_bp, 10_000 * YEAR)
        running = next((each for each in instalments if each.start <= on < each.due), None)
        for each in instalments:
            if each.due <= on:
                each.penalty += each.unpaid_principal * daily * PENALTY
            elif running is not None:
                running.borne += each.unpaid_principal * daily


def rounded(amount: Fraction) -> int:
    return int((Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(Decimal(1), ROUND_HALF_EVEN))


def split(instalments: list[Instalment], minor: int, on: date) -> dict[str, int]:
    """What a payment goes to: what is past due, then what is due, then what lies ahead; in each penalty, interest, principal."""
    parts = {"penalty": 0, "interest": 0, "principal": 0}
    groups = (
        [each for each in instalments if each.due < on],
        [each for each in instalments if each.due == on],
        [each for each in instalments if each.due > on],
    )
    for group in groups:
        for part in parts:
            for each in group:
                taken = min(minor, getattr(each, f"unpaid_{part}"))
                parts[part] += taken
                minor -= taken
    return parts


def plan(minor: int, rate_bp: int, months: int, method: str, drawn: date) -> list[dict[str, Any]]:
    """The bank's schedule: due dates from the day of the draw on, interest by actual days over 360."""
    dues = [_months_after(drawn, number) for number in range(1, months + 1)]
    dues = dues[-1:] if method == "bullet" else dues
    left, start, rows = minor, drawn, []
    for number, due in enumerate(dues, 1):
        interest = rounded(Fraction(left * rate_bp * (due - start).days, 10_000 * YEAR))
        principal = left if number == len(dues) else _share(minor, rate_bp, len(dues), method, left, interest)
        rows.append({"number": number, "due_date": due.isoformat(), "principal": principal, "interest": interest})
        left, start = left - principal, due
    return rows


def _share(minor: int, rate_bp: int, count: int, method: str, left: int, interest: int) -> int:
    if method == "equal_principal":
        return minor // count
    if method == "annuity":
        monthly = Fraction(rate_bp, 10_000 * 12)
        payment = minor * monthly / (1 - 1 / (1 + monthly) ** count)
        return max(0, min(left, rounded(payment) - interest))
    return 0


def _book(instalments: list[Instalment], parts: dict[str, int]) -> None:
    """Book a split where it belongs: the oldest first."""
    for part, minor in parts.items():
        for each in instalments:
            name = f"paid_{part}"
            room = each.unpaid_principal if part == "principal" else getattr(each, f"unpaid_{part}")
            taken = min(minor, room)
            setattr(each, name, getattr(each, name) + taken)
            minor -= taken


def _days_past_due(instalments: list[Instalment], day: date) -> int:
    """From the due date at which what is unpaid becomes of weight."""
    unpaid = 0
    for each in instalments:
        if each.due >= day or each.unpaid <= 0:
            continue
        unpaid += each.unpaid
        whole = each.principal + rounded(each.borne)
        nothing_paid = not (each.paid_principal or each.paid_interest)
        if nothing_paid or unpaid > max(LEAST_MATERIAL, whole / 100):
            return (day - each.due).days
    return 0


def _months_after(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - DAY).day
    return date(year, month, min(day.day, last))
