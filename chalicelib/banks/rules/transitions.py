"""Which event or action moves an instruction, from where, by whom, to where; and the change that comes of it. Pure.

What a bank says counts in every status, and leads where the sum of all attempts leads.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from msgspec.structs import replace

from chalicelib.banks.rules import instruction as rules
from chalicelib.banks.rules.effects import TakeReference
from chalicelib.banks.rules.partners import InstructionPolicy
from chalicelib.shared.journal import Event
from chalicelib.shared.state_machine import Among, Change, Effect, InvalidTransition, Table, Transition
from chalicelib.shared.uses import Use

Actor = Literal["party", "officer"]
InstructionChange = Change[rules.Instruction]
ALARMS: Final = frozenset({"InstructionContradicted", "InstructionManual", "InstructionOverpaid"})
"""Counters that ring: a bank said two things, an officer has to act, more moved than was to be moved."""


class NotInThisState(InvalidTransition):
    code = "instruction_not_in_this_state"
    title = "The instruction does not allow that now."


def _has_nothing_moved(instruction: rules.Instruction, policy: InstructionPolicy, actor: str, now: datetime) -> bool:
    """Another account is of use where nothing may be on its way and nothing has arrived."""
    return not instruction.unresolved and instruction.reason != rules.SETTLED_SHORT


_in: Final = Among[rules.Status]()


def _stays(
    name: str, sources: frozenset[rules.Status], *others: rules.Status
) -> tuple[Transition[rules.Instruction, InstructionPolicy], ...]:
    """What a bank says may leave a status as it is, or lead to one of some others."""
    return tuple(Transition(name, _in(status), _BANK, _in(status, *others)) for status in sorted(sources))


_ENDS: Final = _in("settled", "stopped")
_ASKED: Final = _in("sent", "unknown")
_BANK: Final = frozenset({"bank"})
_CLOCK: Final = frozenset({"clock"})
_PARTY: Final = frozenset({"party"})
_OFFICER: Final = frozenset({"officer"})

TABLE: Final = Table[rules.Instruction, InstructionPolicy](
    kind="instruction",
    error=NotInThisState,
    ends=_ENDS,
    payload=lambda was, instruction: was.payload(),
    transitions=(
        Transition("send", _in("created", "failed"), _CLOCK, _in("sent", "manual")),
        Transition("send_again", _ASKED, _BANK, _in("sent")),
        Transition("unclear", _ASKED, _BANK, _in("unknown", "manual")),
        Transition("pending", _ASKED, _BANK, _in("sent", "manual")),
        *_stays("unclear", _ENDS),
        *_stays("pending", _ENDS),
        *_stays("hear", rules.OPEN | _in("settled"), "sent", "failed", "needs_account", "manual", "settled"),
        *_stays("hear", _in("stopped")),
        Transition("doubt", rules.OPEN, _BANK, _in("manual")),
        *_stays("doubt", _ENDS),
        Transition("account", _in("needs_account", "manual"), _PARTY, _in("created"), _has_nothing_moved),
        Transition("retry", _in("failed", "needs_account", "manual"), _OFFICER, _in("created", "unknown")),
        Transition(
            "settle-by-hand",
            _in("failed", "unknown", "needs_account", "manual"),
            _OFFICER,
            _in("settled", "manual"),
        ),
        Transition("lapse", _in("needs_account"), _CLOCK, _in("manual")),
        Transition("finish", _in("created"), _CLOCK, _in("settled")),
        *_stays("hold_back", rules.OPEN, "created", "stopped"),
        Transition("end_stop", _in("created"), _CLOCK, _in("stopped")),
    ),
)


def step(
    was: rules.Instruction,
    transition: str,
    after: rules.Instruction,
    event: str,
    at: datetime,
    *,
    alarm: str = "",
    effects: Sequence[Effect] | None = None,
    also: tuple[rules.Instruction, ...] = (),
    **payload: Any,
) -> InstructionChange:
    """The change to a state that was worked out whole. What it does to the books follows from the difference.

    `effects`: by default the references that it makes known. `alarm` is a counter that rings when the entry is followed.
    """
    return TABLE.change(
        was,
        transition,
        at,
        event=event,
        state=after,
        payload=payload | ({"private": {"alarm": alarm}} if alarm else {}),
        postings=rules.postings(was, after),
        effects=tuple(_references(was, after, at) if effects is None else effects),
        also=also,
    )


def alarm_of(event: Event) -> str:
    """What rings for an entry; empty where nothing does."""
    return str(event.payload.get("private", {}).get("alarm", ""))


def with_attempt(was: rules.Instruction, attempt: rules.Attempt) -> rules.Instruction:
    """The instruction with an attempt in its new form, or one more."""
    others = was.attempts
    if was.attempt(attempt.id) is None:
        return replace(was, attempts=(*others, attempt))
    return replace(was, attempts=tuple(attempt if other.id == attempt.id else other for other in others))


def to_officer(
    was: rules.Instruction,
    transition: str,
    after: rules.Instruction,
    why: str,
    at: datetime,
    *,
    effects: Sequence[Effect] | None = None,
    **payload: Any,
) -> InstructionChange:
    """An officer's from now on. One of which nothing is left to be moved stays over, for what ended it; nobody asks about its last attempt any more."""
    stays = was.is_over and not after.remaining_minor
    status: rules.Status = was.status if stays else "manual"
    instruction = replace(after, status=status, due_at=None, reason=was.reason if stays else why)
    payload |= {"reason": why, "owner": "officer"}
    return step(was, transition, instruction, "manual", at, alarm="InstructionManual", effects=effects, **payload)


def _references(was: rules.Instruction, after: rules.Instruction, at: datetime) -> list[TakeReference]:
    return [
        TakeReference(
            bank_id=was.bank_id,
            bank_ref=attempt.bank_ref,
            use=Use(by=attempt.id, at=at, amount_minor=attempt.moved_minor, currency=was.currency),
        )
        for attempt in rules.newly_settled(was, after)
    ]
