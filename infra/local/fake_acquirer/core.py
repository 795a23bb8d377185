"""What an acquirer does with payments, and what it tells of that: messages in, events out. No clock, no network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from chalicelib.shared.money import ReportedMoney
from infra.local.fake_bank.core import CHINA, Event

Data = dict[str, Any]


@dataclass
class Payment:
    """One payment as the acquirer has it. `money` is what was asked for, `captured` the minor units that were taken, `disputes` how each stands."""

    id: str
    money: Data
    state: str = "requested"
    authorised_at: datetime | None = None
    captured: int = 0
    disputes: dict[str, str] = field(default_factory=dict)

    def book(self) -> Data:
        return {"state": self.state, "captured": self.captured, "disputes": dict(sorted(self.disputes.items()))}

    def apply(self, kind: str, data: Data) -> None:
        """What an event makes of it: told in their order, events say all there is to know of a payment."""
        happened = kind.partition(".")[2]
        match kind:
            case "payment.captured":
                money = ReportedMoney(data["money"]["amount"], data["money"]["currency"])
                self.captured += money.minor(param="money.amount")
                self.state = happened
            case "payment.authorised" | "payment.failed" | "payment.cancelled":
                self.state = happened
            case "chargeback.opened" | "chargeback.won" | "chargeback.lost":
                self.disputes[data["chargeback_ref"]] = happened


@dataclass
class Acquirer:
    """An acquirer: what it was told, the payments it has, and how far each of its sequences has come.

    A buyer who is sent to it pays at once, unless it is told to `hold`: then somebody at its counter says what comes of the payment.
    """

    bank_id: str
    hold: bool = False
    payments: dict[str, Payment] = field(default_factory=dict)
    heard: list[tuple[str, Data]] = field(default_factory=list)
    seqs: Counter[str] = field(default_factory=Counter)
    refs: int = 0

    def hear(self, kind: str, data: Data, now: datetime) -> list[Event]:
        """What it does about a message."""
        self.heard.append((kind, data))
        if kind == "payment.requested":
            payment = Payment(data["payment_id"], data["money"])
            self.payments[payment.id] = payment
            return [] if self.hold else [*self.authorise(payment.id, now), *self.capture(payment.id, now)]
        if kind == "payment.cancel_requested":
            return self.cancel(data["payment_id"], now)
        return []

    def authorise(self, payment_id: str, now: datetime, at: datetime | None = None) -> list[Event]:
        """The buyer's issuer holds the money, since `at` where that is earlier than it is told."""
        payment = self.payments[payment_id]
        payment.authorised_at = at or now
        return [self._of(payment, "payment.authorised", now, occurred=at, money=payment.money)]

    def capture(self, payment_id: str, now: datetime, amount: str = "") -> list[Event]:
        """It takes the money, or another amount."""
        payment = self.payments[payment_id]
        money = payment.money | ({"amount": amount} if amount else {})
        return [self._of(payment, "payment.captured", now, money=money)]

    def fail(self, payment_id: str, now: datetime, reason: str = "declined") -> list[Event]:
        payment = self.payments[payment_id]
        return [self._of(payment, "payment.failed", now, reason=reason)]

    def cancel(self, payment_id: str, now: datetime) -> list[Event]:
        """What was not captured is let go."""
        payment = self.payments.get(payment_id)
        if payment is None or payment.state not in ("requested", "authorised"):
            return []
        return [self._of(payment, "payment.cancelled", now)]

    def dispute(self, payment_id: str, ref: str, amount: str, now: datetime) -> list[Event]:
        """The buyer's bank takes so much back."""
        payment = self.payments[payment_id]
        money = payment.money | {"amount": amount}
        return [self._of(payment, "chargeback.opened", now, chargeback_ref=ref, money=money)]

    def decide(self, payment_id: str, ref: str, outcome: str, now: datetime) -> list[Event]:
        """`won`, for us, or `lost`."""
        return [self._of(self.payments[payment_id], f"chargeback.{outcome}", now, chargeback_ref=ref)]

    def report(self, as_of: date, totals: list[Data], now: datetime) -> list[Event]:
        """Its account of a day, as it is given."""
        data = {"acquirer_id": self.bank_id, "as_of": as_of.isoformat(), "totals": totals}
        return [self._event("report.daily", self.bank_id, now, None, data)]

    # What the line to the service asks of whoever is behind it

    def charge_what_ended(self, now: datetime) -> list[Event]:
        """Nothing falls due here."""
        return []

    def books(self, on: date) -> Data:
        return {payment.id: payment.book() for payment in self.payments.values()}

    def _of(
        self, payment: Payment, kind: str, now: datetime, *, occurred: datetime | None = None, **fields: Any
    ) -> Event:
        payment.apply(kind, fields)
        return self._event(kind, payment.id, now, occurred, {"payment_id": payment.id, **fields})

    def _event(self, kind: str, of: str, now: datetime, occurred: datetime | None, data: Data) -> Event:
        self.seqs[of] += 1
        self.refs += 1
        event_data = {
            "bank_ref": f"{self.bank_id}-{self.refs}",
            "seq": self.seqs[of],
            "occurred_at": (occurred or now).isoformat(),
            "business_date": now.astimezone(CHINA).date().isoformat(),
        }
        return Event(kind, of, now, event_data | data)
