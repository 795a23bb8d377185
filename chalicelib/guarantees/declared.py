"""What guarantees declare: their state machines."""

from __future__ import annotations

from typing import Final

from chalicelib.guarantees.aggregate import member_claims, pools

MEMBER_CLAIMS: Final = member_claims.MEMBER_CLAIMS.swept
POOLS: Final = pools.POOLS.swept
MACHINES: Final = (MEMBER_CLAIMS, POOLS)
