"""What entries tell banks to do, carried out; and what banks say of it.

Everything here may run twice, at the same time and late. Whoever writes an attempt down sends it, once; nobody else does. Who dies
after writing leaves an attempt nobody knows about, and the bank is asked about it before it is tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib.banks.aggregate import INSTRUCTIONS, patience
from chalicelib.banks.records import outbox as records
from chalicelib.banks.rules import line, outbox, stops
from chalicelib.banks.rules.instruction import Attempt, Instruction, Word
from chalicelib.banks.rules.instruction import made as made_of
from chalicelib.banks.rules.outbox import Said
from chalicelib.banks.rules.partners import Instructing
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.rules.transitions import InstructionChange, alarm_of
from chalicelib.banks.service import transport
from chalicelib.shared import clock, observe
from chalicelib.shared.commit import Answer, once, persistently
from chalicelib.shared.journal import Entry, Instruct
from chalicelib.shared.refusal import NotFound, Raced
from chalicelib.shared.request import CLOCK, Request

Decide = Callable[[Instruction, Instructing], InstructionChange | None]


def take_over(entry: Entry) -> None:
    """Make an instruction of everything an entry tells banks to do. Each bears the entry's name: it exists once."""
    for number, instruct in enumerate(entry.event.instructs):
        _create(instruct, entry, number)
        hold_back(instruct.of)


def ring(entry: Entry) -> None:
    """Count what an entry of an instruction says that somebody has to look at."""
    if alarm := alarm_of(entry.event):
        observe.logger.error(entry.event.kind, extra={"instruction_id": entry.thing, "alarm": alarm})
        observe.count(alarm)


def carry_on(instruction_id: str) -> None:
    """Do what is due with an instruction now: let a deadline have its default outcome, send it, or ask about it.

    A refund is looked at once more before it leaves: its payment may have been taken back meanwhile.
    """
    now = clock.now()
    to_ask: list[Instruction] = []

    def decide(was: Instruction, policy: Instructing) -> InstructionChange | None:
        action = outbox.next_action(was, now)
        if action == "ask":
            to_ask.append(was)
        if action != "send":
            return None
        if was.kind == "refund":
            hold_back(was.of)
        return outbox.send(was, now, policy)

    try:
        sent = _write(instruction_id, now, decide)
    except Raced:  # somebody else is at it
        return
    if sent is not None:
        _deliver(sent, sent.attempts[-1])
    for asked in to_ask:
        for attempt in asked.unresolved:
            _heard(asked, attempt, transport.ask(asked, attempt))


def due_at(instruction_id: str, now: datetime) -> datetime | None:
    """When something is to be done with the instruction, as it is kept."""
    found = records.REPOSITORY.load(instruction_id)
    return found.due_at if found else None


def hear(said: Said, request: Request) -> Answer:
    """What a bank's event says of an attempt. NotFound, AnotherInstruction and ReferenceUsed are for the inbox to set aside, with their money."""
    return once(request, lambda: _hear(said, request))


@persistently
def doubt(attempt_id: str, reason: str) -> None:
    """What the bank told of an attempt cannot be true of it: nobody tries it again before an officer has looked at it."""
    now = clock.now()

    def decide(was: Instruction, policy: Instructing) -> InstructionChange | None:
        attempt = was.attempt(attempt_id)
        if attempt is None or attempt.outcome != "open" or was.reason == reason or (was.is_over and not was.due_at):
            return None  # there is nothing to doubt, or it is an officer's already
        return outbox.doubt(was, attempt, reason, now)

    if instruction_id := records.instruction_of(attempt_id):
        _write(instruction_id, now, decide)


@persistently
def hold_back(of: str) -> None:
    """Bring the stops and the refunds of an order together, whichever came first."""
    now = clock.now()
    found = records.all_of(of, least=2)
    pairs = ((stop, refund) for stop in found for refund in found if stops.holds_back(stop, refund))
    if pair := next(pairs, None):
        stop, refund = pair
        _write(
            refund.id,
            now,
            lambda was, policy: stops.hold_back(was, stop, now) if stops.holds_back(stop, was) else None,
        )
        hold_back(of)


def _write(instruction_id: str, now: datetime, decide: Decide) -> Instruction | None:
    """Commit what nobody asked for. Returns the instruction as it then is, or None where there was nothing to do.

    Raced where somebody else was faster: of several who decide at once one does.
    """
    changes: list[InstructionChange] = []

    def decided(was: Instruction, policy: Instructing) -> InstructionChange | None:
        change = decide(was, policy)
        changes.extend([change] if change else [])
        return change

    request = Request(caller=CLOCK, now=now, request_id=instruction_id)
    INSTRUCTIONS.apply(instruction_id, request, decided)
    return changes[0].state if changes else None


def _create(instruct: Instruct, entry: Entry, number: int) -> None:
    now = clock.now()
    policy = patience(now)
    created = outbox.begin(made_of(instruct, entry.entry_id, number, entry.thing, now, policy))
    INSTRUCTIONS.create(created, policy, Request.of_clock(created.state.id, created.state.version, now))


def _deliver(instruction: Instruction, attempt: Attempt) -> None:
    answer = transport.send(instruction, attempt)
    if isinstance(answer, line.Refused):
        _heard(instruction, attempt, Word(outcome="failed", reason=answer.reason))
    elif isinstance(answer, line.Unclear):
        _heard(instruction, attempt, answer)


def _heard(asked: Instruction, attempt: Attempt, answer: line.Told) -> None:
    """What the bank answered. A word counts whatever has happened meanwhile; anything less only where nothing has."""
    try:
        sent_again = _note(asked, attempt.id, answer)
    except ReferenceUsed as used:
        return doubt(attempt.id, used.code)
    if sent_again is not None:
        _deliver(sent_again, attempt)
    return None


@persistently
def _note(asked: Instruction, attempt_id: str, answer: line.Told) -> Instruction | None:
    """Write an answer down. Returns the instruction where its attempt is now to be sent again."""
    now = clock.now()

    def decide(was: Instruction, policy: Instructing) -> InstructionChange | None:
        attempt = was.attempt(attempt_id)
        if attempt is None or attempt.outcome != "open":
            return None
        if was.version != asked.version and not isinstance(answer, Word):
            return None
        return _change(was, attempt, answer, now, policy)

    noted = _write(asked.id, now, decide)
    is_open = noted is not None and any(one.id == attempt_id for one in noted.unresolved)
    return noted if isinstance(answer, line.Unheard) and is_open else None


def _change(
    was: Instruction, attempt: Attempt, answer: line.Told, now: datetime, policy: Instructing
) -> InstructionChange:
    match answer:
        case Word():
            return outbox.hear(was, attempt.id, answer, now, policy)
        case line.Pending():
            return outbox.pending(was, attempt, now, policy)
        case line.Unheard():
            return outbox.send_again(was, attempt, now, policy)
        case line.Unclear():
            return outbox.unclear(was, attempt, now, policy)


def _hear(said: Said, request: Request) -> Answer:
    def decide(was: Instruction, policy: Instructing) -> InstructionChange:
        outbox.must_be_of(was, said)
        return outbox.hear(was, said.attempt_id, said.word, request.now, policy)

    instruction_id = records.instruction_of(said.attempt_id)
    answer = INSTRUCTIONS.apply(instruction_id, request, decide) if instruction_id else None
    if answer is None:
        raise NotFound(f"There is no attempt {said.attempt_id!r:.60}.", param="data.attempt_id")
    return answer
