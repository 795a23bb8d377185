"""What entries tell banks to do, carried out; and what banks say of it.

Everything here may run twice, at the same time and late. Whoever writes an attempt down sends it, once; nobody else does. Who dies
after writing leaves an attempt nobody knows about, and the bank is asked about it before it is tried again.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.banks import transport
from chalicelib.banks.records import outbox as records
from chalicelib.banks.rules import line, outbox, stops
from chalicelib.banks.rules.instruction import Attempt, Instruction, Word, newly_settled
from chalicelib.banks.rules.instruction import made as made_of
from chalicelib.banks.rules.outbox import Said
from chalicelib.banks.rules.partners import Instructing
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.rules.step import Step
from chalicelib.banks.service import inbox
from chalicelib.banks.service.references import take_reference
from chalicelib.shared import clock, journal, observe
from chalicelib.shared.commit import NOTHING_ELSE, Answer, Joined, Put, Update, commit, once, persistently
from chalicelib.shared.journal import Entry, Instruct
from chalicelib.shared.refusal import NotFound, Raced
from chalicelib.shared.request import Request
from chalicelib.shared.uses import Use


def take_over(entry: Entry) -> None:
    """Make an instruction of everything an entry tells banks to do. Each bears the entry's name: it exists once."""
    for number, instruct in enumerate(entry.event.instructs):
        _create(instruct, entry, number)
        hold_back(instruct.of)


def carry_on(instruction_id: str) -> None:
    """Do what is due with an instruction now: send it, ask about it, or let a deadline have its default outcome."""
    now = clock.now()
    found = records.load(instruction_id)
    action = outbox.next_action(found, now) if found else ""
    if found is None or not action:
        return
    if action == "send":
        _send(found, now)
    elif action == "ask":
        for attempt in found.unresolved:
            _heard(found, attempt, transport.ask(found, attempt))
    elif action == "finish":
        write(outbox.finish(found, now), found, now)
    else:
        let_lapse(found, now)


def due_at(instruction_id: str, now: datetime) -> datetime | None:
    """When something is to be done with the instruction, as it is kept."""
    found = records.load(instruction_id)
    return found.due_at if found else None


def let_lapse(found: Instruction, now: datetime) -> None:
    """Write the default outcome of a deadline that only the clock waited for."""
    step = stops.end_stop(found, now) if found.kind == "stop" else outbox.lapse(found, now)
    write(step, found, now)


def hear(said: Said, request: Request) -> Answer:
    """What a bank's event says of an attempt. NotFound, AnotherInstruction and ReferenceUsed are for the inbox to set aside, with their money."""
    return once(request, lambda: _hear(said, request))


def doubt(attempt_id: str, reason: str) -> None:
    """What the bank told of an attempt cannot be true of it: nobody tries it again before an officer has looked at it."""
    _doubt(attempt_id, reason)


def patience(now: datetime) -> Instructing:
    return inbox.policy(now).instructions


@persistently
def hold_back(of: str) -> None:
    """Bring the stops and the refunds of an order together, whichever came first."""
    now = clock.now()
    found = records.load_many(records.ids_of(of))
    for stop in (one for one in found if one.kind == "stop" and not one.is_over):
        for refund in found:
            if stops.holds_back(stop, refund):
                step, spent = stops.hold_back(refund, stop, now)
                if not write(step, refund, now, records.put(spent, spent.head)):
                    raise Raced("Somebody else changed this in between.")
                return hold_back(of)
    return None


def write(step: Step, was: Instruction, now: datetime, *others: Put) -> bool:
    """Commit a step that nobody asked for. Whether it was us: of several who decide at once one does, and the others look again."""
    request = Request.of_clock(was.id, step.instruction.seq, now)
    try:
        return not commit_step(step, was, request, *others).replayed
    except Raced:
        return False


def commit_step(
    step: Step, was: Instruction, request: Request, *others: Put, answer: bytes = b"", joined: Joined | None = None
) -> Answer:
    """Write a step. ReferenceUsed where the bank names a reference that was booked as something else.

    With `joined` the money came out of suspense, where its reference was booked.
    """
    after, more = step.instruction, joined or NOTHING_ELSE
    entry = journal.entry(
        request,
        more.told_with(step.event),
        of=was.id,
        seq=after.seq,
        prev=was.head,
        answer=more.answer or answer,
        at=step.at,
        also=more.also,
        version=after.version,
    )
    references = () if joined else _references(was, after, step.at)
    written = commit(entry, records.put(after, entry.head), *others, *references, *more.changes)
    if step.alarm and not written.replayed:
        observe.logger.error(step.event.kind, extra={"instruction_id": was.id, "alarm": step.alarm})
        observe.count(step.alarm)
    return written


def _references(was: Instruction, after: Instruction, at: datetime) -> tuple[Update, ...]:
    """What a bank calls the money it moved by an attempt: once for ever, however often it says so of that attempt."""
    return tuple(
        take_reference(
            was.bank_id,
            attempt.bank_ref,
            Use(by=attempt.id, at=at, amount_minor=attempt.moved_minor, currency=was.currency),
            again=True,
        )
        for attempt in newly_settled(was, after)
    )


def _create(instruct: Instruct, entry: Entry, number: int) -> None:
    now = clock.now()
    made = made_of(instruct, entry.entry_id, number, entry.thing, now, patience(now))
    request = Request.of_clock(made.id, made.seq, now)
    first = journal.entry(request, outbox.begin(made), of=made.id, seq=made.seq, prev=journal.GENESIS)
    commit(first, records.put(made, first.head))


def _send(was: Instruction, now: datetime) -> None:
    """Write a new attempt down, then send it. A refund is looked at once more: its payment may have been taken back meanwhile."""
    if was.kind == "refund":
        hold_back(was.of)
    step = outbox.send(was, now, patience(now))
    attempt = step.instruction.attempts[-1]
    if write(step, was, now, records.put_attempt(attempt.id, was.id)):
        _deliver(step.instruction, attempt)


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
    was = records.load(asked.id)
    attempt = was.attempt(attempt_id) if was else None
    if was is None or attempt is None or attempt.outcome != "open":
        return None
    if was.version != asked.version and not isinstance(answer, Word):
        return None
    step = _step(was, attempt, answer, now)
    if not write(step, was, now):
        raise Raced("Somebody else changed this in between.")
    still_open = any(one.id == attempt_id for one in step.instruction.unresolved)
    return step.instruction if isinstance(answer, line.Unheard) and still_open else None


def _step(was: Instruction, attempt: Attempt, answer: line.Told, now: datetime) -> Step:
    match answer:
        case Word():
            return outbox.hear(was, attempt.id, answer, now, patience(now))
        case line.Pending():
            return outbox.pending(was, attempt, now, patience(now))
        case line.Unheard():
            return outbox.send_again(was, attempt, now, patience(now))
        case line.Unclear():
            return outbox.unclear(was, attempt, now, patience(now))


def _hear(said: Said, request: Request) -> Answer:
    was = _whose(said.attempt_id)
    if was is None:
        raise NotFound(f"There is no attempt {said.attempt_id!r:.60}.", param="data.attempt_id")
    outbox.must_be_of(was, said)
    step = outbox.hear(was, said.attempt_id, said.word, request.now, patience(request.now))
    return commit_step(step, was, request)


@persistently
def _doubt(attempt_id: str, reason: str) -> None:
    now = clock.now()
    was = _whose(attempt_id)
    attempt = was.attempt(attempt_id) if was else None
    if was is None or attempt is None or attempt.outcome != "open" or was.reason == reason:
        return
    if not write(outbox.doubt(was, attempt, reason, now), was, now):
        raise Raced("Somebody else changed this in between.")


def _whose(attempt_id: str) -> Instruction | None:
    instruction_id = records.instruction_of(attempt_id)
    return records.load(instruction_id) if instruction_id else None
