"""Us, as far as an acquirer can tell: buyers begin payments and let them go, and what becomes of them is what the acquirer says, in its order."""

from __future__ import annotations

from datetime import date
from typing import Final

from infra.local.bank_kit.platform import Act, Json, Platform, wire
from infra.local.fake_acquirer.core import Payment

PAID: Final = 4
"""Payments that the acquirer takes at once."""
CANCELLED: Final = 2
PRICE_MINOR: Final = 66_119


class Shop(Platform):
    """What one acquirer is tried by."""

    def mirror(self, as_of: date, about: str = "") -> Json:
        """What became of each payment, by what was told of it."""
        payments = {
            name: Payment(name, {}) for name in sorted(self._events) if about in name and name.startswith("cpy_")
        }
        for name, payment in payments.items():
            for _, event in sorted(self._events[name].items()):
                payment.apply(event["type"], event["data"])
        return {name: payment.book() for name, payment in payments.items()}


def play(platform: Platform, order: str, act: Act) -> str:
    """Four payments are taken, one of them twice; two of them are disputed, one is won and one is lost. Of three that are held two are let go and
    one is declined. Then the acquirer gives account of the day.

    Returns what the ids of all that have in common.
    """
    about = f"KIT{platform.run}_{order}"
    reports = len(platform.events("report.daily"))

    def events_of(kind: str, count: int) -> None:
        platform.until(lambda: len(platform.events(kind, about)) == count, f"{count} of {kind}")

    taken = [f"cpy_{about}_{number}" for number in range(PAID)]
    platform.tell(order, [("payment.requested", _payment(name)) for name in taken])
    events_of("payment.captured", PAID)
    first, won, lost, _ = taken
    act("/captures", {"payment_id": first, "amount": "1.00"})
    events_of("payment.captured", PAID + 1)
    for payment_id, outcome in ((won, "won"), (lost, "lost")):
        dispute = {"payment_id": payment_id, "ref": f"CB-{payment_id}"}
        act("/chargebacks", dispute | {"amount": "661.19"})
        act("/decisions", dispute | {"outcome": outcome})
        events_of(f"chargeback.{outcome}", 1)
    act("/holds", {"hold": True})
    *cancelled, declined = (f"cpy_{about}_held_{number}" for number in range(CANCELLED + 1))
    platform.tell(order, [("payment.requested", _payment(name)) for name in (*cancelled, declined)])
    platform.tell(order, [("payment.cancel_requested", {"payment_id": name, "why": "cancelled"}) for name in cancelled])
    events_of("payment.cancelled", CANCELLED)
    act("/failures", {"payment_id": declined})
    events_of("payment.failed", 1)
    act("/holds", {"hold": False})
    day = {"currency": "CNY", "received": PAID * PRICE_MINOR + 100, "paid": 0, "balance": PAID * PRICE_MINOR + 100}
    act("/reports", {"as_of": "2026-03-02", "totals": [day]})
    platform.until(lambda: len(platform.events("report.daily")) > reports, "report.daily")
    return about


def _payment(name: str) -> Json:
    money = {"amount": "661.19", "currency": "CNY"}
    return {"payment_id": name, "order_id": f"ord_{name}", "money": money, "authorise_by": wire()}
