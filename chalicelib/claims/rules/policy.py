"""The parameters of claims: `chalicelib/policies/claims/`. Days are 24 hours, shares are basis points or whole percents.

How long a claim can be filed (`late_claim_days`, `claim_days_after_receipt`) is agreed with the order and stands in its own policy,
`chalicelib/policies/protection/`.
"""

from __future__ import annotations

import msgspec

from chalicelib.claims.rules.reasons import Ending, PartyName, Reason


class Lateness(msgspec.Struct, frozen=True, kw_only=True):
    """A delay that has begun its `from_day`-th day is worth `worth_bp` of the amount."""

    from_day: int
    worth_bp: int


class EvidenceKind(msgspec.Struct, frozen=True, kw_only=True):
    """What may be handed in under one code."""

    media_types: tuple[str, ...]
    most_count: int


class EvidenceNeeded(msgspec.Struct, frozen=True, kw_only=True):
    """Codes one party is asked for. `large` are required from `report_needed_from_usd_minor` on, recommended below."""

    required: tuple[str, ...] = ()
    large: tuple[str, ...] = ()
    recommended: tuple[str, ...] = ()


class EvidenceLimits(msgspec.Struct, frozen=True, kw_only=True):
    """For each party in each round."""

    most_file_bytes: int
    most_files: int
    most_bytes: int
    media_types: tuple[str, ...]


class Inspector(msgspec.Struct, frozen=True, kw_only=True):
    """A designated inspector, and where it works."""

    id: str
    name: str
    country: str


class Points(msgspec.Struct, frozen=True, kw_only=True):
    """Penalties by how a claim was lost; nothing where empty. `advanced`: the platform had to pay; as `determined` where empty."""

    settled: str = ""
    determined: str = ""
    advanced: str = ""


class ClaimPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Negotiation, evidence, inspection, determination, appeal; what delays and contested proof are worth; points.

    `contested_percent` is the supplier's share of fault where proof stands against proof, `corroborated_percent` where the buyer also
    sent what was recommended. From `return_from_bp` of defects on, goods are worth nothing and go back.
    """

    respond_hours: int
    escalate_from_hours: int
    auto_escalate_hours: int
    offer_expiry_hours: int
    return_ship_days: int
    return_acknowledge_days: int
    remedy_days: int
    review_hours: int
    evidence_hours: int
    inspection_days: int
    report_days: int
    determine_days: int
    appeal_days: int
    appeal_decide_days: int
    two_officers_from_usd_minor: int
    report_needed_from_usd_minor: int
    not_received_grace_days: int
    transit_damage_days: int
    lateness: tuple[Lateness, ...]
    return_from_bp: int
    missing_documents_bp: int
    contested_percent: int
    corroborated_percent: int
    refund_overdue_days: int
    inspectors: tuple[Inspector, ...]
    evidence_limits: EvidenceLimits
    evidence_kinds: dict[str, EvidenceKind]
    evidence: dict[Reason, dict[PartyName, EvidenceNeeded]]
    points: dict[Reason, Points]
    points_silent: str
    points_forged: str

    def penalties(
        self,
        reason: Reason,
        ending: Ending,
        *,
        advanced: bool = False,
        silent: bool = False,
        forged: bool = False,
    ) -> tuple[str, ...]:
        """Names of the penalties a supplier gets for a claim it lost, each at most once.

        `advanced`: the platform had to pay in its place. `silent`: it never answered the claim. `forged`: its proof was forged.
        """
        points = self.points[reason]
        lost = points.settled if ending == "settled" else (advanced and points.advanced) or points.determined
        breaches = (lost, self.points_silent if silent else "", self.points_forged if forged else "")
        return tuple(name for name in breaches if name)
