"""What people ask of instructions to banks, and see of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.banks.rules.instruction import Account, Attempt, Instruction, Kind, Outcome
from chalicelib.banks.rules.instruction import Status as InstructionStatus
from chalicelib.banks.rules.partners import InstructionPolicy
from chalicelib.banks.rules.references import BankRef
from chalicelib.banks.rules.timers import MACHINE
from chalicelib.banks.rules.transitions import Actor
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import one_line
from chalicelib.shared.views import view_of

Words = Annotated[str, one_line(120, least=0)]


class InstructionsQuery(Waiting, frozen=True, kw_only=True):
    """Those of a status that is no end, all of an order, a supplier or a bank event, or both. Without either: the officers' queue."""

    status: Literal["created", "sent", "unknown", "failed", "needs_account", "manual"] | None = None
    """Only those in this status."""
    aggregate_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    """Only those of this order, supplier or bank event."""
    bank_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    """Only those of this bank."""


class AccountRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another account for the money, in the words of the bank there."""

    account: BankRef
    """The number of the account."""
    bank: Words = ""
    """The bank that keeps it."""
    holder: Words = ""
    """Whose it is."""

    @property
    def account_details(self) -> Account:
        return Account(account=self.account, bank=self.bank, holder=self.holder)


class SettledRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The bank's own reference for money that it says has moved. `bank_id` is another bank than was told, where that one has moved it."""

    bank_ref: BankRef
    """The bank's own name for the movement."""
    bank_id: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None
    """The bank that moved it, where it is another than was told."""


class AttemptView(msgspec.Struct, frozen=True, kw_only=True):
    """`money` was sent; `moved` is what the bank says of it. `account` is the end of the number only, where it did not go back to where it came from."""

    id: str
    status: Outcome
    money: Money
    moved: Money
    sent_at: datetime
    account: str | None
    bank_ref: str | None
    reason: str | None
    manual: bool


class InstructionView(msgspec.Struct, frozen=True, kw_only=True):
    """`requested` was asked for; `money` is what is left of it after stops; of that `paid` has moved and `remaining` has not; `overpaid` moved beyond it."""

    id: str
    version: int
    status: InstructionStatus
    kind: Kind
    bank_id: str
    aggregate_id: str
    cause: str
    party_id: str | None
    bank_ref: str | None
    requested: Money
    money: Money
    paid: Money
    remaining: Money
    overpaid: Money
    account: str | None
    reason: str | None
    attempts: list[AttemptView]
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]


def view(instruction: Instruction, policy: InstructionPolicy, actor: Actor, now: datetime) -> InstructionView:
    return view_of(
        InstructionView,
        instruction,
        party_id=instruction.party or None,
        money=Money.of(instruction.amount_minor, instruction.currency),
        account=instruction.account.masked if instruction.account else None,
        attempts=[_attempt(attempt, instruction.currency) for attempt in instruction.attempts],
        **MACHINE.offer(instruction, actor, policy, now),
    )


def _attempt(attempt: Attempt, currency: str) -> AttemptView:
    return view_of(
        AttemptView,
        attempt,
        currency,
        status=attempt.outcome,
        account=attempt.account.masked if attempt.account else None,
    )
