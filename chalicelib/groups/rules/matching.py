"""Firms that would suit a member: alike in branch, region or size, or known from trade; each with the reasons. Never by person. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

import msgspec

from chalicelib.firms.rules.firm import Firm
from chalicelib.firms.rules.seeking import division, is_seeking

MatchReason = Literal["same_industry", "same_region", "same_size", "trades_with_you"]


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A firm that looks for a group, and why it is named."""

    firm: Firm
    reasons: tuple[MatchReason, ...]


def matches(own: Firm, firms: Iterable[Firm], partners: Collection[str]) -> list[Match]:
    """Those that look for a group and have something in common with one's own firm, the most first; at a tie by id."""
    suitable = (Match(firm=firm, reasons=_reasons(own, firm, partners)) for firm in firms if is_seeking(firm))
    return sorted((each for each in suitable if each.reasons), key=lambda each: (-len(each.reasons), each.firm.id))


def _reasons(own: Firm, firm: Firm, partners: Collection[str]) -> tuple[MatchReason, ...]:
    common: dict[MatchReason, bool] = {
        "same_industry": division(firm) == division(own),
        "same_region": firm.region == own.region,
        "same_size": firm.size == own.size,
        "trades_with_you": firm.id in partners,
    }
    return tuple(reason for reason, holds in common.items() if holds)
