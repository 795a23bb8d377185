"""Recoveries: what is owed, the state machine, asking, receiving, instalments. Pure."""

from chalicelib.recoveries.rules.asking import debit_due_at, demand, give_up_debit, opened, suspend, write_off
from chalicelib.recoveries.rules.instalments import BadPlan, Part, accept, propose
from chalicelib.recoveries.rules.receiving import (
    MoreThanOwed,
    OtherCurrency,
    by_hand,
    collected,
    set_off,
    taken_back,
)
from chalicelib.recoveries.rules.recovery import (
    ENDS,
    STATUSES,
    Account,
    Advance,
    Context,
    Instalment,
    Plan,
    Policy,
    Receipt,
    Recovery,
    Status,
    due_minor,
    to_set_off_minor,
)
from chalicelib.recoveries.rules.timers import MACHINE
from chalicelib.recoveries.rules.transitions import TABLE, Actor, NotInThisState
from chalicelib.shared.state_machine import Change

RecoveryChange = Change[Recovery]

__all__ = [
    "ENDS",
    "MACHINE",
    "STATUSES",
    "TABLE",
    "Account",
    "Actor",
    "Advance",
    "BadPlan",
    "Context",
    "Instalment",
    "MoreThanOwed",
    "NotInThisState",
    "OtherCurrency",
    "Part",
    "Plan",
    "Policy",
    "Receipt",
    "Recovery",
    "RecoveryChange",
    "Status",
    "accept",
    "by_hand",
    "collected",
    "debit_due_at",
    "demand",
    "due_minor",
    "give_up_debit",
    "opened",
    "propose",
    "set_off",
    "suspend",
    "taken_back",
    "to_set_off_minor",
    "write_off",
]
