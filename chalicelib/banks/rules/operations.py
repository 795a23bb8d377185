"""What people may do about an instruction: its party names another account, an officer has it tried again or settles it by hand. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from chalicelib.banks.rules.effects import TakeReference
from chalicelib.banks.rules.inbox import Movement
from chalicelib.banks.rules.instruction import MOST_MANUAL, Account, Instruction, Status, StatusReport, TooManyAttempts
from chalicelib.banks.rules.outbox import next_attempt, settled
from chalicelib.banks.rules.partners import InstructionPolicy
from chalicelib.banks.rules.transitions import InstructionChange, step, with_attempt
from chalicelib.ledger.rules.chart import BANK_CLEARING
from chalicelib.shared import bounds
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import transfer
from chalicelib.shared.state_machine import Effect
from chalicelib.shared.texts import say
from chalicelib.shared.uses import Use


class NotOfInstruction(RuleViolation):
    code = "money_not_of_the_instruction"
    title = "The money does not fit that instruction."
    fix = "Name an instruction of the same bank, currency and direction."


def give_account(was: Instruction, account: Account, now: datetime) -> InstructionChange:
    """Its party names another account, and tries begin anew."""
    bounds.must_have_room(was.attempts, MOST_MANUAL, TooManyAttempts)
    after = replace(was, account=account, status="created", first=len(was.attempts), due_at=now, reason="")
    return step(was, "account", after, "given_account", now, account=account.masked)


def retry(was: Instruction, now: datetime) -> InstructionChange:
    """An officer wants it tried now. What is still unclear is asked about instead."""
    bounds.must_have_room(was.attempts, MOST_MANUAL, TooManyAttempts)
    status: Status = "unknown" if was.unresolved else "created"
    after = replace(was, status=status, first=len(was.attempts), due_at=now, indeterminate_since=None, reason="")
    return step(was, "retry", after, "retried", now)


def settle_manually(was: Instruction, bank_ref: str, now: datetime, policy: InstructionPolicy) -> InstructionChange:
    """An officer has the bank's word that what is left has moved."""
    return settle_with(was, bank_ref, was.remaining_minor, now, policy)


def settle_through(
    was: Instruction, other_bank_id: str, bank_ref: str, now: datetime, policy: InstructionPolicy
) -> InstructionChange:
    """The same by another bank than was told: what an acquirer cannot give back the way it came. That bank's account is the one it left."""
    minor = was.remaining_minor
    use = Use(by=was.id, at=now, amount_minor=minor, currency=was.currency)
    taken = TakeReference(bank_id=other_bank_id, bank_ref=bank_ref, use=use)
    change = settle_with(was, bank_ref, minor, now, policy, effects=(taken,))
    sides = ((BANK_CLEARING, was.bank_id), (BANK_CLEARING, other_bank_id))
    debited, credited = reversed(sides) if was.kind == "debit" else sides
    moved = transfer(minor, was.currency, debit_to=debited, credit_to=credited)
    return replace(change, event=replace(change.event, postings=(*change.event.postings, *moved)))


def settle_with(
    was: Instruction,
    bank_ref: str,
    minor: int,
    now: datetime,
    policy: InstructionPolicy,
    *,
    effects: Sequence[Effect] | None = None,
) -> InstructionChange:
    """So much has moved by it: by the attempt that is unclear, else outside all attempts."""
    unclear = was.unresolved[-1] if was.unresolved else next_attempt(was, now)
    report = StatusReport(outcome="settled", bank_ref=bank_ref, moved_minor=minor)
    manual = replace(unclear.apply_status(report), manual=True)
    return settled(was, "settle-by-hand", with_attempt(was, manual), manual, now, policy, effects=effects)


def must_move(was: Instruction, money: Movement, bank_id: str) -> None:
    """The money fits the instruction: its bank, its currency, its direction; else NotOfInstruction."""
    ours = (was.bank_id, was.currency, was.kind == "debit")
    theirs = (bank_id, money.currency, money.incoming)
    names = ("bank", "currency", "direction")
    if wrong := [name for name, mine, their in zip(names, ours, theirs, strict=True) if mine != their]:
        raise NotOfInstruction(say("It differs in {wrong}.", wrong=" and ".join(wrong)), param="instruction_id")
