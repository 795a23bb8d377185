"""Money that nobody took, events that came too early, and what a bank could not pay: an officer's morning."""

from __future__ import annotations

from typing import Any, Final

from infra.local.sample.deal import Deal
from infra.local.sample.orders import OAK
from infra.local.sample.world import BANK, World, usd

UNKNOWN: Final = "ord_01JAZ3V5W8N0R4T6Y8B1D3F5H7"
"""No order has this id: whoever sent the money mistyped it."""


def arrive(world: World) -> None:
    """Three transfers that name no order of ours, two of them for amounts that somebody owes."""
    Deal(world, "nordlys", OAK, "Oak ladder", 520)
    _transfer(world, UNKNOWN, "S-1001", "156.00", "Nordlys ApS")
    _transfer(world, UNKNOWN, "S-1002", "120.00", "Hansa Moebel GmbH")
    _transfer(world, UNKNOWN, "S-1003", "87.35", "Atelier Morel")


def come_early(world: World) -> None:
    """The second notice about an order whose first has not come."""
    awaited = Deal(world, "marwick", OAK, "Oak easel", 240)
    _transfer(world, awaited.id, "S-1005", "168.00", "Marwick & Daughters Ltd", seq=2)


def pay_short(world: World) -> None:
    """The bank moves less of the next instruction than it was told to."""
    _behave(world, {"does": "accept", "moves": usd("450.00")})


def close_account(world: World) -> None:
    """The next one's account is closed: its owner is asked for another."""
    _behave(world, {"does": "refuse", "reason": "account_closed"})


def _behave(world: World, behaviour: dict[str, Any]) -> None:
    world.post(f"/v1/sandbox/banks/{BANK}/behaviour", {"next": [behaviour]})


def _transfer(world: World, order_id: str, ref: str, amount: str, remitter: str, seq: int = 1) -> None:
    data = {
        "bank_ref": ref,
        "seq": seq,
        "order_id": order_id,
        "account": "TA-USD-01",
        "value_date": world.today().isoformat(),
        "money": usd(amount),
        "remitter": remitter,
    }
    world.bank_says(BANK, "payment.received", data)
