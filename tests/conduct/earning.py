"""Incentives as they stand in the table."""

from __future__ import annotations

from chalicelib.conduct.aggregate.incentives import INCENTIVES
from chalicelib.conduct.rules import incentive as rules
from chalicelib.conduct.rules.incentive import Kind, Policy
from chalicelib.shared import clock, policies
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext


def plant(member_id: str, subject_id: str, kind: Kind = "granted") -> str:
    """One that stands, by default for a loan that was granted."""
    now = clock.now()
    in_force = policies.in_force("integrity", business_date(now))
    change = rules.earned(member_id, subject_id, kind, now, in_force.read_as(Policy), in_force.hash, now)
    INCENTIVES.create(change, (), RequestContext.of_clock(change.state.id, 1, now))
    return change.state.id
