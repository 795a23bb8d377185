"""A recovery, as its supplier and officers see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from chalicelib.recoveries.rules.recovery import Context, Plan, Recovery, Status, Why, due_minor
from chalicelib.recoveries.rules.timers import MACHINE
from chalicelib.recoveries.rules.transitions import Actor
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
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
    """What a supplier owes for a claim the platform advanced.

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

    return RecoveryView(
        id=recovery.id,
        version=recovery.version,
        status=recovery.status,
        created_at=recovery.created_at,
        updated_at=recovery.updated_at,
        allowed_actions=MACHINE.table.allowed(recovery, actor, context, now),
        deadlines=MACHINE.deadlines(recovery, context),
        supplier_id=recovery.supplier_id,
        claim_id=recovery.advance.claim_id,
        order_id=recovery.advance.order_id,
        policy=recovery.policy,
        advanced=money(recovery.advance.amount_minor),
        received=money(recovery.received_minor),
        remaining=money(recovery.remaining_minor),
        due=money(due_minor(recovery, now)),
        being_debited=money(recovery.debit_minor),
        written_off=money(recovery.written_off_minor),
        cover_advanced=Money.of(recovery.advance.usd_minor - recovery.repaid_usd_minor, USD),
        debits_from=recovery.account.bank_id if recovery.account else None,
        receipts=[
            ReceiptView(
                by=receipt.by,
                source=receipt.source,
                money=money(receipt.amount_minor),
                cover_freed=Money.of(receipt.usd_minor, USD),
                excess=money(receipt.excess_minor),
                at=receipt.at,
                charged_back_at=receipt.charged_back_at,
            )
            for receipt in recovery.receipts
        ],
        proposed=_plan_view(recovery.proposed, recovery.currency),
        plan=_plan_view(recovery.plan, recovery.currency),
        suspended_at=recovery.suspended_at,
        ended_at=recovery.ended_at,
        why=recovery.why,
    )


def _plan_view(plan: Plan | None, currency: str) -> PlanView | None:
    if plan is None:
        return None
    parts = [
        PlannedInstalmentView(on=part.on, money=Money.of(part.amount_minor, currency), missed_at=part.missed_at)
        for part in plan.instalments
    ]
    return PlanView(asked_at=plan.asked_at, instalments=parts)
