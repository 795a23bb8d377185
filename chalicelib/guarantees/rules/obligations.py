"""How much a guarantor may have to pay at most: when all others fail. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.groups.rules.joint_liability import recompute
from chalicelib.guarantees.rules.call import Call


def worst_of_call(call: Call, seat: int) -> int:
    """What a share may come to, less what was paid on it. Nothing of a share that has failed: what it owes is its recourse debt."""
    if seat in call.failed or seat not in call.weights:
        return 0
    others = call.weights.keys() - {seat}
    return recompute(call.net_minor, call.weights, call.caps, call.paid, frozenset(others), call.mode).bank_due.get(
        seat, 0
    )


def worst_of_loan(terms: Guarantee, seat: int, owed_minor: int) -> int:
    """What a loan that is not called may cost a guarantor, if the debtor pays nothing more and all others fail."""
    weights: Mapping[int, int] = {each.seat: each.limit_minor for each in terms.guarantors}
    caps = {each.seat: each.cap_minor for each in terms.guarantors if each.cap_minor is not None}
    others = frozenset(weights) - {seat}
    return recompute(owed_minor, weights, caps, {}, others, terms.mode).eff.get(seat, 0)
