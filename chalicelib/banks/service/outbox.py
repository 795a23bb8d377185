"""What entries tell banks to do, carried out; and what banks say of it.

Everything here may run twice, at the same time and late. Whoever writes an attempt down sends it, once; nobody else does. Who dies
after writing leaves an attempt nobody knows about, and the bank is asked about it before it is tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib.banks.aggregate import INSTRUCTIONS, patience
from chalicelib.banks.records import outbox as records
from chalicelib.banks.rules import bank_api, outbox, stops
from chalicelib.banks.rules.instruction import Attempt, Instruction, StatusReport
from chalicelib.banks.rules.instruction import create as create_instruction
from chalicelib.banks.rules.outbox import AttemptStatus
from chalicelib.banks.rules.partners import InstructionPolicy
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.rules.transitions import InstructionChange, alarm_of
from chalicelib.banks.service import transport
from chalicelib.shared import clock, observe
from chalicelib.shared.commit import StoredResponse, idempotent, retry_on_conflict
from chalicelib.shared.errors import NotFound, WriteConflict
from chalicelib.shared.journal import Entry, PaymentOrder
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.texts import say

Decide = Callable[[Instruction, InstructionPolicy], InstructionChange | None]


def enqueue(entry: Entry) -> None:
    """Make an instruction of everything an entry tells banks to do. Each bears the entry's name: it exists once."""
    for number, payment_order in enumerate(entry.event.payment_orders):
        _create(payment_order, entry, number)
        recall(payment_order.aggregate_id)


def ring(entry: Entry) -> None:
    """Count what an entry of an instruction says that somebody has to look at."""
    if alarm := alarm_of(entry.event):
        observe.logger.error(entry.event.kind, extra={"instruction_id": entry.aggregate_id, "alarm": alarm})
        observe.count(alarm)


def dispatch(instruction_id: str) -> None:
    """Do what is due with an instruction now: let a deadline have its default outcome, send it, or ask about it.

    A refund is looked at once more before it leaves: its payment may have been charged back meanwhile.
    """
    now = clock.now()
    to_ask: list[Instruction] = []

    def decide(was: Instruction, policy: InstructionPolicy) -> InstructionChange | None:
        action = outbox.next_action(was, now)
        if action == "ask":
            to_ask.append(was)
        if action != "send":
            return None
        if was.kind == "refund":
            recall(was.aggregate_id)
        return outbox.send(was, now, policy)

    try:
        sent = _write(instruction_id, now, decide)
    except WriteConflict:  # somebody else is at it
        return
    if sent is not None and sent.status == "sent":
        _deliver(sent, sent.attempts[-1])
    for instruction in to_ask:
        for attempt in instruction.unresolved:
            _apply_response(instruction, attempt, transport.inquire(instruction, attempt))


def due_at(instruction_id: str, now: datetime) -> datetime | None:
    """When something is to be done with the instruction, as it is kept."""
    instruction = records.REPOSITORY.load(instruction_id)
    return instruction.due_at if instruction else None


def apply_status(status: AttemptStatus, request: RequestContext) -> StoredResponse:
    """What a bank's event says of an attempt. NotFound, AnotherInstruction and ReferenceUsed are for the inbox to set aside, with their money."""
    return idempotent(request, lambda: _apply_status(status, request))


@retry_on_conflict
def flag_contradiction(attempt_id: str, reason: str) -> None:
    """What the bank told of an attempt cannot be true of it: nobody tries it again before an officer has looked at it."""
    now = clock.now()

    def decide(was: Instruction, policy: InstructionPolicy) -> InstructionChange | None:
        attempt = was.attempt(attempt_id)
        if attempt is None or attempt.outcome != "open" or was.reason == reason or (was.is_over and not was.due_at):
            return None  # there is nothing to doubt, or it is an officer's already
        return outbox.flag_contradiction(was, attempt, reason, now)

    if instruction_id := records.instruction_of(attempt_id):
        _write(instruction_id, now, decide)


@retry_on_conflict
def recall(of: str) -> None:
    """Bring the stops and the refunds of an order together, whichever came first."""
    now = clock.now()
    instructions = records.all_of(of, least=2)
    pairs = ((stop, refund) for stop in instructions for refund in instructions if stops.recalls(stop, refund))
    if pair := next(pairs, None):
        stop, refund = pair
        _write(
            refund.id,
            now,
            lambda was, policy: stops.recall(was, stop, now) if stops.recalls(stop, was) else None,
        )
        recall(of)


def _write(instruction_id: str, now: datetime, decide: Decide) -> Instruction | None:
    """Commit what nobody asked for. Returns the instruction as it then is, or None where there was nothing to do.

    WriteConflict where somebody else was faster: of several who decide at once one does.
    """
    changes: list[InstructionChange] = []

    def decided(was: Instruction, policy: InstructionPolicy) -> InstructionChange | None:
        change = decide(was, policy)
        changes.extend([change] if change else [])
        return change

    request = RequestContext(caller=CLOCK, now=now, request_id=instruction_id)
    INSTRUCTIONS.apply(instruction_id, request, decided)
    return changes[0].state if changes else None


def _create(payment_order: PaymentOrder, entry: Entry, number: int) -> None:
    now = clock.now()
    policy = patience(payment_order.bank_id, now)
    created = outbox.begin(create_instruction(payment_order, entry.entry_id, number, entry.aggregate_id, now, policy))
    INSTRUCTIONS.create(created, policy, RequestContext.of_clock(created.state.id, created.state.version, now))


def _deliver(instruction: Instruction, attempt: Attempt) -> None:
    answer = transport.send(instruction, attempt)
    if isinstance(answer, bank_api.Refused):
        _apply_response(instruction, attempt, StatusReport(outcome="failed", reason=answer.reason))
    elif isinstance(answer, bank_api.Indeterminate):
        _apply_response(instruction, attempt, answer)


def _apply_response(instruction: Instruction, attempt: Attempt, answer: bank_api.InquiryResult) -> None:
    """What the bank answered. A word counts whatever has happened meanwhile; anything less only where nothing has."""
    try:
        sent_again = _record_response(instruction, attempt.id, answer)
    except ReferenceUsed as used:
        return flag_contradiction(attempt.id, used.code)
    if sent_again is not None:
        _deliver(sent_again, attempt)
    return None


@retry_on_conflict
def _record_response(instruction: Instruction, attempt_id: str, answer: bank_api.InquiryResult) -> Instruction | None:
    """Write an answer down. Returns the instruction where its attempt is now to be sent again."""
    now = clock.now()

    def decide(was: Instruction, policy: InstructionPolicy) -> InstructionChange | None:
        attempt = was.attempt(attempt_id)
        if attempt is None or attempt.outcome != "open":
            return None
        if was.version != instruction.version and not isinstance(answer, StatusReport):
            return None
        return _change(was, attempt, answer, now, policy)

    noted = _write(instruction.id, now, decide)
    is_open = noted is not None and any(one.id == attempt_id for one in noted.unresolved)
    return noted if isinstance(answer, bank_api.UnknownToBank) and is_open else None


def _change(
    was: Instruction, attempt: Attempt, answer: bank_api.InquiryResult, now: datetime, policy: InstructionPolicy
) -> InstructionChange:
    match answer:
        case StatusReport():
            return outbox.apply_status(was, attempt.id, answer, now, policy)
        case bank_api.Pending():
            return outbox.pending(was, attempt, now, policy)
        case bank_api.UnknownToBank():
            return outbox.send_again(was, attempt, now, policy)
        case bank_api.Indeterminate():
            return outbox.indeterminate(was, attempt, now, policy)


def _apply_status(status: AttemptStatus, request: RequestContext) -> StoredResponse:
    def decide(was: Instruction, policy: InstructionPolicy) -> InstructionChange:
        outbox.must_be_of(was, status)
        return outbox.apply_status(was, status.attempt_id, status.report, request.now, policy)

    instruction_id = records.instruction_of(status.attempt_id)
    response = INSTRUCTIONS.apply(instruction_id, request, decide) if instruction_id else None
    if response is None:
        raise NotFound(
            say("There is no attempt {attempt_id!r:.60}.", attempt_id=status.attempt_id), param="data.attempt_id"
        )
    return response
