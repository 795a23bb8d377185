"""Which action on a firm's profile, from where, by whom, to where. Pure. The clock's moments are in `timers.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.firms.rules.firm import ENDS, STATUSES, Context, Firm, Status
from chalicelib.shared.state_machine import STAYS, Among, Change, InvalidTransition, Table, Transition

FirmChange = Change[Firm]


class NotInThisStatus(InvalidTransition):
    code = "firm_not_in_this_status"
    title = "The firm's profile does not allow that now."


def _is_seeking(firm: Firm, context: Context, actor: str, now: datetime) -> bool:
    return firm.seeks_until is not None


_in: Final = Among[Status]()
_ANY: Final = frozenset(STATUSES)
_WAITING: Final = _in("registered", "changed")
"""An officer has to look."""
_FIRM: Final = frozenset({"firm"})
_OFFICER: Final = frozenset({"officer"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[Firm, Context](
    kind="firm",
    error=NotInThisStatus,
    ends=ENDS,
    aggregate_id=lambda firm: f"firm:{firm.id}",
    transitions=(
        Transition("change", _in("verified"), _FIRM, _in("changed")),
        Transition("change", _ANY - _in("verified"), _FIRM, STAYS),
        Transition("announce", _ANY, _FIRM, STAYS),
        Transition("file_arrived", _in("verified"), _CLOCK, _in("changed")),
        Transition("file_arrived", _ANY, _CLOCK, STAYS),
        Transition("confirm", _in("verified", "returned", "expired"), _FIRM, _WAITING),
        Transition("verify", _WAITING, _OFFICER, _in("verified")),
        Transition("return", _WAITING, _OFFICER, _in("returned")),
        Transition("note-registers", _ANY, _OFFICER, STAYS),
        Transition("erase", _in("verified"), _FIRM | _OFFICER, _in("changed")),
        Transition("erase", _ANY, _FIRM | _OFFICER, STAYS),
        Transition("disclose", _ANY, _OFFICER | {"bank"}, STAYS),
        Transition("seek_group", _in("verified", "changed"), _FIRM, STAYS),
        Transition("stop_seeking", _ANY, _FIRM | _CLOCK, STAYS, _is_seeking),
        Transition("escalate", _WAITING, _CLOCK, STAYS),
        Transition("remind", _in("verified"), _CLOCK, STAYS),
        Transition("retire", _ANY, _CLOCK, STAYS),
        Transition("expire", _ANY - ENDS, _CLOCK, ENDS),
    ),
)
