"""What a change of an instruction does beside it: names an attempt, takes a bank's reference. Pure."""

from __future__ import annotations

from datetime import datetime

from chalicelib.banks.rules.references import name_of
from chalicelib.shared.state_machine import Effect


class NameAttempt(Effect, frozen=True, kw_only=True):
    """An attempt's name leads to its instruction."""

    attempt_id: str
    instruction_id: str

    @property
    def target(self) -> str:
        return self.attempt_id


class TakeReference(Effect, frozen=True, kw_only=True):
    """What a bank calls the money it moved by an attempt: once for ever, however often it says so of that attempt."""

    bank_id: str
    bank_ref: str
    by: str
    at: datetime
    amount_minor: int
    currency: str

    @property
    def target(self) -> str:
        return name_of(self.bank_id, self.bank_ref)
