"""A qualification as a line of the monthly run's file: inputs, working and limit, one supplier a line. Amounts are US dollars."""

from __future__ import annotations

from typing import Final

from chalicelib.members.rules import Member
from chalicelib.shared.money import text
from chalicelib.suppliers.rules.coverage import USD
from chalicelib.suppliers.rules.qualification import Qualification

COLUMNS: Final = [
    "supplier_ref",
    "supplier_id",
    "status",
    "completed",
    "gmv",
    "due",
    "on_time",
    "on_time_bp",
    "protected_completed",
    "claims_lost",
    "claim_loss_bp",
    "inquiries",
    "response_bp",
    "points",
    "q_bp",
    "raw",
    "qualified",
    "failed",
    "limit",
    "more_gmv_for_next_step",
]


def line(member: Member, status: str, qualification: Qualification) -> list[str]:
    inputs, step = qualification.inputs, qualification.next_step
    more = step.more_gmv_minor if step else None
    return [
        member.external_ref,
        member.id,
        status,
        str(inputs.completed),
        text(inputs.gmv_minor, USD),
        str(inputs.due),
        str(inputs.on_time),
        str(qualification.on_time_bp),
        str(inputs.protected_completed),
        str(inputs.claims_lost),
        str(qualification.claim_loss_bp),
        str(inputs.inquiries),
        str(qualification.response_bp),
        str(inputs.points),
        str(qualification.q_bp),
        text(qualification.raw_minor, USD),
        "yes" if qualification.qualified else "no",
        " ".join(condition.name for condition in qualification.failed),
        text(qualification.limit_minor, USD),
        "" if more is None else text(more, USD),
    ]
