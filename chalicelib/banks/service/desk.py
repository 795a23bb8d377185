"""What parties and officers see of instructions to banks, and do about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from chalicelib.banks.records import outbox as records
from chalicelib.banks.rules import desk as rules
from chalicelib.banks.rules.inbox import Movement
from chalicelib.banks.rules.instruction import Instruction
from chalicelib.banks.rules.outbox import as_of, next_action
from chalicelib.banks.rules.step import Step
from chalicelib.banks.service import outbox
from chalicelib.banks.views.outbox import AccountAsked, InstructionsQuery, InstructionView, SettledAsked, view
from chalicelib.shared import pages
from chalicelib.shared.commit import Answer, Joined
from chalicelib.shared.http import encode
from chalicelib.shared.pages import Page
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request, within_duty


def instruction(instruction_id: str, request: Request) -> InstructionView:
    return _shown(as_of(_find(instruction_id, request), request.now), request)


def instructions(query: InstructionsQuery, request: Request) -> Page[InstructionView]:
    """Those of one status, the longest in it first; or all of one order, supplier or bank event."""
    if query.status is None and query.of is None:
        query = replace(query, status="manual")
    of = f"bank-instructions:{query.status}:{query.of}"
    after = pages.unseal(query.cursor, request.caller, of) if query.cursor else None

    def seen(told: Instruction) -> InstructionView | None:
        now_is = as_of(told, request.now)
        if query.of not in (None, now_is.of) or query.status not in (None, now_is.status):
            return None
        return _shown(now_is, request)

    places = ((_position(key), key[1]) for key in _keys(query, after))
    return pages.filtered(places, records.listed, seen, query, request, of)


def give_account(instruction_id: str, asked: AccountAsked, request: Request) -> Answer:
    was = _for_change(instruction_id, request)
    return _commit(rules.give_account(was, asked.told, request.now), was, request)


def retry(instruction_id: str, request: Request) -> Answer:
    was = _for_change(instruction_id, request)
    return _commit(rules.retry(was, request.now), was, request)


def settle_by_hand(instruction_id: str, asked: SettledAsked, request: Request) -> Answer:
    was = _for_change(instruction_id, request)
    step = rules.settle_by_hand(was, asked.bank_ref, request.now, outbox.patience(request.now))
    return _commit(step, was, request)


def settle_from_suspense(
    instruction_id: str, money: Movement, bank_id: str, bank_ref: str, request: Request, joined: Joined
) -> Answer:
    """Money in suspense is what moved by an instruction. NotOfInstruction, NotInThisState."""
    was = _for_change(instruction_id, replace(request, expected_version=None))
    rules.must_move(was, money, bank_id)
    step = rules.settle_with(was, bank_ref, money.amount_minor, request.now, outbox.patience(request.now))
    return outbox.commit_step(step, was, request, joined=joined)


def _find(instruction_id: str, request: Request) -> Instruction:
    """As an officer or its party may see it."""
    found = records.load(instruction_id)
    if found is None or not (request.caller.is_officer or request.caller.is_member(found.party)):
        raise NotFound(f"There is no bank instruction {instruction_id!r:.60}.")
    return found


def _for_change(instruction_id: str, request: Request) -> Instruction:
    """With everything written that only the clock waited for."""
    found = _find(instruction_id, request)
    if next_action(found, request.now) == "lapse":
        outbox.let_lapse(found, request.now)
        found = _find(instruction_id, request)
    request.expects(found.version)
    return found


def _commit(step: Step, was: Instruction, request: Request) -> Answer:
    return outbox.commit_step(step, was, request, answer=encode(_shown(step.instruction, request)))


def _shown(told: Instruction, request: Request) -> InstructionView:
    shown = view(told, request.caller, outbox.patience(request.now), request.now)
    return within_duty(shown, request.caller, "payments")


def _keys(query: InstructionsQuery, after: dict[str, Any] | None) -> Iterator[tuple[int, str]]:
    if query.status is not None:
        return records.ids_by_status(query.status, after)
    return ((0, name) for name in records.ids_of(query.of or "", after["id"] if after else None))


def _position(keyed: tuple[int, str]) -> dict[str, Any]:
    return {"at": keyed[0], "id": keyed[1]}
