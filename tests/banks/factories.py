"""An instruction to begin with, and a bank whose answers a test decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from chalicelib.banks.rules.instruction import Instruction, create
from chalicelib.banks.rules.partners import InstructionPolicy, Policy
from chalicelib.banks.rules.transitions import TABLE, InstructionChange
from chalicelib.shared import policies
from chalicelib.shared.journal import PaymentOrder, Posting

NOW: Final = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
POLICY: Final[InstructionPolicy] = policies.in_force("banks", date(2026, 3, 2)).read_as(Policy).instructions
AMOUNT: Final = 150_000


def instruct(kind: str = "refund", **changes: object) -> PaymentOrder:
    data = {
        "kind": kind,
        "bank_id": "boc",
        "aggregate_id": "ord_1",
        "currency": "USD",
        "amount_minor": AMOUNT,
        "party": "mem_1",
    }
    return PaymentOrder(**{**data, "bank_ref": "R-1", **changes})  # type: ignore[arg-type]


def instruction(kind: str = "refund", number: int = 0, **changes: object) -> Instruction:
    return create(instruct(kind, **changes), "ent_1", number, "clm_1", NOW, POLICY)


def books(steps: Iterable[InstructionChange]) -> dict[str, int]:
    """Debits less credits of every account that is not even; they must balance."""
    return sums(posting for step in steps for posting in step.event.postings)


def sums(postings: Iterable[Posting]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for posting in postings:
        assert min(posting.debit_minor, posting.credit_minor) == 0 <= posting.debit_minor + posting.credit_minor
        found[posting.account] += posting.debit_minor - posting.credit_minor
    assert sum(found.values()) == 0
    return {account: total for account, total in found.items() if total}


def allowed(instruction: Instruction) -> list[str]:
    """What its party and an officer may do about it."""
    return [action for actor in ("party", "officer") for action in TABLE.allowed(instruction, actor, POLICY, NOW)]


def spent_of(change: InstructionChange) -> Instruction:
    """The stop that held something back, as it then is."""
    [stop] = change.also
    assert isinstance(stop, Instruction)
    return stop
