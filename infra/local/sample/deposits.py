"""Shops and their deposits: one that paid, one that owes, one with a violation, one that was paid back in part; and the run of a month."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from infra.local.sample.world import BANK, World, cny
from infra.local.trades import linen_sold

SHOPS: Final = (
    ("prompt-linen", "Prompt Linen", 60),
    ("slow-linen", "Slow Linen", 240),
    ("bright-lamps", "Bright Lamps", 40),
    ("calm-cups", "Calm Cups", 12),
    ("quiet-corner", "Quiet Corner", 0),
)
"""Reference, name, and how many orders were paid on the first trading day."""
ACCOUNT: Final = {"bank_id": BANK, "account": "6222021001116245999", "currency": "CNY"}


def open_shops(world: World) -> None:
    """Nothing is due before their first trading day is over."""
    for ref, name, orders in SHOPS:
        world.member(ref, name, "CN")
        world.post(f"/v1/suppliers/{world.ids[ref]}/bank-account", ACCOUNT, world.of(ref))
        world.post(f"/v1/deposits/{world.ids[ref]}", {}, world.of(ref))
        if orders:
            world.post("/v1/trades", {"items": [_sold(world, ref, number) for number in range(orders)]})


def settle(world: World) -> None:
    """The days after: who pays, who does not, who breaks a rule; and what the 6th of the month made of all of them."""
    pays(world, "prompt-linen", "1000.00")
    pays(world, "calm-cups", "1500.00")
    pays(world, "quiet-corner", "300.00")
    world.post(f"{_path(world, 'quiet-corner')}/releases", {"money": cny("200.00")}, world.of("quiet-corner"))
    risk = {"risk_class": "R2", "case": "C-2207", "reason": "Claims a certificate it does not have."}
    world.post(f"{_path(world, 'bright-lamps')}/risks", risk)
    correction = {"base": cny("50.00"), "reason": "Three orders were refunded before the cut-off and told after it."}
    world.post(f"{_path(world, 'bright-lamps')}/corrections", correction)
    _decide_month(world)


def _decide_month(world: World) -> None:
    """The 6th before it all began, where the clock has not come past another one on its way."""
    sixth = world.today().replace(day=6)
    if world.today() < sixth <= world.later:
        return
    last = sixth if sixth <= world.today() else (sixth.replace(day=1) - timedelta(days=1)).replace(day=6)
    for job, day in (("deposits-daily", last - timedelta(days=1)), ("deposits-monthly", last)):
        world.post(f"/v1/sandbox/jobs/{job}", {"as_of": day.isoformat()})


def pays(world: World, ref: str, amount: str) -> None:
    data = {
        "seller_id": world.ids[ref],
        "bank_ref": f"D-{ref}-{amount}",
        "seq": 1,
        "account": "TA-CNY-01",
        "money": cny(amount),
    }
    world.bank_says(BANK, "deposit.received", data)
    world.until(lambda: world.get(_path(world, ref))["balance"]["held"] != cny("0.00"), "The payment did not arrive")


def _path(world: World, ref: str) -> str:
    return f"/v1/deposits/{world.ids[ref]}"


def _sold(world: World, ref: str, number: int) -> dict[str, Any]:
    """An order that was paid a moment before all this began."""
    return linen_sold(ref, number, (world.began - timedelta(seconds=1)).isoformat())
