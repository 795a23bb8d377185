"""What a claim is worth by the rules: the case, the drafted decision, what it may still come to. Pure."""

from chalicelib.claims.rules.verdict.book import REMEDIES, RULES, MissedDuty, Outcome, Remedy, RuleApplied, Verdict
from chalicelib.claims.rules.verdict.case import Case, ClaimedLine, Finding, claimed_lines
from chalicelib.claims.rules.verdict.draft import digest, draft, fee_split
from chalicelib.claims.rules.verdict.outlook import likely_range

__all__ = [
    "REMEDIES",
    "RULES",
    "Case",
    "ClaimedLine",
    "Finding",
    "MissedDuty",
    "Outcome",
    "Remedy",
    "RuleApplied",
    "Verdict",
    "claimed_lines",
    "digest",
    "draft",
    "fee_split",
    "likely_range",
]
