"""An instruction from an entry to its end. Pure.

created ─→ sent ─→ settled                       the bank says so, or an officer does with the bank's reference
             ├──→ failed ─→ sent (next attempt)  after each of the policy's hours; at once to another account, or on an officer's word
             │      └─ tries are spent ─→ needs_account ─ its party names one ─→ created
             │                                 └─ overdue ─→ manual
             ├──→ unknown ─ asked about ─→ sent (the same attempt again, where the bank never heard of it), settled, failed
             │      └─ unclear too long ─→ manual
             └──→ manual                         accepted, and not settled for too long
created, failed ─→ manual                            the way it came is closed
created, failed, needs_account, manual ─→ stopped    the payment it refunds was charged back

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
from chalicelib.banks.rules.instruction import ATTEMPT, SETTLED_SHORT, Attempt, Instruction, StatusReport
from chalicelib.banks.rules.partners import InstructionPolicy
from chalicelib.banks.rules.transitions import InstructionChange, step, to_officer, with_attempt
from chalicelib.shared import ids
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.state_machine import Effect
from chalicelib.shared.texts import say

NO_LINE: Final = "no_line_to_the_bank"
"""Why an instruction cannot leave where the policy has no address for its bank: an officer's at once."""
UNKNOWN_TO_BANK: Final = "unknown_to_bank"
REFUND_WINDOW_OVER: Final = "refund_window_over"
"""Why a refund does not leave the way its payment came: so long after it an acquirer takes none. An officer pays it by bank transfer."""


class AnotherInstruction(RuleViolation):
    code = "not_of_this_instruction"
    title = "The event does not fit the attempt it names."
    fix = "Name the attempt, the kind and the currency as they were sent; a failure also the amount."


class AttemptStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What a bank's event says: a word of an attempt, and of what kind, amount and currency the bank takes it to be."""

    attempt_id: str
    bank_id: str
    kind: str
    amount_minor: int
    currency: str
    report: StatusReport


def begin(instruction: Instruction) -> InstructionChange:
    """The first version."""
    event = Event("instruction.created", instruction.payload())
    return InstructionChange(state=instruction, event=event, at=instruction.created_at)


def next_action(instruction: Instruction, now: datetime) -> str:
    """What is to be done at the bank about it now: `send`, `ask`, or nothing. What the clock does by itself is in `timers.py`."""
    if not instruction.is_due(now) or instruction.kind == "stop":
        return ""
    if instruction.unresolved:
        return "ask"
    return "" if instruction.is_paid or instruction.status == "needs_account" else "send"


def finish(was: Instruction, policy: InstructionPolicy, at: datetime) -> InstructionChange:
    """A stop held back the rest: what had left before is all there is to pay."""
    return step(was, "finish", replace(was, status="settled", due_at=None), "settled", at, reason=was.reason)


def send(was: Instruction, now: datetime, policy: InstructionPolicy) -> InstructionChange:
    """A new attempt, written down before it leaves: should we die in between, the bank is asked about it.

    Where its way is closed it is an officer's instead.
    """
    if was.is_too_late(now):
        return to_officer(was, "send", was, REFUND_WINDOW_OVER, now)
    attempt = next_attempt(was, now)
    after = replace(was, attempts=(*was.attempts, attempt), status="sent", due_at=policy.inquire_at(0, now), reason="")
    named = NameAttempt(attempt_id=attempt.id, instruction_id=was.id)
    return step(was, "send", after, "sent", now, effects=(named,), attempt=attempt.id)


def next_attempt(was: Instruction, now: datetime) -> Attempt:
    """One more try, of what is left."""
    name = ids.derived_id(ATTEMPT, was.id, str(len(was.attempts) + 1))
    return Attempt(id=name, amount_minor=was.remaining_minor, sent_at=now, account=was.account)


def send_again(was: Instruction, attempt: Attempt, now: datetime, policy: InstructionPolicy) -> InstructionChange:
    """The bank never heard of the attempt: the same again, under the same name. Where others have paid meanwhile, it just failed."""
    if attempt.amount_minor > was.remaining_minor:
        return apply_status(
            was, attempt.id, StatusReport(outcome="failed", seq=attempt.seq, reason=UNKNOWN_TO_BANK), now, policy
        )
    after = replace(_inquired(was, attempt, now, policy), status="sent")
    return step(was, "send_again", after, "sent", now, attempt=attempt.id, again=True)


def indeterminate(was: Instruction, attempt: Attempt, now: datetime, policy: InstructionPolicy) -> InstructionChange:
    """No answer, or none we understand: whether it left is unknown until the bank says."""
    after = replace(
        _inquired(was, attempt, now, policy),
        status=was.status if was.is_over else "unknown",
        indeterminate_since=was.indeterminate_since or now,
    )
    if now - (was.indeterminate_since or now) >= timedelta(hours=policy.indeterminate_hours):
        return to_officer(was, "unclear", after, "unclear", now, attempt=attempt.id)
    return step(was, "unclear", after, "unknown", now, attempt=attempt.id)


def pending(was: Instruction, attempt: Attempt, now: datetime, policy: InstructionPolicy) -> InstructionChange:
    """The bank has it, and is not done with it."""
    after = replace(
        _inquired(was, attempt, now, policy),
        status=was.status if was.is_over else "sent",
        indeterminate_since=None,
    )
    if now - attempt.sent_at >= timedelta(days=policy.settle_days):
        return to_officer(was, "pending", after, "not_settled", now, attempt=attempt.id)
    return step(was, "pending", after, "asked", now, attempt=attempt.id)


def _inquired(was: Instruction, attempt: Attempt, now: datetime, policy: InstructionPolicy) -> Instruction:
    """One more inquiry about an attempt has not settled it; when to ask again."""
    inquired = with_attempt(was, replace(attempt, inquiries=attempt.inquiries + 1))
    return replace(inquired, due_at=policy.inquire_at(attempt.inquiries + 1, now))


def apply_status(
    was: Instruction, attempt_id: str, report: StatusReport, now: datetime, policy: InstructionPolicy
) -> InstructionChange:
    """What a bank says of an attempt: in its answer, or in an event, which may come late, twice, and before an earlier one."""
    attempt = next(attempt for attempt in was.attempts if attempt.id == attempt_id)
    payload: dict[str, Any] = {"attempt": attempt.id, "says": report.outcome, "bank_seq": report.seq}
    if not attempt.accepts(report):
        contradicted = attempt.manual and report.outcome == "failed"
        return step(was, "hear", was, "told", now, alarm="InstructionContradicted" if contradicted else "", **payload)
    heard = attempt.apply_status(report)
    after = with_attempt(was, heard)
    if (attempt.outcome, attempt.moved_minor) == (heard.outcome, heard.moved_minor):
        return step(was, "hear", after, "told", now, **payload)
    contradicted = attempt.outcome not in ("open", heard.outcome)
    if heard.outcome == "settled" or not after.remaining_minor:
        return settled(was, "hear", after, heard, now, policy, contradicted=contradicted)
    return _failed(was, after, heard, now, policy, contradicted=contradicted)


def must_be_of(instruction: Instruction, status: AttemptStatus) -> None:
    """The event is about this very instruction; else AnotherInstruction says in what it differs.

    What a settlement moved is the bank's to say. A failure of another amount would leave open what became of the rest: it is
    refused, and moves no money. Of a settlement that came back in part the bank says anew what it moved, with a higher number.
    """
    attempt = instruction.attempt(status.attempt_id)
    sent_minor = attempt.amount_minor if attempt else 0
    told_minor = status.amount_minor if status.report.outcome == "failed" else sent_minor
    sent = (instruction.bank_id, instruction.kind, sent_minor, instruction.currency)
    reported = (status.bank_id, status.kind, told_minor, status.currency)
    names = ("bank", "kind", "amount", "currency")
    if wrong := [name for name, ours, theirs in zip(names, sent, reported, strict=True) if ours != theirs]:
        raise AnotherInstruction(
            say("It differs in {wrong}.", wrong=" and ".join(wrong)), param="data", instruction_id=instruction.id
        )


def flag_contradiction(was: Instruction, attempt: Attempt, reason: str, now: datetime) -> InstructionChange:
    """What was told of an attempt cannot be true of it: an officer's. A clear word may still come."""
    return to_officer(was, "doubt", was, reason, now, attempt=attempt.id)


def lapse(was: Instruction, policy: InstructionPolicy, at: datetime) -> InstructionChange:
    """Nobody named another account in time: an officer's, since the moment it was due."""
    return to_officer(was, "lapse", was, "no_account", at)


def settled(
    was: Instruction,
    transition: str,
    after: Instruction,
    attempt: Attempt,
    now: datetime,
    policy: InstructionPolicy,
    *,
    contradicted: bool = False,
    effects: Sequence[Effect] | None = None,
) -> InstructionChange:
    """An attempt has moved money. What moved beyond the amount, by this attempt or another, was paid too much; what is left is an officer's."""
    if after.remaining_minor:
        return to_officer(
            was, transition, after, SETTLED_SHORT, now, effects=effects, **_payload_of(was, after, attempt)
        )
    due_at = policy.inquire_at(0, now) if after.unresolved else None
    if not was.is_over:
        after = replace(after, status="settled", indeterminate_since=None, reason=was.reason if was.is_paid else "")
    after = replace(after, due_at=due_at)
    more = max(0, after.overpaid_minor - was.overpaid_minor)
    alarm = "InstructionOverpaid" if more else "InstructionContradicted" if contradicted else ""
    name = "settled" if after.is_paid and not was.is_settled else "overpaid" if more else "told"
    payload = _payload_of(was, after, attempt) | ({"overpaid_minor": more} if more else {})
    return step(was, transition, after, name, now, alarm=alarm, effects=effects, **payload)


def _failed(
    was: Instruction,
    after: Instruction,
    attempt: Attempt,
    now: datetime,
    policy: InstructionPolicy,
    *,
    contradicted: bool,
) -> InstructionChange:
    """It has not moved the money, or the money came back. While another attempt may pay, none is made."""
    alarm = "InstructionContradicted" if contradicted else ""
    payload = _payload_of(was, after, attempt)
    after = replace(after, reason=attempt.reason, indeterminate_since=None)
    if after.unresolved:
        after = replace(after, status="sent", due_at=policy.inquire_at(0, now))
        return step(was, "hear", after, "failed", now, alarm=alarm, **payload)
    if after.is_short:
        return to_officer(was, "hear", after, SETTLED_SHORT, now, **payload)
    if attempt.reason == NO_LINE:
        return to_officer(was, "hear", after, NO_LINE, now, **payload)
    is_final = after.kind in policy.final or attempt.reason in policy.bad_account
    if not is_final and after.tries <= len(policy.retry_hours):
        hours = policy.retry_hours[max(after.tries, 1) - 1]
        waiting = replace(after, status="failed", due_at=now + timedelta(hours=hours))
        return step(was, "hear", waiting, "failed", now, alarm=alarm, **payload)
    if policy.asks_account and after.party and after.first == 0:
        instruction = replace(after, status="needs_account", due_at=now + timedelta(days=policy.account_days))
        return step(was, "hear", instruction, "failed", now, alarm=alarm, needs_account=True, **payload)
    return to_officer(was, "hear", after, attempt.reason, now, **payload)


def _payload_of(was: Instruction, after: Instruction, attempt: Attempt) -> dict[str, Any]:
    """What an entry tells of an attempt that settled or failed. `came_back`: all had been moved, and is not any more."""
    payload: dict[str, Any] = {"attempt": attempt.id}
    if attempt.outcome == "failed":
        payload |= {"reason": attempt.reason}
    else:
        payload |= {"bank_ref": attempt.bank_ref} | ({"manual": True} if attempt.manual else {})
        payload |= {"value_date": attempt.value_date.isoformat()} if attempt.value_date else {}
    if after.remaining_minor and after.paid_minor:
        payload |= {"paid_minor": after.paid_minor, "remaining_minor": after.remaining_minor}
    return payload | ({"came_back": True} if was.is_settled and not after.is_paid else {})
