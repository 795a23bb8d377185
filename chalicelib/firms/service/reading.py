"""Looking at firms."""

from __future__ import annotations

from chalicelib.firms.records import REPOSITORY
from chalicelib.firms.rules.firm import Firm, missing

__all__ = ["Firm", "missing", "profile"]


def profile(firm_id: str) -> Firm | None:
    """A member's profile as it is kept, for slices above, which decide who may see what: `missing` says what it lacks."""
    return REPOSITORY.load(firm_id)
