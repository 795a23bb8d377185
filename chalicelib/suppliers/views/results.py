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


def line(member: Member, status: str, made: Qualification) -> list[str]:
    told, step = made.inputs, made.next_step
    more = step.more_gmv_minor if step else None
    return [
        member.external_ref,
        member.id,
        status,
        str(told.completed),
        text(told.gmv_minor, USD),
        str(told.due),
        str(told.on_time),
        str(made.on_time_bp),
        str(told.protected_completed),
        str(told.claims_lost),
        str(made.claim_loss_bp),
        str(told.inquiries),
        str(made.response_bp),
        str(told.points),
        str(made.q_bp),
        text(made.raw_minor, USD),
        "yes" if made.qualified else "no",
        " ".join(condition.name for condition in made.failed),
        text(made.limit_minor, USD),
        "" if more is None else text(more, USD),
    ]
