"""What a change of an instruction or a bank event does beside it: names an attempt, takes a bank's reference. Pure."""

from __future__ import annotations

from chalicelib.banks.rules.references import name_of
from chalicelib.shared.state_machine import Effect
from chalicelib.shared.uses import Use


class NameAttempt(Effect, frozen=True, kw_only=True):
    """An attempt's name leads to its instruction."""

    attempt_id: str
    instruction_id: str

    @property
    def target(self) -> str:
        return self.attempt_id


class TakeReference(Effect, frozen=True, kw_only=True):
    """What a bank calls money that it moved counts once for ever, whatever it is booked as."""

    bank_id: str
    bank_ref: str
    use: Use

    @property
    def target(self) -> str:
        return name_of(self.bank_id, self.bank_ref)
