"""The books at the end: a trial balance that balances, and every entry verified."""

from __future__ import annotations

from typing import Final

from rich.table import Table

from infra.local.demo.stage import Stage, money, say, scene

SHORT: Final = ("supplier_balance", "bank_clearing")
ALL: Final = ("supplier_balance", "inspectors_payable", "deposits_held")
CREDIT: Final = ("loan_principal",)
GUARANTEE: Final = ("loan_principal", "guarantor_due")
CHANNEL: Final = ("channel_fees",)
"""Accounts that the books have once they have followed: of the short story, of all of it, of export credit, of joint guarantee and of a country channel."""


def close(stage: Stage, followed: tuple[str, ...], *, every_account: bool = False) -> None:
    scene("The books")
    balance = stage.trial_balance(followed)
    if every_account:
        table = Table("account", "debit", "credit", box=None, pad_edge=False)
        for line in balance["accounts"] + balance["memorandum"]:
            table.add_row(line["account"].replace("_", " "), money(line["debit"]), money(line["credit"]))
        say.print(table)
    verified = stage.client.get("/v1/ledger/verification", stage.officer)
    first_bad = "none is bad" if verified["first_bad"] is None else f"the first bad one is {verified['first_bad']}"
    say.print(f"  debits equal credits in every currency; every entry was verified, {first_bad}")
