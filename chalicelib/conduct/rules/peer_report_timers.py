"""Every deadline of a peer report, whose it is, and what comes of it when it passes. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.conduct.rules import peer_report_handling as handling
from chalicelib.conduct.rules.peer_report import STATUSES, Context, PeerReport
from chalicelib.conduct.rules.peer_report_transitions import TABLE
from chalicelib.shared import documents
from chalicelib.shared.state_machine import StateMachine, Timer, kept

_due = kept("due_at")


def _retention(report: PeerReport, context: Context) -> datetime | None:
    return documents.first_ends_at(report.documents, context.policy.upload_hours)


MACHINE: Final = StateMachine[PeerReport, Context](
    table=TABLE,
    timers=(
        Timer("acknowledgement", frozenset({"filed"}), _due, "officer", "acknowledged", handling.acknowledge),
        Timer("triage", frozenset({"acknowledged"}), _due, "officer", "unproven", handling.leave_untriaged),
        Timer("answer", frozenset({"asked"}), _due, "subject", "to_find", handling.miss_answer),
        Timer("finding", frozenset({"to_find"}), _due, "officer", "unproven", handling.leave_unfound),
        Timer("retention", frozenset(STATUSES), _retention, "platform", "documents_removed", handling.retired),
    ),
)
