"""Receivables as an aggregate: what ties their machine to their table, their view and the supplier's balance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.receivables.records import REPOSITORY
from chalicelib.receivables.rules.receivable import Actor, Context, Receivable
from chalicelib.receivables.rules.timers import MACHINE
from chalicelib.receivables.views.receivable import view
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.request import Caller
from chalicelib.suppliers.service import cover as suppliers_cover
from chalicelib.suppliers.service import money as suppliers_money


def _contexts(receivables: Sequence[Receivable], now: datetime) -> list[Context]:
    return [Context() for _ in receivables]


def actor_of(receivable: Receivable, caller: Caller) -> Actor | None:
    if caller.is_officer:
        return "officer"
    if caller.is_member(receivable.supplier_id):
        return "supplier"
    return "buyer" if caller.is_member(receivable.buyer_id) else None


def _with_balance(receivable: Receivable, context: Context, at: datetime) -> Context:
    return replace(context, balance=suppliers_money.balance(receivable.supplier_id, receivable.currency))


RECEIVABLES: Final = Aggregate[Receivable, Context, Actor](
    name="receivables",
    machine=MACHINE,
    repository=REPOSITORY,
    context=_contexts,
    actor_of=actor_of,
    view=view,
    effects=suppliers_cover.EFFECTS,
    gather=_with_balance,
)
