"""The partner banks, played by the sandbox: they take instructions, answer questions, and misbehave when told to.

Without another word a bank accepts what it is told, and says when asked that it has settled. What it is to do with the next instructions
stands in the sandbox's table, so that every process plays the same bank.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from chalicelib.banks.rules import bank_api
from chalicelib.banks.rules.instruction import Attempt, Instruction, StatusReport
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import transport
from chalicelib.sandbox import records
from chalicelib.sandbox.rules import Behaviour
from chalicelib.shared import ids, journal
from chalicelib.shared.commit import StoredResponse, commit
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Event
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


class BehaviourRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the bank does with the next instructions, one after the other; it replaces what it was told before."""

    next: Annotated[tuple[Behaviour, ...], msgspec.Meta(max_length=20)]
    """What it does with each of the next instructions."""


class BehaviourView(msgspec.Struct, frozen=True, kw_only=True):
    bank_id: str
    next: tuple[Behaviour, ...]
    afterwards: Literal["accept"] = "accept"


class PartnerBank:
    """Every partner bank at once. An attempt it has taken it takes once: the name is an idempotency key."""

    def send(self, instruction: Instruction, attempt: Attempt) -> bank_api.SendResult:
        if records.taken(attempt.id) is not None:
            return bank_api.Accepted()
        behaviour = records.next_behaviour(instruction.bank_id)
        if behaviour.does == "refuse":
            return bank_api.Refused(behaviour.reason)
        if behaviour.does != "lose":
            records.take(attempt.id, behaviour)
        return bank_api.Accepted() if behaviour.does == "accept" else bank_api.Indeterminate()

    def inquire(self, instruction: Instruction, attempt: Attempt) -> bank_api.InquiryResult:
        behaviour = records.taken(attempt.id)
        if behaviour is None:
            return bank_api.UnknownToBank()
        if behaviour.then == "wait":
            return bank_api.Pending()
        if behaviour.then == "fail":
            return StatusReport(outcome="failed", seq=1, reason=behaviour.reason)
        if behaviour.moves and behaviour.moves.currency != instruction.currency:
            return bank_api.Indeterminate()
        moved_minor = behaviour.moves.minor() if behaviour.moves else 0
        return StatusReport(outcome="settled", seq=1, moved_minor=moved_minor, bank_ref=f"SBX-{attempt.id[-8:]}")


def install() -> None:
    """Let this process speak to the sandbox's banks instead of real ones."""
    transport.use(PartnerBank())


def behave(bank_id: str, body: BehaviourRequest, request: RequestContext) -> StoredResponse:
    """Tell a bank what to do with the next instructions."""
    if banks_inbox.sender(bank_id, request.now) is None:
        raise NotFound(say("There is no partner bank {bank_id!r:.60}.", bank_id=bank_id))
    for behaviour in body.next:
        if behaviour.moves is not None:
            behaviour.moves.minor(param="next.moves.amount", least=1)
    behaviour_view = BehaviourView(bank_id=bank_id, next=body.next)
    event = Event("sandbox.bank.told", {"bank_id": bank_id, "next": [behaviour.does for behaviour in body.next]})
    aggregate_id = ids.derived_id("sbx", request.entry_id)
    entry = journal.entry(
        request, event, aggregate_id=aggregate_id, seq=1, prev=journal.GENESIS, response=encode(behaviour_view)
    )
    return commit(entry, records.behave(bank_id, body.next))
