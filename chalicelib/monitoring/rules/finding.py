"""What a rule concludes on a business day: a finding, or that it cannot judge. No finding and no such word: all is as usual. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

import msgspec

Rule = Literal[
    "login_silence",
    "trade_drop",
    "order_count",
    "slow_decline",
    "profile_change",
    "repayment",
    "disputes",
    "reports",
    "group",
    "data_gap",
]
"""R1 to R10 of credit.md 7.3, in that order."""
Level = Literal["amber", "red"]
Proposal = Literal["default", "suspension"]
"""What a finding proposes beyond its level: that the bank declares default, that the group is suspended."""
Why = Literal["data_lack", "no_baseline", "too_little_expected", "uses_api", "no_consent"]
"""Why a rule does not judge: its day's data or all of its window lack, nothing was usual before, too little is expected for a sign, the firm
works through the API, or it has withdrawn its consent."""

RULES: Final[tuple[Rule, ...]] = get_args(Rule)
OF_LOANS: Final = RULES[:8]
"""R1 to R8. R9 is of a group, R10 of a feed."""
NEEDS_CONSENT: Final[frozenset[Rule]] = frozenset(
    {"login_silence", "trade_drop", "order_count", "slow_decline", "profile_change", "disputes", "reports"}
)
"""Repayment, group and feeds go on without (credit.md 17)."""


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One rule's, of one loan (R1 to R8), group (R9) or feed (R10).

    `numbers` are what was measured and `baseline` what it is compared with, whole numbers with their unit in the name. `p_ppm` is the chance,
    in millionths, of as much or more where nothing is wrong; None for what is a fact and no estimate. `low_confidence`: the baseline rests
    on too little, or the holidays of that year are not known.
    """

    rule: Rule
    level: Level
    numbers: Mapping[str, int]
    baseline: Mapping[str, int] = {}
    p_ppm: int | None = None
    low_confidence: bool = False
    proposes: Proposal | None = None

    def reaches(self, dpd: int | None) -> bool:
        """Whether it is of a loan that is so many days past due, where that is a number."""
        return dpd is not None and self.numbers.get("dpd", 0) >= dpd


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What all rules say: at most one finding each, in the order of RULES. A rule in `not_judged` is neither usual nor unusual: what it found
    before stays as it was.
    """

    findings: tuple[Finding, ...] = ()
    not_judged: Mapping[Rule, Why] = {}
