"""Which action on a peer report, from where, by whom, to where. Pure. The clock's moments are in `peer_report_timers.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.conduct.rules.peer_report import ENDS, FINDINGS, STATUSES, Context, PeerReport, Status
from chalicelib.shared.state_machine import STAYS, Among, Change, InvalidTransition, Table, Transition, telling

PeerReportChange = Change[PeerReport]


class PeerReportNotInThisStatus(InvalidTransition):
    code = "peer_report_not_in_this_status"
    title = "The report does not allow that now."


def _is_not_asked(report: PeerReport, context: Context, actor: str, now: datetime) -> bool:
    return report.open_unsealing is None


def _is_asked(report: PeerReport, context: Context, actor: str, now: datetime) -> bool:
    return report.open_unsealing is not None


_in: Final = Among[Status]()
_ANY: Final = _in(*STATUSES)
_OPEN: Final = _ANY - ENDS
_NEW: Final = _in("filed", "acknowledged")
_FOUND: Final = _in(*FINDINGS)
_CLOCK: Final = frozenset({"clock"})
_OFFICER: Final = frozenset({"officer"})
_UNSEALS: Final = frozenset({"officer", "lawyer"})

TABLE: Final = Table[PeerReport, Context](
    kind="peer_report",
    error=PeerReportNotInThisStatus,
    ends=ENDS,
    payload=telling("subject_id", "category"),
    transitions=(
        Transition("acknowledge", _in("filed"), _OFFICER | _CLOCK, _in("acknowledged")),
        Transition("triage", _NEW, _OFFICER, _in("asked", "dismissed")),
        Transition("leave_untriaged", _in("acknowledged"), _CLOCK, _in("unproven")),
        Transition("answer", _in("asked"), frozenset({"subject"}), _in("to_find")),
        Transition("miss_answer", _in("asked"), _CLOCK, _in("to_find")),
        Transition("find", _in("to_find"), _OFFICER, _FOUND),
        Transition("leave_unfound", _in("to_find"), _CLOCK, _in("unproven")),
        Transition("add-document", _OPEN, frozenset({"reporter"}), STAYS),
        Transition("file_arrived", _OPEN, _CLOCK, STAYS),
        Transition("unseal", _OPEN, _UNSEALS, STAYS, _is_not_asked),
        Transition("decide-unsealing", _OPEN, _UNSEALS, STAYS, _is_asked),
        Transition("retire", _ANY, _CLOCK, STAYS),
    ),
)
