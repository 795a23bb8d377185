"""The clauses of an agreement's contracts, as the policy `agreement-clauses` has them. Pure.

The document that is signed names the version and the hash of their texts, so a signature is on every word of them; whoever signs reads them under
`/clauses`, and can compare.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import msgspec

from chalicelib.shared import policies
from chalicelib.shared.encoding import sha256_of

POLICY: Final = "agreement-clauses"


class Clause(msgspec.Struct, frozen=True, kw_only=True, rename={"zh_cn": "zh-CN"}):
    """One clause in both languages."""

    id: str
    zh_cn: str
    en: str


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """`prevails` is the language that counts where the two say otherwise."""

    prevails: str
    contracts: dict[str, tuple[Clause, ...]]


def in_force(on: date) -> str:
    """The hash of the version that a document of a day is made with."""
    return policies.in_force(POLICY, on).hash


def texts(policy: str, contracts: Iterable[str]) -> dict[str, Any]:
    """What is hashed: the clauses of these contracts, and which language prevails."""
    version = policies.pinned(POLICY, policy).read_as(Policy)
    clauses = {name: msgspec.to_builtins(version.contracts[name]) for name in contracts}
    return {"prevails": version.prevails, "contracts": clauses}


def reference(policy: str, contracts: Iterable[str]) -> dict[str, str]:
    """What of them stands in the document."""
    return {"policy": policy, "sha256": sha256_of(texts(policy, contracts))}
