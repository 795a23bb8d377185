"""The partner banks, played by the sandbox: they take instructions, answer questions, and misbehave when told to.

Without another word a bank accepts what it is told, and says when asked that it has settled. What it is to do with the next instructions
stands in the sandbox's table, so that every process plays the same bank.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from chalicelib.banks import transport
from chalicelib.banks.rules import line
from chalicelib.banks.rules.instruction import Attempt, Instruction, Word
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.sandbox import records
from chalicelib.sandbox.rules import Behaviour
from chalicelib.shared import ids, journal
from chalicelib.shared.commit import Answer, commit
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Event
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request


class BehaviourAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the bank does with the next instructions, one after the other; it replaces what it was told before."""

    next: Annotated[tuple[Behaviour, ...], msgspec.Meta(max_length=20)]


class BehaviourView(msgspec.Struct, frozen=True, kw_only=True):
    bank_id: str
    next: tuple[Behaviour, ...]
    afterwards: Literal["accept"] = "accept"


class PartnerBank:
    """Every partner bank at once. An attempt it has taken it takes once: the name is an idempotency key."""

    def send(self, instruction: Instruction, attempt: Attempt) -> line.Sent:
        if records.taken(attempt.id) is not None:
            return line.Accepted()
        behaviour = records.next_behaviour(instruction.bank_id)
        if behaviour.does == "refuse":
            return line.Refused(behaviour.reason)
        if behaviour.does != "lose":
            records.take(attempt.id, behaviour)
        return line.Accepted() if behaviour.does == "accept" else line.Unclear()

    def ask(self, instruction: Instruction, attempt: Attempt) -> line.Told:
        behaviour = records.taken(attempt.id)
        if behaviour is None:
            return line.Unheard()
        if behaviour.then == "wait":
            return line.Pending()
        if behaviour.then == "fail":
            return Word(outcome="failed", seq=1, reason=behaviour.reason)
        if behaviour.moves and behaviour.moves.currency != instruction.currency:
            return line.Unclear()
        moved_minor = behaviour.moves.minor() if behaviour.moves else 0
        return Word(outcome="settled", seq=1, moved_minor=moved_minor, bank_ref=f"SBX-{attempt.id[-8:]}")


def install() -> None:
    """Let this process speak to the sandbox's banks instead of real ones."""
    transport.use(PartnerBank())


def behave(bank_id: str, asked: BehaviourAsked, request: Request) -> Answer:
    """Tell a bank what to do with the next instructions."""
    if banks_inbox.partner(bank_id, request.now) is None:
        raise NotFound(f"There is no partner bank {bank_id!r:.60}.")
    for behaviour in asked.next:
        if behaviour.moves is not None:
            behaviour.moves.minor(param="next.moves.amount", least=1)
    told = BehaviourView(bank_id=bank_id, next=asked.next)
    event = Event("sandbox.bank.told", {"bank_id": bank_id, "next": [behaviour.does for behaviour in asked.next]})
    thing = ids.named("sbx", request.entry_id)
    made = journal.entry(request, event, of=thing, seq=1, prev=journal.GENESIS, answer=encode(told))
    return commit(made, records.behave(bank_id, asked.next))
