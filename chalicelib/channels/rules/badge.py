"""The national badge: what may be said in public of a supplier's membership of a channel, and for how long. Pure.

Unknown is never valid: who has no membership is UNKNOWN, signed; what cannot be read or signed is UNKNOWN without a statement; and a
statement past its `exp` proves nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Literal

from chalicelib.channels.rules.membership import REVOKED, Membership
from chalicelib.shared.periods import wire

BadgeStatus = Literal["VALID", "SUSPENDED", "REVOKED", "EXPIRED", "UNKNOWN"]

TYPE: Final = "surety-channel-badge+jwt"


def badge_of(membership: Membership | None, now: datetime) -> BadgeStatus:
    if membership is None:
        return "UNKNOWN"
    if membership.status in REVOKED:
        return "REVOKED"
    if membership.status == "expired" or membership.expires_at <= now:
        return "EXPIRED"
    return "SUSPENDED" if membership.status == "suspended" else "VALID"


def claims(
    issuer: str, member_id: str, membership: Membership | None, *, as_of: datetime, signed_at: datetime, minutes: int
) -> dict[str, Any]:
    """What the statement says, in whole seconds. `as_of` is business time; `iat` and `exp` are the wall's, as every verifier reads them.

    It is good for so many minutes, and no longer than the membership.
    """
    as_of, signed_at = as_of.replace(microsecond=0), signed_at.replace(microsecond=0)
    status, lasts = badge_of(membership, as_of), timedelta(minutes=minutes)
    if membership and status == "VALID":
        lasts = min(lasts, membership.expires_at - as_of)
    expires = signed_at + lasts
    statement = {
        "iss": issuer,
        "sub": member_id,
        "status": status,
        "as_of": wire(as_of),
        "expires": wire(expires),
        "iat": int(signed_at.timestamp()),
        "exp": int(expires.timestamp()),
    }
    if membership is None:
        return statement
    return statement | {
        "channel_id": membership.channel_id,
        "country": membership.country,
        "agency_id": membership.agency_id,
        "name": membership.legal_name,
        "romanised_name": membership.romanised_name,
        "issued_at": wire(membership.issued_at),
        "member_until": wire(membership.expires_at),
    }
