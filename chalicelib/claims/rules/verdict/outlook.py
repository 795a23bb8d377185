"""What a claim may come to before everything is proved."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from chalicelib.claims.rules import evidence
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.reasons import ABOUT_GOODS, PartyName
from chalicelib.claims.rules.verdict.case import Case, Finding
from chalicelib.claims.rules.verdict.draft import draft


def likely_range(case: Case, policy: ClaimPolicy) -> tuple[int, int]:
    """(least, most): the buyer proves nothing more and the supplier all it can, or the other way round. Minor units.

    Where the goods can still be inspected, least and most also take the best and the worst report. Facts of the record stay as they are.
    """
    outcomes = [draft(possible, policy).approved_minor for possible in _possible(case, policy)]
    return min(outcomes), max(outcomes)


def _possible(case: Case, policy: ClaimPolicy) -> Iterator[Case]:
    yield case
    for party in ("buyer", "supplier"):
        yield replace(_all_proved(case, party, policy), inspection_missed_by=None)
    if case.inspection is None and case.reason in ABOUT_GOODS:
        yield replace(case, inspection=Finding(conforms=True))
        yield replace(case, inspection=Finding(conforms=False, defect_bp=10_000))


def _all_proved(case: Case, party: PartyName, policy: ClaimPolicy) -> Case:
    required = evidence.required(case.reason, party, case.requested_usd_minor, policy)
    return replace(case, evidence=(*case.evidence, *((party, requirement.code) for requirement in required)))
