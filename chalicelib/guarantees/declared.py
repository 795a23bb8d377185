"""What guarantees declare: their state machines."""

from __future__ import annotations

from typing import Final

from chalicelib.guarantees.aggregate import calls, member_claims, pools

CALLS: Final = calls.CALLS.swept
MEMBER_CLAIMS: Final = member_claims.MEMBER_CLAIMS.swept
POOLS: Final = pools.POOLS.swept
MACHINES: Final = (CALLS, MEMBER_CLAIMS, POOLS)
