"""Which action on an item, from where, by whom, to where. Pure."""

from __future__ import annotations

from typing import Final

from chalicelib.reconciliation.rules.item import Context, Item, Status
from chalicelib.shared.state_machine import STAYS, Among, Change, InvalidTransition, Table, Transition, telling

ItemChange = Change[Item]


class NotInThisStatus(InvalidTransition):
    code = "reconciliation_item_not_in_this_status"
    title = "The item does not allow that now."


_in: Final = Among[Status]()
_LIVE: Final = _in("open", "escalated")
_BANK: Final = frozenset({"bank"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[Item, Context](
    kind="reconciliation_item",
    error=NotInThisStatus,
    ends=frozenset(),
    payload=telling("bank_id", "aggregate_id"),
    transitions=(
        Transition("differ", _LIVE, _BANK, STAYS),
        Transition("differ", _in("resolved"), _BANK, _in("open")),
        Transition("agree", _LIVE, _BANK, _in("resolved")),
        Transition("resolve", _in("open"), frozenset({"officer", "supervisor"}), _in("resolved")),
        Transition("resolve", _in("escalated"), frozenset({"supervisor"}), _in("resolved")),
        Transition("escalate", _in("open"), _CLOCK, _in("escalated")),
        Transition("remind", _in("escalated"), _CLOCK, STAYS),
    ),
)
"""An item has no end: the same books may differ again."""
