"""The badge: what may be said of a supplier in public, and for how long. Pure.

Unknown is never valid: what cannot be read or signed is told as UNKNOWN, and a statement past its `exp` proves nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Literal

from chalicelib.shared.periods import wire
from chalicelib.suppliers.rules.coverage import ACTIVE, APPLIED, DISQUALIFIED, SUSPENDED
from chalicelib.suppliers.rules.programme import Supplier

Badge = Literal["VALID", "SUSPENDED", "REVOKED", "NOT_ENROLLED", "UNKNOWN"]

TYPE: Final = "surety-badge+jwt"
ALGORITHM: Final = "ES256"
PUBLIC_MEMBERS: Final = ("kty", "crv", "x", "y", "kid", "alg", "use")
"""The parts of a JSON Web Key anybody may see."""


def badge_of(supplier: Supplier | None) -> Badge:
    """A supplier that was active and does not qualify at present is suspended; one that never was is not enrolled yet."""
    if supplier is None:
        return "NOT_ENROLLED"
    if supplier.status == ACTIVE:
        return "VALID"
    if supplier.status == DISQUALIFIED:
        return "REVOKED"
    if supplier.status == SUSPENDED or (supplier.status == APPLIED and supplier.qualified_at is not None):
        return "SUSPENDED"
    return "NOT_ENROLLED"


def claims(
    issuer: str,
    member_id: str,
    badge: Badge,
    figures: dict[str, Any],
    *,
    as_of: datetime,
    signed_at: datetime,
    minutes: int,
) -> dict[str, Any]:
    """What the statement says, in whole seconds. `as_of` is business time; `iat` and `exp` are the wall's, as every verifier reads them."""
    as_of, signed_at = as_of.replace(microsecond=0), signed_at.replace(microsecond=0)
    expires = signed_at + timedelta(minutes=minutes)
    return {
        "iss": issuer,
        "sub": member_id,
        "status": badge,
        "as_of": wire(as_of),
        "expires": wire(expires),
        "iat": int(signed_at.timestamp()),
        "exp": int(expires.timestamp()),
        "figures": figures,
    }
