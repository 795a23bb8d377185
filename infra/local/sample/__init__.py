"""The world a first `make run` starts with, made through the API itself like any other: invented names, recent trades, something true on every screen.

`suppliers`   who sells, on the record of half a year, and who only buys
`orders`      an order for each state, claims in every hand, what was advanced
`money`       suspense, events that wait, what a bank could not pay
`deposits`    shops that owe, that paid, that left
`credit`      exports, an application, offers, a line, loans, one of them late; firms that stand for each other, and a call
`channel`     a country channel: nominations, listings to look at, orders by wallet
`house`       imports, webhooks, a rulebook, training
"""

from __future__ import annotations

from infra.local.sample.making import Sample
from infra.local.sample.suppliers import LANTERNS, SUPPLIERS

__all__ = ["LANTERNS", "SUPPLIERS", "Sample"]
