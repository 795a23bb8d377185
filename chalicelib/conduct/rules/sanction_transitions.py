"""Which action on a sanction, from where, by whom, to where. Pure. The clock's moments are in `sanction_timers.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.conduct.rules.effects import CountSanctions
from chalicelib.conduct.rules.sanction import ENDS, HOLDS_DRAWS, Context, Sanction, Status
from chalicelib.credit.rules.effects import HoldCredit, ReleaseCredit
from chalicelib.shared.periods import business_date, month_of
from chalicelib.shared.state_machine import STAYS, Among, Change, Effect, InvalidTransition, Table, Transition

SanctionChange = Change[Sanction]


class SanctionNotInThisStatus(InvalidTransition):
    code = "sanction_not_in_this_status"
    title = "The sanction does not allow that now."


def _may_appeal(sanction: Sanction, context: Context, actor: str, now: datetime) -> bool:
    """Once, and in time."""
    return sanction.appeal is None and sanction.appeal_until is not None and now < sanction.appeal_until


def _waits(sanction: Sanction, context: Context, actor: str, now: datetime) -> bool:
    return _may_appeal(sanction, context, actor, now) and context.policy.measures[sanction.measure].waits_for_appeal


def _does_not_wait(sanction: Sanction, context: Context, actor: str, now: datetime) -> bool:
    return _may_appeal(sanction, context, actor, now) and not context.policy.measures[sanction.measure].waits_for_appeal


def _is_appealed(sanction: Sanction, context: Context, actor: str, now: datetime) -> bool:
    return sanction.appeal is not None and sanction.appeal.is_open


def follows(was: Sanction, sanction: Sanction) -> tuple[Effect, ...]:
    """What a change does to the firm's credit, and to what the month's report counts."""
    effects: list[Effect] = []
    if sanction.measure in HOLDS_DRAWS and (was.status == "in_force") != (sanction.status == "in_force"):
        hold = HoldCredit if sanction.status == "in_force" else ReleaseCredit
        effects.append(hold(member_id=sanction.member_id, suspends=sanction.measure == "suspension"))
    if sanction.status != was.status:
        effects.append(counted(sanction, sanction.status, sanction.updated_at, was))
    elif sanction.appeal != was.appeal and sanction.appeal is not None and sanction.appeal.is_open:
        effects.append(counted(sanction, "appealed", sanction.updated_at, was))
    return tuple(effects)


def counted(sanction: Sanction, what: Status, at: datetime, was: Sanction | None = None) -> CountSanctions:
    """One more of it in the month, and the days that it was in force, where it no longer is."""
    was_since = was.in_force_at if was and was.status == "in_force" and sanction.status in ENDS else None
    return CountSanctions(
        month=month_of(business_date(at)),
        measure=sanction.measure,
        what=what,
        days=(business_date(at) - business_date(was_since)).days if was_since else 0,
        ended=1 if was_since else 0,
    )


_in: Final = Among[Status]()
_PROPOSED: Final = _in("proposed")
_NOTICED: Final = _in("noticed")
_NOT_ENDED: Final = _in("noticed", "appealed", "in_force")
_CLOCK: Final = frozenset({"clock"})
_OFFICER: Final = frozenset({"officer"})
_DECIDES: Final = _OFFICER | frozenset({"lawyer"})
_FIRM: Final = frozenset({"firm"})

TABLE: Final = Table[Sanction, Context](
    kind="sanction",
    error=SanctionNotInThisStatus,
    ends=ENDS,
    effects=follows,
    payload=lambda was, sanction: {
        "from": was.status,
        "to": sanction.status,
        "member_id": sanction.member_id,
        "loan_id": sanction.loan_id,
        "measure": sanction.measure,
        "bank_ids": list(sanction.banks_informed if sanction.in_force_at else ()),
    },
    transitions=(
        Transition("approve", _PROPOSED, _DECIDES, _in("proposed", "noticed")),
        Transition("withdraw", _PROPOSED, _OFFICER, _in("withdrawn")),
        Transition("lapse", _PROPOSED, _CLOCK, _in("lapsed")),
        Transition("appeal", _NOTICED, _FIRM, _in("appealed"), _waits),
        Transition("appeal", _in("noticed", "in_force"), _FIRM, STAYS, _does_not_wait),
        Transition("decide-appeal", _in("appealed"), _DECIDES, _in("in_force", "overturned"), _is_appealed),
        Transition("decide-appeal", _NOTICED, _DECIDES, _in("noticed", "overturned"), _is_appealed),
        Transition("decide-appeal", _in("in_force"), _DECIDES, _in("in_force", "overturned"), _is_appealed),
        Transition("overturn", _in("noticed", "in_force"), _CLOCK, _in("overturned"), _is_appealed),
        Transition("overturn", _in("appealed"), _CLOCK, _in("overturned", "dropped"), _is_appealed),
        Transition("take_effect", _NOTICED, _CLOCK, _in("in_force", "dropped")),
        Transition("lift", _NOT_ENDED, _OFFICER, _in("lifted")),
        Transition("set_end", _in("in_force"), _CLOCK, STAYS),
        Transition("expire", _in("in_force"), _CLOCK, _in("expired")),
        Transition("show_bank", _in("in_force"), frozenset({"bank"}), STAYS),
    ),
)
