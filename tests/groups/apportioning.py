"""Joint liability worked out a second time, another way: exact fractions, no division of integers, nothing of ours imported.

Where the engine sorts remainders, this one hands out units one by one to whoever is furthest below its exact part. `level` is what caps come
to without any rounding: water that rises in vessels as wide as the weights and as high as the caps, until it holds the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import floor

Parts = dict[int, int]


def exact(total: int, weights: Mapping[int, int]) -> dict[int, Fraction]:
    whole = sum(weights.values())
    return {
        seat: Fraction(total * weight, whole) if whole else Fraction(total, len(weights))
        for seat, weight in weights.items()
    }


def dealt(total: int, weights: Mapping[int, int]) -> Parts:
    ideal = exact(total, weights)
    parts = {seat: floor(part) for seat, part in ideal.items()}
    given: set[int] = set()
    while sum(parts.values()) < total:
        next_seat = min(
            (seat for seat in parts if seat not in given),
            key=lambda seat: (parts[seat] - ideal[seat], -weights[seat], seat),
        )
        parts[next_seat] += 1
        given.add(next_seat)
    return parts


def filled(total: int, weights: Mapping[int, int], caps: Mapping[int, int]) -> tuple[Parts, int]:
    """Each round is dealt anew among those below their caps, as the rule sheet says."""
    full: Parts = {}
    while True:
        below = {seat: weight for seat, weight in weights.items() if seat not in full}
        left = total - sum(full.values())
        if not below:
            return full, left
        parts = dealt(left, below)
        reached = [seat for seat in below if seat in caps and parts[seat] > caps[seat]]
        if not reached:
            return full | parts, 0
        for seat in reached:
            full[seat] = caps[seat]


def level(total: int, weights: Mapping[int, int], caps: Mapping[int, int]) -> dict[int, Fraction]:
    """What each bears exactly, weights above nothing: the height of the water where the vessels together hold `total`."""
    narrow = sorted((Fraction(caps[seat], weights[seat]), seat) for seat in weights if seat in caps)
    parts: dict[int, Fraction] = {}
    for height, seat in narrow:
        width = sum(weight for other, weight in weights.items() if other not in parts)
        if height * width >= total - sum(parts.values()):
            break
        parts[seat] = Fraction(caps[seat])
    left, width = total - sum(parts.values()), sum(weight for seat, weight in weights.items() if seat not in parts)
    return parts | {seat: Fraction(left * weight, width) for seat, weight in weights.items() if seat not in parts}


def liable(total: int, weights: Mapping[int, int], caps: Mapping[int, int], mode: str) -> Parts:
    if not weights or mode == "none":
        return dict.fromkeys(weights, 0)
    if mode == "joint_cascade":
        return dealt(total, weights)
    if mode == "several":
        return {
            seat: min([part, *([caps[seat]] if seat in caps else [])]) for seat, part in dealt(total, weights).items()
        }
    return filled(total, weights, caps)[0]


def worked_out(
    net: int,
    weights: Mapping[int, int],
    caps: Mapping[int, int],
    paid: Mapping[int, int],
    failed: Collection[int],
    mode: str,
) -> tuple[Parts, Parts, Parts, int, Parts, int]:
    """fair, eff, due to the bank, shortfall, refunds, and the debtor's surplus."""
    owed = net if net > 0 else 0
    fair = liable(owed, weights, caps, mode)
    able = [seat for seat in weights if seat not in failed]
    from_others = sum(minor for seat, minor in paid.items() if seat not in able)
    if mode == "several":
        fronted = {seat: fair[seat] for seat in able}
    else:
        fronted = liable(max(owed - from_others, 0), {seat: weights[seat] for seat in able}, caps, mode)
    body = {seat: fronted[seat] - paid.get(seat, 0) for seat in able if fronted[seat] > paid.get(seat, 0)}
    missing = owed - sum(paid.values())
    can_pay = sum(body.values())
    due: Parts = {}
    if missing > 0 and can_pay:
        due = body if missing >= can_pay else dealt(missing, body)
    beyond = {seat: minor - fair.get(seat, 0) for seat, minor in paid.items() if minor > fair.get(seat, 0)}
    back = dealt(-missing, beyond) if missing < 0 and beyond else {}
    shortfall = missing - sum(due.values()) if missing > 0 else 0
    return fair, fronted, _some(due), shortfall, _some(back), -net if net < 0 else 0


def _some(parts: Parts) -> Parts:
    return {seat: minor for seat, minor in parts.items() if minor != 0}
