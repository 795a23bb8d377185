"""Use-cases of the supplier programme.

`cover`       what orders, claims and recoveries do to a supplier's cover
`money`       its balance, its bank accounts, payouts
`programme`   joining, leaving, suspension, the monthly recomputation
`penalties`   points and their appeals
`reading`     a supplier, lists of them, what would raise a limit
`storefront`  the public figures
`badge`       the signed statement about them
"""

from chalicelib.suppliers.service.badge import badge, badge_keys
from chalicelib.suppliers.service.changing import current, settled
from chalicelib.suppliers.service.cover import EFFECTS, change_cover, release, reserve, standing, standing_beside
from chalicelib.suppliers.service.money import (
    account,
    balance,
    balances,
    must_be_in_good_standing,
    pay_out,
    register_account,
)
from chalicelib.suppliers.service.penalties import appeal, lift, penalize, penalize_for, uphold
from chalicelib.suppliers.service.programme import (
    enrol,
    evaluate,
    recompute,
    reinstate,
    reinstate_for,
    suspend,
    suspend_for,
    withdraw,
)
from chalicelib.suppliers.service.reading import find, listed, simulate
from chalicelib.suppliers.service.storefront import storefront

__all__ = [
    "EFFECTS",
    "account",
    "appeal",
    "badge",
    "badge_keys",
    "balance",
    "balances",
    "change_cover",
    "current",
    "enrol",
    "evaluate",
    "find",
    "lift",
    "listed",
    "must_be_in_good_standing",
    "pay_out",
    "penalize",
    "penalize_for",
    "recompute",
    "register_account",
    "reinstate",
    "reinstate_for",
    "release",
    "reserve",
    "settled",
    "simulate",
    "standing",
    "standing_beside",
    "storefront",
    "suspend",
    "suspend_for",
    "uphold",
    "withdraw",
]
