"""Use-cases of the supplier programme.

`cover`       what orders, claims and recoveries do to a supplier's cover
`money`       its balance
`programme`   joining, leaving, points, suspension, the monthly recomputation
`reading`     a supplier, lists of them, what would raise a limit
`storefront`  the public figures
`badge`       the signed statement about them
"""

from chalicelib.suppliers.service.badge import badge, badge_keys
from chalicelib.suppliers.service.cover import change_cover, release, reserve, standing
from chalicelib.suppliers.service.money import balance
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
    "balance",
    "change_cover",
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
