"""A recovery, as its supplier and officers see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from chalicelib.recoveries.rules.recovery import Context, Recovery, Status, Why, due_minor
from chalicelib.recoveries.rules.timers import MACHINE
from chalicelib.recoveries.rules.transitions import Actor
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of
from chalicelib.suppliers.rules.coverage import USD


class ReceiptView(msgspec.Struct, frozen=True, kw_only=True):
    """Money that came. `excess` was collected above what was owed and went to the supplier's balance."""

    by: Literal["debit", "setoff", "manual"]
    source: str
    money: Money
    cover_freed: Money
    excess: Money
    at: datetime
    charged_back_at: datetime | None


class PlannedInstalmentView(msgspec.Struct, frozen=True, kw_only=True):
    """Called for on its day; the plan ends by itself where it is not there before `missed_at`."""

    on: date
    money: Money
    missed_at: datetime


class PlanView(msgspec.Struct, frozen=True, kw_only=True):
    asked_at: datetime
    instalments: list[PlannedInstalmentView]


class RecoveryView(msgspec.Struct, frozen=True, kw_only=True):
    """What a supplier owes for a claim the platform advanced, or for a payment that a bank took back after the supplier had had it.

    `claim_id` names the claim; of a payment that was taken back, the card or wallet payment, or the order whose transfer it was.
    `remaining` = `advanced` - `received`; `due` is what of it should have come by now; `being_debited` what a bank was told to collect.
    `cover_advanced` is how much of the supplier's limit still stands for it.
    """

    id: str
    version: int
    status: Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    supplier_id: str
    claim_id: str
    order_id: str
    policy: str
    advanced: Money
    received: Money
    remaining: Money
    due: Money
    being_debited: Money
    written_off: Money
    cover_advanced: Money
    debits_from: str | None
    receipts: list[ReceiptView]
    proposed: PlanView | None
    plan: PlanView | None
    suspended_at: datetime | None
    ended_at: datetime | None
    why: Why | None
    """What ended it: the money that brought the last of it, or that an officer gave it up."""


def view(recovery: Recovery, context: Context, actor: Actor, now: datetime) -> RecoveryView:
    def money(minor: int) -> Money:
        return Money.of(minor, recovery.currency)

    return view_of(
        RecoveryView,
        recovery,
        **MACHINE.offer(recovery, actor, context, now),
        claim_id=recovery.advance.claim_id,
        order_id=recovery.advance.order_id,
        advanced=money(recovery.advance.amount_minor),
        due=money(due_minor(recovery, now)),
        being_debited=money(recovery.debit_minor),
        cover_advanced=Money.of(recovery.advance.usd_minor - recovery.repaid_usd_minor, USD),
        debits_from=recovery.account.bank_id if recovery.account else None,
        receipts=[
            view_of(ReceiptView, receipt, recovery.currency, cover_freed=Money.of(receipt.usd_minor, USD))
            for receipt in recovery.receipts
        ],
    )
