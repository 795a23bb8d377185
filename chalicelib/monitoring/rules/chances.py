"""How likely is what was measured where nothing is wrong: the few distributions that rules go by, in parts of one. Pure."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt
from statistics import NormalDist
from typing import Final

PPM: Final = 1_000_000
_NORMAL: Final = NormalDist()
_NEGLIGIBLE: Final = 1e-12


def ppm(chance: float) -> int:
    return round(chance * PPM)


def at_most(count: int, mean: float, *, stop: float = 1.0) -> float:
    """P(X <= count) of a Poisson distribution, for a count below its mean; some number above `stop` where it is above that."""
    term = exp(count * log(mean) - mean - lgamma(count + 1))
    total = term
    while count > 0 and term > _NEGLIGIBLE * total and total <= stop:
        term *= count / mean
        count -= 1
        total += term
    return total


def at_least(count: int, mean: float) -> float:
    """P(X >= count) of a Poisson distribution, for a count above its mean."""
    term = exp(count * log(mean) - mean - lgamma(count + 1))
    total = term
    while term > _NEGLIGIBLE * total:
        count += 1
        term *= mean / count
        total += term
    return total


def below(deviations: float) -> float:
    """P(Z <= deviations) of the normal distribution."""
    return _NORMAL.cdf(deviations)


def of_ratio(ratio: float, sigma: float, weeks: int, base_weeks: int) -> float:
    """The chance that so many weeks bring at most that part of what weeks before bring, each week log-normal by itself: to first order."""
    return below(log(ratio) / (sigma * sqrt(1 / weeks + 1 / base_weeks))) if ratio > 0 else 0.0
