"""Which action on a training, from where, by whom, to where, and its two deadlines. Pure."""

from __future__ import annotations

from typing import Final

from chalicelib.shared.state_machine import STAYS, Among, Change, InvalidTransition, Table, Transition, telling
from chalicelib.trainings.rules.training import ENDS, Context, Status, Training

TrainingChange = Change[Training]


class TrainingNotInThisStatus(InvalidTransition):
    code = "training_not_in_this_status"
    title = "The training does not allow that now."


_in: Final = Among[Status]()
_ANNOUNCED: Final = _in("announced")
_MEMBER: Final = frozenset({"member"})
_OFFICER: Final = frozenset({"officer"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[Training, Context](
    kind="training",
    error=TrainingNotInThisStatus,
    ends=ENDS,
    payload=telling("topic"),
    transitions=(
        Transition("register", _ANNOUNCED, _MEMBER, STAYS),
        Transition("unregister", _ANNOUNCED, _MEMBER, STAYS),
        Transition("cancel", _ANNOUNCED, _OFFICER, _in("cancelled")),
        Transition("begin", _ANNOUNCED, _CLOCK, _in("held")),
        Transition("record", _in("held"), _OFFICER, STAYS),
        Transition("close", _in("held"), _CLOCK, _in("closed")),
    ),
)
