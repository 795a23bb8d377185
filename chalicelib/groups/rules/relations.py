"""Firms that are related cannot answer for each other: whoever fails takes the guarantor along. Pure.

Firms are compared by marks, keyed hashes of what is theirs (`firms/service/marks.py`). A refusal names the pair and never says what they share.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from chalicelib.shared.errors import Conflict
from chalicelib.shared.texts import say

Pair = tuple[str, str]
"""Two members, in the order of their ids."""


class RelatedFirms(Conflict):
    code = "related_firms"
    title = "Firms that are related to each other cannot be in one group."
    fix = "Let one firm of each pair in `related` stay out of the group."


def related(marks: Mapping[str, frozenset[str]]) -> tuple[Pair, ...]:
    """The pairs of members that share a mark."""
    return tuple(pair for pair in combinations(sorted(marks), 2) if marks[pair[0]] & marks[pair[1]])


def related_to(member_id: str, marks: Mapping[str, frozenset[str]]) -> tuple[Pair, ...]:
    """Those of the pairs that one member is in: who comes is told nothing of the others."""
    return tuple(pair for pair in related(marks) if member_id in pair)


def require_unrelated(marks: Mapping[str, frozenset[str]], of: str = "") -> None:
    """RelatedFirms with every pair, or, where one member is named, with those that it is in."""
    if pairs := related_to(of, marks) if of else related(marks):
        named = "; ".join(" and ".join(pair) for pair in pairs)
        raise RelatedFirms(say("Related are {named}.", named=named), related=[list(pair) for pair in pairs])
