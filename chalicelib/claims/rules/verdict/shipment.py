"""What goods are worth that were not shipped, or were shipped late: the system's own record decides, whoever is silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.verdict.book import Judgement, MissedDuty, RuleApplied, Step, applied, step
from chalicelib.claims.rules.verdict.case import Case, ClaimedLine
from chalicelib.shared.periods import wire

_DAY: Final = timedelta(days=1)


def judge(case: Case, policy: ClaimPolicy) -> Judgement:
    """Line by line: what never left counts whole, what left late counts by its days, what left in time counts nothing."""
    due = case.ship_by_at
    if due is None:
        return Judgement(
            findings=(applied("SH-1", False),), missed_duty=MissedDuty(party="buyer", duty="pay_in_time", rule="SH-1")
        )
    lines = [_as_proven(line, case) for line in case.lines]
    lost = sum(_worth(line, due, policy) for line in lines)
    return Judgement(
        certain_minor=lost,
        fault_percent=100 if lost else 0,
        findings=(applied("SH-1", True, ship_by_at=wire(due)), *_findings(case, lines, due, policy)),
        arithmetic=tuple(_sum(line, due, policy) for line in lines),
        missed_duty=_missed(lines) if lost else None,
    )


def days_late(shipped_at: datetime, ship_by_at: datetime) -> int:
    """Days begun after the day to ship by; the instant at which it ends is still in time."""
    return max(0, -((ship_by_at - shipped_at) // _DAY))


def late_worth_bp(days: int, policy: ClaimPolicy) -> int:
    """What a delay is worth: the step with the latest day that it has reached."""
    return max((step.worth_bp for step in policy.lateness if step.from_day <= days), default=0)


def _as_proven(line: ClaimedLine, case: Case) -> ClaimedLine:
    """The line with the accepted day of shipment, where that is the earlier one. Forged documents prove no day."""
    if case.proven_shipped_at is None or case.forged_by == "supplier":
        return line
    left_at = min(line.shipped_at or case.proven_shipped_at, case.proven_shipped_at)
    return replace(line, unshipped_minor=0, shipped_at=left_at)


def _worth(line: ClaimedLine, due: datetime, policy: ClaimPolicy) -> int:
    shipped = line.amount_minor - line.unshipped_minor
    return line.unshipped_minor + shipped * late_worth_bp(_late(line, due), policy) // 10_000


def _late(line: ClaimedLine, due: datetime) -> int:
    return days_late(line.shipped_at, due) if line.shipped_at else 0


def _findings(case: Case, lines: Sequence[ClaimedLine], due: datetime, policy: ClaimPolicy) -> tuple[RuleApplied, ...]:
    unshipped = sum(line.unshipped_minor for line in lines)
    late = max((_late(line, due) for line in lines), default=0)
    findings = (
        applied("SH-2", unshipped > 0, unshipped_minor=unshipped),
        applied("SH-3", late > 0, days_late=late, worth_bp=late_worth_bp(late, policy)),
    )
    if case.proven_shipped_at is None and "transport_document" not in case.sent("supplier"):
        return findings
    return (*findings, applied("SH-4", case.proven_shipped_at is not None and case.forged_by != "supplier"))


def _sum(line: ClaimedLine, due: datetime, policy: ClaimPolicy) -> Step:
    late = _late(line, due)
    return step(
        "line",
        line=line.line,
        unshipped_minor=line.unshipped_minor,
        shipped_minor=line.amount_minor - line.unshipped_minor,
        worth_bp=late_worth_bp(late, policy),
        days_late=late,
        lost_minor=_worth(line, due, policy),
    )


def _missed(lines: Sequence[ClaimedLine]) -> MissedDuty:
    never_left = any(line.unshipped_minor for line in lines)
    return MissedDuty(
        party="supplier", duty="ship" if never_left else "ship_in_time", rule="SH-2" if never_left else "SH-3"
    )
