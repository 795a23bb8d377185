"""Items and banks' books as aggregates: what ties their machines to their tables and views, and who is what to an item."""

from __future__ import annotations

from typing import Final, Literal

from chalicelib.reconciliation import records
from chalicelib.reconciliation.rules import snapshot
from chalicelib.reconciliation.rules.item import Actor, Context, Item, Policy
from chalicelib.reconciliation.rules.snapshot import BankBooks
from chalicelib.reconciliation.rules.timers import MACHINE
from chalicelib.reconciliation.views.item import view
from chalicelib.shared.access import ADMIN
from chalicelib.shared.aggregates import Aggregate, pinning, ringing
from chalicelib.shared.request import Caller


def actor_of(item: Item, caller: Caller) -> Actor | None:
    if caller.is_officer:
        return "supervisor" if caller.has_duty(ADMIN) else "officer"
    return "bank" if caller.bank_id == item.bank_id else None


ITEMS: Final = Aggregate[Item, Context, Actor](
    name="reconciliation-items",
    machine=MACHINE,
    repository=records.ITEMS,
    context=pinning("reconciliation", Policy, Context),
    actor_of=actor_of,
    view=view,
    duty="payments",
    after=ringing("nobody explains a difference to a bank's books", "item_id", metric="DifferenceUnexplained"),
)
BOOKS: Final = Aggregate[BankBooks, tuple[()], Literal["bank"]](
    name="bank-books",
    machine=snapshot.MACHINE,
    repository=records.BOOKS,
    context=lambda books, now: [()] * len(books),
    actor_of=lambda books, caller: None,
    view=lambda books, context, actor, now: books,
)
