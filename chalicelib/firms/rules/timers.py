"""Every deadline of a firm's profile, whose it is, and what comes of it when it passes. Pure.

A deadline is met iff `now < due_at`, and `due_at` was worked out by the change that began it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from chalicelib.firms.rules import documents, seeking, verifying
from chalicelib.firms.rules.firm import STATUSES, Context, Firm
from chalicelib.firms.rules.transitions import TABLE
from chalicelib.shared.state_machine import StateMachine, Timer, kept

_WAITING: Final = frozenset({"registered", "changed"})


_due = kept("due_at")


def _first_look(firm: Firm, context: Context) -> datetime | None:
    return None if firm.escalated_at else firm.due_at


def _second_look(firm: Firm, context: Context) -> datetime | None:
    return firm.due_at if firm.escalated_at else None


def _reminder(firm: Firm, context: Context) -> datetime | None:
    if firm.reminded_at or firm.verified_until is None:
        return None
    return firm.verified_until - timedelta(days=context.policy.remind_days)


def _retention(firm: Firm, context: Context) -> datetime | None:
    return documents.first_ends_at(firm, context)


_search = kept("seeks_until")


MACHINE: Final = StateMachine[Firm, Context](
    table=TABLE,
    timers=(
        Timer("verification", _WAITING, _first_look, "officer", "escalated", verifying.escalate),
        Timer("supervisors_verification", _WAITING, _second_look, "officer", "expired", verifying.expire_unverified),
        Timer("mending", frozenset({"returned"}), _due, "firm", "expired", verifying.expire_unmended),
        Timer("reminder", frozenset({"verified"}), _reminder, "platform", "firm_reminded", verifying.remind),
        Timer("confirmation", frozenset({"verified"}), _due, "firm", "expired", verifying.expire_unconfirmed),
        Timer("retention", frozenset(STATUSES), _retention, "platform", "documents_removed", documents.retired),
        Timer("group_search", frozenset(STATUSES), _search, "firm", "search_ended", seeking.stop),
    ),
)
