"""The conditions of a limit that its amount does not follow from: each met, failed, or the bank's to judge, and why (credit.md 5). Pure."""

from __future__ import annotations

from typing import Literal

import msgspec

from chalicelib.credit.rules.exposure import Exposure

Name = Literal["no_adverse_record", "not_over_borrowed", "three_party_consent"]
Outcome = Literal["met", "failed", "decided_by_bank"]
Why = Literal[
    "bank_record",
    "debts_not_reported",
    "room_beside_debts",
    "no_room_beside_debts",
    "consent_live",
    "consent_missing",
]


class Gate(msgspec.Struct, frozen=True):
    """One condition: who knows says whether it is met."""

    name: Name
    outcome: Outcome
    why: Why


def gates(exposure: Exposure, *, is_consented: bool) -> tuple[Gate, ...]:
    """All of them, for the bank of a product. `is_consented`: the firm lets that bank see what its limit follows from."""
    consented = Gate("three_party_consent", "met", "consent_live")
    return (
        Gate("no_adverse_record", "decided_by_bank", "bank_record"),
        _not_over_borrowed(exposure),
        consented if is_consented else Gate("three_party_consent", "failed", "consent_missing"),
    )


def _not_over_borrowed(exposure: Exposure) -> Gate:
    """Only what was reported with consent is known."""
    if exposure.elsewhere_as_of is None:
        return Gate("not_over_borrowed", "decided_by_bank", "debts_not_reported")
    if exposure.position.available_minor > 0:
        return Gate("not_over_borrowed", "met", "room_beside_debts")
    return Gate("not_over_borrowed", "failed", "no_room_beside_debts")
