"""Whole orders of a channel paid by wallet: from the quote to the exporter's settlement, and completed."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.floors import cards, listings
from benchmarks.floors.inbox import bank_says
from benchmarks.floors.stage import Stage
from benchmarks.floors.whole import Step, acts, completes
from chalicelib.acquiring.aggregate import SETTLEMENTS
from chalicelib.acquiring.rules.settlement import id_of
from chalicelib.banks.records import outbox
from chalicelib.shared.money import Money


class ByWallet:
    """Placed at a quote, authorised, captured, shipped, delivered by its carrier, received; settled after four business days, completed by the clock."""

    def __init__(self, stage: Stage) -> None:
        self._channel = listings.open_channel(stage)
        self._listings: dict[str, str] = {}
        self._pays: dict[str, dict[str, str]] = {}
        self._payments: dict[str, str] = {}

    def parties(self, stage: Stage) -> tuple[str, str]:
        number = next(stage.numbers)
        supplier = stage.supplier(f"wallet-supplier-{number}")
        self._listings[supplier] = listings.put_on_sale(stage, self._channel, supplier)
        return stage.register(f"wallet-buyer-{number}"), supplier

    def place(self, stage: Stage, buyer: str, supplier: str) -> str:
        order_id, self._pays[order_id] = cards.placed(stage, self._channel, self._listings[supplier], buyer)
        return order_id

    def steps(self) -> Sequence[Step]:
        return (
            self._paid,
            acts("ship", "supplier", listings.PARCEL),
            listings.delivered,
            acts("receive", "buyer", None),
        )

    def later(self) -> Sequence[tuple[int, Step]]:
        return ((6, self._settled), (0, self._event), (31, completes))

    def _paid(self, stage: Stage, order_id: str, buyer: str, supplier: str) -> None:
        self._payments[order_id] = cards.paid(stage, order_id, buyer, self._pays[order_id])

    def _settled(self, stage: Stage, order_id: str, buyer: str, supplier: str) -> None:
        SETTLEMENTS.catch_up(id_of(self._payments[order_id]), stage.time.at)

    def _event(self, stage: Stage, order_id: str, buyer: str, supplier: str) -> None:
        """The acquirer has paid the exporter."""
        with stage.meter.unwatched():
            [payout] = outbox.all_of(id_of(self._payments[order_id]))
        attempt = payout.attempts[-1]
        money = Money.of(payout.amount_minor, payout.currency)
        data = {
            "attempt_id": attempt.id,
            "bank_ref": f"S-{attempt.id[-12:]}",
            "money": {"amount": money.amount, "currency": money.currency},
        }
        bank_says(stage, "settlement.paid", data, "acquirer: settlement.paid", cards.ACQUIRER)
