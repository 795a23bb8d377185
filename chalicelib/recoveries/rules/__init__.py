"""Recoveries: what is owed, the state machine, asking, receiving, instalments, deadlines. Pure."""

from chalicelib.recoveries.rules.asking import debit_due_at, demand, give_up_debit, opened, suspend, write_off
from chalicelib.recoveries.rules.deadlines import RecoveryDeadline, deadlines, fallen_due, next_due
from chalicelib.recoveries.rules.instalments import BadPlan, Part, accept, propose
from chalicelib.recoveries.rules.moves import MOVES, Move, NotInThisState, Side, allowed, must_be_allowed
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
    Instalment,
    Plan,
    Policy,
    Receipt,
    Recovery,
    Status,
    Why,
    due_minor,
    to_set_off_minor,
)
from chalicelib.recoveries.rules.step import Step

__all__ = [
    "ENDS",
    "MOVES",
    "STATUSES",
    "Account",
    "Advance",
    "BadPlan",
    "Instalment",
    "MoreThanOwed",
    "Move",
    "NotInThisState",
    "OtherCurrency",
    "Part",
    "Plan",
    "Policy",
    "Receipt",
    "Recovery",
    "RecoveryDeadline",
    "Side",
    "Status",
    "Step",
    "Why",
    "accept",
    "allowed",
    "by_hand",
    "collected",
    "deadlines",
    "debit_due_at",
    "demand",
    "due_minor",
    "fallen_due",
    "give_up_debit",
    "must_be_allowed",
    "next_due",
    "opened",
    "propose",
    "set_off",
    "suspend",
    "taken_back",
    "to_set_off_minor",
    "write_off",
]
