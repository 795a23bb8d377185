"""Every deadline of a claim between members, whose it is, and what comes of it when it passes. Pure.

A deadline is met iff `now < due_at`, and `due_at` was worked out by the change that began it. Each status but the ends has one.
"""

from __future__ import annotations

from typing import Final

from chalicelib.guarantees.rules import member_claim_handling as handling
from chalicelib.guarantees.rules.member_claim import Context, MemberClaim
from chalicelib.guarantees.rules.member_claim_transitions import TABLE
from chalicelib.shared.state_machine import StateMachine, Timer, kept

_due = kept("due_at")


MACHINE: Final = StateMachine[MemberClaim, Context](
    table=TABLE,
    timers=(
        Timer("lending", frozenset({"offered"}), _due, "creditor", "lapsed", handling.end_unlent),
        Timer("bank_first", frozenset({"held"}), _due, "bank", "payable", handling.release),
        Timer("payment", frozenset({"payable"}), _due, "debtor", "overdue", handling.fall_due),
        Timer("limitation", frozenset({"overdue"}), _due, "debtor", "lapsed", handling.bar),
        Timer("decision", frozenset({"disputed"}), _due, "officer", "stands", handling.let_stand),
    ),
)
