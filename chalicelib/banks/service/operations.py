"""What parties and officers see of instructions to banks, and do about them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from msgspec.structs import replace

from chalicelib.banks.aggregate import INSTRUCTIONS
from chalicelib.banks.records import outbox as records
from chalicelib.banks.rules import operations as rules
from chalicelib.banks.rules.inbox import Movement
from chalicelib.banks.rules.instruction import Instruction
from chalicelib.banks.rules.partners import InstructionPolicy
from chalicelib.banks.rules.transitions import Actor, InstructionChange
from chalicelib.banks.service import inbox
from chalicelib.banks.views.outbox import AccountRequest, InstructionsQuery, InstructionView, SettledRequest
from chalicelib.shared import pages
from chalicelib.shared.commit import Joined, StoredResponse
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext

instruction = partial(INSTRUCTIONS.shown, InstructionView)


def instructions(query: InstructionsQuery, request: RequestContext) -> Page[InstructionView]:
    """Those of one status, the longest in it first; or all of one order, supplier or bank event."""
    if query.status is None and query.aggregate_id is None:
        query = replace(query, status="manual")
    of = f"bank-instructions:{query.status}:{query.aggregate_id}:{query.bank_id}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    return INSTRUCTIONS.page(
        pages.by_moment(_keys(query, after)),
        query,
        request,
        of,
        keep=lambda instruction: (
            query.aggregate_id in (None, instruction.aggregate_id)
            and query.status in (None, instruction.status)
            and query.bank_id in (None, instruction.bank_id)
        ),
    )


def all_of(of: str) -> list[Instruction]:
    """All instructions of an order, a supplier or a bank event, by id: for slices above that decide by them. Unreadable where one cannot be read."""
    return records.all_of(of)


def give_account(instruction_id: str, body: AccountRequest, request: RequestContext) -> StoredResponse:
    return INSTRUCTIONS.execute(
        instruction_id,
        request,
        "account",
        lambda was, policy, actor: rules.give_account(was, body.account_details, request.now),
    )


def retry(instruction_id: str, request: RequestContext) -> StoredResponse:
    return INSTRUCTIONS.execute(
        instruction_id, request, "retry", lambda was, policy, actor: rules.retry(was, request.now)
    )


def settle_manually(instruction_id: str, body: SettledRequest, request: RequestContext) -> StoredResponse:
    """By the bank that was told, or through another one. NotAPartner, CurrencyNotPayable."""
    now = request.now

    def decide(was: Instruction, policy: InstructionPolicy, actor: Actor) -> InstructionChange:
        if body.bank_id in (None, was.bank_id):
            return rules.settle_manually(was, body.bank_ref, now, policy)
        inbox.must_be_partner(body.bank_id, now, pays=was.currency, param="bank_id")
        return rules.settle_through(was, body.bank_id, body.bank_ref, now, policy)

    return INSTRUCTIONS.execute(instruction_id, request, "settle-by-hand", decide)


def settle_from_suspense(
    instruction_id: str, money: Movement, bank_id: str, bank_ref: str, request: RequestContext, joined: Joined
) -> StoredResponse:
    """Money in suspense, where its reference was booked, is what moved by an instruction. NotInThisState, NotOfInstruction."""

    def decide(was: Instruction, policy: InstructionPolicy, actor: Actor) -> InstructionChange:
        rules.must_move(was, money, bank_id)
        return rules.settle_with(was, bank_ref, money.amount_minor, request.now, policy, effects=())

    request = replace(request, expected_version=None)
    return INSTRUCTIONS.execute(instruction_id, request, "settle-by-hand", decide, joined=lambda change: joined)


def _keys(query: InstructionsQuery, after: dict[str, Any] | None) -> Iterator[tuple[int, str]]:
    if query.status is not None:
        return records.ids_by_status(query.status, after)
    return ((0, name) for name in records.ids_of(query.aggregate_id or "", after["id"] if after else None))
