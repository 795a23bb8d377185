"""Use-cases of the supplier programme.

`cover`       what orders reserve and give back
`programme`   joining, leaving, points, suspension, the monthly recomputation
`reading`     a supplier, lists of them, what would raise a limit
`storefront`  the public figures
`badge`       the signed statement about them
"""

from chalicelib.suppliers.service.badge import badge, badge_keys
from chalicelib.suppliers.service.cover import release, reserve, standing
from chalicelib.suppliers.service.programme import (
    enrol,
    lift,
    penalize,
    recompute,
    reinstate,
    suspend,
    withdraw,
)
from chalicelib.suppliers.service.reading import find, listed, simulate
from chalicelib.suppliers.service.storefront import storefront

__all__ = [
    "badge",
    "badge_keys",
    "enrol",
    "find",
    "lift",
    "listed",
    "penalize",
    "recompute",
    "reinstate",
    "release",
    "reserve",
    "simulate",
    "standing",
    "storefront",
    "suspend",
    "withdraw",
]
