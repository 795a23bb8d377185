"""Consents as values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from chalicelib.credit.rules.consent import Consent, Policy, given
from chalicelib.shared import policies

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
IN_FORCE = policies.in_force("consents", date(2026, 3, 2))
POLICY = IN_FORCE.read_as(Policy)


def consent(**other: Any) -> Consent:
    """A firm lets two banks see its exports and its profile until the end of June."""
    data: dict[str, Any] = {
        "purpose": "credit",
        "bank_ids": ("ccb", "boc"),
        "data_classes": ("profile", "exports"),
        "until": date(2026, 6, 30),
        "signer": "per_1",
        "now": NOW,
    } | other
    return given("cns_1", "mem_1", policy=POLICY, policy_hash=IN_FORCE.hash, **data).state
