"""Instructions to banks as an aggregate: what ties their machine to their table, their view and what a change does beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.banks.records.outbox import REPOSITORY, put_attempt
from chalicelib.banks.rules.effects import NameAttempt, TakeReference
from chalicelib.banks.rules.instruction import Instruction
from chalicelib.banks.rules.partners import InstructionPolicy, Policy
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.rules.timers import MACHINE
from chalicelib.banks.rules.transitions import Actor
from chalicelib.banks.views.outbox import view
from chalicelib.shared import policies, uniques
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.commit import Update
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller


def patience(bank_id: str, now: datetime) -> InstructionPolicy:
    """How patient we are with a bank, or an acquirer, now."""
    return policies.in_force("banks", business_date(now)).read_as(Policy).patience_with(bank_id)


def _actor(instruction: Instruction, caller: Caller) -> Actor | None:
    if caller.is_officer:
        return "officer"
    return "party" if caller.is_member(instruction.party) else None


def _take_reference(name: str, effects: Sequence[TakeReference]) -> Update:
    """ReferenceUsed where it was booked as something else; an attempt may hear of its own once more."""
    taken = effects[0]
    return uniques.take(name, taken.use, lambda first: ReferenceUsed(taken.bank_id, taken.bank_ref, first), again=True)


INSTRUCTIONS: Final = Aggregate[Instruction, InstructionPolicy, Actor](
    name="bank-instructions",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda instructions, now: [patience(each.bank_id, now) for each in instructions],
    actor_of=_actor,
    view=view,
    duty="payments",
    effects={
        NameAttempt: lambda attempt_id, effects: put_attempt(attempt_id, effects[0].instruction_id),
        TakeReference: _take_reference,
    },
)
