"""What acquirers tell of payments, and what they hear of us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import to_builtins

from chalicelib.acquiring.aggregate import ACQUIRER_PAYMENTS
from chalicelib.acquiring.rules import disputes, events, handling
from chalicelib.banks.service.messages import Inbound, Outbound
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money

INBOUND: Final = (
    Inbound(type=events.AUTHORISED, aggregate=ACQUIRER_PAYMENTS, decide=handling.authorised),
    Inbound(
        type=events.CAPTURED, aggregate=ACQUIRER_PAYMENTS, decide=handling.captured, in_suspense=handling.in_suspense
    ),
    Inbound(type=events.FAILED, aggregate=ACQUIRER_PAYMENTS, decide=handling.failed),
    Inbound(type=events.CANCELLED, aggregate=ACQUIRER_PAYMENTS, decide=handling.cancelled),
    Inbound(type=events.OPENED, aggregate=ACQUIRER_PAYMENTS, decide=disputes.disputed),
    Inbound(type=events.WON, aggregate=ACQUIRER_PAYMENTS, decide=disputes.won),
    Inbound(type=events.LOST, aggregate=ACQUIRER_PAYMENTS, decide=disputes.lost),
)


def _requested(entry: Entry) -> Mapping[str, Any]:
    payload = entry.event.payload
    return {
        "payment_id": entry.aggregate_id,
        "order_id": payload["order_id"],
        "money": to_builtins(Money.of(payload["amount_minor"], payload["currency"])),
        "authorise_by": payload["authorise_by"],
    }


def _to_cancel(entry: Entry) -> Mapping[str, Any]:
    return {"payment_id": entry.aggregate_id, "why": entry.event.payload["why"]}


OUTBOUND: Final = (
    Outbound(name="payment.requested", kind="acquirer_payment.requested", data=_requested),
    *(
        Outbound(name="payment.cancel_requested", kind=f"acquirer_payment.{event}", data=_to_cancel)
        for event in ("authorised_late", "let_go")
    ),
)
