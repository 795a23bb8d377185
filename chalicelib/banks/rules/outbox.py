"""An instruction from an entry to its end. Pure.

created ─→ sent ─→ settled                       the bank says so, or an officer does with the bank's reference
             ├──→ failed ─→ sent (next attempt)  after each of the policy's hours; at once to another account, or on an officer's word
             │      └─ tries are spent ─→ needs_account ─ its party names one ─→ created
             │                                 └─ overdue ─→ manual
             ├──→ unknown ─ asked about ─→ sent (the same attempt again, where the bank never heard of it), settled, failed
             │      └─ unclear too long ─→ manual
             └──→ manual                         accepted, and not settled for too long
created, failed, needs_account, manual ─→ stopped    the payment it refunds was taken back

A new attempt is made only when the bank has said of all before it that they failed. What it says later counts all the same: an attempt
that settled after all settles the instruction; a second one is booked as paid too much, and rings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from chalicelib.banks.rules.effects import NameAttempt
from chalicelib.banks.rules.instruction import ATTEMPT, SETTLED_SHORT, Attempt, Instruction, Word
from chalicelib.banks.rules.partners import Instructing
from chalicelib.banks.rules.transitions import InstructionChange, step, to_officer, with_attempt
from chalicelib.shared import ids
from chalicelib.shared.journal import Event
from chalicelib.shared.refusal import Unfit
from chalicelib.shared.state_machine import Effect

NO_LINE: Final = "no_line_to_the_bank"
"""Why an instruction cannot leave where the policy has no address for its bank: an officer's at once."""
NEVER_HEARD: Final = "never_heard_of"


class AnotherInstruction(Unfit):
    code = "not_of_this_instruction"
    title = "The event does not fit the attempt it names."
    fix = "Name the attempt, the kind and the currency as they were sent; a failure also the amount."


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a bank's event says: a word of an attempt, and of what kind, amount and currency the bank takes it to be."""

    attempt_id: str
    bank_id: str
    kind: str
    amount_minor: int
    currency: str
    word: Word


def begin(instruction: Instruction) -> InstructionChange:
    """The first version."""
    event = Event("instruction.created", instruction.facts())
    return InstructionChange(state=instruction, event=event, at=instruction.created_at)


def next_action(instruction: Instruction, now: datetime) -> str:
    """What is to be done at the bank about it now: `send`, `ask`, or nothing. What the clock does by itself is in `timers.py`."""
    if not instruction.is_due(now) or instruction.kind == "stop":
        return ""
    if instruction.unresolved:
        return "ask"
    return "" if instruction.is_paid or instruction.status == "needs_account" else "send"


def finish(was: Instruction, policy: Instructing, at: datetime) -> InstructionChange:
    """A stop held back the rest: what had left before is all there is to pay."""
    return step(was, "finish", replace(was, status="settled", due_at=None), "settled", at, reason=was.reason)


def send(was: Instruction, now: datetime, policy: Instructing) -> InstructionChange:
    """A new attempt, written down before it leaves: should we die in between, the bank is asked about it."""
    attempt = next_attempt(was, now)
    after = replace(was, attempts=(*was.attempts, attempt), status="sent", due_at=policy.ask_at(0, now), reason="")
    named = NameAttempt(attempt_id=attempt.id, instruction_id=was.id)
    return step(was, "send", after, "sent", now, effects=(named,), attempt=attempt.id)


def next_attempt(was: Instruction, now: datetime) -> Attempt:
    """One more try, of what is left."""
    name = ids.named(ATTEMPT, was.id, str(len(was.attempts) + 1))
    return Attempt(id=name, amount_minor=was.left_minor, sent_at=now, account=was.account)


def send_again(was: Instruction, attempt: Attempt, now: datetime, policy: Instructing) -> InstructionChange:
    """The bank never heard of the attempt: the same again, under the same name. Where others have paid meanwhile, it just failed."""
    if attempt.amount_minor > was.left_minor:
        return hear(was, attempt.id, Word(outcome="failed", seq=attempt.seq, reason=NEVER_HEARD), now, policy)
    asked = with_attempt(was, replace(attempt, asked=attempt.asked + 1))
    after = replace(asked, status="sent", due_at=policy.ask_at(attempt.asked + 1, now))
    return step(was, "send_again", after, "sent", now, attempt=attempt.id, again=True)


def unclear(was: Instruction, attempt: Attempt, now: datetime, policy: Instructing) -> InstructionChange:
    """No answer, or none we understand: whether it left is unknown until the bank says."""
    asked = with_attempt(was, replace(attempt, asked=attempt.asked + 1))
    after = replace(
        asked,
        status=was.status if was.is_over else "unknown",
        due_at=policy.ask_at(attempt.asked + 1, now),
        unclear_since=was.unclear_since or now,
    )
    if now - (was.unclear_since or now) >= timedelta(hours=policy.unclear_hours):
        return to_officer(was, "unclear", after, "unclear", now, attempt=attempt.id)
    return step(was, "unclear", after, "unknown", now, attempt=attempt.id)


def pending(was: Instruction, attempt: Attempt, now: datetime, policy: Instructing) -> InstructionChange:
    """The bank has it, and is not done with it."""
    asked = with_attempt(was, replace(attempt, asked=attempt.asked + 1))
    after = replace(
        asked,
        status=was.status if was.is_over else "sent",
        due_at=policy.ask_at(attempt.asked + 1, now),
        unclear_since=None,
    )
    if now - attempt.sent_at >= timedelta(days=policy.settle_days):
        return to_officer(was, "pending", after, "not_settled", now, attempt=attempt.id)
    return step(was, "pending", after, "asked", now, attempt=attempt.id)


def hear(was: Instruction, attempt_id: str, word: Word, now: datetime, policy: Instructing) -> InstructionChange:
    """What a bank says of an attempt: in its answer, or in an event, which may come late, twice, and before an earlier one."""
    attempt = next(attempt for attempt in was.attempts if attempt.id == attempt_id)
    told: dict[str, Any] = {"attempt": attempt.id, "says": word.outcome, "bank_seq": word.seq}
    if not attempt.takes(word):
        contradicted = attempt.by_hand and word.outcome == "failed"
        return step(was, "hear", was, "told", now, alarm="InstructionContradicted" if contradicted else "", **told)
    heard = attempt.hearing(word)
    after = with_attempt(was, heard)
    if (attempt.outcome, attempt.moved_minor) == (heard.outcome, heard.moved_minor):
        return step(was, "hear", after, "told", now, **told)
    contradicted = attempt.outcome not in ("open", heard.outcome)
    if heard.outcome == "settled" or not after.left_minor:
        return settled(was, "hear", after, heard, now, policy, contradicted=contradicted)
    return _failed(was, after, heard, now, policy, contradicted=contradicted)


def must_be_of(instruction: Instruction, said: Said) -> None:
    """The event is about this very instruction; else AnotherInstruction says in what it differs.

    What a settlement moved is the bank's to say. A failure of another amount would leave open what became of the rest: it is
    refused, and moves no money. Of a settlement that came back in part the bank says anew what it moved, with a higher number.
    """
    attempt = instruction.attempt(said.attempt_id)
    sent_minor = attempt.amount_minor if attempt else 0
    told_minor = said.amount_minor if said.word.outcome == "failed" else sent_minor
    sent = (instruction.bank_id, instruction.kind, sent_minor, instruction.currency)
    told = (said.bank_id, said.kind, told_minor, said.currency)
    names = ("bank", "kind", "amount", "currency")
    if wrong := [name for name, ours, theirs in zip(names, sent, told, strict=True) if ours != theirs]:
        raise AnotherInstruction(f"It differs in {' and '.join(wrong)}.", param="data", instruction_id=instruction.id)


def doubt(was: Instruction, attempt: Attempt, reason: str, now: datetime) -> InstructionChange:
    """What was told of an attempt cannot be true of it: an officer's. A clear word may still come."""
    return to_officer(was, "doubt", was, reason, now, attempt=attempt.id)


def lapse(was: Instruction, policy: Instructing, at: datetime) -> InstructionChange:
    """Nobody named another account in time: an officer's, since the moment it was due."""
    return to_officer(was, "lapse", was, "no_account", at)


def settled(
    was: Instruction,
    transition: str,
    after: Instruction,
    attempt: Attempt,
    now: datetime,
    policy: Instructing,
    *,
    contradicted: bool = False,
    effects: Sequence[Effect] | None = None,
) -> InstructionChange:
    """An attempt has moved money. What moved beyond the amount, by this attempt or another, was paid too much; what is left is an officer's."""
    if after.left_minor:
        return to_officer(was, transition, after, SETTLED_SHORT, now, effects=effects, **_told(was, after, attempt))
    due_at = policy.ask_at(0, now) if after.unresolved else None
    if not was.is_over:
        after = replace(after, status="settled", unclear_since=None, reason=was.reason if was.is_paid else "")
    after = replace(after, due_at=due_at)
    more = max(0, after.extra_minor - was.extra_minor)
    alarm = "InstructionOverpaid" if more else "InstructionContradicted" if contradicted else ""
    name = "settled" if after.is_paid and not was.is_settled else "overpaid" if more else "told"
    told = _told(was, after, attempt) | ({"extra_minor": more} if more else {})
    return step(was, transition, after, name, now, alarm=alarm, effects=effects, **told)


def _failed(
    was: Instruction, after: Instruction, attempt: Attempt, now: datetime, policy: Instructing, *, contradicted: bool
) -> InstructionChange:
    """It has not moved the money, or the money came back. While another attempt may pay, none is made."""
    alarm = "InstructionContradicted" if contradicted else ""
    told = _told(was, after, attempt)
    after = replace(after, reason=attempt.reason, unclear_since=None)
    if after.unresolved:
        after = replace(after, status="sent", due_at=policy.ask_at(0, now))
        return step(was, "hear", after, "failed", now, alarm=alarm, **told)
    if after.is_short:
        return to_officer(was, "hear", after, SETTLED_SHORT, now, **told)
    if attempt.reason == NO_LINE:
        return to_officer(was, "hear", after, NO_LINE, now, **told)
    if attempt.reason not in policy.bad_account and after.tries <= len(policy.retry_hours):
        hours = policy.retry_hours[max(after.tries, 1) - 1]
        waiting = replace(after, status="failed", due_at=now + timedelta(hours=hours))
        return step(was, "hear", waiting, "failed", now, alarm=alarm, **told)
    if after.party and after.first == 0:
        asked = replace(after, status="needs_account", due_at=now + timedelta(days=policy.account_days))
        return step(was, "hear", asked, "failed", now, alarm=alarm, needs_account=True, **told)
    return to_officer(was, "hear", after, attempt.reason, now, **told)


def _told(was: Instruction, after: Instruction, attempt: Attempt) -> dict[str, Any]:
    """What an entry tells of an attempt that settled or failed. `came_back`: all had been moved, and is not any more."""
    told: dict[str, Any] = {"attempt": attempt.id}
    if attempt.outcome == "failed":
        told |= {"reason": attempt.reason}
    else:
        told |= {"bank_ref": attempt.bank_ref} | ({"by_hand": True} if attempt.by_hand else {})
    if after.left_minor and after.paid_minor:
        told |= {"paid_minor": after.paid_minor, "left_minor": after.left_minor}
    return told | ({"came_back": True} if was.is_settled and not after.is_paid else {})
