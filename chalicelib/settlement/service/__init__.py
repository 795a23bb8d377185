"""Use-cases of what banks tell us.

`applying`    the one effect of each event, made by the consumer of the inbox
`suspending`  money that nothing takes becomes an item in suspense
`resolving`   how it leaves again: allocated, given back, reversed, or by default
"""

from chalicelib.settlement.service.applying import OPEN, PASSING, settle, settle_again
from chalicelib.settlement.service.resolving import allocate, apply_default, give_back, reverse
from chalicelib.settlement.service.suspending import set_aside

__all__ = [
    "OPEN",
    "PASSING",
    "allocate",
    "apply_default",
    "give_back",
    "reverse",
    "set_aside",
    "settle",
    "settle_again",
]
